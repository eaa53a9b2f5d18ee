#!/usr/bin/env python3
"""Puts o200k_base where Python's tiktoken looks for it, from the copy in the bpe-openai crate that cargo has fetched; tiktoken
checks its hash itself: tiktoken_cache.py DIR"""
import glob, gzip, hashlib, os, sys

URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
home = os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo"))
source = sorted(glob.glob(f"{home}/registry/src/*/bpe-openai-*/data/o200k_base.tiktoken.gz"))[-1]
os.makedirs(sys.argv[1], exist_ok=True)
with open(os.path.join(sys.argv[1], hashlib.sha1(URL.encode()).hexdigest()), "wb") as out:
    out.write(gzip.open(source).read())
