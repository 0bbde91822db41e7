"""Emergency stops in words: what is stopped since when, by whom and why, whether a second look is due, what came before.

It reads stops and decides nothing; who may do what comes from the actions' own sentences. Who calls it: the pages of stops,
the pages of options and rules, the banner of a patient, and the frame of every page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from netcare.access import Actor, Capability
from pathways.actions.stopping import may_lift, may_look
from pathways.engine import LISTED, Assessment, Ruleset, Status, Stop
from pathways.models import StopEvent, StopEventKind
from pathways.presenters.words import count, show_instant
from pathways.selectors import NoRulesetInForce, ruleset_in_force
from pathways.stops import StopCase, active_cases, patients_listing, stop_case, stop_cases

# What a stop did to the list of one patient, by what the rules alone come to.
_WITHOUT = {
    Status.EXCLUDED: "By the rules alone it would be excluded for this patient.",
    Status.NOT_INDICATED: "By the rules alone it would not be indicated for this patient.",
    Status.NOT_ASSESSED: "Its rules could not be evaluated because of a fault in the program.",
}
_LISTED_WITHOUT = "By the rules alone it would be listed for this patient; while it is stopped it is not."


@dataclass(frozen=True, slots=True)
class StopNotice:
    """One stop in force, for a banner."""

    option: str
    title: str
    since: str
    by: str
    reason: str
    look: str
    overdue: bool
    url: str


@dataclass(frozen=True, slots=True)
class PatientStop:
    """One stop that changes the list of one patient."""

    option: str
    title: str
    said: str
    without: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened to a stop."""

    what: str
    by: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop of the page, with everything that happened to it."""

    id: str
    option: str
    title: str
    rule: str
    state: str
    events: tuple[EventLine, ...]
    notice: StopNotice | None
    url: str


@dataclass(frozen=True, slots=True)
class StopsPage:
    """Stops in force, requests that wait, and all others."""

    active: tuple[StopRow, ...]
    asks: tuple[StopRow, ...]
    past: tuple[StopRow, ...]
    overlay: str


@dataclass(frozen=True, slots=True)
class StopPage:
    """One stop with what this person may do about it; a sentence each where something stands against it."""

    row: StopRow
    may_answer: bool
    may_decide: bool
    is_open_ask: bool
    is_active: bool
    no_look: str
    no_lift: str


def stop_said(stop: Stop) -> str:
    """'Suspended by an emergency stop since 26 Nov 2026, 04:40, by Dr. Apollo Secondlook: …'"""
    since = show_instant(datetime.fromisoformat(stop.at))
    return f"Suspended by an emergency stop since {since}, by {stop.by}: {stop.reason}"


def patient_stops(assessment: Assessment) -> tuple[PatientStop, ...]:
    """The stops that change this list: of options that the rules alone would list, rule out or fail to judge."""
    return tuple(
        PatientStop(
            option.code,
            assessment.ruleset.option(option.code).title,
            stop_said(option.stop),
            _LISTED_WITHOUT if option.without_stop in LISTED else _WITHOUT[option.without_stop],
        )
        for option in assessment.options
        if option.stop and option.without_stop and option.without_stop is not Status.NOT_INDICATED
    )


def without_said(assessment: Assessment, code: str) -> str:
    """What the rules alone come to for a suspended option, in a sentence that lists nothing."""
    status = assessment.option(code).without_stop
    return "" if status is None else _LISTED_WITHOUT if status in LISTED else _WITHOUT[status]


def notices(now: datetime | None = None) -> tuple[StopNotice, ...]:
    """The stops in force, for banners: one query where there is none."""
    cases = active_cases()
    if not cases:
        return ()
    titles, at = _titles(), now or timezone.now()
    return tuple(_notice(case, titles, at) for case in cases)


def notice_of(option: str) -> StopNotice | None:
    """The stop in force of one option, or None."""
    return next((one for one in notices() if one.option == option), None)


def stops_page(now: datetime) -> StopsPage:
    """Every stop, by what has become of it."""
    titles, cases = _titles(), stop_cases()
    active = [case for case in cases if case.is_active]
    asks = [case for case in cases if case.is_open_ask]
    past = [case for case in cases if not case.is_active and not case.is_open_ask]

    def rows(some: Sequence[StopCase]) -> tuple[StopRow, ...]:
        return tuple(_row(case, titles, now) for case in some)

    return StopsPage(rows(active), rows(asks), rows(past), overlay_said())


def stop_page(case: StopCase, actor: Actor, now: datetime) -> StopPage:
    """One stop, and what this person may do about it."""
    decides = actor.may(Capability.STOP_PLACE).allowed
    return StopPage(
        row=_row(case, _titles(), now),
        may_answer=decides and case.is_open_ask,
        may_decide=decides and case.is_active,
        is_open_ask=case.is_open_ask,
        is_active=case.is_active,
        no_look=may_look(actor, case) if decides and case.is_active else "",
        no_lift=may_lift(actor, case, now) if decides and case.is_active else "",
    )


def overlay_said() -> str:
    """The overlay in force by number and digest, as every assessment under it names it."""
    try:
        overlay = ruleset_in_force().overlay
    except NoRulesetInForce:
        return ""
    return f"Overlay {overlay.number}, {overlay.digest}" if overlay else ""


def reach_said(option: str, actor: Actor) -> str:
    """'At Example University Hospital it is listed now for 12 patients.'"""
    number = patients_listing(option, actor.institution)
    where = actor.institution.name if actor.institution else "your institution"
    return f"At {where} it is listed now for {count(number, 'patient')}."


def refreshed_case(case: StopCase) -> StopCase:
    """The same stop as it stands now."""
    return stop_case(case.stop.id) or case


def _titles() -> Mapping[str, str]:
    try:
        ruleset: Ruleset | None = ruleset_in_force().ruleset
    except NoRulesetInForce:
        ruleset = None
    return {option.code: option.title for option in ruleset.options} if ruleset else {}


def _notice(case: StopCase, titles: Mapping[str, str], now: datetime) -> StopNotice:
    placed = case.events[StopEventKind.PLACED]
    return StopNotice(
        option=case.stop.option,
        title=titles.get(case.stop.option, case.stop.option),
        since=show_instant(placed.at),
        by=placed.by_name,
        reason=placed.reason,
        look=_look(case, now),
        overdue=case.is_overdue(now),
        url=reverse("pathways:stop", args=[case.stop.id]),
    )


def _look(case: StopCase, now: datetime) -> str:
    if case.confirmed:
        return f"Confirmed by {case.confirmed.by_name} on {show_instant(case.confirmed.at)}."
    if case.look_due is None:
        return ""
    if case.is_overdue(now):
        return f"The second look by another approver is overdue since {show_instant(case.look_due)}. The stop stays."
    return f"Another approver takes the second look by {show_instant(case.look_due)}."


def _row(case: StopCase, titles: Mapping[str, str], now: datetime) -> StopRow:
    events = sorted(case.events.values(), key=lambda event: (event.at, StopEventKind.values.index(event.kind)))
    return StopRow(
        id=str(case.stop.id),
        option=case.stop.option,
        title=titles.get(case.stop.option, case.stop.option),
        rule=case.stop.rule,
        state=_state(case),
        events=tuple(_line(event) for event in events),
        notice=_notice(case, titles, now) if case.is_active else None,
        url=reverse("pathways:stop", args=[case.stop.id]),
    )


def _line(event: StopEvent) -> EventLine:
    what = event.get_kind_display()
    return EventLine(
        what[:1].upper() + what[1:], f"{event.by_name}, {event.by_role}", show_instant(event.at), event.reason
    )


def _state(case: StopCase) -> str:
    if case.lifted:
        return "lifted"
    if case.placed:
        return "in force"
    return "declined" if case.declined else "asked for"
