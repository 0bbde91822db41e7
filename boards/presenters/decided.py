"""Decisions, items and histories in words, for the minutes, the page of a decision and the list of what is open.

Called by the views of minutes, cases and decisions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from boards.models import CLOSING, CaseEvent, CaseKind, Decision, FollowUp, FollowUpEvent, FollowUpKind, Outcome, Word
from boards.reasons import DEPARTURES, NOT_DONE, POSTPONED, WITHDRAWN
from pathways.presenters.patient_page import fictional_tag
from pathways.presenters.words import show_date, show_instant
from pathways.reviews.reasons import REASONS

OPTION_TASK = "put into practice"


@dataclass(frozen=True, slots=True)
class SaidOption:
    title: str
    status: str
    why: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One tracked item."""

    id: str
    kind: str
    what: str
    owner: str
    due: str
    late: bool
    outcome: str
    open: bool
    said: str
    seen: int
    url: str
    patient: str
    mrn: str
    decision_url: str
    meeting: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision, whole."""

    case_id: str
    name: str
    mrn: str
    tag: str
    question: str
    url: str
    by_word: tuple[tuple[str, tuple[SaidOption, ...]], ...]
    note: str
    trial: str
    preference: str
    informs: str
    departs: str
    items: tuple[ItemLine, ...]
    recorded: str
    digest: str
    addenda: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a case's history."""

    what: str
    who: str
    when: str


def coded(codes: Sequence[str], line: str, words: dict[str, str]) -> str:
    """Reasons in words, with the line."""
    said = [words.get(code, code) for code in codes if code != "other" or not line]
    return "; ".join([*said, line] if line else said)


def decision_view(decision: Decision, today: date) -> DecisionView:
    """A decision of `selectors.decisions_of`."""
    patient = decision.case.tumor.patient
    options = list(decision.options.all())
    by_word = tuple(
        (label.capitalize(), tuple(_option(one) for one in options if one.word == word))
        for word, label in Word.choices
        if any(one.word == word for one in options)
    )
    departs = coded(decision.departure_reasons, decision.departure_line, DEPARTURES) if decision.departs else ""
    trial = decision.get_trial_display() + (f": {decision.trial_line}" if decision.trial_line else "")
    return DecisionView(
        case_id=str(decision.case_id),
        name=str(patient),
        mrn=patient.mrn,
        tag=fictional_tag(patient),
        question=decision.case.question,
        url=reverse("boards:decision", args=[patient.pk, decision.case_id]),
        by_word=by_word,
        note=decision.note,
        trial=trial,
        preference=decision.preference,
        informs=decision.informs,
        departs=departs,
        items=tuple(item_line(item, decision, today) for item in decision.follow_ups.all()),
        recorded=f"{decision.recorded_by_name} ({decision.recorded_role}), {show_instant(decision.recorded_at)}",
        digest=decision.snapshot.digest,
        addenda=tuple((one.text, f"{one.by_name}, {show_instant(one.at)}") for one in decision.addenda.all()),
    )


def _option(one: Any) -> SaidOption:
    return SaidOption(one.title, one.status, coded(one.reasons, one.line, REASONS))


def item_line(item: Any, decision: Decision, today: date) -> ItemLine:
    """An item annotated by `selectors.with_standing`."""
    patient = decision.case.tumor.patient
    outcome = item.outcome or Outcome.OPEN
    said = f"{item.said_by}, {show_instant(item.said_at)}" if item.seen else ""
    why = coded([item.reason] if item.reason else [], item.line or "", NOT_DONE)
    return ItemLine(
        id=str(item.pk),
        kind=FollowUpKind(item.kind).label,
        what=item_words(item),
        owner=item.owner_name,
        due=show_date(item.due_on) if item.due_on else "",
        late=bool(item.due_on and item.due_on < today and outcome not in CLOSING),
        outcome=Outcome(outcome).label + (f": {why}" if why else ""),
        open=outcome not in CLOSING,
        said=said,
        seen=item.seen or 0,
        url=reverse("boards:outcome", args=[patient.pk, item.pk]),
        patient=str(patient),
        mrn=patient.mrn,
        decision_url=reverse("boards:decision", args=[patient.pk, decision.case_id]),
        meeting=show_date(decision.meeting.begins_at.date()),
    )


def reviewed_line(event: FollowUpEvent) -> tuple[str, str, str]:
    """What a meeting said of an earlier item: the item, whose, and what became of it."""
    decision = event.item.decision
    why = coded([event.reason] if event.reason else [], event.line, NOT_DONE)
    what = f"{item_words(event.item)} ({show_date(decision.meeting.begins_at.date())})"
    return what, str(decision.case.tumor.patient), event.get_outcome_display() + (f": {why}" if why else "")


def since_line(item: Any, today: date) -> tuple[str, str, str]:
    """What was said of an item after the meeting, with who said it and when: the item, whose, and where it stands."""
    line = item_line(item, item.decision, today)
    return f"{line.what} ({line.meeting})", line.patient, f"{line.outcome} ({line.said})"


def item_words(item: FollowUp) -> str:
    """An item in a sentence: a condition says if, then, else."""
    if item.kind == FollowUpKind.OPTION:
        return f"{item.what}: {OPTION_TASK}"
    if item.kind == FollowUpKind.CONDITION:
        otherwise = f", else {item.otherwise}" if item.otherwise else ""
        return f"If {item.what}, then {item.then}{otherwise}"
    return item.what


def history(events: Sequence[CaseEvent]) -> list[Happened]:
    """What happened to a case, oldest first."""
    return [Happened(_what(event), event.by_name, show_instant(event.at)) for event in events]


def _what(event: CaseEvent) -> str:
    meeting = f" {event.meeting.title}, {show_instant(event.meeting.begins_at)}" if event.meeting else ""
    match event.kind:
        case CaseKind.REFERRED:
            return "Referred to the board"
        case CaseKind.SCHEDULED:
            return f"Put on{meeting}"
        case CaseKind.POSTPONED:
            return f"Postponed from{meeting}: {coded([event.reason], event.line, POSTPONED)}"
        case CaseKind.WITHDRAWN:
            return f"Withdrawn: {coded([event.reason], event.line, WITHDRAWN)}"
        case CaseKind.SNAPSHOT:
            return f"Assessment kept for{meeting}"
        case CaseKind.DECIDED:
            return f"Decided at{meeting}"
        case _:
            return f"Changed: {event.line}"
