#!/usr/bin/env python3
"""Writes random blocks of every supported GGUF storage type with the numbers that the `gguf` package reads from them.

    pip install gguf numpy
    python3 scripts/gguf_block_goldens.py > crates/idiolect-lora/tests/data/gguf_blocks.json
"""

import json

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf import quants
from gguf.constants import GGML_QUANT_SIZES

# Where the f16 scales are in each block; random bytes there could be infinite, so they are set to small numbers.
SCALES = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q4_K: [0, 2], T.Q6_K: [208]}

random = np.random.default_rng(20)
cases = []
for kind, places in SCALES.items():
    elements, size = GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (2, size), dtype=np.uint8)
    for row in blocks:
        for place in places:
            row[place : place + 2] = np.frombuffer(np.float16(random.uniform(-0.1, 0.1)).tobytes(), np.uint8)
    numbers = quants.dequantize(blocks.reshape(-1), kind).reshape(-1)
    assert numbers.size == 2 * elements
    cases.append({"type": int(kind), "name": kind.name, "blocks": blocks.tobytes().hex(), "numbers": [float(f"{n:.9g}") for n in numbers]})
print(json.dumps(cases))
