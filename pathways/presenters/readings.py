"""Where each value comes from and when it was observed, in words, and readings of one specimen that disagree.

Pure but for types of `patients.facts`. It settles nothing: which reading is in force is decided in `patients.facts`, and
what would differ under the other one is asked of the engine. Called by the patient's pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pathways.assessing import TumorAssessment, assess_facts
from pathways.engine import Assessment, DataDictionary, Feature, OptionAssessment, Ruleset, Stale, number_text
from pathways.presenters.trace_rows import ReadingWords
from pathways.presenters.words import LISTED, count, listing, show_date
from patients.facts import Facts, Reading
from patients.history import HISTORY_SETS
from patients.models import Settlement, Tumor
from patients.reports import Report, facts_under, other_reports, specimen_of

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
    """An option whose status differs under the other report: in force, and under the other."""

    code: str
    title: str
    before: str
    status: str


@dataclass(frozen=True, slots=True)
class WeighedUnderRival:
    """An option with the same status and other cautions under the other report."""

    code: str
    title: str
    said: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two reports on one specimen or study that differ, report against report, and what would differ under the other.

    `under`: the other report's values in short ("G3, 22 %"); `finding`: by which of its findings the page under it opens.
    """

    specimen: str
    titles: str
    origin: str
    other_origin: str
    rows: tuple[RivalRow, ...]
    settled: str
    differing: tuple[StatusUnderRival, ...]
    weighed: tuple[WeighedUnderRival, ...]
    said: str
    under: str
    finding: str


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
        when, old = show_date(reading.observed_on), age_in_words(reading.observed_on, facts.as_of)
        words[name] = ReadingWords(when, reading.origin, reading.as_written, old)
        if name in too_old:
            words[name] = _too_old(words[name], too_old[name], dictionary.features[name])
    words["age_years"] = ReadingWords("", "from the birth date")
    words.setdefault("sex", ReadingWords("", "registration"))
    confirmed = facts.history_confirmed
    for name in HISTORY_SETS:
        if facts.history_is_complete and confirmed:
            words[name] = ReadingWords(show_date(confirmed.observed_on), "history confirmed complete")
        else:
            words[name] = ReadingWords("", "history not confirmed complete")
    return words


def _too_old(reading: ReadingWords, stale: Stale, feature: Feature) -> ReadingWords:
    """The reading with what is to be said of a value that the rules do not see: in full, and in short for the map."""
    short = number_text(stale.value) if isinstance(stale.value, Decimal) else feature.show(stale.value)
    return replace(
        reading,
        old=age_against_limit(stale),
        unused=feature.show(stale.value),
        too_old=f"too old: {short}, {stale.age_days} days, limit {stale.limit.days}",
    )


def age_against_limit(stale: Stale) -> str:
    """'412 days old, limit 365'."""
    return f"{stale.age_days} days old, limit {stale.limit.days}"


def stale_sentences(done: TumorAssessment) -> tuple[str, ...]:
    """A sentence for each value that is too old for the rules, and one for what such values ruled out before."""
    ruleset = done.in_force.ruleset
    features = ruleset.dictionary.features
    said = [
        f"{features[entry.feature].title} {features[entry.feature].show(entry.value)}, {age_against_limit(entry)} "
        f"(observed on {show_date(done.facts.readings[entry.feature].observed_on)}). {entry.limit.reason}"
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
    known = done.in_force.ruleset.dictionary.order
    found = []
    for report in other_reports(done.facts):
        pairs = [
            (done.facts.readings[name], report.readings[name])
            for name in sorted((name for name in report.readings if name in known), key=known.__getitem__)
            if _differ(done.facts.readings[name], report.readings[name])
        ]
        if pairs:
            found.append(_disagreement(pairs, report, done, settled))
    return found


def _differ(chosen: Reading, rival: Reading) -> bool:
    return specimen_of(chosen) == specimen_of(rival) and rival.known and rival.value != chosen.value


def _disagreement(
    pairs: Sequence[tuple[Reading, Reading]], report: Report, done: TumorAssessment, settled: Mapping[str, str]
) -> Disagreement:
    ruleset = done.in_force.ruleset
    features = ruleset.dictionary.features
    chosen, rival = pairs[0]
    other = assess_facts(done.tumor, facts_under(done.facts, report), done.in_force).assessment
    differing, weighed = _differing(done.assessment, other), _weighed(done.assessment, other)
    names = [one.feature for one, _ in pairs]
    number = count(len(differing), "option") if differing else "no option"
    cautions = f"; {count(len(weighed), 'more option')} with other cautions" if weighed else ""
    return Disagreement(
        specimen=chosen.specimen_or_study,
        titles=listing([features[name].title for name in names]),
        origin=f"{chosen.origin}, {show_date(chosen.observed_on)}",
        other_origin=f"{rival.origin}, {show_date(rival.observed_on)}",
        rows=tuple(_rival_row(features[a.feature], a, b) for a, b in pairs),
        settled=next((settled[name] for name in names if name in settled), ""),
        differing=differing,
        weighed=weighed,
        said=f"Under the {rival.origin}, {number} of {len(ruleset.options)} would have another status{cautions}.",
        under=", ".join(_shown(features[b.feature], b) for _, b in pairs),
        finding=str(rival.finding_id),
    )


def _rival_row(feature: Feature, chosen: Reading, rival: Reading) -> RivalRow:
    return RivalRow(feature.name, feature.title, _shown(feature, chosen), _shown(feature, rival))


def _shown(feature: Feature, reading: Reading) -> str:
    return feature.show(reading.value) if reading.value is not None else "not known"


def _differing(present: Assessment, other: Assessment) -> tuple[StatusUnderRival, ...]:
    return tuple(
        StatusUnderRival(after.code, present.ruleset.option(after.code).title, str(before.status), str(after.status))
        for before, after in zip(present.options, other.options, strict=True)
        if before.status is not after.status
    )


def _weighed(present: Assessment, other: Assessment) -> tuple[WeighedUnderRival, ...]:
    """Options listed under both with the same status, of which other cautions hold or cannot be judged."""
    return tuple(
        WeighedUnderRival(after.code, present.ruleset.option(after.code).title, said)
        for before, after in zip(present.options, other.options, strict=True)
        if before.status is after.status and (said := cautions_between(present.ruleset, before, after))
    )


def cautions_between(ruleset: Ruleset, before: OptionAssessment, after: OptionAssessment) -> str:
    """'also to weigh: …; no longer to weigh: …' from one assessment of an option to another; '' for those not listed."""
    if str(after.status) not in LISTED:
        return ""
    ways = (
        ("also to weigh", set(after.cautions) - set(before.cautions)),
        ("no longer to weigh", set(before.cautions) - set(after.cautions)),
        ("caution that cannot be judged", set(after.cautions_unknown) - set(before.cautions_unknown)),
    )
    rules = {rule.code: rule for rule in ruleset.rules_of(after.code)}
    parts = [
        f"{words}: {listing([rules[code].title or rules[code].rationale for code in sorted(codes)])}"
        for words, codes in ways
        if codes
    ]
    return "; ".join(parts)


def settled_words(settlements: Sequence[Settlement], tumor: Tumor) -> dict[str, str]:
    """For each feature who settled which reading counts, when and why; the last decision stands."""
    return {
        one.finding.feature: (
            f"{one.settled_by.display_name} settled this on {show_date(one.settled_at.date())}: “{one.reason}”"
        )
        for one in settlements
        if one.finding.tumor_id in (None, tumor.id)
    }
