"""From the board's rows to the values of a packet: with `from_minutes` the only module of packets that knows meetings.

A packet holds the cases of patients within the reach of whoever has it made, and says how many it leaves out; a case whose
assessment was kept when the agenda was locked is shown as it was kept, like on the meeting screen. Every patient in a packet
leaves an audit row. Called by the job, the command and the pages of papers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils import timezone

from boards.actions.papers import About, Shown, note_paper
from boards.attaching import attached_records
from boards.files import StoredFile
from boards.models import Attachment, Case, Meeting, Paper, PaperForm, PaperKind
from boards.packet.contents import AgendaRow, CasePacket, MeetingPacket, Slot, numbered
from boards.packet.enclosing import enclosed_of
from boards.packet.html import Enclosed
from boards.packet.making import case_packet
from boards.selectors import agenda_of, attachments_of, coming_meetings, live_members
from netcare import audit
from netcare.access import Actor, Capability, Institution, User, actor_for_user, system_actor
from netcare.jobs.leases import RunningJob
from pathways.presenters.words import count, show_date


@dataclass(frozen=True)
class BoardMeeting:
    """A meeting with the cases that its packet holds, opened for one actor at one instant."""

    meeting: Meeting
    agenda: Sequence[Case]
    hidden: int
    requested_by: str
    actor: Actor
    at: datetime
    deidentified: bool = False

    @property
    def time_zone(self) -> str:
        """The zone in which times are told: that of the place where the board meets."""
        return self.meeting.time_zone

    def cases(self) -> Sequence[Callable[[], CasePacket]]:
        """One call for each case, in the order of the agenda; each leaves its audit row."""
        attached = attachments_of(self.agenda)
        return [partial(self._case, case, attached.get(case.pk, [])) for case in self.agenda]

    def _case(self, case: Case, attached: Sequence[Attachment]) -> CasePacket:
        audit.record(
            actor=self.actor,
            action="packet.make",
            patient_id=case.tumor.patient_id,
            institution_id=self.meeting.institution_id,
            detail={"meeting": str(self.meeting.pk), "case": str(case.pk), "deidentified": self.deidentified},
        )
        return sheet_of(case, attached, at=self.at, deidentified=self.deidentified)

    def enclosed(self) -> list[list[Enclosed]]:
        """The attached files of each case, for a folder; none where names are left out, since scans show them."""
        attached = {} if self.deidentified else attachments_of(self.agenda)
        return enclosed_of([attached.get(case.pk, []) for case in self.agenda])

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
            said = (slot.question, slot.presenter, str(case.minutes), packet.line)
            rows.append(AgendaRow(f"{at:%H:%M}", slot.number, what, *said))
            at += timedelta(minutes=case.minutes)
        return rows

    def noted(self, packet: MeetingPacket, form: PaperForm, file: StoredFile | None = None) -> Paper:
        """Append the row of the packet, with the check code of each case on it."""
        about = About(
            PaperKind.PACKET, form, packet.code, self.meeting, deidentified=self.deidentified, left_out=self.hidden,
            file=file,
        )  # fmt: skip
        shown = [
            Shown(case.tumor, case, sheet, case.snapshot_id)
            for case, sheet in zip(self.agenda, packet.cases, strict=True)
        ]
        return note_paper(actor=self.actor, institution=self.meeting.institution, about=about, shown=shown, now=self.at)


def sheet_of(case: Case, attached: Sequence[Attachment], *, at: datetime, deidentified: bool) -> CasePacket:
    """One case as it stands before the board, not yet at a place on an agenda."""
    slot = Slot(presenter=case.presenter_name, question=case.question, asked_by=f"referred by {case.referred_by_name}")
    records = attached_records(attached, deidentified=deidentified)
    return case_packet(case.tumor, at=at, slot=slot, kept=case.snapshot, deidentified=deidentified, attachments=records)


def opened(meeting: Meeting, actor: Actor, *, deidentified: bool = False, at: datetime | None = None) -> BoardMeeting:
    """A meeting for one actor, with what lies within that actor's reach."""
    agenda = agenda_of(actor, meeting)
    hidden = Case.objects.filter(meeting=meeting).count() - len(agenda)
    return BoardMeeting(meeting, agenda, hidden, actor.name, actor, at or timezone.now(), deidentified)


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


def noted_by_job(job: RunningJob, board: BoardMeeting, file: StoredFile, packet: MeetingPacket) -> None:
    """What the job's file is, appended in the transaction that ends its work."""
    board.noted(packet, PaperForm(job.payload.get("form", PaperForm.PDF)), file)


def next_of(institution: Institution, *, by: str, deidentified: bool, now: datetime) -> BoardMeeting:
    """An institution's next meeting that has a case, for the command line. Raises LookupError with a sentence."""
    actor = replace(system_actor(by, capabilities=frozenset({Capability.BOARD_READ})), institution=institution)
    coming = coming_meetings(actor, now)
    meeting = coming.filter(Exists(Case.objects.filter(meeting=OuterRef("pk")))).first()
    if meeting is not None:
        return opened(meeting, actor, deidentified=deidentified, at=now)
    if coming.exists():
        raise LookupError(f"No coming meeting at {institution.name} has a case on its agenda. Put one on it first.")
    raise LookupError(f"No meeting is planned at {institution.name}. Call one, or name a patient: --patient MRN")
