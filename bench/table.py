#!/usr/bin/env python3
"""Medians of the rounds, and how they compare with the first: table.py RESULTS.tsv (name, messages, CPU-seconds)"""
import statistics, sys

rates = {}
for line in open(sys.argv[1], encoding="utf-8"):
    name, messages, seconds, *_ = line.rstrip("\n").split("\t")
    if float(seconds) == 0:
        sys.exit(f"{name}: no CPU time was measured; it is read from Linux's /proc, and takes more than a few messages")
    rates.setdefault(name, []).append(int(messages) / float(seconds))
medians = {name: statistics.median(of) for name, of in rates.items()}
first, ours = next(iter(medians.items()))
print(f"\n{'':34}{'messages per CPU-second':>24}   {first} is")
for name, median in medians.items():
    print(f"{name:34}{median:>24,.0f}{ours / median:>10.1f} times as fast")
