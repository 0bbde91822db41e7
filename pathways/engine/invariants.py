"""Safety invariants: what must hold for every possible patient, whatever else is known or unknown.

What it is: `Invariant`, and its building from a ruleset's plain data, every fault with its place and a sentence.
What it refuses to do: say whether an invariant holds; `pathways.engine.verification` proves that.
Who calls it: rulesets while they are built; proofs, pages and exports read `ruleset.invariants`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any as Anything
from typing import Literal

from pathways.engine.conditions import Condition, ConditionParser
from pathways.engine.dictionary import for_option
from pathways.engine.problems import Problem, did_you_mean, listed
from pathways.engine.statuses import FROM_RULES, Status

HoldsFor = Literal["all records", "consistent records"]
HOLDS_FOR: tuple[HoldsFor, ...] = ("all records", "consistent records")
KEYS = frozenset({"code", "options", "for_each", "when", "never", "always", "holds_for", "sentence", "why"})


@dataclass(frozen=True, slots=True)
class Invariant:
    """Where its condition is TRUE, no option may have a status of `never`, or every one must have one of `always`.

    Exactly one of the two is filled. With `for_each` the condition is another one for each option (`when_for`), and
    `when` is that of the first option.
    """

    code: str
    options: tuple[str, ...]
    when: Condition
    never: frozenset[Status]
    always: frozenset[Status]
    holds_for: HoldsFor
    sentence: str
    why: str
    for_each: bool = False
    conditions: tuple[Condition, ...] = ()

    @property
    def consistent_only(self) -> bool:
        """Whether it speaks of records without a contradiction only."""
        return self.holds_for == "consistent records"

    def when_for(self, option: str) -> Condition:
        """The condition for one of its options."""
        return self.conditions[self.options.index(option)] if self.conditions else self.when

    @property
    def forbidden(self) -> frozenset[Status]:
        """The statuses that none of its options may have where its condition is TRUE."""
        return self.never or FROM_RULES - self.always


class InvariantBuilder:
    """Builds invariants from plain data; what is wrong with one is added to `problems`."""

    def __init__(self, parser: ConditionParser, options: Sequence[str], problems: list[Problem]) -> None:
        self.parser = parser
        self.options = options
        self.problems = problems
        self.built: list[Invariant] = []

    def add(self, entry: Mapping[str, Anything]) -> None:
        """One entry of the part `invariants`."""
        code = entry.get("code")
        place = f"invariant {code}"
        if not isinstance(code, str) or not code:
            return self._refuse(place, "An invariant has a code.")
        if any(invariant.code == code for invariant in self.built):
            return self._refuse(place, "The code is used twice.")
        before = len(self.problems)
        for key in sorted(set(entry) - KEYS):
            self._refuse(place, f"{key} is not a part of it.{did_you_mean(key, KEYS)}")
        for key in ("sentence", "why"):
            if not isinstance(entry.get(key), str) or not entry[key].strip():
                self._refuse(place, f"The {key} is missing.")
        options = self._options(place, entry.get("options"))
        never, always = self._statuses(place, entry, "never"), self._statuses(place, entry, "always")
        if (entry.get("never") is None) == (entry.get("always") is None):
            self._refuse(place, "An invariant has either never or always.")
        if entry.get("holds_for") not in HOLDS_FOR:
            self._refuse(place, f"holds_for is {listed(HOLDS_FOR)}, here is {entry.get('holds_for')!r}.")
        conditions = self._conditions(place, entry, options)
        if conditions and len(self.problems) == before:
            self.built.append(
                Invariant(
                    code, options, conditions[0], never, always, entry["holds_for"], entry["sentence"], entry["why"],
                    "for_each" in entry, conditions if "for_each" in entry else (),
                )
            )  # fmt: skip
        return None

    def _refuse(self, place: str, sentence: str) -> None:
        self.problems.append(Problem(place, sentence))

    def _options(self, place: str, entries: Anything) -> tuple[str, ...]:
        if not isinstance(entries, list | tuple) or not entries:
            self._refuse(place, "options is a list of one or more option codes.")
            return ()
        for name in entries:
            if name not in self.options:
                self._refuse(place, f"There is no option {name}.{did_you_mean(str(name), self.options)}")
        names = [name for name in entries if isinstance(name, str)]
        if len(set(names)) < len(names):
            self._refuse(place, "options names an option twice.")
        return tuple(names)

    def _statuses(self, place: str, entry: Mapping[str, Anything], key: str) -> frozenset[Status]:
        names = entry.get(key)
        if names is None:
            return frozenset()
        known = sorted(FROM_RULES)
        if not isinstance(names, list | tuple) or not names:
            self._refuse(place, f"{key} is a list of one or more of {listed(known)}.")
            return frozenset()
        for name in names:
            if name not in known:
                self._refuse(place, f"{key}: there is no status {name}.{did_you_mean(str(name), known)}")
        return frozenset(Status(name) for name in names if name in known)

    def _conditions(self, place: str, entry: Mapping[str, Anything], options: tuple[str, ...]) -> tuple[Condition, ...]:
        if "for_each" not in entry:
            when = self.parser.parse(entry.get("when"), place)
            return (when,) if when else ()
        if entry["for_each"] != "options":
            self._refuse(place, "for_each can only be options.")
            return ()
        before = len(self.problems)
        found: list[Condition] = []
        for option in options:
            when = self.parser.parse(for_option(entry.get("when"), option), place)
            if when is None or len(self.problems) > before:
                return ()
            found.append(when)
        return tuple(found)


__all__ = ["HOLDS_FOR", "HoldsFor", "Invariant", "InvariantBuilder"]
