"""What is missing: which unknown facts leave an option open, and how many options each would settle.

What it is: the features behind an open status, and trials: record one value, imply and evaluate again what reads it,
count the options that are settled. What it refuses to do: name what would change nothing.
Who calls it: `assess` (per option), `Assessment.missing` (trials; batch jobs never ask), the patient page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pathways.engine.features import Feature
from pathways.engine.logic import Truth
from pathways.engine.network import COMPARISON, Network, Values
from pathways.engine.record import Record, points_in, reader_for
from pathways.engine.ruleset import Effect
from pathways.engine.statuses import OPEN, SETTLED, Status
from pathways.engine.values import NumberRange, PartialSet, Value


@dataclass(frozen=True, slots=True)
class MissingFeature:
    """A missing feature: how many options its best value settles, and how many its worst."""

    feature: str
    settles: int
    least: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One value of a feature recorded on top of the record, and the statuses it leads to where they change."""

    feature: str
    value: Value
    changed: Mapping[str, Status]


def missing_for(network: Network, values: Values, record: Record, option: str) -> tuple[str, ...]:
    """The features that leave an open option open, in dictionary order."""
    names: set[str] = set()
    for effect in (Effect.INDICATION, Effect.EXCLUSION):
        roots = network.roots_of(option, effect)
        if max((values[root] for root in roots), default=0) == Truth.UNKNOWN:
            for root in roots:
                _collect(network, values, root, names)
    return tuple(network.ruleset.dictionary.in_order(names))


def _collect(network: Network, values: Values, node: int, names: set[str]) -> None:
    """Features of UNKNOWN comparisons reached through UNKNOWN parts alone."""
    if values[node] != Truth.UNKNOWN:
        return
    if network.kinds[node] == COMPARISON:
        comparison = network.comparisons[node]
        assert comparison is not None
        names.add(comparison.feature.name)
    for part in network.parts[node]:
        _collect(network, values, part, names)


def settles(statuses: Mapping[str, Status], trials_of: Mapping[str, tuple[Trial, ...]]) -> tuple[MissingFeature, ...]:
    """The missing features, those that settle most options first, from what each value of each would change.

    For each value tried: how many options that were conditional or possible become candidate, excluded or not
    indicated. Order: the largest count, then the smallest, then the order of `trials_of` (the dictionary's).
    """
    found = []
    for name, tried in trials_of.items():
        counts = [
            sum(1 for option, after in trial.changed.items() if statuses[option] in OPEN and after in SETTLED)
            for trial in tried
        ]
        found.append(MissingFeature(name, max(counts, default=0), min(counts, default=0)))
    return tuple(sorted(found, key=lambda entry: (-entry.settles, -entry.least)))


def trials(
    network: Network,
    values: Values,
    record: Record,
    name: str,
    statuses: Mapping[str, Status],
    tried: Iterable[Value] | None = None,
) -> Iterator[Trial]:
    """What each value of one feature, recorded alone, would change; `tried` names other values than `values_to_try`."""
    reader = reader_for(network.ruleset.dictionary)
    for value in values_to_try(network, record, name) if tried is None else tried:
        after = reader.read({**record.recorded, name: value})
        changed = changed_features(record, after)
        again = network.evaluate_again(values, after, changed)
        options: set[str] = set().union(*(network.options_reading.get(name, frozenset()) for name in changed))
        yield Trial(name, value, new_statuses(network, again, options, statuses))


def changed_features(before: Record, after: Record) -> set[str]:
    """The features that the rules read otherwise in another record: another value, gained, lost, or (in)applicable."""
    names = {name for name in after.known if before.known.get(name) != after.known[name]}
    names.update(name for name in before.known if name not in after.known)
    return names | (before.inapplicable ^ after.inapplicable)


def new_statuses(
    network: Network, values: Values, options: Iterable[str], statuses: Mapping[str, Status]
) -> Mapping[str, Status]:
    """The statuses that differ, of the options whose rules read what changed. No fact changes what is suspended."""
    result = {}
    for option in options:
        if statuses[option] is Status.SUSPENDED:
            continue
        status = network.status(values, option)
        if status is not statuses[option]:
            result[option] = status
    return result


def values_to_try(network: Network, record: Record, name: str) -> tuple[Value, ...]:
    """The values that can be told apart: both booleans; every enum value; for a number the thresholds named in
    ruleset or dictionary, the ends of its range and one number between each two; for a set the empty one and each
    single value that is named. What is partly known stays so: only numbers in the range, only larger sets."""
    feature, present = network.ruleset.dictionary.features[name], record.recorded.get(name)
    match feature.kind:
        case "bool":
            return (False, True)
        case "enum":
            return feature.values
        case "number":
            thresholds = tuple(v for v in network.compared_with(name) if isinstance(v, Decimal))
            span = present if isinstance(present, NumberRange) else NumberRange(feature.low, feature.high)
            return tuple(points_in(span, thresholds, feature.integer))
        case "set":
            return _sets_to_try(network, feature, present)


def other_values(network: Network, record: Record, name: str) -> tuple[Value, ...]:
    """The values that could stand in place of the one on record, as if it had been another reading: the whole range of a
    number, and for a set also one member more or less than it has."""
    blank = Record({k: v for k, v in record.recorded.items() if k != name}, {}, (), frozenset())
    plainly, present = values_to_try(network, blank, name), record.recorded.get(name)
    members = present if isinstance(present, tuple) else present.members if isinstance(present, PartialSet) else None
    if members is None:
        return plainly
    named = [v for tried in plainly if isinstance(tried, tuple) for v in tried]
    feature = network.ruleset.dictionary.features[name]
    beside = [
        tuple(v for v in feature.values if (v in members) is not (v == other))
        for other in dict.fromkeys((*members, *named))
    ]
    near = beside if isinstance(present, tuple) else [PartialSet(value) for value in beside]
    return tuple(dict.fromkeys((*near, *plainly)))


def _sets_to_try(network: Network, feature: Feature, present: Value | None) -> tuple[Value, ...]:
    named: set[str] = set()
    for wanted in network.compared_with(feature.name):
        named.update((wanted,) if isinstance(wanted, str) else wanted if isinstance(wanted, tuple) else ())
    known = present.members if isinstance(present, PartialSet) else ()
    larger = (tuple(v for v in feature.values if v in known or v == code) for code in feature.values if code in named)
    return tuple(dict.fromkeys((known, *larger)))
