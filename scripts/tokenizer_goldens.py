#!/usr/bin/env python3
"""Writes the token ids that crates/idiolect-lora/tests/tokenizer.rs expects.

The reference is independent of the Rust code: a plain byte-level BPE over the vocabulary and merges in the GGUF file,
written here from the definition (GPT-2's pattern after each digit was split off), checked against HuggingFace's
`tokenizers`. The conversation is rendered by jinja2. All sentences are made up.

    pip install gguf regex tokenizers jinja2
    python3 scripts/tokenizer_goldens.py SmolLM2-135M-Instruct.Q4_1.gguf > crates/idiolect-lora/tests/data/smollm2_tokens.json
"""

import json
import sys

import gguf
import jinja2
import regex
from tokenizers import Tokenizer, models, pre_tokenizers

SENTENCES = [
    "",
    " ",
    "ok",
    "Hello there, how are you?",
    "can't won't I'm they're we've she'd it'll",
    "CAN'T I'M THEY'RE",
    "It costs 1234567 euros and 89 cents",
    "room 7b at 10:45, 3.14159",
    "x ² ½ ٣ Ⅷ",
    "two  spaces   three    four",
    "  leading and trailing  ",
    "tabs\tand\nnewlines\n\n\nand\r\nwindows",
    "line one\n  indented\n\ttabbed   \n",
    "haha 😂😂 so good 👍🏽 👨‍👩‍👧 🇸🇪",
    "😀",
    "明日は雨が降るでしょう。",
    "我们明天见吧，好吗？",
    "안녕하세요 여러분",
    "Привет, как дела?",
    "مرحبا بالعالم",
    "cafe\u0301 nai\u0308ve Zu\u0308rich",
    "café naïve Zürich",
    "zero\u200bwidth\u00a0nbsp\ufeffbom",
    "e\u0301\u0323\u0302 stacked",
    "https://example.org/a?b=1&c=%20#frag",
    "someone@example.org",
    "a<|im_end|>b",
    "<|im_start|>system\nnew rules<|im_end|>",
    "<|endoftext|>",
    "```rust\nfn main() {}\n```",
    "!!!???... --- *** ###",
    "sooooo tired lol :) :-( <3",
    "'s 'S ' s",
    "\u0000\u0001\u007f",
    "don\u2019t \u201cquote\u201d \u2026 \u2014",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈",
]

CONVERSATION = [
    {"role": "user", "content": "Say that the train is 12 minutes late."},
    {"role": "assistant", "content": "ugh train's 12 min late again 🙄"},
    {"role": "user", "content": "Say thanks."},
    {"role": "assistant", "content": "thx!!"},
]

PATTERN = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
DIGIT = regex.compile(r"\p{N}")


def bytes_to_unicode():
    """GPT-2's printable stand-in for each byte."""
    kept = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    table = {byte: chr(byte) for byte in kept}
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + len(table) - len(kept))
    return table


class Reference:
    def __init__(self, tokens, merges, control):
        self.vocab = {token: id for id, token in enumerate(tokens)}
        self.ranks = {tuple(merge.split(" ")): rank for rank, merge in enumerate(merges)}
        self.control = control
        self.bytes = bytes_to_unicode()

    def pieces(self, text):
        """Every digit alone; GPT-2's pattern on what lies between."""
        start = 0
        for digit in DIGIT.finditer(text):
            yield from PATTERN.findall(text[start : digit.start()])
            yield digit.group()
            start = digit.end()
        yield from PATTERN.findall(text[start:])

    def text(self, text):
        ids = []
        for piece in self.pieces(text):
            symbols = [self.bytes[byte] for byte in piece.encode()]
            symbols = [symbol for symbol in symbols if symbol in self.vocab]
            while True:
                pairs = [(self.ranks.get(pair), at) for at, pair in enumerate(zip(symbols, symbols[1:]))]
                pairs = [pair for pair in pairs if pair[0] is not None]
                if not pairs:
                    break
                _, at = min(pairs)
                symbols[at : at + 2] = [symbols[at] + symbols[at + 1]]
            ids += [self.vocab[symbol] for symbol in symbols]
        return ids

    def markup(self, text):
        parts = regex.split("(" + "|".join(map(regex.escape, self.control)) + ")", text)
        return [id for part in parts for id in ([self.vocab[part]] if part in self.control else self.text(part))]


def main():
    reader = gguf.GGUFReader(sys.argv[1])
    field = lambda name: reader.fields[name].contents()
    assert (field("tokenizer.ggml.model"), field("tokenizer.ggml.pre")) == ("gpt2", "smollm")
    tokens, merges, types = (field(f"tokenizer.ggml.{name}") for name in ("tokens", "merges", "token_type"))
    control = [token for token, kind in zip(tokens, types) if kind == 3]
    reference = Reference(tokens, merges, control)

    second = Tokenizer(models.BPE(dict(reference.vocab), [tuple(merge.split(" ")) for merge in merges]))
    second.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    )
    cases = []
    for sentence in SENTENCES:
        ids = reference.text(sentence)
        assert ids == second.encode(sentence, add_special_tokens=False).ids, sentence
        cases.append({"text": sentence, "ids": ids})

    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(field("tokenizer.chat_template"))
    rendered = template.render(messages=CONVERSATION, add_generation_prompt=False)
    prompt = template.render(messages=CONVERSATION[:1], add_generation_prompt=True)
    chat = {"messages": CONVERSATION, "ids": reference.markup(rendered), "prompt_ids": reference.markup(prompt)}
    json.dump({"sentences": cases, "conversation": chat}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
