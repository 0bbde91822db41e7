"""The packet and the minutes of the demo's meeting: what the board's rows say, as kept, within the reader's reach."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from boards.actions.meetings import lock_agenda
from boards.models import Case, Meeting, Paper
from boards.packet.from_minutes import minutes_of
from boards.packet.from_models import open_for_job, opened
from boards.packet.job import make
from boards.packet.minutes import minutes_pdf
from netcare.access import actor_for_user
from netcare.access.models import User
from netcare.audit.models import AuditEvent
from netcare.jobs.actions import enqueue
from netcare.jobs.leases import JobFailed, take
from pathways.reviews.snapshots import replay
from patients.models import Treatment
from tests.integration.packet.conftest import PRINTING
from tests.integration.packet.reading import pages_of, squeezed


@pytest.fixture
def meeting(demo: None, db: None) -> Meeting:
    """The demo's next meeting, with five cases."""
    return (
        Meeting.objects.select_related("chair", "institution")
        .filter(cases__isnull=False, state="planned")
        .order_by("begins_at")[0]
    )


@pytest.fixture
def actor_of(demo: None, db: None):
    return lambda name: actor_for_user(User.objects.get(username=name))


def test_the_packet_follows_the_agenda_and_leaves_an_audit_row_for_each_patient(meeting: Meeting, actor_of) -> None:
    board = opened(meeting, actor_of("coordinator"))
    before = AuditEvent.objects.filter(action="packet.make").count()
    packet = board.packet([call() for call in board.cases()])
    cases = list(Case.objects.filter(meeting=meeting).order_by("position"))
    assert [case.who.mrn for case in packet.cases] == [case.tumor.patient.mrn for case in cases]
    assert [case.slot.question for case in packet.cases] == [case.question for case in cases]
    assert [row.case for row in packet.agenda] == [1, 2, 3, 4, 5]
    assert packet.agenda[1].time == "14:08"
    assert packet.note == ""
    assert AuditEvent.objects.filter(action="packet.make").count() == before + 5


def test_a_kept_assessment_is_shown_as_it_was_kept(meeting: Meeting, actor_of) -> None:
    now = timezone.now()
    lock_agenda(actor=actor_of("coordinator"), meeting=meeting, seen=meeting.order_version, now=now)
    board = opened(meeting, actor_of("coordinator"))
    before = [call() for call in board.cases()]
    for case, packet in zip(board.agenda, before, strict=True):
        assert case.snapshot is not None
        kept = replay(case.snapshot)
        shown = {view.row.code: view.row.status for view in packet.explained}
        assert {o.code: str(o.status) for o in kept.options if o.code in shown} == shown
    row = Treatment.objects.filter(patient=board.agenda[0].tumor.patient).first()
    assert row is not None
    Treatment.objects.bulk_create([_copied(row, now + timedelta(hours=1))])
    again = [call() for call in opened(meeting, actor_of("coordinator")).cases()]
    assert again[0].sheet == before[0].sheet
    assert again[0].history == before[0].history


def _copied(row: Treatment, at) -> Treatment:
    names = {
        f.attname: getattr(row, f.attname) for f in Treatment._meta.concrete_fields if f.attname not in ("id", "chain")
    }
    return Treatment(**{**names, "option": "everolimus", "entered_at": at})


def test_the_command_writes_the_next_meeting(meeting: Meeting, tmp_path: Path) -> None:
    out = tmp_path / "next.pdf"
    call_command("packet", "--next", "--out", str(out), stdout=io.StringIO())
    text = squeezed("".join(pages_of(out.read_bytes())))
    for case in Case.objects.filter(meeting=meeting):
        assert squeezed(f"{case.tumor.patient} · {case.tumor.patient.mrn}") in text
    front, first = (squeezed(page) for page in pages_of(out.read_bytes())[:2])
    assert "MinSheet" in front
    assert "case1of5,page1of" in first  # as the agenda's first row says: on sheet 2
    assert Paper.objects.filter(meeting=meeting, made_by=None).get().code in front
    hidden = tmp_path / "hidden.zip"
    call_command("packet", "--next", "--html", "--deidentified", "--out", str(hidden), stdout=io.StringIO())
    assert hidden.stat().st_size > 10_000
    with pytest.raises(CommandError, match="There is no institution Moon."):
        call_command("packet", "--next", "--institution", "Moon", "--out", str(out), stdout=io.StringIO())
    with pytest.raises(CommandError, match="No meeting is planned at Elsewhere Clinic."):
        call_command("packet", "--next", "--institution", "Elsewhere Clinic", "--out", str(out), stdout=io.StringIO())


def test_the_job_opens_the_meeting_as_whoever_asked_stands_now(meeting: Meeting, settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    def run(username: str):
        user = User.objects.get(username=username)
        asked = enqueue(kind="make_packet", payload={"meeting": str(meeting.pk), "by": username}, requested_by=user)
        job = take(job_id=asked.id, now=timezone.now())
        assert job is not None
        told = []
        make(job, open_for_job, lambda job, board, stored, packet: told.append((stored, packet)))
        return told[0]

    stored, packet = run("coordinator")
    assert len(packet.cases) == 5
    assert stored.size > 100_000
    with pytest.raises(JobFailed, match="Whoever asked for it may not read the board any more."):
        run("editor")
    with pytest.raises(JobFailed, match="There is no such meeting."):
        run("outsider")


def test_minutes_of_an_empty_meeting_can_be_printed(meeting: Meeting, actor_of) -> None:
    minutes = minutes_of(meeting, actor_of("coordinator"))
    assert minutes.signed == ""
    assert minutes.cases == ()
    text = squeezed("".join(pages_of(minutes_pdf(minutes, PRINTING))))
    assert squeezed(meeting.chair.display_name) in text
    assert "Theseminutesarenotsignedyet." in text
