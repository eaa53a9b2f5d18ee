"""Presidio's findings in a labelled file, one JSON object a line, types named as the scorer names them.

The pattern recognizers of its analyzer, English, with the item's own region for phone numbers where the item has one; with the name of a
spaCy model as second argument also what that model recognizes.
"""
import json
import sys

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

# A street is a place to a language model.
NAMES = {"PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL", "LOCATION": "ADDRESS", "IP_ADDRESS": "IP",
         "IBAN_CODE": "IBAN", "US_SSN": "SSN"}
DEFAULT_REGIONS = ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR")


def engine(name):
    registry = RecognizerRegistry()
    if name is None:
        name = "target/redaction-peers/blank"
        spacy.blank("en").to_disk(name)
    model = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": name}]}
    nlp = NlpEngineProvider(nlp_configuration=model).create_engine()
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    registry.remove_recognizer("PhoneRecognizer")
    return AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])


def main(path, model=None):
    analyzer, phones = engine(model), {}
    for line in open(path, encoding="utf-8"):
        item = json.loads(line)
        region = item.get("region")
        if region not in phones:
            phones[region] = PhoneRecognizer(supported_regions=(region,) if region else DEFAULT_REGIONS)
        found = analyzer.analyze(item["text"], language="en", ad_hoc_recognizers=[phones[region]])
        spans = [{"start": f.start, "end": f.end, "type": NAMES.get(f.entity_type, f.entity_type)} for f in found]
        print(json.dumps({"id": item["id"], "spans": spans}))


main(*sys.argv[1:])
