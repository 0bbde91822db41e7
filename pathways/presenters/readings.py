"""Where each value comes from and when it was observed, in words, and readings of one specimen that disagree.

Pure but for types of `patients.facts`. It settles nothing: which reading is in force is decided in `patients.facts`, and
what would differ under the other one is asked of the engine. Called by the patient's pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.engine import Ruleset, Status, Value, statuses
from pathways.presenters.trace_rows import ReadingWords
from pathways.presenters.words import count, show_date
from patients.facts import Facts, Reading
from patients.history import HISTORY_SETS

# From this age on, in days, the age of a reading is said beside it. It is not a limit: limits belong to the ruleset.
SAY_AGE_FROM = 365


@dataclass(frozen=True, slots=True)
class RivalReading:
    """One of two or more readings of the same specimen or study."""

    value: str
    origin: str
    when: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class StatusUnderRival:
    """An option whose status differs under the other report."""

    code: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Readings that disagree on one feature, and what would differ under the others."""

    feature: str
    title: str
    specimen: str
    readings: tuple[RivalReading, ...]
    differing: tuple[StatusUnderRival, ...]
    said: str


def age_in_words(observed_on: date, as_of: date) -> str:
    """'13 months old' for a reading of more than a year, else nothing."""
    days = (as_of - observed_on).days
    if days <= SAY_AGE_FROM:
        return ""
    months = days * 12 // 365
    return f"{months} months old" if months < 36 else f"{months // 12} years old"


def reading_words(facts: Facts, stale: Mapping[str, str] | None = None) -> dict[str, ReadingWords]:
    """For each feature when and where it was observed; `stale` names readings that the rules no longer use, with why."""
    words: dict[str, ReadingWords] = {}
    for name, reading in facts.readings.items():
        old = (stale or {}).get(name) or age_in_words(reading.observed_on, facts.as_of)
        words[name] = ReadingWords(show_date(reading.observed_on), reading.origin, reading.as_written, old)
    words["age_years"] = ReadingWords("", "from the birth date")
    words.setdefault("sex", ReadingWords("", "registration"))
    confirmed = facts.history_confirmed
    for name in HISTORY_SETS:
        if facts.history_is_complete and confirmed:
            words[name] = ReadingWords(show_date(confirmed.observed_on), "history confirmed complete")
        else:
            words[name] = ReadingWords("", "history not confirmed complete")
    return words


def disagreements(facts: Facts, ruleset: Ruleset) -> list[Disagreement]:
    """Every feature on which readings of one specimen or study differ, in the order of the dictionary."""
    if not facts.disagreements:
        return []
    current = statuses(ruleset, facts.features)
    order = ruleset.dictionary.order
    names = sorted((name for name in facts.disagreements if name in order), key=order.__getitem__)
    return [_disagreement(name, facts, ruleset, current) for name in names]


def _disagreement(name: str, facts: Facts, ruleset: Ruleset, current: Mapping[str, Status]) -> Disagreement:
    feature = ruleset.dictionary.features[name]
    readings = facts.disagreements[name]
    rivals = [
        RivalReading(feature.show(one.value), one.origin, show_date(one.observed_on), position == 0)
        for position, one in enumerate(readings)
    ]
    differing = _differing(readings[1], facts, ruleset, current)
    said = f"Under {rivals[1].value}, {count(len(differing), 'option')} of {len(ruleset.options)} "
    said += "would have another status" if differing else "change: no status depends on it"
    return Disagreement(
        name, feature.title, readings[0].specimen_or_study, tuple(rivals), tuple(differing), f"{said}."
    )


def _differing(
    rival: Reading, facts: Facts, ruleset: Ruleset, current: Mapping[str, Status]
) -> list[StatusUnderRival]:
    """Report against report: the rival's other readings of the same specimen count together with it."""
    features: dict[str, Value] = {**facts.features, **_report_of(rival, facts)}
    other = statuses(ruleset, features)
    return [
        StatusUnderRival(option.code, option.title, str(other[option.code]))
        for option in ruleset.options
        if other[option.code] is not current[option.code]
    ]


def _report_of(rival: Reading, facts: Facts) -> dict[str, Value]:
    same: Sequence[Reading] = [
        one
        for readings in facts.disagreements.values()
        for one in readings[1:]
        if one.origin == rival.origin and one.observed_on == rival.observed_on
    ]
    return {one.feature: one.value for one in same if one.value is not None}
