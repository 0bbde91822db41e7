"""What differs between two conditions, part by part: added, removed, another value, all instead of any, moved.

What it is: a walk over both trees at once that matches what stays and names the smallest parts that do not.
What it refuses to do: stay silent; two conditions that are not equal always differ in at least one line.
Pure. Called by `change_words.py` for rules, definitions, invariants and the dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pathways.drafting.marking import moved
from pathways.engine import (
    All,
    Any,
    Comparison,
    Condition,
    Definition,
    Not,
    Use,
    canonical_json,
    comparison_sentence,
    comparisons_in,
    condition_data,
    definitions_used,
    listed,
    sentence,
)

Definitions = Mapping[str, Definition]

NUMBER_WORDS = {"=": "exactly", "<": "below", "<=": "up to", ">": "above", ">=": "at least"}
ORDER_WORDS = {"=": "", "<": "lower than", "<=": "at most", ">": "higher than", ">=": "at least"}
GROUP_WORDS = {All: "all of", Any: "any of"}
SHORT_LIST = 3
SHORT_TEXT = 120


def condition_changes(before: Condition, after: Condition, old: Definitions, new: Definitions) -> tuple[str, ...]:
    """One line per smallest part that differs; empty for equal conditions."""
    return tuple(_Walk(old, new).between(before, after))


def key(condition: Condition) -> str:
    """Equal for equal conditions, also of two rulesets."""
    return canonical_json(condition_data(condition))


class _Walk:
    def __init__(self, old: Definitions, new: Definitions) -> None:
        self.old = old
        self.new = new

    def between(self, before: Condition, after: Condition) -> list[str]:
        if key(before) == key(after):
            return []
        match before, after:
            case Comparison(), Comparison() if before.feature.name == after.feature.name:
                return [_comparison(before, after)]
            case Not(one), Not(other):
                return [f"In what must not hold: {line}" for line in self.between(one, other)]
            case Not(one), _ if key(one) == key(after):
                return [f"No longer negated: {self.said(after, self.new)}"]
            case _, Not(other) if key(before) == key(other):
                return [f"Now negated: {self.said(after, self.new)}"]
            case ((All() | Any()), (All() | Any())) if type(before) is type(after) or not _one_in_other(before, after):
                return self._groups(before, after)
            case _, (All() | Any()) if _holds(after, before):
                return self._groups(type(after)((before,)), after)
            case ((All() | Any()), _) if _holds(before, after):
                return self._groups(before, type(before)((after,)))
            case _:
                return [f"{self.said(before, self.old)} → {self.said(after, self.new)}"]

    def _groups(self, before: All | Any, after: All | Any) -> list[str]:
        lines = []
        if type(before) is not type(after):
            said = self.said(after, self.new)
            about = said if len(said) <= SHORT_TEXT else f"its {len(after.parts)} parts"
            lines.append(f"“{GROUP_WORDS[type(before)]}” → “{GROUP_WORDS[type(after)]}”: {about}")
        pairs, gone, come = _matched(before.parts, after.parts)
        for one, other in pairs:
            lines += self.between(before.parts[one], after.parts[other])
        word = f" from “{GROUP_WORDS[type(before)]}”", f" to “{GROUP_WORDS[type(after)]}”"
        lines += [f"Removed{word[0]}: {self.said(before.parts[n], self.old)}" for n in gone]
        lines += [f"Added{word[1]}: {self.said(after.parts[n], self.new)}" for n in come]
        lines += self._moved(after, sorted(pairs, key=lambda pair: pair[1]))
        return lines or ["Written with other brackets; the parts are the same."]

    def _moved(self, after: All | Any, pairs: list[tuple[int, int]]) -> list[str]:
        order = [str(one) for one, _ in sorted(pairs)]
        away = set(moved(order, [str(one) for one, _ in pairs]))
        return [f"Moved: {self.said(after.parts[other], self.new)}" for one, other in pairs if str(one) in away]

    @staticmethod
    def said(condition: Condition, definitions: Definitions) -> str:
        return sentence(condition, definitions)


def _one_in_other(one: All | Any, other: All | Any) -> bool:
    """Whether one whole group became a part of the other: brackets were put around it, or taken away."""
    return key(one) in map(key, other.parts) or key(other) in map(key, one.parts)


def _holds(group: All | Any, part: Condition) -> bool:
    return any(key(entry) == key(part) or _kinship(entry, part) >= 1 for entry in group.parts)


def _matched(
    before: tuple[Condition, ...], after: tuple[Condition, ...]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Which part became which: equal ones first, then the nearest of kin; what is left over went or came."""
    pairs: list[tuple[int, int]] = []
    left = {number: key(part) for number, part in enumerate(before)}
    right = {number: key(part) for number, part in enumerate(after)}
    by_key: dict[str, list[int]] = {}
    for number, text in right.items():
        by_key.setdefault(text, []).append(number)
    for number, text in list(left.items()):
        if by_key.get(text):
            pairs.append((number, by_key[text].pop(0)))
            del left[number], right[pairs[-1][1]]
    near = sorted(
        ((-_kinship(before[one], after[other]), abs(one - other), one, other) for one in left for other in right)
        if len(left) * len(right) <= 2500
        else ()
    )
    for kinship, _, one, other in near:
        if kinship < 0 and one in left and other in right:
            pairs.append((one, other))
            del left[one], right[other]
    return pairs, list(left), list(right)


def _kinship(one: Condition, other: Condition) -> float:
    """How likely one part is the other one changed: 0 no, above 0 the more the likelier."""
    match one, other:
        case Comparison(), Comparison():
            return 2.0 if one.feature.name == other.feature.name else 0.0
        case Use(), Use():
            return 2.0 if one.name == other.name else 0.0
        case Not(inner), Not(others):
            return _kinship(inner, others) / 2
        case ((All((inner,)) | Any((inner,))), Comparison() | Use()):
            return _kinship(inner, other)
        case (Comparison() | Use(), (All((inner,)) | Any((inner,)))):
            return _kinship(one, inner)
        case (Not(inner), _) if not isinstance(other, All | Any):
            return 1.5 if key(inner) == key(other) else 0.0
        case (_, Not(inner)) if not isinstance(one, All | Any):
            return 1.5 if key(inner) == key(one) else 0.0
        case ((All() | Any()), (All() | Any())):
            mine, theirs = _names(one), _names(other)
            shared = len(mine & theirs) / max(len(mine | theirs), 1)
            return shared if shared >= 0.3 else 0.0
        case _:
            return 0.0


def _names(condition: Condition) -> set[str]:
    return {c.feature.name for c in comparisons_in(condition)} | {f"use {name}" for name in definitions_used(condition)}


def _comparison(before: Comparison, after: Comparison) -> str:
    """'Ki-67 up to 10 % → up to 20 %'."""
    title = after.feature.title
    if before.operator == after.operator and isinstance(before.value, tuple) and isinstance(after.value, tuple):
        gone = [before.feature.label(code) for code in before.value if code not in after.value]
        come = [after.feature.label(code) for code in after.value if code not in before.value]
        if max(len(before.value), len(after.value)) > SHORT_LIST:
            parts = [f"now also {listed(come, 'and')}"] if come else []
            parts += [f"no longer {listed(gone, 'and')}"] if gone else []
            return f"{title}: {'; '.join(parts)}"
    one, other = _short(before), _short(after)
    return f"{title}{'' if _bare(before) else ':'} {one} → {other}"


def _bare(comparison: Comparison) -> bool:
    return isinstance(comparison.value, Decimal)


def _short(comparison: Comparison) -> str:
    feature, value = comparison.feature, comparison.value
    match comparison.operator, value:
        case "is_known", _:
            return "is recorded"
        case (("contains" | "contains_any"), _):
            codes = value if isinstance(value, tuple) else (str(value),)
            return f"include {listed(map(feature.label, codes))}"
        case "in", tuple():
            return listed(map(feature.label, value))
        case operator, Decimal():
            return f"{NUMBER_WORDS[operator]} {feature.show(value)}"
        case operator, str():
            return f"{ORDER_WORDS[operator]} {feature.label(value)}".strip()
        case "=", bool():
            return "yes" if value else "no"
        case _:
            return comparison_sentence(comparison)
