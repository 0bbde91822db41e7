"""The one way from a tumor on record to its assessment: facts as of a date, what is too old left out, `assess`.

What it refuses to do: keep anything. Page, print, API, job and command line all come through here or, where there is no
patient, through the engine itself. Who calls it: views, presenters, jobs.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from hashlib import sha256

from pathways.engine import (
    Assessment,
    Ruleset,
    RulesetError,
    Stale,
    Value,
    assess,
    canonical_json,
    excluded_before_ageing,
    plain,
    statuses,
    without_stale,
)
from pathways.knowledge import starter_files
from pathways.selectors import InForce, overlay_in_force, ruleset_in_force
from patients.facts import Facts, facts_of
from patients.models import Tumor


@dataclass(frozen=True)
class TumorAssessment:
    """An assessment of one tumor as of one date, with the facts and the version it was made from.

    `stale`: values too old under the version's limits; the rules do not see them, the page shows them.
    """

    tumor: Tumor
    as_of: date
    facts: Facts
    in_force: InForce
    assessment: Assessment
    stale: tuple[Stale, ...] = ()

    @cached_property
    def excluded_before(self) -> tuple[str, ...]:
        """Options that a value now too old would have excluded: they lead the list of what is missing."""
        if not self.stale:
            return ()
        before = statuses(self.in_force.ruleset, self.facts.features, overlay=self.in_force.overlay)
        return excluded_before_ageing(before, {option.code: option.status for option in self.assessment.options})


def assess_tumor(tumor: Tumor, *, as_of: date, known_at: datetime | None = None) -> TumorAssessment:
    """The assessment under the version in force of what is known on a date. Raises NoRulesetInForce.

    `known_at`: only what had been entered by that instant, and the emergency stops of that instant; for a past date it
    gives what was known then.
    """
    in_force = ruleset_in_force()
    if known_at is not None:
        in_force = replace(in_force, overlay=overlay_in_force(at=known_at))
    return assess_facts(tumor, facts_of(tumor, as_of=as_of, known_at=known_at), in_force)


def assess_facts(tumor: Tumor, facts: Facts, in_force: InForce) -> TumorAssessment:
    """The assessment of given facts: those in force, or those under another reading."""
    features, stale = fresh_features(in_force.ruleset, facts)
    assessment = assess(in_force.ruleset, features, overlay=in_force.overlay)
    return TumorAssessment(tumor, facts.as_of, facts, in_force, assessment, stale)


def fresh_features(ruleset: Ruleset, facts: Facts) -> tuple[dict[str, Value], tuple[Stale, ...]]:
    """The features that the rules may read on the day of the facts, and those that are too old for it."""
    if not ruleset.limits:
        return facts.features, ()
    ages = {name: (facts.as_of - reading.observed_on).days for name, reading in facts.readings.items()}
    return without_stale(ruleset, facts.features, ages)


class DraftRefused(LookupError):
    """There are no drafted limits, or they do not fit the version in force."""


def drafted(in_force: InForce) -> InForce:
    """The version in force with the drafted limits on the age of facts in place of its own. Raises DraftRefused.

    It is for looking at the draft: lists, reviews and jobs are always under the version in force.
    """
    return replace(in_force, ruleset=_drafted(in_force.ruleset))


@lru_cache(maxsize=2)
def _drafted(ruleset: Ruleset) -> Ruleset:
    files = starter_files()
    if files.limits_draft is None:
        raise DraftRefused("There is no draft of limits. Shown under the limits in force.")
    try:
        return Ruleset.from_data(files.under_the_draft(ruleset.to_data()))
    except RulesetError as error:
        raise DraftRefused(f"The draft of limits does not fit the version in force: {error}") from error


def facts_digest(features: dict[str, Value]) -> str:
    """sha256 of the features that an assessment reads: equal digests, equal statuses under one version."""
    data = {name: plain(value) for name, value in features.items()}
    kinds = {name: type(value).__name__ for name, value in features.items()}
    return "sha256:" + sha256(canonical_json({"values": data, "kinds": kinds}).encode()).hexdigest()
