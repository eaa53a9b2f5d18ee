#!/usr/bin/env python3
"""Loads an adapter written by idiolect into Hugging Face's peft and compares logits.

    cargo run --release -p idiolect-lora --example dump_logits -- base-model.gguf OUT
    python scripts/peft_check.py OUT

Needs torch, transformers and peft. Exits with 1 when the largest difference is above the bound.
"""

import json
import pathlib
import sys

import torch
from peft import PeftModel
from transformers import LlamaForCausalLM

BOUND = 1e-3


def compare(name: str, model, out: pathlib.Path, ids: torch.Tensor) -> bool:
    ours = torch.frombuffer(bytearray((out / f"{name}_logits.f32").read_bytes()), dtype=torch.float32)
    with torch.no_grad():
        theirs = model(ids).logits[0]
    ours = ours.reshape(theirs.shape)
    difference = (ours - theirs).abs()
    agree = (ours.argmax(-1) == theirs.argmax(-1)).float().mean().item()
    print(
        f"{name}: {theirs.shape[0]} rows x {theirs.shape[1]} logits in {theirs.min():.2f}..{theirs.max():.2f}, "
        f"largest difference {difference.max():.2e}, mean {difference.mean():.2e}, same argmax {agree:.0%}"
    )
    return difference.max().item() <= BOUND


def main() -> int:
    out = pathlib.Path(sys.argv[1])
    ids = torch.tensor([json.loads((out / "ids.json").read_text())])
    base = LlamaForCausalLM.from_pretrained(out / "base", dtype=torch.float32).eval()
    base_ok = compare("base", base, out, ids)
    with torch.no_grad():
        before = base(ids).logits
    tuned = PeftModel.from_pretrained(base, out / "adapter").eval()
    tuned_ok = compare("adapter", tuned, out, ids)
    with torch.no_grad():
        change = (tuned(ids).logits - before).abs().max().item()
    print(f"the adapter changes logits by up to {change:.2f}")
    return 0 if base_ok and tuned_ok and change > 0.1 else 1


if __name__ == "__main__":
    sys.exit(main())
