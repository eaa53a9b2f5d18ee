#!/usr/bin/env python3
"""Best of each over the rounds, and ratios: table.py RESULTS.tsv (name, messages, CPU-seconds)"""
import sys

best, names = {}, []
for line in open(sys.argv[1], encoding="utf-8"):
    name, messages, seconds, *_ = line.rstrip("\n").split("\t")
    if name not in best:
        names.append(name)
    best[name] = max(best.get(name, 0.0), int(messages) / float(seconds))
print(f"\n{'':34}{'messages per CPU-second':>24}{'ours is':>12}")
for name in names:
    print(f"{name:34}{best[name]:>24,.0f}{best[names[0]] / best[name]:>10.1f} x")
