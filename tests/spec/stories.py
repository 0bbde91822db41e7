"""The meaning of what happens around the rules, as small stories, each result written by eye.

What it is: implications, applicability, contradictions and what is missing, in the very small clinic. What it
refuses to do: compute a result. Who calls it: `test_stories.py` and `document.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.spec.clinic import rule

# Where a value that a rule reads comes from.
RECORDED, IMPLIED, NOT_APPLICABLE, UNKNOWN = "recorded", "implied", "not_applicable", "unknown"

IMPLICATIONS: list[dict[str, Any]] = [
    {
        "code": "IMP-1",
        "when": {"feature": "gastric_type", "op": "in", "value": ["type_1", "type_2", "type_3"]},
        "feature": "primary_site",
        "value": "stomach",
        "why": "A gastric type is recorded, so the primary is in the stomach.",
    },
    {
        "code": "IMP-2",
        "when": {"feature": "ki67_percent", "op": ">", "value": 20},
        "feature": "grade",
        "value": "G3",
        "why": "Ki-67 above 20% is grade 3.",
    },
    {
        "code": "IMP-3",
        "when": {"feature": "ki67_percent", "op": ">=", "value": 3},
        "feature": "grade",
        "value": "G2",
        "why": "Ki-67 from 3 to 20% is grade 2.",
    },
    {
        "code": "IMP-4",
        "when": {"feature": "grade", "op": "=", "value": "G3"},
        "feature": "gastric_type",
        "value": "type_3",
        "why": "Grade 3 in the stomach is type 3.",
    },
]

CONTRADICTIONS: list[dict[str, Any]] = [
    {
        "code": "CON-1",
        "when": {
            "all": [
                {"feature": "ki67_percent", "op": ">", "value": 20},
                {"feature": "grade", "op": "in", "value": ["G1", "G2"]},
            ]
        },
        "message": "The grade is lower than Ki-67 makes it.",
        "covers": ["IMP-2", "IMP-3"],
    },
]


@dataclass(frozen=True)
class Reading:
    """A record, and what the rules read of one feature."""

    story: str
    record: dict[str, Any]
    feature: str
    value: Any
    origin: str


READINGS = [
    Reading("What is recorded is read.", {"grade": "G1"}, "grade", "G1", RECORDED),
    Reading("What nothing is known of stays unknown.", {}, "grade", None, UNKNOWN),
    Reading("What follows is read as if recorded.", {"ki67_percent": 25}, "grade", "G3", IMPLIED),
    Reading("Of several implications the first that is true counts.", {"ki67_percent": 21}, "grade", "G3", IMPLIED),
    Reading("The next one counts where the first is false.", {"ki67_percent": 20}, "grade", "G2", IMPLIED),
    Reading("Where none is true nothing follows.", {"ki67_percent": 2}, "grade", None, UNKNOWN),
    Reading("A recorded value is never changed.", {"ki67_percent": 25, "grade": "G1"}, "grade", "G1", RECORDED),
    Reading(
        "What was implied may imply the next.",
        {"ki67_percent": 25, "primary_site": "stomach"},
        "gastric_type",
        "type_3",
        IMPLIED,
    ),
    Reading(
        "They run once, in their order: what the last one implies does not set off the first.",
        {"ki67_percent": 25},
        "primary_site",
        None,
        UNKNOWN,
    ),
    Reading(
        "What may apply can be implied.",
        {"ki67_percent": 25},
        "gastric_type",
        "type_3",
        IMPLIED,
    ),
    Reading(
        "What does not apply is not implied.",
        {"ki67_percent": 25, "primary_site": "lung"},
        "gastric_type",
        None,
        NOT_APPLICABLE,
    ),
    Reading("A lung tumor has no gastric type.", {"primary_site": "lung"}, "gastric_type", None, NOT_APPLICABLE),
    Reading("A stomach tumor has one, not recorded yet.", {"primary_site": "stomach"}, "gastric_type", None, UNKNOWN),
    Reading("While the site is unknown the type is simply unknown.", {}, "gastric_type", None, UNKNOWN),
    Reading(
        "What is recorded all the same is used as recorded.",
        {"primary_site": "lung", "gastric_type": "type_1"},
        "gastric_type",
        "type_1",
        RECORDED,
    ),
]


@dataclass(frozen=True)
class Disagreement:
    """A record, and the contradictions shown for it: the codes, or for what does not apply the feature."""

    story: str
    record: dict[str, Any]
    shown: tuple[str, ...]


DISAGREEMENTS = [
    Disagreement("Nothing recorded, nothing to check.", {}, ()),
    Disagreement("What was implied cannot contradict.", {"ki67_percent": 25}, ()),
    Disagreement("An entry that is true is shown.", {"ki67_percent": 25, "grade": "G1"}, ("CON-1",)),
    Disagreement(
        "Its implications are covered, so they keep silent always, even where the entry is not true.",
        {"ki67_percent": 10, "grade": "G1"},
        (),
    ),
    Disagreement(
        "An implication nobody covers speaks for itself.",
        {"grade": "G3", "primary_site": "stomach", "gastric_type": "type_1"},
        ("IMP-4",),
    ),
    Disagreement(
        "It is judged on the record with what follows from it.",
        {"ki67_percent": 25, "gastric_type": "type_1"},
        ("IMP-4",),
    ),
    Disagreement(
        "A value recorded for what does not apply, and the implication that it contradicts.",
        {"primary_site": "lung", "gastric_type": "type_1"},
        ("IMP-1", "gastric_type"),
    ),
]


@dataclass(frozen=True)
class Question:
    """What is missing for a record of the clinic below: status of each option, what is asked, what is assumed."""

    story: str
    record: dict[str, Any]
    statuses: dict[str, str]
    missing: dict[str, list[str]] = field(default_factory=dict)
    ask: tuple[tuple[str, int, int], ...] = ()
    assumed_features: tuple[str, ...] = ()


OPERABLE: dict[str, Any] = {
    "code": "operable",
    "title": "Operable",
    "when": {"feature": "grade", "op": "in", "value": ["G1", "G2"]},
}

RULES = [
    rule("SUR-I1", "surgery", "indication", {"use": "operable"}),
    rule("SUR-E1", "surgery", "exclusion", {"feature": "pregnant", "op": "=", "value": True}),
    rule(
        "WAT-I1",
        "watching",
        "indication",
        {
            "all": [
                {"feature": "grade", "op": "=", "value": "G1"},
                {
                    "any": [
                        {"feature": "ki67_percent", "op": "<", "value": 3},
                        {"feature": "mitoses", "op": "<", "value": 2},
                    ]
                },
            ]
        },
    ),
    rule(
        "TAB-I1",
        "tablets",
        "indication",
        {
            "not": {
                "all": [
                    {"feature": "consent", "op": "is_known"},
                    {"feature": "consent", "op": "=", "value": False},
                ]
            }
        },
    ),
    rule("TAB-E1", "tablets", "exclusion", {"feature": "pregnant", "op": "=", "value": True}),
    rule("TAB-C1", "tablets", "caution", {"feature": "age_years", "op": ">=", "value": 80}),
]

QUESTIONS = [
    Question(
        "Nothing is known. The grade would settle surgery and watching at most (G3: neither is indicated), at least "
        "nothing (G1: surgery still waits for pregnancy). Pregnancy would settle both surgery and tablets if yes, "
        "tablets alone if no. One value of Ki-67 or of the mitoses alone settles nothing.",
        {},
        {"surgery": "possible", "watching": "possible", "tablets": "conditional"},
        {"surgery": ["pregnant", "grade"], "watching": ["grade", "ki67_percent", "mitoses"], "tablets": ["pregnant"]},
        (("pregnant", 2, 1), ("grade", 2, 0), ("ki67_percent", 0, 0), ("mitoses", 0, 0)),
        ("consent",),
    ),
    Question(
        "Grade 1 and not pregnant. Surgery is settled; either count settles watching if it is low, not if it is high.",
        {"grade": "G1", "pregnant": False},
        {"surgery": "candidate", "watching": "possible", "tablets": "candidate"},
        {"watching": ["ki67_percent", "mitoses"]},
        (("ki67_percent", 1, 0), ("mitoses", 1, 0)),
        ("consent",),
    ),
    Question(
        "A high Ki-67 as well: the mitoses alone decide now, whichever way, and Ki-67 is not asked again.",
        {"grade": "G1", "pregnant": False, "ki67_percent": 5},
        {"surgery": "candidate", "watching": "possible", "tablets": "candidate"},
        {"watching": ["mitoses"]},
        (("mitoses", 1, 1),),
        ("consent",),
    ),
    Question(
        "Grade 3: nothing more is asked for watching, whatever else is unknown; only what could exclude the tablets.",
        {"grade": "G3"},
        {"surgery": "not_indicated", "watching": "not_indicated", "tablets": "conditional"},
        {"tablets": ["pregnant"]},
        (("pregnant", 1, 1),),
        ("consent",),
    ),
    Question(
        "Consent refused, and recorded: no longer an assumption. A caution that is unknown asks for nothing.",
        {"grade": "G3", "consent": False, "pregnant": True},
        {"surgery": "not_indicated", "watching": "not_indicated", "tablets": "not_indicated"},
    ),
]

# The same clinic while an emergency stop suspends surgery.
STOPPED = [
    Question(
        "Nothing is known, and surgery is stopped: it waits for nothing, and no fact is asked or counted for its sake.",
        {},
        {"surgery": "suspended", "watching": "possible", "tablets": "conditional"},
        {"watching": ["grade", "ki67_percent", "mitoses"], "tablets": ["pregnant"]},
        (("pregnant", 1, 1), ("grade", 1, 0), ("ki67_percent", 0, 0), ("mitoses", 0, 0)),
        ("consent",),
    ),
    Question(
        "Where the rules alone would make surgery a candidate, it is suspended; every other option is as without the stop.",
        {"grade": "G1", "pregnant": False},
        {"surgery": "suspended", "watching": "possible", "tablets": "candidate"},
        {"watching": ["ki67_percent", "mitoses"]},
        (("ki67_percent", 1, 0), ("mitoses", 1, 0)),
        ("consent",),
    ),
    Question(
        "Where the rules alone would exclude it, too: one word says that it is stopped.",
        {"grade": "G1", "pregnant": True},
        {"surgery": "suspended", "watching": "possible", "tablets": "excluded"},
        {"watching": ["ki67_percent", "mitoses"]},
        (("ki67_percent", 1, 0), ("mitoses", 1, 0)),
        ("consent",),
    ),
]
