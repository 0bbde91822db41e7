"""A ruleset is built whole or refused with every fault, each with its place and a sentence."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from pathways.engine import Ruleset, RulesetError, condition_data
from tests.unit.engine.clinic import DICTIONARY, data, rule, ruleset


def faults(**changed: Any) -> list[str]:
    with pytest.raises(RulesetError) as refused:
        Ruleset.from_data(data(**changed))
    return [str(problem) for problem in refused.value.problems]


def of_condition(when: Any) -> list[str]:
    return faults(rules=[rule("X", "drug", "indication", when)])


KI67 = {"feature": "ki67", "op": "<=", "value": 20}

CONDITIONS = [
    ({"feature": "ki67", "op": "<=", "value": "high"},
     'rule X: ki67: "high" is not a number; accepted is a number from 0 to 100 (%).'),
    ({"feature": "ki67", "op": "<=", "value": 101},
     "rule X: ki67: 101 is outside the range; accepted is a number from 0 to 100 (%)."),
    ({"feature": "ki67", "op": "in", "value": [1]},
     "rule X: ki67 cannot be compared with 'in'; for this feature there are =, <, <=, >, >= and is_known."),
    ({"feature": "site", "op": "<", "value": "lung"},
     "rule X: site cannot be compared with '<'; for this feature there are =, in and is_known."),
    ({"feature": "grade", "op": "=", "value": "G4"},
     'rule X: grade: "G4" is not accepted; accepted is one of G1, G2 or G3.'),
    ({"feature": "grade", "op": "in", "value": []}, "rule X: grade: in takes a list of one or more values."),
    ({"feature": "grade", "op": "in", "value": ["G1", "G1"]}, "rule X: grade: in names a value twice."),
    ({"feature": "illnesses", "op": "contains", "value": ["heart"]},
     "rule X: illnesses: ['heart'] is not accepted; accepted is a list of heart, kidney or liver, each at most once, "
     "[] for none."),
    ({"feature": "illnesses", "op": "contains_any", "value": ["lungs"]},
     'rule X: illnesses: "lungs" is not accepted; accepted is a list of heart, kidney or liver, each at most once, '
     "[] for none."),
    ({"feature": "free", "op": "is_known", "value": True},
     "rule X: free: is_known takes no value, here is True."),
    ({"feature": "free", "op": "="}, "rule X: free: the value to compare with is missing."),
    ({"feature": "free", "value": True}, "rule X: free: the operator (op) is missing."),
    ({"feature": "gradde", "op": "=", "value": "G1"}, "rule X: There is no feature 'gradde'. Did you mean grade?"),
    ({"feature": 7, "op": "=", "value": "G1"}, "rule X: There is no feature 7."),
    ({"use": "on_record"}, "rule X: There is no definition 'on_record'. Did you mean on_record_free?"),
    ({"use": 1}, "rule X: There is no definition 1."),
    ({"always": False}, "rule X: always takes true and nothing else, here is False."),
    ({"all": []}, "rule X: all takes a list of one or more conditions, here is []."),
    ({"any": KI67, "all": [KI67]},
     "rule X: A condition has exactly one of all, any, not, use and always, or feature, op and value; "
     "here are 'any, all'."),
    ("ki67 <= 20", "rule X: A condition is an object such as {feature, op, value}, here is 'ki67 <= 20'."),
    ({"all": [KI67, {"not": {"any": [KI67, 3]}}]},
     "rule X, all 2, not, any 2: A condition is an object such as {feature, op, value}, here is 3."),
]  # fmt: skip


@pytest.mark.parametrize(("when", "sentence"), CONDITIONS, ids=range(len(CONDITIONS)))
def test_an_ill_typed_condition_cannot_be_built(when: Any, sentence: str) -> None:
    assert of_condition(when) == [sentence]


def test_a_condition_nested_too_deep_or_too_wide_is_refused_in_bounded_time() -> None:
    deep: Any = KI67
    for _ in range(10_000):
        deep = {"not": deep}
    assert of_condition(deep)[0].endswith("The condition is nested more than 20 deep.")
    wide = {"any": [KI67] * 10_000}
    assert of_condition(wide) == ["rule X, any 500: The condition has more than 500 parts."]


def endless(wrap: Callable[[Any], Any], inner: Any) -> Any:
    for _ in range(10_000):
        inner = wrap(inner)
    return inner


LISTS = endless(lambda inner: [inner], [])
OBJECTS = endless(lambda inner: {"all": [inner]}, KI67)
DOUBLING: Any = [KI67]
for _ in range(60):
    DOUBLING = [DOUBLING, DOUBLING]
WITHOUT_BOUNDS = [
    LISTS, DOUBLING, {"all": LISTS}, {"all": DOUBLING}, {"any": OBJECTS}, {"not": LISTS},
    {"use": LISTS}, {"always": OBJECTS},
    {"feature": LISTS, "op": "=", "value": 1},
    {"feature": "ki67", "op": LISTS, "value": 1}, {"feature": "ki67", "op": "=", "value": LISTS},
    {"feature": "ki67", "op": "=", "value": 10**5000}, {"feature": "ki67", "op": "=", "value": float("nan")},
    {"feature": "ki67", "op": "=", "value": Decimal("sNaN")}, {"feature": "ki67", "op": "<", "value": Decimal("Infinity")},
    {"feature": "grade", "op": "in", "value": [LISTS]}, {"feature": "grade", "op": "=", "value": OBJECTS},
    {"feature": "grade", "op": "in", "value": ["G1"] * 100_000},
    {"feature": "illnesses", "op": "contains_any", "value": DOUBLING}, {"feature": "free", "op": "is_known", "value": LISTS},
    {"feature": "k" * 1_000_000, "op": "=", "value": 1}, {str(n): n for n in range(10_000)},
]  # fmt: skip


@pytest.mark.parametrize("when", WITHOUT_BOUNDS, ids=range(len(WITHOUT_BOUNDS)))
def test_a_condition_without_bounds_is_refused_at_its_place_with_a_short_sentence(when: Any) -> None:
    sentences = of_condition(when)
    assert 1 <= len(sentences) <= 2
    assert all(sentence.startswith(("rule X", "ruleset: There are more than")) for sentence in sentences)
    assert all(len(sentence) < 250 for sentence in sentences)


RULES = [
    ({"option": "drugs"}, "rule D-1: There is no option 'drugs'. Did you mean drug?"),
    ({"effect": "advice"}, "rule D-1: effect is indication, exclusion or caution, here is 'advice'."),
    ({"condition": {}}, "rule D-1: condition is not a part of it. Did you mean option?"),
    ({"rationale": 5}, "rule D-1: The rationale is missing: why does this rule hold?"),
    ({"rationale": "  "}, "rule D-1: The rationale is missing: why does this rule hold?"),
    ({"sources": []}, "rule D-1: A rule has at least one source."),
    ({"sources": [{"id": "S2"}]}, "rule D-1: There is no source 'S2'."),
]


@pytest.mark.parametrize(("changed", "sentence"), RULES)
def test_a_rule_without_option_effect_rationale_or_source_is_refused(changed: Any, sentence: str) -> None:
    assert faults(rules=[{**rule("D-1", "drug", "indication", KI67), **changed}]) == [sentence]


def test_codes_are_used_once() -> None:
    twice = rule("D-1", "drug", "indication", KI67)
    definition = data()["definitions"][0]
    option, source = data()["options"][0], data()["sources"][0]
    assert faults(rules=[twice, twice]) == ["rule D-1: The code is used twice."]
    assert faults(definitions=[definition, definition]) == ["definition on_record_free: The code is used twice."]
    assert "option watch: The code is used twice." in faults(options=[*data()["options"], option])
    assert faults(sources=[source, source]) == ["source S1: The id is used twice."]


def test_definitions_may_use_one_another_but_never_in_a_circle() -> None:
    def definition(code: str, when: Any) -> dict[str, Any]:
        return {"code": code, "title": code, "when": when}

    chain = [definition("a", {"use": "b"}), definition("b", {"not": {"use": "c"}}), definition("c", KI67)]
    built = ruleset(definitions=[*chain, *data()["definitions"]])
    assert condition_data(built.definitions["b"].when) == {"not": {"use": "c"}}
    circle = [definition("a", {"any": [KI67, {"use": "b"}]}), definition("b", {"all": [{"use": "a"}]})]
    assert faults(definitions=[*circle, *data()["definitions"]]) == [
        "definition a: The definition uses itself, directly or through others."
    ]
    assert "definition a: A definition has a title." in faults(definitions=[{"code": "a", "when": KI67}])


HEADS: list[tuple[dict[str, Any], str]] = [
    ({"ruleset": {"code": "x"}}, "ruleset: ruleset names its code, title and version."),
    ({"ruleset": {"code": "x", "title": "X", "version": True}}, "ruleset: version is a whole number, here is True."),
    ({"limit": {}}, "ruleset: limit is not a part of a ruleset. Did you mean limits?"),
    ({"limits": [3]}, "limits: limits is an object of feature names, each with days and reason."),
    ({"limits": {"egf": {"days": 3, "reason": "r"}}}, "limit of egf: There is no feature 'egf'. Did you mean egfr?"),
    (
        {"limits": {"age": {"days": 3, "reason": "r"}}},
        "limit of age: It is derived on the day of the assessment and does not age.",
    ),
    (
        {"limits": {"egfr": {"days": 0, "reason": "r"}}},
        "limit of egfr: A limit has days (a whole number of 1 or more) and a reason.",
    ),
    ({"rules": {}, "sources": 3}, "sources: sources is a list."),
    ({"rules": None}, "rules: The rules are missing: without them every option would look not indicated."),
    ({"rules": [3]}, "rules: Every entry of rules is an object."),
    ({"options": []}, "options: The catalogue is empty; a ruleset has at least one option."),
    ({"options": [{"code": "x"}]}, "option x: An option has a code, a title and a group."),
]


@pytest.mark.parametrize(("changed", "sentence"), HEADS, ids=range(len(HEADS)))
def test_a_ruleset_without_its_parts_is_refused(changed: dict[str, Any], sentence: str) -> None:
    assert sentence in faults(**changed)


def test_what_is_not_an_object_is_refused() -> None:
    with pytest.raises(RulesetError, match="A ruleset is an object with ruleset, dictionary, options and rules"):
        Ruleset.from_data([])  # type: ignore[arg-type]


def with_tumor(**entries: Any) -> dict[str, Any]:
    return {**DICTIONARY, "tumor": {**DICTIONARY["tumor"], **entries}}


DICTIONARIES: list[tuple[dict[str, Any], str]] = [
    ({**DICTIONARY, "features": {}}, "dictionary: features is not a part of a dictionary."),
    (with_tumor(x={"kind": "text"}), "feature x: A feature has a kind: enum, bool, number or set."),
    (with_tumor(egfr={"kind": "bool"}), "feature egfr: The feature is defined twice."),
    (with_tumor(x={"kind": "bool", "minn": 3}), "feature x: minn is not a property of a feature. Did you mean min?"),
    (with_tumor(x={"kind": "enum"}), "feature x: values is a list of one or more words."),
    (with_tumor(x={"kind": "set", "values": ["a", "a"]}), "feature x: values names a value twice."),
    (with_tumor(x={"kind": "number", "min": 3, "max": 1}),
     "feature x: A number has a min and a max, min not above max; here are 3 and 1."),
    (with_tumor(x={"kind": "bool", "only_when": {"feature": "y", "op": "=", "value": 1}}),
     "feature x, only_when: There is no feature 'y'."),
    (with_tumor(x={"kind": "bool", "only_when": {"feature": "x", "op": "is_known"}}),
     "feature x: Whether it is applicable depends, through only_when, on itself."),
    ({**DICTIONARY, "implications": [{"code": "I"}]},
     "implications: An implication has code, when, feature, value and why."),
    ({**DICTIONARY, "implications": [{**DICTIONARY["implications"][0], "feature": "grad"}]},
     "implication IMP-1: There is no feature grad. Did you mean grade?"),
    ({**DICTIONARY, "implications": [{**DICTIONARY["implications"][0], "value": "G9"}]},
     'implication IMP-1: grade: "G9" is not accepted; accepted is one of G1, G2 or G3.'),
    ({**DICTIONARY, "implications": [DICTIONARY["implications"][0]] * 2},
     "implication IMP-1: The code is used twice."),
    ({**DICTIONARY, "contradictions": [{"code": "C"}]},
     "contradictions: A contradiction has code, when and message, and perhaps covers or for_each."),
    ({**DICTIONARY, "contradictions": [{"code": "C", "when": KI67, "message": "m", "for_each": "rules"}]},
     "contradiction C: for_each can only be options."),
    ({**DICTIONARY, "contradictions": [{"code": "C", "when": KI67, "message": "m", "covers": ["IMP-9"]}]},
     "contradiction C: covers names IMP-9, which is not an implication."),
    ({**DICTIONARY, "contradictions": [{"code": "C", "when": KI67, "message": "m"}] * 2},
     "contradiction C: The code is used twice."),
]  # fmt: skip


@pytest.mark.parametrize(("dictionary", "sentence"), DICTIONARIES, ids=range(len(DICTIONARIES)))
def test_a_faulty_dictionary_is_refused(dictionary: dict[str, Any], sentence: str) -> None:
    assert any(fault.startswith(sentence) for fault in faults(dictionary=dictionary)), faults(dictionary=dictionary)


def test_the_digest_names_the_content_and_not_the_number() -> None:
    first = ruleset()
    assert first.digest == first.numbered(7).digest
    seventh = first.numbered(7)
    data_of_it = first.to_data()
    data_of_it["ruleset"]["version"] = 7
    assert (seventh.version, seventh.canonical) == (7, Ruleset.from_data(data_of_it).canonical)
    assert first.version == first.to_data()["ruleset"]["version"] != 7
    assert Ruleset.from_data(first.to_data()).canonical == first.canonical
    changed = data()
    changed["rules"] = [{**changed["rules"][0], "rationale": "Another."}, *changed["rules"][1:]]
    assert Ruleset.from_data(changed).digest != first.digest
    assert ruleset(dictionary=with_tumor(x={"kind": "bool"})).digest != first.digest


def test_the_plain_form_keeps_the_order_of_the_features_whatever_the_order_of_other_keys() -> None:
    first = ruleset()
    again = Ruleset.from_data(first.to_data())
    assert list(again.dictionary.features) == list(first.dictionary.features) != sorted(first.dictionary.features)
    turned = ruleset(rules=[dict(reversed(entry.items())) for entry in data()["rules"]])
    assert turned.digest == first.digest
    reordered = {**DICTIONARY, "tumor": dict(reversed(DICTIONARY["tumor"].items()))}
    assert ruleset(dictionary=reordered).digest != first.digest


def test_equal_numbers_give_equal_digests() -> None:
    def with_limit(value: Any) -> str:
        return ruleset(rules=[rule("X", "drug", "indication", {"feature": "ki67", "op": ">", "value": value})]).digest

    assert with_limit(2) == with_limit(Decimal("2.0")) == with_limit(Decimal("2E0"))
    assert with_limit(2) != with_limit(Decimal("2.1"))


def test_conditions_go_back_to_the_plain_form_they_came_from() -> None:
    for entry in data()["rules"]:
        assert condition_data(ruleset().rule(entry["code"]).when) == entry["when"]
    assert condition_data(ruleset(rules=[rule("X", "drug", "indication", {"always": True})]).rule("X").when) == {
        "always": True
    }


def test_the_dictionary_has_its_own_digest_and_plain_form() -> None:
    built = ruleset().dictionary
    assert built.digest.startswith("sha256:")
    assert built.to_data()["tumor"]["site"]["values"] == ["lung", "gut"]
