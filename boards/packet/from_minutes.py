"""From the rows of a meeting to the values of its minutes, as far as the reader may read its cases; the rest is counted.

What it refuses to do: tell more than was recorded. Who calls it: the page of the minutes, and the look-up of check codes.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from boards.actions.papers import Shown
from boards.minutes import postponed_from, put_on
from boards.models import (
    CaseEvent,
    CaseKind,
    Decision,
    FollowUpEvent,
    FollowUpKind,
    Meeting,
    MinutesSignature,
    PaperCase,
    PaperKind,
)
from boards.packet import minutes as said
from boards.presenters.decided import coded, item_line, reviewed_line, since_line
from boards.reasons import DEPARTURES, POSTPONED
from boards.selectors import agenda_of, decisions_of, live_members, reviewed_at, said_since, visible_cases
from netcare.access import Actor, today_for
from pathways.presenters.patient_page import line_of
from pathways.presenters.words import show_date, show_instant
from pathways.reviews.reasons import REASONS
from pathways.reviews.snapshots import replay


def minutes_of(meeting: Meeting, actor: Actor) -> said.MinutesContents:
    """The minutes of a meeting as they stand, signed or not; what this actor may not read is left out."""
    with timezone.override(ZoneInfo(meeting.time_zone)):
        today = today_for(meeting.institution, at=timezone.now())
        reach, every = {case.pk for case in agenda_of(actor, meeting)}, decisions_of(meeting)
        looked_at, hidden = _looked_at(meeting, actor)
        signature = MinutesSignature.objects.filter(meeting=meeting).order_by("pk").first()
        decisions, codes = [one for one in every if one.case_id in reach], _packet_codes(meeting)
        numbers = _numbers(meeting)
        cases = [
            replace(
                _decided(numbers.get(one.case_id, 0), one, today, bool(signature)),
                packet_code=codes.get(one.case_id, ""),
            )
            for one in decisions
        ]
        postponed = _postponed(meeting, actor, numbers)
        signed = ""
        if signature:
            signed = f"{signature.signed_by_name}, {signature.signed_role}, {show_instant(signature.signed_at)}"
        return said.MinutesContents(
            title=meeting.title,
            when=f"{show_instant(meeting.begins_at)} ({meeting.time_zone})",
            place="; ".join(part for part in (meeting.place, meeting.link) if part),
            chair=meeting.chair.display_name,
            present=_came(meeting, ("present", "remote")),
            excused=_came(meeting, ("excused", "absent")),
            cases=tuple(sorted((*cases, *postponed), key=lambda one: one.number or len(every) + 999)),
            last_time=tuple(_last_time(event) for event in looked_at),
            signed=signed,
            remark=signature.remark if signature else "",
            addenda=tuple(_addenda(meeting, reach)),
            since=_since(meeting, actor, today) if signature else (),
            left_out=len(every) - len(decisions) + len(postponed_from(meeting)) - len(postponed) + hidden,
        )


def minutes_shown(meeting: Meeting, actor: Actor) -> list[Shown]:
    """Whom the minutes name for this reader: decided, postponed, and those whose earlier items it looked at."""
    mine = set(visible_cases(actor).values_list("pk", flat=True))
    cases = [one.case for one in decisions_of(meeting)] + [event.case for event in postponed_from(meeting)]
    cases += [event.item.decision.case for event in reviewed_at(meeting)]
    return [Shown(case.tumor, case) for case in {case.pk: case for case in cases if case.pk in mine}.values()]


def _packet_codes(meeting: Meeting) -> dict[UUID, str]:
    """By case, the check code of its sheet in the last packet made before the meeting began."""
    rows = PaperCase.objects.filter(
        paper__meeting=meeting, paper__kind=PaperKind.PACKET, paper__deidentified=False, case__isnull=False,
        paper__made_at__lte=meeting.begins_at,
    )  # fmt: skip
    pairs = rows.order_by("paper__made_at", "id").values_list("case_id", "code")
    return {case: code for case, code in pairs if case}


def _numbers(meeting: Meeting) -> dict[UUID, int]:
    """By case, its place on the agenda as it was locked, as the packet called it: the lock notes them in order."""
    locked = CaseEvent.objects.filter(meeting=meeting, kind=CaseKind.SNAPSHOT, at=meeting.locked_at)
    return {case: place for place, case in enumerate(locked.order_by("id").values_list("case_id", flat=True), start=1)}


def _came(meeting: Meeting, presences: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for member in live_members(meeting):
        attendance = getattr(member, "attendance", None)
        if attendance and attendance.presence in presences:
            how = "" if attendance.presence in ("present", "excused") else f", {attendance.get_presence_display()}"
            found.append(f"{member.name} ({member.get_discipline_display()}{how})")
    return tuple(found)


def _decided(number: int, decision: Decision, today: date, signed: bool) -> said.CaseMinutes:
    """One decision; once signed, what became of its items stands apart and not in it."""
    case, departs = decision.case, ""
    if decision.departs:
        departs = coded(decision.departure_reasons, decision.departure_line, DEPARTURES)
    lines = [(item, item_line(item, decision, today)) for item in decision.follow_ups.all()]
    items = [(item, replace(line, outcome="") if signed else line) for item, line in lines]
    version = decision.snapshot.ruleset_version
    trial = decision.get_trial_display() + (f": {decision.trial_line}" if decision.trial_line else "")
    return said.CaseMinutes(
        number=number,
        name=str(case.tumor.patient),
        mrn=case.tumor.patient.mrn,
        line=line_of(replay(decision.snapshot)).text,
        question=case.question,
        presenter=case.presenter_name,
        decision="; ".join(
            part for part in (decision.note, f"departs from the list: {departs}" if departs else "") if part
        ),
        options=tuple(
            said.OptionDecided(one.title, one.get_word_display(), coded(one.reasons, one.line, REASONS), one.status)
            for one in decision.options.all()
        ),
        conditionals=tuple(
            said.ConditionalItem(item.what, item.then, item.otherwise, line.owner, line.due, line.outcome)
            for item, line in items
            if item.kind == FollowUpKind.CONDITION
        ),
        follow_ups=tuple(
            said.FollowUpItem(line.what, line.owner, line.due, line.outcome)
            for item, line in items
            if item.kind != FollowUpKind.CONDITION
        ),
        trial=trial,
        preference=decision.preference,
        informs=decision.informs,
        rules=f"{version.title} v{version.version}, assessed as of {show_date(decision.snapshot.as_of)}",
    )


def _postponed(meeting: Meeting, actor: Actor, numbers: dict[UUID, int]) -> list[said.CaseMinutes]:
    events = postponed_from(meeting)
    onto = put_on(events)
    mine = set(visible_cases(actor).filter(pk__in=[one.case_id for one in events]).values_list("pk", flat=True))
    found = []
    for event in events:
        if event.case_id in mine:
            patient, to = event.case.tumor.patient, onto.get(event.case_id)
            until = f"to {show_instant(to.begins_at)}" if to else "without a date"
            why = coded([event.reason], event.line, POSTPONED)
            line = line_of(replay(event.snapshot)).text if event.snapshot else ""
            number = numbers.get(event.case_id, 0)
            found.append(
                said.CaseMinutes(number, str(patient), patient.mrn, line, "", "", "", postponed=f"{until}: {why}")
            )
    return found


def _looked_at(meeting: Meeting, actor: Actor) -> tuple[list[FollowUpEvent], int]:
    """What the meeting said of earlier items, and of how many further cases this reader may not read it."""
    events = reviewed_at(meeting)
    cases = {event.item.decision.case_id for event in events}
    mine = set(visible_cases(actor).filter(pk__in=cases).values_list("pk", flat=True))
    return [event for event in events if event.item.decision.case_id in mine], len(cases - mine)


def _last_time(event: FollowUpEvent) -> said.LastTime:
    what, who, became = reviewed_line(event)
    return said.LastTime(f"{who} · {event.item.decision.case.tumor.patient.mrn}", what, became)


def _since(meeting: Meeting, actor: Actor, today: date) -> tuple[said.LastTime, ...]:
    """Where the items stand of which something was said after the meeting; never a part of what was signed."""
    items = said_since(meeting)
    mine = set(
        visible_cases(actor).filter(pk__in=[item.decision.case_id for item in items]).values_list("pk", flat=True)
    )
    lines = [(since_line(item, today), item) for item in items if item.decision.case_id in mine]
    return tuple(
        said.LastTime(f"{who} · {item.decision.case.tumor.patient.mrn}", what, became)
        for (what, who, became), item in lines
    )


def _addenda(meeting: Meeting, reach: set[object]) -> list[said.Addendum]:
    rows = meeting.addenda.select_related("decision__case__tumor__patient").order_by("at", "id")
    return [
        said.Addendum(
            one.by_name, show_instant(one.at), one.text, str(one.decision.case.tumor.patient) if one.decision else ""
        )
        for one in rows
        if one.decision is None or one.decision.case_id in reach
    ]
