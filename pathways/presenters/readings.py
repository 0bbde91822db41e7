"""Where each value comes from and when it was observed, in words, and readings of one specimen that disagree.

Pure but for types of `patients.facts`. It settles nothing: which reading is in force is decided in `patients.facts`, and
what would differ under the other one is asked of the engine. Called by the patient's pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.assessing import TumorAssessment
from pathways.engine import Assessment, DataDictionary, Stale, Value, statuses
from pathways.presenters.trace_rows import ReadingWords
from pathways.presenters.words import count, listing, show_date
from patients.facts import Facts, Reading
from patients.history import HISTORY_SETS
from patients.models import Settlement, Tumor

# From this age on, in days, the age of a reading is said beside it. It is not a limit: limits belong to the ruleset.
SAY_AGE_FROM = 365


@dataclass(frozen=True, slots=True)
class RivalRow:
    """One feature that two reports read differently."""

    feature: str
    title: str
    in_force: str
    other: str


@dataclass(frozen=True, slots=True)
class StatusUnderRival:
    """An option whose status differs under the other report."""

    code: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two reports on one specimen or study that differ, report against report, and what would differ under the other."""

    specimen: str
    titles: str
    origin: str
    other_origin: str
    rows: tuple[RivalRow, ...]
    settled: str
    differing: tuple[StatusUnderRival, ...]
    said: str


def age_in_words(observed_on: date, as_of: date) -> str:
    """'13 months old' for a reading of more than a year, else nothing."""
    days = (as_of - observed_on).days
    if days <= SAY_AGE_FROM:
        return ""
    months = days * 12 // 365
    return f"{months} months old" if months < 36 else f"{months // 12} years old"


def reading_words(facts: Facts, stale: Sequence[Stale], dictionary: DataDictionary) -> dict[str, ReadingWords]:
    """For each feature when and where it was observed, and its age where that is to be said."""
    too_old = {entry.feature: entry for entry in stale}
    words: dict[str, ReadingWords] = {}
    for name, reading in facts.readings.items():
        old, unused = age_in_words(reading.observed_on, facts.as_of), ""
        if name in too_old:
            old = f"too old: {age_against_limit(too_old[name])}"
            unused = dictionary.features[name].show(too_old[name].value)
        words[name] = ReadingWords(show_date(reading.observed_on), reading.origin, reading.as_written, old, unused)
    words["age_years"] = ReadingWords("", "from the birth date")
    words.setdefault("sex", ReadingWords("", "registration"))
    confirmed = facts.history_confirmed
    for name in HISTORY_SETS:
        if facts.history_is_complete and confirmed:
            words[name] = ReadingWords(show_date(confirmed.observed_on), "history confirmed complete")
        else:
            words[name] = ReadingWords("", "history not confirmed complete")
    return words


def age_against_limit(stale: Stale) -> str:
    """'412 days, limit 365'."""
    return f"{stale.age_days} days, limit {stale.limit.days}"


def stale_sentences(done: TumorAssessment) -> tuple[str, ...]:
    """A sentence for each value that is too old for the rules, and one for what such values ruled out before."""
    ruleset = done.in_force.ruleset
    features = ruleset.dictionary.features
    said = [
        f"{features[entry.feature].title}: {features[entry.feature].show(entry.value)}, observed on "
        f"{show_date(done.facts.readings[entry.feature].observed_on)} ({age_against_limit(entry)}). {entry.limit.reason}"
        for entry in done.stale
    ]
    if done.excluded_before:
        titles = listing([ruleset.option(code).title for code in done.excluded_before])
        said.append(f"Ruled out as long as these values counted: {titles}. Renew them before the option is weighed.")
    return tuple(said)


def disagreements(done: TumorAssessment, settled: Mapping[str, str]) -> list[Disagreement]:
    """Every report that differs from the readings in force on the same specimen or study, settled or not.

    `settled` says for a feature who put which reading in force, when and why.
    """
    facts, ruleset = done.facts, done.in_force.ruleset
    reports: dict[tuple[str, date], list[tuple[Reading, Reading]]] = {}
    for name in sorted(facts.readings, key=lambda name: ruleset.dictionary.order.get(name, -1)):
        for rival in _rivals(name, facts):
            if name in ruleset.dictionary.features:
                reports.setdefault((rival.origin, rival.observed_on), []).append((facts.readings[name], rival))
    if not reports:
        return []
    return [_disagreement(pairs, done.assessment, settled) for pairs in reports.values()]


def _rivals(name: str, facts: Facts) -> Sequence[Reading]:
    chosen = facts.readings[name]
    specimen = chosen.specimen_or_study.strip().casefold()
    return [
        other
        for other in facts.others.get(name, ())
        if specimen
        and other.specimen_or_study.strip().casefold() == specimen
        and other.value != chosen.value
        and other.known
    ]


def _disagreement(
    pairs: Sequence[tuple[Reading, Reading]], assessment: Assessment, settled: Mapping[str, str]
) -> Disagreement:
    ruleset = assessment.ruleset
    features = ruleset.dictionary.features
    chosen, rival = pairs[0]
    other = statuses(ruleset, {**assessment.record.recorded, **_report(pairs)})
    differing = [
        StatusUnderRival(option.code, option.title, str(other[option.code]))
        for option in ruleset.options
        if other[option.code] is not assessment.option(option.code).status
    ]
    names = [one.feature for one, _ in pairs]
    number = count(len(differing), "option") if differing else "no option"
    said = f"Under the {rival.origin}, {number} of {len(ruleset.options)} would have another status."
    return Disagreement(
        specimen=chosen.specimen_or_study,
        titles=listing([features[name].title for name in names]),
        origin=f"{chosen.origin}, {show_date(chosen.observed_on)}",
        other_origin=f"{rival.origin}, {show_date(rival.observed_on)}",
        rows=tuple(
            RivalRow(
                a.feature,
                features[a.feature].title,
                features[a.feature].show(a.value),
                features[a.feature].show(b.value),
            )
            for a, b in pairs
        ),
        settled=next((settled[name] for name in names if name in settled), ""),
        differing=tuple(differing),
        said=said,
    )


def _report(pairs: Sequence[tuple[Reading, Reading]]) -> dict[str, Value]:
    return {rival.feature: rival.value for _, rival in pairs if rival.value is not None}


def settled_words(settlements: Sequence[Settlement], tumor: Tumor) -> dict[str, str]:
    """For each feature who settled which reading counts, when and why; the last decision stands."""
    return {
        one.finding.feature: (
            f"{one.settled_by.display_name} settled this on {show_date(one.settled_at.date())}: “{one.reason}”"
        )
        for one in settlements
        if one.finding.tumor_id in (None, tumor.id)
    }
