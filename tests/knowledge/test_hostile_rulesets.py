"""Hostile and absurd rulesets at the border: refused with place and reason within a second, whatever they hold."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from time import process_time
from typing import Any

import pytest

from pathways.engine import Ruleset, RulesetError, canonical_json
from pathways.knowledge import KnowledgeError, starter
from pathways.knowledge.one_file import checked_ruleset, to_yaml
from pathways.knowledge.ruleset_files import read_ruleset_text

KI67 = {"feature": "ki67_percent", "op": "<=", "value": 10}
MANY = 10_000
RULE = "rule SURV-I1"
RULE_DATA = starter()["rules"][0]


@cache
def text() -> str:
    return to_yaml(Ruleset.from_data(starter()))


def nested(kind: str, inner: Any = None) -> Any:
    condition: Any = inner or KI67
    for _ in range(MANY):
        condition = {"not": condition} if kind == "not" else {kind: [condition]}
    return condition


def with_rule(**fields: Any) -> dict[str, Any]:
    """The starter with its first rule changed."""
    data = starter()
    data["rules"][0] |= fields
    return data


def refusal(act: Callable[[], Any]) -> list[str]:
    """What is said, in bounded time: a second, and half of one for a slow machine."""
    start = process_time()
    with pytest.raises((KnowledgeError, RulesetError)) as refused:
        act()
    assert process_time() - start < 1.5
    lines = str(refused.value).splitlines()
    assert all(len(line) < 600 for line in lines)
    assert len(lines) <= 200
    return lines


def circle() -> dict[str, Any]:
    data = starter()
    data["definitions"] += [
        {"code": "hen", "title": "Hen", "when": {"use": "egg"}},
        {"code": "egg", "title": "Egg", "when": {"not": {"use": "hen"}}},
    ]
    return data


def with_dictionary(**parts: Any) -> dict[str, Any]:
    data = starter()
    data["dictionary"] = {**data["dictionary"], **parts}
    return data


BY_DATA: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "10,000 nested negations": (lambda: with_rule(when=nested("not")), RULE),
    "10,000 nested groups": (lambda: with_rule(when=nested("all")), RULE),
    "10,000 siblings": (lambda: with_rule(when={"any": [KI67] * MANY}), "The condition has more than 500 parts."),
    "10,000 faulty siblings": (
        lambda: with_rule(when={"any": [{"feature": f"ki67_{n}", "op": "=", "value": 1} for n in range(MANY)]}),
        "There is no feature 'ki67_0'.",
    ),
    "10,000 unknown sources": (
        lambda: with_rule(sources=[{"id": f"GL-{n}"} for n in range(MANY)]),
        "There is no source 'GL-0'.",
    ),
    "10,000 rules": (
        lambda: starter() | {"rules": [{**RULE_DATA, "code": f"R-{n}"} for n in range(MANY)]},
        "ruleset: There are more than 150,000 values in it.",
    ),
    "1,000 faulty rules": (
        lambda: starter() | {"rules": [{**RULE_DATA, "code": f"R-{n}", "option": "x"} for n in range(1000)]},
        "There is no option 'x'.",
    ),
    "a feature nobody knows": (
        lambda: with_rule(when={**KI67, "feature": "ki67"}),
        f"{RULE}: There is no feature 'ki67'. Did you mean ki67_percent?",
    ),
    "an operator nobody knows": (lambda: with_rule(when={**KI67, "op": "=="}), f"{RULE}: ki67_percent cannot be"),
    "a value that is no number": (lambda: with_rule(when={**KI67, "value": float("nan")}), RULE),
    "a binary float": (lambda: with_rule(when={**KI67, "value": 10.5}), RULE),
    "a value of another kind": (lambda: with_rule(when={**KI67, "value": "ten"}), f'{RULE}: ki67_percent: "ten"'),
    "a value without end": (lambda: with_rule(when={**KI67, "value": 10**6000}), RULE),
    "a dunder name as a feature": (lambda: with_rule(when={**KI67, "feature": "__class__"}), RULE),
    "a dunder name as a key": (lambda: with_rule(__class__="x"), f"{RULE}: __class__ is not a key that is known here."),
    "a dunder name as a definition": (lambda: with_rule(when={"use": "__init__"}), "There is no definition '__init__'."),
    "a condition that is a text": (lambda: with_rule(when="ki67_percent <= 10"), f"{RULE}: when is"),
    "a condition that is a list": (lambda: with_rule(when=[KI67]), f"{RULE}: when is"),
    "markup in a rationale": (
        lambda: with_rule(rationale="<script>alert(1)</script>"),
        f"{RULE}: rationale holds markup; write plain text.",
    ),
    "a link in a rationale": (lambda: with_rule(rationale="See [here](x)."), f"{RULE}: rationale holds markup"),
    "a hidden character": (lambda: with_rule(rationale="See\u202ehere."), f"{RULE}: rationale holds an invisible"),
    "a rationale without end": (lambda: with_rule(rationale="x" * 10**6), f"{RULE}, rationale: The text has 1,000,000"),
    "an empty rationale": (lambda: with_rule(rationale=""), f"{RULE}: rationale is empty"),
    "an effect nobody knows": (lambda: with_rule(effect=["indication"]), f"{RULE}: effect is"),
    "circular definitions": (circle, "definition hen: The definition uses itself, directly or through others."),
    "a part nobody knows": (lambda: starter() | {"__proto__": {}}, "ruleset: __proto__ is not a key"),
    "a part that is a text": (lambda: starter() | {"rules": "all"}, 'ruleset: rules is "all"; a list is expected.'),
    "features that are a list": (lambda: with_dictionary(tumor=[]), "ruleset: tumor is []; an object is expected."),
    "a condition that is a list 10,000 deep": (lambda: with_rule(when=[nested("not")]), f"{RULE}: when is a list"),
    "a number of 6,000 digits": (lambda: with_rule(effect=10**6000), f"{RULE}, effect: A number has at most 30 digits."),
    "facts 10,000 deep": (lambda: starter() | {"facts": nested("all")}, "fact all, 1, all, 1: The data are nested"),
    "an invariant 10,000 deep": (
        lambda: starter() | {"invariants": [{**starter()["invariants"][0], "when": nested("not")}]},
        "invariant INV-01, when",
    ),
    "a version below one": (lambda: starter() | {"ruleset": {"code": "x", "version": -1, "title": "x"}}, "version is -1"),
}  # fmt: skip


@pytest.mark.parametrize("what", BY_DATA)
def test_hostile_data_are_refused_with_place_and_reason(what: str) -> None:
    make, said = BY_DATA[what]
    data = make()
    lines = refusal(lambda: checked_ruleset(data, "draft"))
    assert any(said in line for line in lines), lines[:5]


def test_the_starter_itself_passes_the_border() -> None:
    assert checked_ruleset(starter(), "draft").code == "starter"


def bomb() -> str:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    return "\n".join(rows)


BY_TEXT: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "a YAML bomb": (bomb, "ruleset.yaml, line 1: Anchors and aliases (& and *) are not read; write the value out."),
    "10,000 brackets": (lambda: "rules: " + "[" * MANY + "]" * MANY, "line 1: The data are nested more than 55 deep."),
    "10,000 open brackets": (lambda: "rules: " + "[" * MANY, "line 1: The data are nested more than 55 deep."),
    "10,000 JSON brackets": (
        lambda: '{"a": ' * MANY + "1" + "}" * MANY,
        "line 1: The data are nested more than 55 deep.",
    ),
    "JSON that never closes": (lambda: "[" * 50, "This is not JSON that can be read"),
    "a JSON key twice": (lambda: '{"rules": [], "rules": []}', "The key 'rules' stands twice in one object."),
    "NaN in JSON": (lambda: '{"rules": NaN}', "NaN is not a number that JSON knows."),
    "an exponent in JSON": (
        lambda: '{"ruleset": {"code": "x", "version": 1e999999999, "title": "x"}}',
        "version: A number has",
    ),
    "NaN in YAML": (lambda: text().replace("value: 20}", "value: .nan}", 1), ".nan is not a number"),
    "a float in powers of ten": (lambda: text().replace("value: 20}", "value: 2e1}", 1), "2e1 can be read in two ways"),
    "a key twice": (lambda: text() + "rules: []\n", "The key rules stands twice in one object"),
    "a tag": (lambda: "rules: !!python/object/apply:os.system [ls]", "line 1: Tags are not read"),
    "a merge key": (lambda: "a: &x {b: 1}\nc: {<<: *x}", "line 1: Anchors and aliases"),
    "two documents": (lambda: text() + "---\nrules: []\n", "A second document begins here"),
    "another encoding": (lambda: "rules: é".encode("latin-1"), "line 1: This is not UTF-8 text"),
    "a control character": (lambda: "rules: \x00", "line 1: A control character stands here"),
    "a lone surrogate": (lambda: 'rules: "\ud800"', "This is not UTF-8 text"),
    "too large a file": (lambda: "#" * 5_000_001, "more than 5 MB; at most 5,000,000 bytes are read"),
    "too large a JSON file": (lambda: "[" + " " * 5_000_001, "larger than the 5,000,000 bytes"),
    "nothing": (lambda: "", "The file is empty."),
    "a list": (lambda: "- rules", "A ruleset is an object with parts."),
    "a text": (lambda: "rules", "A ruleset is an object with parts."),
}


@pytest.mark.parametrize("what", BY_TEXT)
def test_a_hostile_file_is_refused_with_line_and_reason(what: str) -> None:
    make, said = BY_TEXT[what]
    content = make()
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    lines = refusal(lambda: read_ruleset_text(raw, "ruleset.yaml"))
    assert any(said in line for line in lines), lines[:5]


@pytest.mark.parametrize("kind", ["not", "all", "any"])
def test_the_engine_alone_refuses_nesting_without_end_as_well(kind: str) -> None:
    lines = refusal(lambda: Ruleset.from_data(with_rule(when=nested(kind))))
    assert any("The condition is nested more than 20 deep." in line for line in lines)
    facts = starter() | {"facts": [nested(kind)]}
    assert any("nested more than 60 deep" in line for line in refusal(lambda: Ruleset.from_data(facts)))


def test_the_deepest_condition_that_the_engine_takes_survives_the_file() -> None:
    condition: Any = KI67
    for _ in range(19):
        condition = {"all": [condition]}
    data = with_rule(when=condition)
    data["invariants"][0]["when"] = copy.deepcopy(condition)
    deep = Ruleset.from_data(data)
    assert read_ruleset_text(to_yaml(deep).encode(), "x").digest == deep.digest
    assert json.loads(canonical_json(data["rules"][0]["when"])) == condition
