#!/usr/bin/env python3
"""Medians of the rounds, and ratios: table.py RESULTS.tsv (name, messages, CPU-seconds)"""
import statistics, sys

rates = {}
for line in open(sys.argv[1], encoding="utf-8"):
    name, messages, seconds, *_ = line.rstrip("\n").split("\t")
    rates.setdefault(name, []).append(int(messages) / float(seconds))
medians = {name: statistics.median(of) for name, of in rates.items()}
ours = next(iter(medians.values()))
print(f"\n{'':34}{'messages per CPU-second':>24}{'ours is':>12}")
for name, median in medians.items():
    print(f"{name:34}{median:>24,.0f}{ours / median:>10.1f} x")
