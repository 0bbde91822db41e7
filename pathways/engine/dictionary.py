"""The data dictionary: every feature a rule may read, what follows from what, and what contradicts what.

What it is: built once from plain data, checked as a whole, with a digest that is part of every ruleset's.
What it refuses to do: stand half-built; every fault is named with its place.
Who calls it: rulesets, data entry (checking and showing values), the machine doors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from pathways.engine.conditions import Comparison, Condition, ConditionParser, comparisons_in
from pathways.engine.features import Feature, Group, quoted
from pathways.engine.plain_data import faults_of
from pathways.engine.problems import Problem, RulesetError, ValueRefused, did_you_mean, listed, note
from pathways.engine.values import Exact, Value, canonical_json, sorted_keys

GROUPS: tuple[Group, ...] = ("patient", "tumor", "history")
FEATURE_KEYS = frozenset(
    {
        "kind", "title", "short", "topic", "values", "labels", "min", "max", "unit", "integer", "ordered", "derived",
        "term", "note", "notes", "only_when", "phrase",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Implication:
    """Where `when` is TRUE and the feature is absent, it takes `value`; `why` is the sentence shown."""

    code: str
    when: Condition
    feature: Feature
    value: Exact
    why: str


@dataclass(frozen=True, slots=True)
class ContradictionRule:
    """A sentence shown while `when` is TRUE. `covers`: implications that raise no contradiction of their own."""

    code: str
    when: Condition
    message: str
    covers: frozenset[str]


class DataDictionary:
    """Features in their order, implications in theirs, contradictions in theirs."""

    def __init__(
        self,
        data: Mapping[str, Any],
        features: Mapping[str, Feature],
        implications: tuple[Implication, ...],
        contradictions: tuple[ContradictionRule, ...],
    ) -> None:
        self._data = data
        self.features = features
        self.implications = implications
        self.contradictions = contradictions
        self.covered = frozenset(code for entry in contradictions for code in entry.covers)
        self.order = {name: position for position, name in enumerate(features)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any], options: Mapping[str, str]) -> DataDictionary:
        """The dictionary from its plain form; `options` are the catalogue's codes and titles, in order.

        Raises RulesetError with every fault found.
        """
        return _Builder(data, options).build()

    def check(self, name: str, value: Any) -> Value:
        """The canonical form of a value. Raises ValueRefused for an unknown feature or a value not allowed."""
        feature = self.features.get(name)
        if feature is None:
            names = list(self.features) or ["none"]
            raise ValueRefused(
                f"{name}: there is no such feature, so {quoted(value)} is not read; accepted are the {len(self.features)} "
                f"features of the data dictionary, from {names[0]} to {names[-1]}.{did_you_mean(name, self.features)}"
            )
        return feature.check(value)

    def in_order(self, names: Any) -> list[str]:
        """Feature names in dictionary order."""
        return sorted(names, key=self.order.__getitem__)

    def to_data(self) -> Mapping[str, Any]:
        """The plain form it was built from."""
        return self._data

    @cached_property
    def digest(self) -> str:
        """sha256 of the canonical form."""
        return "sha256:" + sha256(canonical_json(canonical_order(self._data)).encode()).hexdigest()


def canonical_order(data: Mapping[str, Any]) -> dict[str, Any]:
    """The dictionary's plain form with its keys in the one order there is: features keep theirs, which has a meaning;
    all others are in the order of the alphabet."""
    ordered: dict[str, Any] = {key: sorted_keys(part) for key, part in sorted(data.items())}
    for group in GROUPS:
        if isinstance(data.get(group), Mapping):
            ordered[group] = {name: sorted_keys(entry) for name, entry in data[group].items()}
    return ordered


def _misshapen(data: Any) -> list[Problem]:
    """Parts of a dictionary that are not what they must be for anything else to be judged."""
    if not isinstance(data, Mapping):
        return [Problem("dictionary", "A dictionary is an object with groups of features.")]
    found = [
        Problem("dictionary", f"{group} is an object of features.")
        for group in GROUPS
        if not isinstance(data.get(group) or {}, Mapping)
    ]
    found += [
        Problem("dictionary", f"{part} is a list.")
        for part in ("implications", "contradictions")
        if not isinstance(data.get(part) or [], list | tuple)
    ]
    for group in GROUPS if not found else ():
        for name, entry in (data.get(group) or {}).items():
            for key in ("labels", "notes") if isinstance(entry, Mapping) else ():
                texts = entry.get(key) or {}
                if not isinstance(texts, Mapping) or not all(isinstance(text, str) for text in texts.values()):
                    found.append(Problem(f"feature {name}", f"{key} is an object of texts."))
    return found or _codeless(data)


def _codeless(data: Mapping[str, Any]) -> list[Problem]:
    """Implications and contradictions whose names are no texts."""
    found = []
    for part, names in (("implications", ("code", "feature", "why")), ("contradictions", ("code", "message"))):
        for number, entry in enumerate(data.get(part) or (), 1):
            for key in names if isinstance(entry, Mapping) else ():
                if not isinstance(entry.get(key, ""), str):
                    found.append(Problem(f"{part[:-1]} number {number}", f"{key} is a text."))
            covers = entry.get("covers") if isinstance(entry, Mapping) else None
            if not isinstance(covers or [], list | tuple) or not all(isinstance(code, str) for code in covers or ()):
                found.append(Problem(f"{part[:-1]} number {number}", "covers is a list of codes."))
    return found


class _Builder:
    def __init__(self, data: Mapping[str, Any], options: Mapping[str, str]) -> None:
        self.data = data
        self.options = options
        self.problems: list[Problem] = []
        self.features: dict[str, Feature] = {}
        self.parser = ConditionParser(self.features, frozenset(), self.problems)

    def build(self) -> DataDictionary:
        self.problems += faults_of(self.data) or _misshapen(self.data)
        if self.problems:
            raise RulesetError(self.problems)
        unknown = set(self.data) - {*GROUPS, "implications", "contradictions"}
        for key in sorted(unknown):
            self._refuse("dictionary", f"{key} is not a part of a dictionary.")
        for group in GROUPS:
            for name, entry in (self.data.get(group) or {}).items():
                self._feature(name, group, entry)
        self._only_when()
        implications = [self._implication(entry) for entry in self.data.get("implications") or ()]
        contradictions = [c for entry in self.data.get("contradictions") or () for c in self._contradictions(entry)]
        self._codes(implications, contradictions)
        if self.problems:
            raise RulesetError(self.problems)
        return DataDictionary(
            self.data,
            self.features,
            tuple(entry for entry in implications if entry),
            tuple(entry for entry in contradictions if entry),
        )

    def _refuse(self, place: str, sentence: str) -> None:
        note(self.problems, place, sentence)

    def _feature(self, name: str, group: Group, entry: Any) -> None:
        place = f"feature {name}"
        if not isinstance(entry, Mapping) or entry.get("kind") not in ("enum", "bool", "number", "set"):
            return self._refuse(place, "A feature has a kind: enum, bool, number or set.")
        if name in self.features:
            return self._refuse(place, "The feature is defined twice.")
        for key in sorted(set(entry) - FEATURE_KEYS):
            self._refuse(place, f"{key} is not a property of a feature.{did_you_mean(key, FEATURE_KEYS)}")
        values = self._values(place, entry)
        minimum, maximum = self._bounds(place, entry)
        self.features[name] = Feature(
            name=name,
            title=str(entry.get("title") or name.replace("_", " ").capitalize()),
            group=group,
            kind=entry["kind"],
            values=values,
            labels=self._labels(values, entry),
            short=str(entry.get("short") or entry.get("title") or name.replace("_", " ").capitalize()),
            topic=str(entry.get("topic") or ""),
            unit=str(entry.get("unit") or ""),
            minimum=minimum,
            maximum=maximum,
            integer=bool(entry.get("integer")),
            ordered=bool(entry.get("ordered")),
            derived=str(entry.get("derived") or ""),
            term=str(entry.get("term") or ""),
            note=str(entry.get("note") or ""),
            notes=dict(entry.get("notes") or {}),
        )
        return None

    def _values(self, place: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
        if entry["kind"] not in ("enum", "set"):
            return ()
        values = entry.get("values")
        if values == "option codes of options.yaml":
            return tuple(self.options)
        if not isinstance(values, list | tuple) or not values or not all(isinstance(v, str) and v for v in values):
            self._refuse(place, "values is a list of one or more words.")
            return ()
        if len(set(values)) < len(values):
            self._refuse(place, "values names a value twice.")
        return tuple(values)

    def _labels(self, values: tuple[str, ...], entry: Mapping[str, Any]) -> Mapping[str, str]:
        titles = {code: self.options[code] for code in values if code in self.options}
        return {**titles, **dict(entry.get("labels") or {})}

    def _bounds(self, place: str, entry: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
        if entry["kind"] != "number":
            return None, None
        bounds = entry.get("min"), entry.get("max")
        if not all(isinstance(b, int | Decimal) and not isinstance(b, bool) for b in bounds) or bounds[0] > bounds[1]:  # type: ignore[operator]
            self._refuse(
                place, f"A number has a min and a max, min not above max; here are {bounds[0]} and {bounds[1]}."
            )
            return None, None
        return Decimal(bounds[0]), Decimal(bounds[1])  # type: ignore[arg-type]

    def _only_when(self) -> None:
        for group in GROUPS:
            for name, entry in (self.data.get(group) or {}).items():
                if name in self.features and "only_when" in entry:
                    condition = self.parser.parse(entry["only_when"], f"feature {name}, only_when")
                    object.__setattr__(self.features[name], "only_when", condition)
        for name in self.features:
            if self._reaches(name, name, set()):
                self._refuse(f"feature {name}", "Whether it is applicable depends, through only_when, on itself.")

    def _reaches(self, start: str, target: str, seen: set[str]) -> bool:
        condition = self.features[start].only_when
        for read in {c.feature.name for c in comparisons_in(condition)} if condition else ():
            if read == target or (read not in seen and not seen.add(read) and self._reaches(read, target, seen)):  # type: ignore[func-returns-value]
                return True
        return False

    def _implication(self, entry: Any) -> Implication | None:
        if not isinstance(entry, Mapping) or set(entry) != {"code", "when", "feature", "value", "why"}:
            self._refuse("implications", "An implication has code, when, feature, value and why.")
            return None
        place = f"implication {entry['code']}"
        when = self.parser.parse(entry["when"], place)
        try:
            feature = self.features.get(entry["feature"])
            if feature is None:
                raise ValueRefused(
                    f"There is no feature {entry['feature']}.{did_you_mean(entry['feature'], self.features)}"
                )
            value = feature.check(entry["value"])
        except ValueRefused as refusal:
            self._refuse(place, str(refusal))
            return None
        return Implication(entry["code"], when, feature, value, entry["why"]) if when else None  # type: ignore[arg-type]

    def _contradictions(self, entry: Any) -> list[ContradictionRule | None]:
        if not isinstance(entry, Mapping) or not {"code", "when", "message"} <= set(entry) <= {
            "code", "when", "message", "covers", "for_each",
        }:  # fmt: skip
            self._refuse(
                "contradictions", "A contradiction has code, when and message, and perhaps covers or for_each."
            )
            return []
        if "for_each" not in entry:
            return [self._contradiction(entry, None)]
        if entry["for_each"] != "options":
            self._refuse(f"contradiction {entry['code']}", "for_each can only be options.")
            return []
        return [self._contradiction(entry, option) for option in self.options]

    def _contradiction(self, entry: Mapping[str, Any], option: str | None) -> ContradictionRule | None:
        place = f"contradiction {entry['code']}"
        message = str(entry["message"])
        when = entry["when"]
        if option is not None:
            message = message.replace("$option", self.options[option])
            when = for_option(when, option)
        condition = self.parser.parse(when, place)
        covers = frozenset(entry.get("covers") or ())
        return ContradictionRule(str(entry["code"]), condition, message, covers) if condition else None

    def _codes(self, implications: list[Any], contradictions: list[Any]) -> None:
        codes = [entry.code for entry in implications if entry]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self._refuse(f"implication {code}", "The code is used twice.")
        for entry in contradictions:
            for code in sorted((entry.covers if entry else frozenset()) - set(codes)):
                self._refuse(f"contradiction {entry.code}", f"covers names {code}, which is not an implication.")
        entries = [str(e.get("code")) for e in self.data.get("contradictions") or () if isinstance(e, Mapping)]
        for code in sorted({code for code in entries if entries.count(code) > 1}):
            self._refuse(f"contradiction {code}", "The code is used twice.")


def for_option(data: Any, option: str) -> Any:
    """Plain data of a condition with every $option replaced by one option's code."""
    if isinstance(data, Mapping):
        return {key: for_option(part, option) for key, part in data.items()}
    if isinstance(data, list | tuple):
        return [for_option(part, option) for part in data]
    return option if data == "$option" else data


def thresholds_of(comparisons: list[Comparison]) -> tuple[Decimal, ...]:
    """The numbers that comparisons compare with, ascending."""
    return tuple(sorted({c.value for c in comparisons if isinstance(c.value, Decimal)}))


__all__ = ["ContradictionRule", "DataDictionary", "Implication", "for_option", "listed", "thresholds_of"]
