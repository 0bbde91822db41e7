"""A small ruleset for unit tests of the engine: six features, three options, one rule of each kind and more."""

from decimal import Decimal
from typing import Any

from pathways.engine import Ruleset

DICTIONARY: dict[str, Any] = {
    "patient": {
        "age": {"kind": "number", "min": 0, "max": 120, "unit": "years", "title": "Age", "derived": "from birth"},
        "egfr": {"kind": "number", "min": 0, "max": 200, "unit": "mL/min", "title": "eGFR"},
        "ecog": {"kind": "number", "min": 0, "max": 4, "integer": True, "title": "ECOG"},
        "illnesses": {"kind": "set", "values": ["heart", "kidney", "liver"], "title": "Illnesses"},
    },
    "tumor": {
        "site": {"kind": "enum", "values": ["lung", "gut"], "title": "Site"},
        "grade": {"kind": "enum", "values": ["G1", "G2", "G3"], "ordered": True, "title": "Grade"},
        "ki67": {"kind": "number", "min": 0, "max": 100, "unit": "%", "title": "Ki-67"},
        "lung_type": {
            "kind": "enum",
            "values": ["typical", "atypical"],
            "title": "Lung type",
            "only_when": {"feature": "site", "op": "=", "value": "lung"},
        },
        "free": {"kind": "bool", "title": "Free of disease"},
    },
    "history": {"given": {"kind": "set", "values": "option codes of options.yaml", "title": "Treatments given"}},
    "implications": [
        {
            "code": "IMP-1",
            "when": {"feature": "ki67", "op": ">", "value": 20},
            "feature": "grade",
            "value": "G3",
            "why": "Above 20 % is grade 3.",
        },
        {
            "code": "IMP-2",
            "when": {"feature": "ki67", "op": ">=", "value": 3},
            "feature": "grade",
            "value": "G2",
            "why": "From 3 % is grade 2.",
        },
        {
            "code": "IMP-3",
            "when": {"feature": "ki67", "op": "<", "value": 3},
            "feature": "grade",
            "value": "G1",
            "why": "Below 3 % is grade 1.",
        },
    ],
    "contradictions": [
        {
            "code": "CON-1",
            "when": {
                "all": [
                    {"feature": "free", "op": "=", "value": True},
                    {"feature": "grade", "op": ">=", "value": "G3"},
                ]
            },
            "message": "Free of disease, yet grade 3.",
        }
    ],
}


def rule(code: str, option: str, effect: str, when: dict[str, Any]) -> dict[str, Any]:
    """A rule in its plain form."""
    return {
        "code": code,
        "option": option,
        "effect": effect,
        "when": when,
        "rationale": f"Because of {code}.",
        "sources": [{"id": "S1"}],
        "strength": "trial",
        "title": f"Title of {code}",
    }


def data(**changed: Any) -> dict[str, Any]:
    """The ruleset in its plain form, with parts replaced."""
    base: dict[str, Any] = {
        "ruleset": {"code": "clinic", "version": 1, "title": "Clinic"},
        "dictionary": DICTIONARY,
        "options": [
            {"code": "watch", "title": "Watching", "group": "surveillance"},
            {"code": "drug", "title": "Drug", "group": "systemic"},
            {"code": "knife", "title": "Operation", "group": "surgery"},
        ],
        "definitions": [
            {
                "code": "on_record_free",
                "title": "Free on record",
                "when": {
                    "all": [
                        {"feature": "free", "op": "is_known"},
                        {"feature": "free", "op": "=", "value": True},
                    ]
                },
                "note": "as recorded",
            }
        ],
        "rules": [
            rule("W-1", "watch", "indication", {"feature": "grade", "op": "=", "value": "G1"}),
            rule("W-2", "watch", "exclusion", {"feature": "ki67", "op": ">", "value": Decimal("20.5")}),
            rule("D-1", "drug", "indication", {"feature": "grade", "op": ">=", "value": "G2"}),
            rule("D-2", "drug", "exclusion", {"feature": "egfr", "op": "<", "value": 30}),
            rule("D-3", "drug", "exclusion", {"use": "on_record_free"}),
            rule("D-4", "drug", "caution", {"feature": "illnesses", "op": "contains", "value": "heart"}),
            rule("K-1", "knife", "indication", {"feature": "lung_type", "op": "in", "value": ["typical", "atypical"]}),
            rule("K-2", "knife", "exclusion", {"feature": "ecog", "op": ">=", "value": 3}),
        ],
        "sources": [{"id": "S1", "kind": "trial", "citation": "A trial"}],
    }
    return {**base, **changed}


def ruleset(**changed: Any) -> Ruleset:
    """The ruleset, with parts replaced."""
    return Ruleset.from_data(data(**changed))
