"""How a page of one tumor was asked for, in words: as of a past day, under the drafted limits, under another report.

Whoever reads the page must not take it for the one in force, so each of these is a mark of its own, on screen and on paper.
It decides nothing. Called by `pathways.views.opening`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.assessing import TumorAssessment
from pathways.presenters.readings import Disagreement, cautions_between
from pathways.presenters.words import STATUS_WORDS, count, listing, show_date
from patients.reports import Report


@dataclass(frozen=True, slots=True)
class Mark:
    """One way in which the page differs from the one in force; `leaves` is the parameter that makes it so."""

    title: str
    text: str
    leaves: str
    back: str


@dataclass(frozen=True, slots=True)
class OpenedAs:
    """The marks of the page, what could not be done as asked, and what the form beside the list needs."""

    marks: tuple[Mark, ...]
    refusals: tuple[str, ...]
    as_of: str
    today: str
    draft: bool
    reading: str
    short: str
    differs: Mapping[str, str]


def opened_as(
    in_force: TumorAssessment,
    done: TumorAssessment,
    *,
    today: date,
    past: bool,
    draft: bool,
    report: Report | None,
    forks: Sequence[Disagreement],
    refusals: Sequence[str],
) -> OpenedAs:
    """What the page says of how it was asked for, and for each option that another report changes, what it changes."""
    marks = []
    if past:
        marks.append(_past(done))
    if draft:
        marks.append(_draft(done))
    if report:
        marks.append(_under(report, in_force, done))
    return OpenedAs(
        marks=tuple(marks),
        refusals=tuple(refusals),
        as_of=done.as_of.isoformat(),
        today=today.isoformat(),
        draft=draft,
        reading=str(report.of.finding_id) if report else "",
        short="; ".join(mark.title[:1].lower() + mark.title[1:] for mark in marks),
        differs=_in_force(in_force, done) if report else _under_each(forks),
    )


def _past(done: TumorAssessment) -> Mark:
    known = count(len(done.facts.readings), "value")
    entered = (
        f"{known} had been entered by then"
        if done.facts.readings
        else "nothing that rules read had been entered by then"
    )
    text = (
        f"What was known at the end of that day: {entered}. What was entered, corrected or settled later is left out. "
        "The rules are those in force now."
    )
    return Mark(f"As of {show_date(done.as_of)}, not today", text, "as_of", "Show today")


def _draft(done: TumorAssessment) -> Mark:
    aged = f"{count(len(done.stale), 'value')} would be too old" if done.stale else "no value would be too old"
    text = f"The drafted limits on the age of facts are a proposal. Under them {aged} on {show_date(done.as_of)}."
    return Mark("Under a draft of limits, not in force", text, "limits", "Show the limits in force")


def _under(report: Report, in_force: TumorAssessment, done: TumorAssessment) -> Mark:
    features = done.in_force.ruleset.dictionary.features
    names = [name for name in done.in_force.ruleset.dictionary.in_order(report.readings) if name in features]
    values = listing(
        [
            f"{features[name].title} {features[name].show(value)}"
            for name in names
            if (value := report.readings[name].value) is not None
        ]
    )
    number = sum(
        option.status is not done.assessment.option(option.code).status for option in in_force.assessment.options
    )
    changed = (
        f"{count(number, 'option')} {'has' if number == 1 else 'have'} another status"
        if number
        else "no status differs"
    )
    title = f"Under the {report.of.origin} of {show_date(report.of.observed_on)}, which is not in force"
    text = (
        f"{values} ({report.of.specimen_or_study}). Against the readings in force {changed}; "
        "rows that differ in status or cautions are marked."
    )
    return Mark(title, text, "reading", "Show the readings in force")


def _in_force(in_force: TumorAssessment, done: TumorAssessment) -> dict[str, str]:
    """For each option that differs how it is under the readings in force: its status, else its cautions."""
    said = {}
    for there in in_force.assessment.options:
        here = done.assessment.option(there.code)
        if there.status is not here.status:
            said[there.code] = f"{STATUS_WORDS[str(there.status)]} under the readings in force"
        elif cautions := cautions_between(done.in_force.ruleset, here, there):
            said[there.code] = f"Under the readings in force {cautions}"
    return said


def _under_each(forks: Sequence[Disagreement]) -> dict[str, str]:
    """For each option that another report changes, to which status or which cautions."""
    said: dict[str, list[str]] = {}
    for fork in forks:
        for one in fork.differing:
            said.setdefault(one.code, []).append(f"{STATUS_WORDS[one.status]} under {fork.under}")
        for other in fork.weighed:
            said.setdefault(other.code, []).append(f"Under {fork.under} {other.said}")
    return {code: "; ".join(parts) for code, parts in said.items()}
