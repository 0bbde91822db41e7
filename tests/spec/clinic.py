"""A very small clinic, in which the meaning of the logic is shown.

What it is: a dictionary of a dozen features, and one-line helpers that ask the engine for one answer. What it
refuses to do: compute an expected result; those stand in `tables.py`, written by eye. Who calls it: the spec tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pathways.engine import NumberRange, PartialSet, Ruleset, assess

ONLY_IN_THE_STOMACH = {"feature": "primary_site", "op": "=", "value": "stomach"}

PATIENT: dict[str, dict[str, Any]] = {
    "age_years": {"kind": "number", "min": 0, "max": 120, "unit": "years", "title": "Age"},
    "pregnant": {"kind": "bool", "title": "Pregnant"},
    "consent": {"kind": "bool", "title": "Consent"},
}
TUMOR: dict[str, dict[str, Any]] = {
    "primary_site": {"kind": "enum", "values": ["lung", "stomach", "pancreas"], "title": "Primary site"},
    "grade": {"kind": "enum", "values": ["G1", "G2", "G3"], "ordered": True, "title": "Grade"},
    "ki67_percent": {"kind": "number", "min": 0, "max": 100, "unit": "%", "title": "Ki-67"},
    "mitoses": {"kind": "number", "min": 0, "max": 100, "integer": True, "title": "Mitoses"},
    "metastatic_sites": {"kind": "set", "values": ["liver", "bone", "brain"], "title": "Metastatic sites"},
    "gastric_type": {"kind": "enum", "values": ["type_1", "type_2", "type_3"], "title": "Gastric type"},
    "gastric_stage": {"kind": "enum", "values": ["I", "II", "III", "IV"], "ordered": True, "title": "Gastric stage"},
    "gastric_depth_mm": {"kind": "number", "min": 0, "max": 50, "unit": "mm", "title": "Depth in the stomach"},
    "gastric_bleeding": {"kind": "bool", "title": "Gastric bleeding"},
    "gastric_findings": {"kind": "set", "values": ["ulcer", "polyp", "atrophy"], "title": "Gastric findings"},
}
HISTORY = {"prior_treatments": {"kind": "set", "values": "option codes of options.yaml", "title": "Treatments given"}}

OPTIONS = ("surgery", "watching", "tablets")

NOT_RECORDED = "not recorded"
DOES_NOT_APPLY = "does not apply"
MAY_NOT_APPLY = "not recorded, and may not apply"


def a_range(low: str, high: str, text: str, *, low_open: bool = False, high_open: bool = False) -> NumberRange:
    """A number known only to lie between two bounds, as written in the report."""
    return NumberRange(Decimal(low), Decimal(high), low_open, high_open, text)


def at_least(*members: str) -> PartialSet:
    """A set nobody has confirmed to be complete."""
    return PartialSet(members)


def dictionary(implications: Iterable[Any] = (), contradictions: Iterable[Any] = ()) -> dict[str, Any]:
    """The clinic's dictionary; what is called gastric applies to tumors of the stomach only."""
    gastric = {name: {**entry, "only_when": ONLY_IN_THE_STOMACH} for name, entry in TUMOR.items() if "gastric" in name}
    return {
        "patient": PATIENT,
        "tumor": {**TUMOR, **gastric},
        "history": HISTORY,
        "implications": list(implications),
        "contradictions": list(contradictions),
    }


def rule(code: str, option: str, effect: str, when: Mapping[str, Any]) -> dict[str, Any]:
    """A rule of the clinic."""
    return {
        "code": code,
        "option": option,
        "effect": effect,
        "when": when,
        "title": code,
        "rationale": f"{code} has its reason.",
        "sources": [{"id": "BOOK"}],
        "strength": "guideline",
    }


def ruleset(
    rules: Iterable[Any],
    definitions: Iterable[Any] = (),
    implications: Iterable[Any] = (),
    contradictions: Iterable[Any] = (),
) -> Ruleset:
    """The clinic with these rules."""
    options = [{"code": code, "group": "all", "title": code.capitalize()} for code in OPTIONS]
    return Ruleset.from_data(
        {
            "ruleset": {"code": "clinic", "version": 1, "title": "A very small clinic"},
            "dictionary": dictionary(implications, contradictions),
            "options": options,
            "definitions": list(definitions),
            "rules": list(rules),
            "sources": [{"id": "BOOK", "kind": "guideline", "citation": "The clinic's own book"}],
            "facts": [],
            "invariants": [],
            "cases": {},
        }
    )


def canonical(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record whose numbers are exact decimals."""
    numbers = [name for name, entry in {**PATIENT, **TUMOR}.items() if entry["kind"] == "number"]
    return {
        name: Decimal(str(value)) if name in numbers and isinstance(value, int | str) else value
        for name, value in record.items()
    }


def recorded(name: str, value: Any) -> dict[str, Any]:
    """The record in which one feature has this value, does not apply, or is not known."""
    site = {"primary_site": "stomach"} if "gastric" in name else {}
    if value == DOES_NOT_APPLY:
        return {"primary_site": "lung"}
    if value == MAY_NOT_APPLY:
        return {}
    if value == NOT_RECORDED:
        return site
    return canonical({**site, name: value})


def value_of(when: Mapping[str, Any], record: Mapping[str, Any], **parts: Any) -> str:
    """The value of a condition for a record: true, false or unknown."""
    clinic = ruleset([rule("RULE", "surgery", "indication", when)], **parts)
    (result,) = assess(clinic, canonical(record)).explain("surgery")
    return result.value.word
