#!/usr/bin/env python3
"""What people use today, on the same corpus: peers.py CORPUS.ndjson PEER [NUMBER]

Prints messages and CPU-seconds of the work alone, start-up and imports left out. One thread."""
import hashlib, json, random, re, sys, time, unicodedata

corpus, peer = sys.argv[1], sys.argv[2]
with open(corpus, encoding="utf-8") as file:
    lines = file.readlines()
number = int(sys.argv[3]) if len(sys.argv) > 3 else len(lines)
if number < len(lines):
    # Not every so many: each tenth message has something to redact, and all of the sample might be such.
    lines = random.Random(5).sample(lines, number)

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ .-]?)?\d{3,4}(?:[ .-]?\d{2,4}){1,3}")
ADDRESS = re.compile(r"\b\d{1,5}\s+(?:[A-Z][a-z]+\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr)\b\.?")
SYSTEM = "You are an assistant that writes messages exactly like the user. Match tone, brevity, slang, punctuation, and emoji usage."
REQUEST = "Write a message in the user's style that says the following."


def plain():
    """The usual script: json, re, tiktoken."""
    import tiktoken

    encoding = tiktoken.get_encoding("o200k_base")
    count = lambda text: len(encoding.encode_ordinary(text))
    constant = count(SYSTEM) + count(REQUEST) + 15

    def run():
        seen, tokens, digest, examples = set(), 0, hashlib.sha256(), []
        for line in lines:
            text = unicodedata.normalize("NFC", json.loads(line)["text"]).strip()
            if len(text) < 3 or (text.startswith("http") and " " not in text):
                continue
            for pattern, name in ((EMAIL, "[EMAIL]"), (ADDRESS, "[ADDRESS]"), (PHONE, "[PHONE]")):
                text = pattern.sub(name, text)
            key = text.lower()
            if key in seen:
                continue
            seen.add(key)
            examples.append(text)
        for text in examples[: len(examples) * 9 // 10]:
            tokens += constant + count(text)
            messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": REQUEST}, {"role": "assistant", "content": text}]
            digest.update((json.dumps({"messages": messages}, ensure_ascii=False) + "\n").encode())
        return tokens, digest.hexdigest()

    return run


def scrubadub():
    """Redaction alone."""
    import scrubadub

    scrubber = scrubadub.Scrubber()
    texts = [json.loads(line)["text"] for line in lines]
    return lambda: [scrubber.clean(text) for text in texts]


def presidio():
    """Redaction alone, pattern recognizers over a blank language model: its fastest set-up."""
    import logging

    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    logging.disable(logging.WARNING)

    class Blank(SpacyNlpEngine):
        def __init__(self):
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

        def is_loaded(self):
            return True

        def load(self):
            pass

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    engine = AnalyzerEngine(nlp_engine=Blank(), registry=registry, supported_languages=["en"])
    kinds = ["PHONE_NUMBER", "EMAIL_ADDRESS", "URL", "CREDIT_CARD", "US_SSN", "IP_ADDRESS", "IBAN_CODE"]
    texts = [json.loads(line)["text"] for line in lines]
    return lambda: [engine.analyze(text=text, language="en", entities=kinds) for text in texts]


run = {"plain-python": plain, "scrubadub": scrubadub, "presidio-patterns": presidio}[peer]()
started = time.process_time()
run()
print(f"{peer}\t{len(lines)}\t{time.process_time() - started:.3f}")
