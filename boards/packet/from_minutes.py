"""From the rows of a meeting to the values of its minutes, as far as the reader may read its cases; the rest is counted.

What it refuses to do: tell more than was recorded. Who calls it: the page of the minutes, and the look-up of check codes.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from boards.actions.papers import Shown
from boards.minutes import postponed_from
from boards.models import Decision, FollowUpKind, Meeting, MinutesSignature, PaperCase, PaperKind
from boards.packet import minutes as said
from boards.presenters.decided import coded, item_line
from boards.reasons import DEPARTURES, POSTPONED
from boards.selectors import agenda_of, decisions_of, items_before, live_members, visible_cases
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
        decisions, codes = [one for one in every if one.case_id in reach], _packet_codes(meeting)
        cases = [
            replace(_decided(number, one, today), packet_code=codes.get(one.case_id, ""))
            for number, one in enumerate(decisions, start=1)
        ]
        postponed = _postponed(meeting, actor)
        signature = MinutesSignature.objects.filter(meeting=meeting).order_by("pk").first()
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
            cases=(*cases, *postponed),
            last_time=tuple(_last_time(item, today) for item in items_before(actor, meeting)),
            signed=signed,
            remark=signature.remark if signature else "",
            addenda=tuple(_addenda(meeting, reach)),
            left_out=len(every) - len(decisions) + len(postponed_from(meeting)) - len(postponed),
        )


def minutes_shown(meeting: Meeting, actor: Actor) -> list[Shown]:
    """Whom the minutes name for this reader: decided, postponed, and those of earlier meetings whose items are reviewed."""
    mine = set(visible_cases(actor).values_list("pk", flat=True))
    cases = [one.case for one in decisions_of(meeting)] + [event.case for event in postponed_from(meeting)]
    cases += [item.decision.case for item in items_before(actor, meeting)]
    return [Shown(case.tumor, case) for case in {case.pk: case for case in cases if case.pk in mine}.values()]


def _packet_codes(meeting: Meeting) -> dict[UUID, str]:
    """By case, the check code of its sheet in the last packet made before the meeting began."""
    rows = PaperCase.objects.filter(
        paper__meeting=meeting, paper__kind=PaperKind.PACKET, paper__deidentified=False, case__isnull=False,
        paper__made_at__lte=meeting.begins_at,
    )  # fmt: skip
    pairs = rows.order_by("paper__made_at", "id").values_list("case_id", "code")
    return {case: code for case, code in pairs if case}


def _came(meeting: Meeting, presences: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for member in live_members(meeting):
        attendance = getattr(member, "attendance", None)
        if attendance and attendance.presence in presences:
            how = "" if attendance.presence in ("present", "excused") else f", {attendance.get_presence_display()}"
            found.append(f"{member.name} ({member.get_discipline_display()}{how})")
    return tuple(found)


def _decided(number: int, decision: Decision, today: date) -> said.CaseMinutes:
    case, departs = decision.case, ""
    if decision.departs:
        departs = coded(decision.departure_reasons, decision.departure_line, DEPARTURES)
    items = [(item, item_line(item, decision, today)) for item in decision.follow_ups.all()]
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


def _postponed(meeting: Meeting, actor: Actor) -> list[said.CaseMinutes]:
    events = postponed_from(meeting)
    mine = set(visible_cases(actor).filter(pk__in=[one.case_id for one in events]).values_list("pk", flat=True))
    found = []
    for event in events:
        if event.case_id in mine:
            patient, to = event.case.tumor.patient, event.case.meeting
            until = f"to {show_instant(to.begins_at)}" if to else "without a date"
            why = coded([event.reason], event.line, POSTPONED)
            found.append(
                said.CaseMinutes(
                    0, str(patient), patient.mrn, "", event.case.question, "", "", postponed=f"{until}: {why}"
                )
            )
    return found


def _last_time(item: object, today: date) -> said.LastTime:
    line = item_line(item, item.decision, today)  # type: ignore[attr-defined]
    return said.LastTime(f"{line.patient} · {line.mrn}", f"{line.meeting}: {line.what}", line.outcome)


def _addenda(meeting: Meeting, reach: set[object]) -> list[said.Addendum]:
    rows = meeting.addenda.select_related("decision__case__tumor__patient").order_by("at", "id")
    return [
        said.Addendum(
            one.by_name, show_instant(one.at), one.text, str(one.decision.case.tumor.patient) if one.decision else ""
        )
        for one in rows
        if one.decision is None or one.decision.case_id in reach
    ]
