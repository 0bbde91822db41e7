"""The record as the rules read it: what was recorded, what follows from it, what does not apply.

What it is: the steps "before the rules" of an assessment, in their order: implications once from first to last,
then applicability; and contradictions, which are sentences and change nothing.
What it refuses to do: change a recorded value, or guess inside a range: what follows from a range is what follows
from every number in it. Who calls it: `assess`, the trials of what is missing, and data entry (contradictions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any as Anything
from typing import assert_never

from pathways.engine.comparing import test_for
from pathways.engine.conditions import All, Always, Any, Comparison, Condition, Not, Use, comparisons_in
from pathways.engine.dictionary import ContradictionRule, DataDictionary, Implication, thresholds_of
from pathways.engine.features import Feature
from pathways.engine.logic import NOT, Truth
from pathways.engine.values import Exact, NumberRange, OneOf, Value

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
Known = Mapping[str, Value]


class State(dict[str, Value]):
    """Recorded values and those implied so far. A recorded value counts even where nothing should be recorded; an
    implied one only while its feature applies."""

    __slots__ = ("recorded",)

    def __init__(self, recorded: Known) -> None:
        super().__init__(recorded)
        self.recorded = recorded


Evaluator = Callable[[State], Truth]

# More combinations of numbers inside ranges than this are not tried: what reads those ranges then implies nothing.
MOST_COMPLETIONS = 256
# What follows from a record with ranges is kept for the trials of one page, which differ in features nothing follows from.
MOST_KEPT = 512


@dataclass(frozen=True, slots=True)
class Implied:
    """A value that follows from the record: `by` is the code of the implication (several, joined, under a range)."""

    feature: str
    value: Value
    by: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A sentence about values that are each allowed but do not go together; `features` are those to check."""

    code: str
    sentence: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Recorded and implied values, and the features that do not apply. Absent from both means unknown."""

    recorded: Known
    known: Known
    implied: tuple[Implied, ...]
    inapplicable: frozenset[str]


class RecordReader:
    """The dictionary's implications, applicability and contradictions, compiled once."""

    def __init__(self, dictionary: DataDictionary) -> None:
        self.dictionary = dictionary
        self._applies: dict[str, Evaluator] = {}
        for feature in dictionary.features.values():
            self._compile_applicability(feature)
        self._steps = tuple((entry, self._compile(entry.when)) for entry in dictionary.implications)
        self._contradictions = tuple((entry, self._compile(entry.when)) for entry in dictionary.contradictions)
        self._thresholds = self._implication_thresholds()
        self._read = self._read_by_implications()
        self._over_ranges: dict[tuple[tuple[str, Value], ...], list[Implied]] = {}

    def read(self, recorded: Known) -> Record:
        """The record with what follows from it."""
        ranges = [name for name, value in recorded.items() if isinstance(value, NumberRange)]
        state, implied = self._imply_over_ranges(recorded, ranges) if ranges else self._imply(recorded)
        inapplicable = frozenset(
            name for name, applies in self._applies.items() if name not in recorded and applies(state) is F
        )
        for name in inapplicable & state.keys():
            del state[name]
        return Record(recorded, state, tuple(e for e in implied if e.feature not in inapplicable), inapplicable)

    def contradictions(self, record: Record) -> tuple[Contradiction, ...]:
        """Every contradiction of the record: entries, uncovered implications, values where nothing applies."""
        state = State(record.recorded)
        state.update(record.known)
        found = list(self._entries(state))
        found += self._against_implications(record, state)
        found += self._where_nothing_applies(record, state)
        return tuple(found)

    # Implications

    def _imply(self, recorded: Known) -> tuple[State, list[Implied]]:
        known = State(recorded)
        implied: list[Implied] = []
        for entry, when in self._steps:
            name = entry.feature.name
            if name in known or when(known) is not T:
                continue
            applies = self._applies.get(name)
            if applies is None or applies(known) is not F:
                known[name] = entry.value
                implied.append(Implied(name, entry.value, entry.code))
        return known, implied

    def _imply_over_ranges(self, recorded: Known, ranges: list[str]) -> tuple[State, list[Implied]]:
        """What follows for every number in the ranges; where that differs, the alternatives."""
        choices = [tuple(self._points(name, recorded[name])) for name in ranges]
        count = 1
        for points in choices:
            count *= len(points)
        if count > MOST_COMPLETIONS:
            implied = self._imply({k: v for k, v in recorded.items() if k not in ranges})[1]
            return self._state(recorded, implied), implied
        key = tuple((name, recorded[name]) for name in self._read if name in recorded)
        found = self._over_ranges.get(key)
        if found is None:
            outcomes = [
                self._imply({**recorded, **dict(zip(ranges, numbers, strict=True))})[1] for numbers in product(*choices)
            ]
            found = list(self._merged(outcomes))
            if len(self._over_ranges) >= MOST_KEPT:
                self._over_ranges.clear()
            self._over_ranges[key] = found
        return self._state(recorded, found), found

    def _read_by_implications(self) -> tuple[str, ...]:
        """The features on which it can depend what follows: all others leave it as it is, however they are tried."""
        conditions = [entry.when for entry, _ in self._steps]
        limited = [feature for feature in self.dictionary.features.values() if feature.only_when]
        conditions += [feature.only_when for feature in limited if feature.only_when]
        names = {comparison.feature.name for condition in conditions for comparison in comparisons_in(condition)}
        names |= {entry.feature.name for entry, _ in self._steps} | {feature.name for feature in limited}
        return tuple(self.dictionary.in_order(names))

    @staticmethod
    def _state(recorded: Known, implied: list[Implied]) -> State:
        state = State(recorded)
        state.update((entry.feature, entry.value) for entry in implied)
        return state

    def _merged(self, outcomes: list[list[Implied]]) -> Iterator[Implied]:
        by_feature: dict[str, list[Implied]] = {}
        for outcome in outcomes:
            for entry in outcome:
                by_feature.setdefault(entry.feature, []).append(entry)
        rank = {entry.code: position for position, (entry, _) in enumerate(self._steps)}
        merged = []
        for feature, entries in by_feature.items():
            codes = sorted({entry.by for entry in entries}, key=rank.__getitem__)
            values = tuple(dict.fromkeys(entry.value for entry in sorted(entries, key=lambda e: rank[e.by])))
            certain = len(entries) == len(outcomes)
            value = values[0] if certain and len(values) == 1 else OneOf(values, or_unknown=not certain)
            merged.append((rank[codes[0]], Implied(feature, value, " or ".join(codes))))
        yield from (entry for _, entry in sorted(merged, key=lambda pair: pair[0]))

    def _points(self, name: str, value: Value) -> Iterator[Decimal]:
        assert isinstance(value, NumberRange)
        yield from points_in(value, self._thresholds.get(name, ()), self.dictionary.features[name].integer)

    def _implication_thresholds(self) -> dict[str, tuple[Decimal, ...]]:
        conditions = [entry.when for entry, _ in self._steps]
        conditions += [f.only_when for f in self.dictionary.features.values() if f.only_when]
        by_feature: dict[str, list[Comparison]] = {}
        for condition in conditions:
            for comparison in comparisons_in(condition):
                by_feature.setdefault(comparison.feature.name, []).append(comparison)
        return {name: thresholds_of(comparisons) for name, comparisons in by_feature.items()}

    # Contradictions

    def _entries(self, known: State) -> Iterator[Contradiction]:
        for entry, when in self._contradictions:
            if when(known) is T:
                yield Contradiction(entry.code, entry.message, self._to_check(entry, known))

    def _to_check(self, entry: ContradictionRule, known: Known) -> tuple[str, ...]:
        read = dict.fromkeys(c.feature.name for c in comparisons_in(entry.when) if c.feature.name in known)
        return tuple(self.dictionary.in_order(read))

    def _against_implications(self, record: Record, state: State) -> Iterator[Contradiction]:
        for entry, when in self._steps:
            name = entry.feature.name
            if entry.code in self.dictionary.covered or name not in record.recorded:
                continue
            if record.recorded[name] != entry.value and when(state) is T:
                yield self._against(entry, record.recorded[name], record.known)

    def _against(self, entry: Implication, value: Value, known: Known) -> Contradiction:
        shown = entry.feature.show(value)
        sentence = (
            f"{entry.why} Yet {entry.feature.title} is recorded as {shown}, not {entry.feature.show(entry.value)}."
        )
        read = {c.feature.name for c in comparisons_in(entry.when) if c.feature.name in known} | {entry.feature.name}
        return Contradiction(entry.code, sentence, tuple(self.dictionary.in_order(read)))

    def _where_nothing_applies(self, record: Record, state: State) -> Iterator[Contradiction]:
        for name, applies in self._applies.items():
            if name in record.recorded and applies(state) is F:
                feature = self.dictionary.features[name]
                reason = {c.feature.name for c in comparisons_in(feature.only_when)} if feature.only_when else set()
                sentence = (
                    f"{feature.title} is recorded ({feature.show(record.recorded[name])}), yet it does not apply here."
                )
                features = self.dictionary.in_order({name} | {read for read in reason if read in record.known})
                yield Contradiction(f"NA-{name}", sentence, tuple(features))

    # Evaluation of the dictionary's own conditions

    def _compile_applicability(self, feature: Feature) -> None:
        if feature.only_when is None or feature.name in self._applies:
            return
        for comparison in comparisons_in(feature.only_when):
            self._compile_applicability(comparison.feature)
        self._applies[feature.name] = self._compile(feature.only_when)

    def _compile(self, condition: Condition) -> Evaluator:
        match condition:
            case Comparison():
                return self._compile_comparison(condition)
            case All(parts):
                return _every([self._compile(part) for part in parts])
            case Any(parts):
                return _some([self._compile(part) for part in parts])
            case Not(part):
                inner = self._compile(part)
                return lambda known: NOT[inner(known)]
            case Always():
                return lambda known: T
            case Use():
                raise AssertionError("The dictionary's conditions use no definitions; the parser refuses them.")
            case _:
                assert_never(condition)

    def _compile_comparison(self, comparison: Comparison) -> Evaluator:
        name, test = comparison.feature.name, test_for(comparison)
        absent = F if comparison.operator == "is_known" else U
        settled = T if comparison.operator == "is_known" else F
        applies = self._applies.get(name)

        def evaluate(known: State) -> Truth:
            value = known.get(name)
            if applies is not None and name not in known.recorded and applies(known) is F:
                return settled
            return absent if value is None else test(value)

        return evaluate


def _every(parts: list[Evaluator]) -> Evaluator:
    def evaluate(known: State) -> Truth:
        result = T
        for part in parts:
            value = part(known)
            if value is F:
                return F
            if value is U:
                result = U
        return result

    return evaluate


def _some(parts: list[Evaluator]) -> Evaluator:
    def evaluate(known: State) -> Truth:
        result = F
        for part in parts:
            value = part(known)
            if value is T:
                return T
            if value is U:
                result = U
        return result

    return evaluate


def points_in(value: NumberRange, thresholds: tuple[Decimal, ...], integer: bool) -> Iterator[Decimal]:
    """Numbers of the range, one for every stretch that the thresholds can tell apart."""
    edges = sorted({value.low, value.high, *(t for t in thresholds if value.holds(t))})
    for position, edge in enumerate(edges):
        if value.holds(edge):
            yield edge
        if position + 1 < len(edges):
            between = one_between(edge, edges[position + 1], integer)
            if between is not None:
                yield between


def one_between(low: Decimal, high: Decimal, integer: bool) -> Decimal | None:
    """A number strictly between two others, or None where only whole numbers count and there is none."""
    middle = (low + high) / 2
    if not integer:
        return middle
    whole = Decimal(int(low) + 1)
    return whole if whole < high else None


@lru_cache(maxsize=8)
def reader_for(dictionary: DataDictionary) -> RecordReader:
    """The compiled reader of a dictionary, kept for the few dictionaries that are in use."""
    return RecordReader(dictionary)


def contradictions_of(dictionary: DataDictionary, features: Mapping[str, Anything]) -> tuple[Contradiction, ...]:
    """What in a record does not go together. Raises ValueRefused for a value that is not allowed at all."""
    reader = reader_for(dictionary)
    recorded = {name: dictionary.check(name, value) for name, value in features.items()}
    return reader.contradictions(reader.read(recorded))


__all__ = ["Contradiction", "Exact", "Implied", "Record", "RecordReader", "contradictions_of", "reader_for"]
