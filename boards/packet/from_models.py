"""From the board's rows to the values of a packet and of minutes: the only module of packets that knows meetings.

A packet holds the cases of patients within the reach of whoever has it made, and says how many it leaves out; a case whose
assessment was kept when the agenda was locked is shown as it was kept, like on the meeting screen. Every patient in a packet
leaves an audit row. Called by the job, the command and the page of the minutes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.utils import timezone

from boards.minutes import postponed_from
from boards.models import Case, Decision, FollowUpKind, Meeting, MinutesSignature
from boards.packet import minutes as said
from boards.packet.contents import AgendaRow, CasePacket, MeetingPacket, Slot, numbered
from boards.packet.making import case_packet
from boards.presenters.decided import coded, item_line
from boards.reasons import DEPARTURES, POSTPONED
from boards.selectors import agenda_of, decisions_of, items_before, live_members, next_meeting, visible_cases
from netcare import audit
from netcare.access import Actor, Capability, Institution, User, actor_for_user, system_actor, today_for
from netcare.jobs.leases import RunningJob
from pathways.presenters.patient_page import line_of
from pathways.presenters.words import count, show_date, show_instant
from pathways.reviews.reasons import REASONS
from pathways.reviews.snapshots import replay


@dataclass(frozen=True)
class BoardMeeting:
    """A meeting with the cases that its packet holds, opened for one actor."""

    meeting: Meeting
    agenda: Sequence[Case]
    hidden: int
    requested_by: str
    actor: Actor
    deidentified: bool = False

    def cases(self) -> Sequence[Callable[[], CasePacket]]:
        """One call for each case, in the order of the agenda; each leaves its audit row."""
        return [partial(self._case, case) for case in self.agenda]

    def _case(self, case: Case) -> CasePacket:
        audit.record(
            actor=self.actor,
            action="packet.make",
            patient_id=case.tumor.patient_id,
            institution_id=self.meeting.institution_id,
            detail={"meeting": str(self.meeting.pk), "case": str(case.pk), "deidentified": self.deidentified},
        )
        slot = Slot(
            presenter=case.presenter_name, question=case.question, asked_by=f"referred by {case.referred_by_name}"
        )
        hidden = self.deidentified
        return case_packet(case.tumor, at=timezone.now(), slot=slot, kept=case.snapshot, deidentified=hidden)

    def packet(self, cases: Sequence[CasePacket]) -> MeetingPacket:
        """The whole: front page, agenda, cases."""
        meeting, zone = self.meeting, ZoneInfo(self.meeting.time_zone)
        begins = meeting.begins_at.astimezone(zone)
        when = f"{begins:%a} {show_date(begins.date())}, {begins:%H:%M}"
        placed = numbered(f"{meeting.title}, {when}", cases)
        left_out = f"{count(self.hidden, 'case')} left out: not within the reach of {self.requested_by}."
        return MeetingPacket(
            title=meeting.title,
            when=f"{when} ({meeting.time_zone}), {meeting.minutes} min",
            place="; ".join(part for part in (meeting.place, meeting.link) if part),
            chair=meeting.chair.display_name,
            members=tuple(f"{one.name} ({one.get_discipline_display()})" for one in live_members(meeting)),
            agenda=tuple(self._agenda(placed, begins)),
            cases=placed,
            note=left_out if self.hidden else "",
            deidentified=self.deidentified,
        )

    def _agenda(self, placed: Sequence[CasePacket], begins: datetime) -> list[AgendaRow]:
        rows, at = [], begins
        for packet, case in zip(placed, self.agenda, strict=True):
            slot, what = packet.slot, packet.who.known_as
            rows.append(AgendaRow(f"{at:%H:%M}", slot.number, what, slot.question, slot.presenter, str(case.minutes)))
            at += timedelta(minutes=case.minutes)
        return rows


def opened(meeting: Meeting, actor: Actor, *, deidentified: bool = False) -> BoardMeeting:
    """A meeting for one actor, with what lies within that actor's reach."""
    agenda = agenda_of(actor, meeting)
    hidden = Case.objects.filter(meeting=meeting).count() - len(agenda)
    return BoardMeeting(meeting, agenda, hidden, actor.name, actor, deidentified)


def open_for_job(job: RunningJob) -> BoardMeeting:
    """The meeting that a job names, for whoever asked, as that person stands now. Raises LookupError with a sentence."""
    user = User.objects.filter(pk=job.requested_by_id).select_related("institution").order_by("pk").first()
    actor = actor_for_user(user) if user else None
    if actor is None or not actor.may(Capability.BOARD_READ).allowed:
        raise LookupError("Whoever asked for it may not read the board any more.")
    rows = Meeting.objects.filter(pk=job.payload["meeting"], institution_id=actor.institution_id)
    meeting = rows.select_related("chair", "institution").order_by("pk").first()
    if meeting is None:
        raise LookupError("There is no such meeting.")
    return opened(meeting, actor, deidentified=bool(job.payload.get("deidentified")))


def next_of(institution: Institution, *, by: str, deidentified: bool, now: datetime) -> MeetingPacket:
    """The packet of an institution's next meeting, for the command line. Raises LookupError with a sentence."""
    actor = replace(system_actor(by, capabilities=frozenset({Capability.BOARD_READ})), institution=institution)
    meeting = next_meeting(actor, now)
    if meeting is None:
        raise LookupError(f"No meeting is planned at {institution.name}. Call one, or name a patient: --patient MRN")
    board = opened(meeting, actor, deidentified=deidentified)
    return board.packet([make() for make in board.cases()])


def minutes_of(meeting: Meeting, actor: Actor) -> said.MinutesContents:
    """The minutes of a meeting as they stand, signed or not; what this actor may not read is left out."""
    with timezone.override(ZoneInfo(meeting.time_zone)):
        today = today_for(meeting.institution, at=timezone.now())
        reach = {case.pk for case in agenda_of(actor, meeting)}
        decisions = [one for one in decisions_of(meeting) if one.case_id in reach]
        cases = [_decided(number, one, today) for number, one in enumerate(decisions, start=1)]
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
            cases=(*cases, *_postponed(meeting, actor)),
            last_time=tuple(_last_time(item, today) for item in items_before(actor, meeting)),
            signed=signed,
            addenda=tuple(_addenda(meeting, reach)),
        )


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


def _patient_of(decision: Decision | None) -> str:
    return str(decision.case.tumor.patient) if decision else ""
