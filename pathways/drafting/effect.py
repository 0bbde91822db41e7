"""What a ruleset in place of another one changes for one patient's facts, and which rules explain it.

Pure: two rulesets and features in, the options that move out. What it refuses to do: guess a reason; the rules named are
those of the option whose value differs between both for these very facts, or whose effect does.
Called by the job that computes a draft's effect, and by the tests that hold its rows against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pathways.engine import LISTED, Effect, Rule, Ruleset, Status, Value
from pathways.engine.assessment import read_features
from pathways.engine.logic import Truth
from pathways.engine.network import Values, network_of
from pathways.engine.record import reader_for

GAIN, LOSE, OTHER = "gain", "lose", "other"
# Effects of which a status is made; a caution never moves one.
DECIDING = (Effect.INDICATION, Effect.EXCLUSION)


@dataclass(frozen=True, slots=True)
class Moved:
    """One option with another status. "" where a ruleset does not have the option."""

    option: str
    before: str
    after: str
    because: tuple[str, ...]


class Side:
    """One of the two rulesets with one patient's values."""

    def __init__(self, ruleset: Ruleset, features: Mapping[str, Value]) -> None:
        self.ruleset, self.network = ruleset, network_of(ruleset)
        record = reader_for(ruleset.dictionary).read(read_features(ruleset, features))
        self.values: Values = self.network.evaluate(record)
        self.options = {option.code for option in ruleset.options}

    def status(self, option: str) -> Status | str:
        """The option's status; "" where it is not in the catalogue."""
        return self.network.status(self.values, option) if option in self.options else ""

    def deciding(self, option: str) -> dict[str, tuple[Effect, int]]:
        """Each rule that bears on the status, with effect and value."""
        if option not in self.options:
            return {}
        return {rule.code: (rule.effect, self._value(rule)) for rule in self.ruleset.rules_of(option)}

    def _value(self, rule: Rule) -> int:
        return self.values[self.network.roots[rule.code]]


def moved_options(
    before: Ruleset, before_features: Mapping[str, Value], after: Ruleset, after_features: Mapping[str, Value]
) -> tuple[Moved, ...]:
    """Every option whose status differs, in the order of the later catalogue. Raises ValueRefused.

    The features are given for each ruleset, since each has its own limits on their age.
    """
    old, new = Side(before, before_features), Side(after, after_features)
    order = dict.fromkeys([option.code for option in (*after.options, *before.options)])
    found = []
    for option in order:
        one, other = old.status(option), new.status(option)
        if one != other:
            found.append(Moved(option, str(one), str(other), tuple(_because(old, new, option))))
    return tuple(found)


def _because(old: Side, new: Side, option: str) -> Iterator[str]:
    before, after = old.deciding(option), new.deciding(option)
    for code in sorted({*before, *after}):
        one, other = before.get(code), after.get(code)
        effects = {pair[0] for pair in (one, other) if pair and pair[1] != Truth.FALSE}
        if effects & set(DECIDING) and _counts(one) != _counts(other):
            yield code


def _counts(pair: tuple[Effect, int] | None) -> tuple[Effect, int] | None:
    """A rule that is not there counts as one that is false, and so does a caution."""
    return None if pair is None or pair[1] == Truth.FALSE or pair[0] not in DECIDING else pair


def direction(before: str, after: str) -> str:
    """Whether a patient gains an option as listed, loses it, or it changes otherwise."""
    was, is_now = before in LISTED, after in LISTED
    return OTHER if was == is_now else GAIN if is_now else LOSE
