"""Reports on one specimen or study: which there are beside those in force, and the facts under another one.

A report is what one origin says of one specimen on one day: its readings stand or fall together, so that grade and Ki-67
of one laboratory are never mixed with those of another. It settles nothing and reads no database; the dictionary checks
the values. Called by ``pathways`` to show the list under the other report.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pathways.engine import Value, ValueRefused
from pathways.knowledge import dictionary
from patients.facts import Facts, Reading
from patients.history import HISTORY_SETS

# specimen or study, origin, laboratory, day
ReportKey = tuple[str, str, str, date]
# These come from treatments and from the patient's identity, whatever a reading says.
_NOT_FROM_READINGS = (*HISTORY_SETS, "age_years", "sex")


@dataclass(frozen=True, slots=True)
class Report:
    """One report with its reading of each feature; ``of`` is the reading by which it was asked for."""

    of: Reading
    readings: Mapping[str, Reading]

    @property
    def key(self) -> ReportKey:
        return report_key(self.of)


def specimen_of(reading: Reading) -> str:
    """The specimen or study in a form to compare; nothing where none is named."""
    return reading.specimen_or_study.strip().casefold()


def report_key(reading: Reading) -> ReportKey:
    """What the readings of one report have in common."""
    return (
        specimen_of(reading),
        reading.origin.strip().casefold(),
        reading.laboratory.strip().casefold(),
        reading.observed_on,
    )


def other_reports(facts: Facts) -> list[Report]:
    """Every report that says something else of a specimen than the reading in force, settled or not, each once."""
    found: dict[ReportKey, Report] = {}
    for name, chosen in facts.readings.items():
        for other in facts.others.get(name, ()):
            if _contradict(chosen, other) and report_key(other) not in found:
                found[report_key(other)] = _report(facts, other)
    return list(found.values())


def other_report(facts: Facts, finding_id: UUID) -> Report | None:
    """The report of one finding, if it says something else than the readings in force; else None."""
    for report in other_reports(facts):
        if any(reading.finding_id == finding_id for reading in report.readings.values()):
            return report
    return None


def facts_under(facts: Facts, report: Report) -> Facts:
    """The facts with the whole report in place of every report that contradicts it on its specimen.

    What only a contradicting report says of the specimen is unknown then: it is not mixed in, and no older specimen
    takes its place. Everything else stays as it is.
    """
    against = {report_key(one) for one in _live(facts) if _contradicts(report, one)}
    mine = {reading.finding_id for reading in report.readings.values()}
    gone = {one.finding_id for one in _live(facts) if report_key(one) in against and one.finding_id not in mine}
    touched = [
        name
        for name, chosen in facts.readings.items()
        if chosen.finding_id not in mine
        and (chosen.finding_id in gone or (name in report.readings and specimen_of(chosen) == specimen_of(report.of)))
    ]
    readings = {
        name: replace(report.readings[name], settled=False) if name in touched else chosen
        for name, chosen in facts.readings.items()
        if name not in touched or name in report.readings
    }
    in_force = {reading.finding_id for reading in readings.values()}
    others = {
        name: left
        for name, rest in facts.others.items()
        if (left := tuple(one for one in rest if one.finding_id not in gone | in_force))
    }
    features, unusable = _features(facts, readings, touched)
    disagreements = {name: rivals for name, rivals in facts.disagreements.items() if name not in touched}
    return replace(
        facts, features=features, readings=readings, others=others, disagreements=disagreements, unusable=unusable
    )


def _live(facts: Facts) -> Iterator[Reading]:
    yield from facts.readings.values()
    for rest in facts.others.values():
        yield from rest


def _contradict(one: Reading, other: Reading) -> bool:
    """Two known readings of one specimen that say different things."""
    same_specimen = bool(specimen_of(one)) and specimen_of(one) == specimen_of(other)
    return same_specimen and one.known and other.known and one.value != other.value


def _contradicts(report: Report, one: Reading) -> bool:
    mine = report.readings.get(one.feature)
    return mine is not None and _contradict(mine, one)


def _report(facts: Facts, of: Reading) -> Report:
    """The readings with the same origin, the later entered of two; the one asked for stands for its own feature."""
    readings: dict[str, Reading] = {}
    for one in sorted(_live(facts), key=lambda reading: reading.entered_at):
        if report_key(one) == report_key(of):
            readings[one.feature] = one
    return Report(of, {**readings, of.feature: of})


def _features(
    facts: Facts, readings: Mapping[str, Reading], touched: list[str]
) -> tuple[dict[str, Value], dict[str, str]]:
    """The features with the touched ones read anew, in the order of the dictionary."""
    words = dictionary()
    changed = [name for name in touched if name not in _NOT_FROM_READINGS]
    features = {name: value for name, value in facts.features.items() if name not in changed}
    unusable = {name: sentence for name, sentence in facts.unusable.items() if name not in changed}
    for name in changed:
        if name not in readings or readings[name].value is None:
            continue
        try:
            features[name] = words.check(name, readings[name].value)
        except ValueRefused as problem:
            unusable[name] = str(problem)
    in_order = sorted(features, key=lambda name: words.order.get(name, len(words.order)))
    return {name: features[name] for name in in_order}, unusable
