"""What a ruleset says about itself, tried out: the test patients of its rules, and those with a confirmed list.

What it is: one sentence for everything that does not come out as said. What it refuses to do: stop at the first.
Pure. Who calls it: `manage.py ruleset verify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pathways.engine import Assessment, Ruleset, ValueRefused, assess


def failures(ruleset: Ruleset) -> Iterator[str]:
    """Each test patient that does not give what it is named for, with its place."""
    data = ruleset.to_data()
    cases = data.get("cases")
    for code, values in cases.items() if isinstance(cases, Mapping) else ():
        for wanted, features in values.items() if isinstance(values, Mapping) else ():
            yield from _case(ruleset, code, wanted, features)
    for entry in data.get("test_patients") or ():
        yield from _list(ruleset, entry)


def counts(ruleset: Ruleset) -> tuple[int, int]:
    """How many test patients of rules there are, and how many with a confirmed list."""
    data = ruleset.to_data()
    cases = data.get("cases")
    values = cases.values() if isinstance(cases, Mapping) else ()
    of_rules = sum(len(one) for one in values if isinstance(one, Mapping))
    return of_rules, len(data.get("test_patients") or ())


def _case(ruleset: Ruleset, code: str, wanted: str, features: Any) -> Iterator[str]:
    place = f"rule {code}, {wanted}"
    try:
        rule = ruleset.rule(code)
    except KeyError:
        yield f"{place}: There is no such rule."
        return
    try:
        assessment = _assessed(ruleset, features)
    except ValueRefused as refusal:
        yield f"{place}: {refusal}"
        return
    values = (one.value.word for one in assessment.explain(rule.option) if one.code == code)
    found = next(values, "not assessed")
    if found != wanted:
        yield f"{place}: The rule is {found} for this patient."


def _list(ruleset: Ruleset, entry: Mapping[str, Any]) -> Iterator[str]:
    place = f"test patient {entry.get('code')}"
    try:
        assessment = _assessed(ruleset, entry.get("features"))
    except ValueRefused as refusal:
        yield f"{place}: {refusal}"
        return
    found = {one.code: one.status.value for one in assessment.options}
    expected = entry.get("expected")
    for option, status in expected.items() if isinstance(expected, Mapping) else ():
        if found.get(option) != status:
            yield f"{place}: {option} is {found.get(option, 'not in the catalogue')}; confirmed was {status}."


def _assessed(ruleset: Ruleset, features: Any) -> Assessment:
    if not isinstance(features, Mapping):
        raise ValueRefused("The features of a test patient are an object.")
    return assess(ruleset, {name: ruleset.dictionary.check(name, value) for name, value in features.items()})
