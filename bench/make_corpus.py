#!/usr/bin/env python3
"""A corpus of short messages as NDJSON, the same bytes for the same input: make_corpus.py NUMBER OUT.ndjson [NAME]

Messages come from the corpora under $IDIOLECT_SHARED_DATA/corpora (those whose file names hold NAME) if that is set, else they are
made up here. They are repeated with one word swapped for another message's word in each copy, so that few are duplicates; one in
ten carries a made-up phone number, address or mail address."""
import glob, gzip, json, os, random, sys
from datetime import datetime, timedelta, timezone

number, out = int(sys.argv[1]), sys.argv[2]
only = sys.argv[3] if len(sys.argv) > 3 else ""
rng = random.Random(17)

WHO = "theo anna mum dad ben lily sam priya the_landlord grandma".replace("_", " ").split(" ")
WHAT = ["omw!! be there in {n} mins", "did u see what {w} said about number {n}??", "ok", "im gonna be sooo late lol sorry, save me a seat at table {n}",
        "haha no way", "the train is delayed again, its been {n} minutes and im still on the platform w/ {w}", "ur so funny 😂😂 take {n}",
        "yeah tmrw works, what time r u thinking?? maybe {n} ish", "sent {w} the pics, theres {n} of them", "i dont know tbh, ask {w}",
        "happy birthday!! hope u have the best day, love u loads xx ({n})", "nah not rn, ive got {n} things to finish first and then dinner", "k",
        "can {w} bring {n} chairs pls", "Good morning, the meeting with {w} is at {n}.", "no idea why {w} is like that, {n} times now"]


def real():
    shared = os.environ.get("IDIOLECT_SHARED_DATA")
    texts = []
    for path in sorted(glob.glob(os.path.join(shared, "corpora", "*", f"*{only}*.ndjson.gz"))) if shared else []:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines]
    if not texts and (shared or only):
        sys.exit(f"no corpus under IDIOLECT_SHARED_DATA, {shared!r}, has {only!r} in its file's name")
    # Short messages: whole code listings are another subject.
    return [text for text in texts if text.strip() and len(text) <= 400]


def made_up():
    return [rng.choice(WHAT).format(n=rng.randrange(2, 99), w=rng.choice(WHO)) for _ in range(50_000)]


def planted():
    n = rng.randrange(100)
    return rng.choice([f"call me on 202-555-01{n:02}", f"its jo.k{n}@example.com", f"come to {n + 1} Elm Street, Springfield", f"+44 20 7946 0{n + 100}"])


found = real()
texts = found or made_up()
words = sorted({word for text in texts for word in text.split() if word.isalpha()})
start = datetime(2026, 1, 1, tzinfo=timezone.utc)
part = f"{out}.part"
with open(part, "w", encoding="utf-8") as file:
    for n in range(number):
        text = texts[n % len(texts)]
        pieces = text.split(" ")
        if n >= len(texts) and len(pieces) > 1:
            pieces[rng.randrange(len(pieces))] = rng.choice(words)
        if n % 10 == 0 and len(pieces) > 2:
            pieces.append(planted())
        when = start + timedelta(seconds=n * 89 * 86400 / number)
        record = {"messageId": f"m{n}", "timestamp": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "text": " ".join(pieces), "conversationId": f"c{n % 40}", "recipientCount": 1}
        file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
os.replace(part, out)
print(f"{number} messages from {len(texts)} texts ({'real' if found else 'made up'})", file=sys.stderr)
