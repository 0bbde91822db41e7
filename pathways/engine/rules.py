"""What a ruleset is made of: options, definitions, rules with their effect and citations, limits on age.

What it is: frozen values without behavior. What it refuses to do: check anything; `ruleset.py` builds them from plain
data, whole or not at all. Who calls it: `ruleset.py`, which hands them on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any as Anything

from pathways.engine.conditions import Condition


class Effect(StrEnum):
    """What a rule does for its option when its condition is TRUE."""

    INDICATION = "indication"
    EXCLUSION = "exclusion"
    CAUTION = "caution"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of the catalogue. `note`: supply or regulatory status; `beyond`: not named by the base documents."""

    code: str
    title: str
    group: str
    note: str
    beyond: bool
    about: Mapping[str, Anything]


@dataclass(frozen=True, slots=True)
class Definition:
    """A named condition that rules share."""

    code: str
    title: str
    when: Condition
    note: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A source of a rule and where in it."""

    source: str
    locator: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason for or against one option, or something to weigh. `review_by`: a day as text, "" where none is set."""

    code: str
    option: str
    effect: Effect
    when: Condition
    title: str
    rationale: str
    sources: tuple[Citation, ...]
    strength: str
    review_by: str = ""


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """How old a reading of a feature may be, in days, before it counts as unknown, and why."""

    feature: str
    days: int
    reason: str
