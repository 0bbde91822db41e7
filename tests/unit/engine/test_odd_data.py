"""Whatever plain data come in place of a ruleset: it is built, or refused with place and sentence; nothing else happens."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from time import process_time
from typing import Any

import pytest

from pathways.engine import DataDictionary, Ruleset, RulesetError

SMALL: dict[str, Any] = {
    "ruleset": {"code": "small", "version": 1, "title": "Small"},
    "dictionary": {
        "patient": {
            "age": {"kind": "number", "title": "Age", "min": 0, "max": 120, "unit": "years", "integer": True},
            "frail": {"kind": "bool", "only_when": {"feature": "age", "op": ">", "value": 60}},
        },
        "tumor": {
            "grade": {"kind": "enum", "values": ["G1", "G2"], "labels": {"G1": "one"}, "ordered": True, "notes": {}},
            "sites": {"kind": "set", "values": ["liver", "bone"]},
        },
        "history": {"prior": {"kind": "set", "values": "option codes of options.yaml"}},
        "implications": [
            {"code": "I1", "when": {"feature": "age", "op": ">", "value": 90}, "feature": "frail", "value": True, "why": "w"}
        ],
        "contradictions": [
            {"code": "C1", "when": {"feature": "age", "op": ">", "value": 99}, "message": "no", "covers": ["I1"]},
            {
                "code": "C2", "message": "$option", "for_each": "options",
                "when": {"feature": "prior", "op": "contains", "value": "$option"},
            },
        ],
    },
    "options": [{"code": "watching", "title": "Watching", "group": "watch", "note": "", "beyond": False, "about": {}}],
    "definitions": [{"code": "old", "title": "Old", "when": {"feature": "age", "op": ">=", "value": 80}, "note": "n"}],
    "rules": [
        {
            "code": "W-1", "option": "watching", "effect": "indication", "title": "t", "rationale": "r", "strength": "trial",
            "when": {"all": [{"use": "old"}, {"not": {"feature": "grade", "op": "in", "value": ["G1"]}}]},
            "sources": [{"id": "S-1", "locator": "p 1"}],
        }
    ],
    "sources": [{"id": "S-1", "citation": "c"}],
    "limits": {"age": {"days": 3, "reason": "r"}},
    "facts": [{"id": "F001"}], "invariants": [
        {"code": "INV-1", "options": ["watching"], "when": {"use": "old"}, "never": ["excluded"], "holds_for": "all records",
         "sentence": "s", "why": "w"},
    ],
    "cases": {"W-1": {"true": {"age": 90}}},
    "test_patients": [{"code": "TP-1", "title": "t", "features": {}, "expected": {"watching": "possible"}}],
}  # fmt: skip
ODD = [
    None, True, 7, -1, Decimal("NaN"), Decimal("1E+999999999"), 10**5000, 0.5, float("nan"), float("inf"), "", "x" * 30_000,
    "\x00", "\ud800", "__class__", [], [[]], [1, None], {}, {"a": 1}, {1: 2}, {"__proto__": {}}, [{}], object(), b"bytes",
]  # fmt: skip


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield from paths(value, (*path, key))


PATHS = [path for path in paths(SMALL) if path]


def built_or_refused(data: Any) -> list[str]:
    start = process_time()
    try:
        Ruleset.from_data(data)
        said = []
    except RulesetError as error:
        said = [str(problem) for problem in error.problems]
        assert said
        assert all(len(sentence) < 1500 for sentence in said)
    assert process_time() - start < 1
    return said


def test_the_small_ruleset_is_sound() -> None:
    assert built_or_refused(SMALL) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_odd_values_anywhere_are_refused_in_sentences(path: tuple[Any, ...]) -> None:
    for odd in ODD:
        data = copy.deepcopy(SMALL)
        holder = data
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = odd
        built_or_refused(data)
        del holder[path[-1]]
        built_or_refused(data)


def test_what_is_no_plain_data_is_refused_with_its_place() -> None:
    data = copy.deepcopy(SMALL)
    data["rules"][0]["when"]["all"][1]["not"]["value"] = float("nan")
    assert built_or_refused(data) == [
        "rule W-1, when, all, 2: nan is a binary float, which is not exact; give a decimal."
    ]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_a_dictionary_alone_is_as_careful(odd: Any) -> None:
    for path in PATHS:
        if path[0] == "dictionary" and len(path) > 1:
            data = copy.deepcopy(SMALL)
            holder = data
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = odd
            with suppress(RulesetError):
                built = DataDictionary.from_data(data["dictionary"], {"watching": "Watching"})
                assert set(built.features) <= {"age", "frail", "grade", "sites", "prior", "a", "__proto__"}
