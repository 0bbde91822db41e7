"""Papers of the board: a packet asked for in the browser, who may have it, what makes it stale, and codes looked up."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from boards import files
from boards.actions.afterwards import sign_minutes
from boards.actions.cases import Details, edit_case, order_agenda, postpone, schedule
from boards.actions.decisions import add_to_minutes, record_decision
from boards.actions.meetings import end_meeting
from boards.actions.papers import ask_for_packet
from boards.minutes import content_of, digest_of
from boards.models import Case, Meeting, Paper, PaperCase, PaperKind
from boards.packet.from_minutes import minutes_of
from boards.packet.pdf import NotMade
from boards.presenters.papers import packet_panel
from boards.retention import kept_until, tidy
from boards.standing import BY_TIME, stale_because, standing_of
from netcare.access import User
from netcare.audit.models import AuditEvent
from netcare.jobs import runner
from netcare.jobs.models import Job, JobState
from patients.actions import NewNote, record_notes
from patients.actions.shared import Refused
from patients.models.base import AppendOnlyError
from tests.cast import Cast, acting, signed_in
from tests.integration.boards.clinic import again, bytes_of, called, locked, on_agenda
from tests.integration.boards.test_decisions import SAID

pytestmark = pytest.mark.django_db
Get = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def meeting(cast: Cast, chair: User) -> Meeting:
    """A planned meeting of next week, with two cases of Clara's."""
    now = timezone.now()
    found = called(cast, chair, now=now)
    on_agenda(cast, found, "N-1", now=now)
    on_agenda(cast, found, "N-2", now=now)
    found.refresh_from_db()
    return found


def make(cast: Cast, meeting: Meeting, user: User, **how: Any) -> Paper:
    """A packet asked for on the page, and made by the worker."""
    answer = signed_in(user).post(reverse("boards:make_packet", args=[meeting.pk]), {"form": "pdf"} | how)
    assert answer.status_code == 302, answer.content
    job = Job.objects.filter(kind="make_packet").order_by("-created_at")[0]
    assert runner.run(job.pk) is JobState.DONE, Job.objects.get(pk=job.pk).failure
    return Paper.objects.filter(kind=PaperKind.PACKET).order_by("-made_at")[0]


def page(user: User, meeting: Meeting) -> str:
    return signed_in(user).get(reverse("boards:packets", args=[meeting.pk])).content.decode()


def download(user: User, paper: Paper) -> Any:
    return signed_in(user).get(reverse("boards:packet", args=[paper.meeting_id, paper.pk]))


def check(user: User, code: str) -> str:
    answer = signed_in(user).get(reverse("pathways:review_check"), {"code": code})
    return " ".join(answer.content.decode().split())


def text_of(data: bytes) -> str:
    return "".join("".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(data)).pages)


def test_a_packet_is_asked_for_made_listed_and_downloaded(cast: Cast, meeting: Meeting) -> None:
    client, address = signed_in(cast.cora), reverse("boards:make_packet", args=[meeting.pk])
    client.post(address, {"form": "pdf"})
    waiting = page(cast.cora, meeting)
    assert "Waiting." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    client.post(address, {"form": "pdf"})
    job = Job.objects.get(kind="make_packet")  # asked for twice, made once
    assert runner.run(job.pk) is JobState.DONE

    paper = Paper.objects.get()
    assert [row.number for row in paper.cases.order_by("number")] == [1, 2]
    assert paper.order_version == meeting.order_version
    listed = page(cast.cora, meeting)
    assert paper.code in listed
    assert "Nothing changed since." in listed
    assert 'hx-trigger="every 2s"' not in listed
    answer = download(cast.cora, paper)
    data = bytes_of(answer)
    assert data.startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert paper.code in text_of(data)
    event = AuditEvent.objects.newest_first()[0]
    assert (event.action, event.outcome) == ("packet.download", "allowed")
    assert set(event.patient_ids) == {str(row.tumor.patient_id) for row in paper.cases.all()}


def test_the_part_that_changes_comes_alone(cast: Cast, meeting: Meeting) -> None:
    part = signed_in(cast.cora).get(
        reverse("boards:packets", args=[meeting.pk]), headers={"HX-Request": "true", "HX-Target": "packets"}
    )
    assert part.content.decode().lstrip().startswith('<div id="packets"')


def test_a_packet_without_names_has_none(cast: Cast, meeting: Meeting) -> None:
    paper = make(cast, meeting, cast.cora, form="html", deidentified="yes")
    assert paper.deidentified
    data = bytes_of(download(cast.cora, paper))
    assert data.startswith(b"PK")
    assert b"N-1" not in data


def test_whoever_lacks_a_case_gets_a_smaller_packet_and_not_the_larger_one(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = make(cast, meeting, cast.cora)
    # Theo's team has none of the patients; one of them comes into its care.
    assert download(cast.theo, whole).status_code == 404
    assert AuditEvent.objects.newest_first()[0].outcome == "denied"
    refused = signed_in(cast.theo).post(reverse("boards:make_packet", args=[meeting.pk]), {"form": "pdf"}, follow=True)
    assert "No case of this meeting is within your reach." in refused.content.decode()
    patient = Case.objects.get(meeting=meeting, position=1).tumor.patient
    patient.team_links.create(team=cast.thorax, assigned_by=cast.clara, assigned_at=timezone.now())
    part = make(cast, meeting, cast.theo)
    assert (part.cases.count(), part.left_out) == (1, 1)
    assert "1caseleftout:notwithinthereachofTheo." in text_of(bytes_of(download(cast.theo, part)))
    shown = page(cast.theo, meeting)
    assert "It holds 1 patient beyond your reach." in shown
    assert "1 case left out, beyond the reach of Theo" in shown
    assert download(cast.theo, whole).status_code == 404
    assert "No paper with this code is yours to see." in check(cast.theo, whole.code)
    assert part.code in page(cast.cora, meeting)
    assert "Superseded" not in check(cast.cora, whole.code)
    make(cast, meeting, cast.cora)
    assert "Superseded" not in check(cast.theo, part.code)
    fresh = Case.objects.get(meeting=meeting, position=1)
    edit_case(
        actor=acting(cast.cora), case=fresh, details=Details(question="Other?"), seen=fresh.version, now=timezone.now()
    )
    make(cast, meeting, cast.cora)
    for user, paper in ((cast.cora, whole), (cast.theo, part)):
        assert "Superseded" in check(user, paper.code)


def test_what_changed_since_is_said(cast: Cast, meeting: Meeting) -> None:
    make(cast, meeting, cast.cora)
    now, first, second = timezone.now(), *Case.objects.filter(meeting=meeting).order_by("position")
    order_agenda(
        actor=acting(cast.cora), meeting=meeting, order=[second.pk, first.pk], seen=meeting.order_version, now=now
    )
    assert "Changed since: the agenda." in page(cast.cora, meeting)
    note = [NewNote(text="worse", observed_on=now.date())]
    record_notes(actor=acting(cast.clara), patient=first.tumor.patient, notes=note, now=now)
    assert "Changed since: the agenda and notes." in page(cast.cora, meeting)
    make(cast, meeting, cast.cora)
    assert "Nothing changed since." in page(cast.cora, meeting)
    locked(cast, meeting, now=timezone.now())
    assert "the assessments kept for the meeting" in page(cast.cora, meeting)
    kept = make(cast, meeting, cast.cora)
    record_notes(actor=acting(cast.clara), patient=first.tumor.patient, notes=note, now=timezone.now())
    assert page(cast.cora, meeting).count("Nothing changed since.") == 1  # shown as it was kept
    assert "changed since: notes" in check(cast.cora, kept.code)


def test_a_form_that_there_is_not_and_an_empty_agenda_are_sentences(cast: Cast, chair: User, meeting: Meeting) -> None:
    with pytest.raises(Refused, match="There is no packet in the form “docx”. Accepted is pdf"):
        ask_for_packet(actor=acting(cast.cora), meeting=meeting, form="docx", deidentified=False, now=timezone.now())
    empty = called(cast, chair, now=timezone.now(), title="Other")
    with pytest.raises(Refused, match="The agenda is empty."):
        ask_for_packet(actor=acting(cast.cora), meeting=empty, form="pdf", deidentified=False, now=timezone.now())


def test_a_job_that_failed_says_so_to_whoever_asked(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(cast.cora).post(reverse("boards:make_packet", args=[meeting.pk]), {"form": "pdf"})
    job = Job.objects.get(kind="make_packet")
    monkeypatch.setattr("boards.packet.job.meeting_pdf", _not_made)
    assert runner.run(job.pk) is JobState.FAILED
    assert "No packet was made. The PDF could not be made: no room." in page(cast.cora, meeting)
    assert not Paper.objects.exists()
    assert files.lying(files.PACKETS) == []


def _not_made(*_: Any) -> bytes:
    raise NotMade("The PDF could not be made: no room.")


def test_a_file_is_kept_until_30_days_after_the_meeting_and_its_code_for_ever(cast: Cast, meeting: Meeting) -> None:
    paper = make(cast, meeting, cast.cora)
    until = kept_until(paper)
    assert until == meeting.begins_at + timedelta(days=30)
    stray = files.keep(files.PACKETS, b"%PDF-", files.PDF)
    assert tidy(timezone.now()) == (0, 0)
    assert tidy(until - timedelta(minutes=1)) == (1, 0)
    assert not files.path_of(files.PACKETS, stray.key).exists()
    assert tidy(until + timedelta(minutes=1)) == (1, 0)
    answer = signed_in(cast.cora).get(reverse("boards:packet", args=[meeting.pk, paper.pk]), follow=True)
    assert "The file is not where it was stored." in answer.content.decode()
    assert "On record." in check(cast.cora, paper.code)


def test_a_file_that_was_altered_is_not_handed_out(cast: Cast, meeting: Meeting) -> None:
    paper = make(cast, meeting, cast.cora)
    assert paper.key is not None
    files.path_of(files.PACKETS, paper.key).write_bytes(b"%PDF- another")
    answer = signed_in(cast.cora).get(reverse("boards:packet", args=[meeting.pk, paper.pk]), follow=True)
    assert "its sha256 differs" in answer.content.decode()


def test_papers_are_appended_for_ever(cast: Cast, meeting: Meeting) -> None:
    paper = make(cast, meeting, cast.cora)
    paper.code = "other"
    with pytest.raises(AppendOnlyError):
        paper.save()
    for table in (Paper, PaperCase):
        with pytest.raises(DatabaseError), transaction.atomic():
            _deleted(table)


def _deleted(table: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table._meta.db_table}")


def test_one_case_as_sheet_and_as_text_and_its_code(cast: Cast, meeting: Meeting) -> None:
    case = Case.objects.get(meeting=meeting, position=1)
    place = [case.tumor.patient_id, case.pk]
    clara = signed_in(cast.clara)
    answer = clara.get(reverse("boards:case_sheet", args=place))
    sheet = Paper.objects.get(kind=PaperKind.SHEET)
    assert sheet.code in text_of(answer.content)
    assert answer["Content-Disposition"].startswith('attachment; filename="case-sheet-')
    pasted = clara.get(reverse("boards:case_text", args=place)).content.decode()
    assert "MRN N-1" in pasted
    assert sheet.code in pasted  # the same content, the same code
    hidden = clara.get(reverse("boards:case_text", args=place), {"deidentified": "yes"}).content.decode()
    assert "MRN N-1" not in hidden.partition("<pre")[2].partition("</pre>")[0]
    clara.get(reverse("boards:case_sheet", args=place))
    assert Paper.objects.filter(kind=PaperKind.SHEET).count() == 1  # the same again is noted once

    said = check(cast.clara, sheet.code.lower().replace("-", " "))
    assert "On record." in said
    assert "What it shows is still what is on record, under the rules in force." in said
    edit_case(
        actor=acting(cast.cora), case=again(case), details=Details(question="Another?"), seen=case.version,
        now=timezone.now(),
    )  # fmt: skip
    assert "changed since: the question or the presenter" in check(cast.clara, sheet.code)
    clara.get(reverse("boards:case_sheet", args=place))
    assert "Superseded." in check(cast.clara, sheet.code)
    assert "No paper with this code is yours to see." in check(cast.theo, sheet.code)
    assert "No paper with this code is yours to see." in check(cast.silas, sheet.code)
    event = AuditEvent.objects.filter(action="paper.check").newest_first()[0]
    assert event.patient_ids == [str(case.tumor.patient_id)]


def test_the_code_of_one_case_of_a_packet_names_its_place(cast: Cast, meeting: Meeting) -> None:
    paper = make(cast, meeting, cast.cora)
    row = paper.cases.get(number=2)
    assert "Case 2 of 2 of the packet of NET board" in check(cast.cora, row.code)


def test_minutes_are_a_draft_until_signed_and_their_code_outlives_what_becomes_of_them(
    cast: Cast, chair: User, meeting: Meeting
) -> None:
    now = timezone.now()
    locked(cast, meeting, now=now)
    for case in Case.objects.filter(meeting=meeting).order_by("position"):
        record_decision(actor=acting(chair), case=again(case), said=SAID, now=now)
    over = meeting.begins_at + timedelta(hours=1)
    meeting = end_meeting(actor=acting(cast.cora), meeting=Meeting.objects.get(pk=meeting.pk), now=over)
    address = reverse("boards:minutes_file", args=[meeting.pk])

    draft = signed_in(chair).get(address)
    assert "draft" in draft["Content-Disposition"]
    assert "Draft.Thechairhasnotsignedtheseminutes" in text_of(draft.content)
    first = Paper.objects.get(kind=PaperKind.MINUTES)
    assert "It is a draft: the chair has not signed." in check(chair, first.code)

    digest = digest_of(content_of(meeting))
    sign_minutes(actor=acting(chair), meeting=meeting, digest=digest, remark="As discussed.", now=over)
    text = text_of(signed_in(chair).get(address).content)
    assert "Signed:Gaston,clinician," in text
    assert "Asdiscussed." in text
    assert "Draft." not in text
    signed = Paper.objects.get(kind=PaperKind.MINUTES, signed=True)
    assert f"Checkcode{signed.code}" in text
    assert "still what is on record" in check(chair, signed.code)
    assert "this is a draft of before" in check(chair, first.code)

    add_to_minutes(actor=acting(chair), meeting=meeting, text="The PET is on Monday.", now=timezone.now())
    assert minutes_of(meeting, acting(chair)).code == signed.code
    assert "1 addendum made since." in check(chair, signed.code)
    assert "ThePETisonMonday." in text_of(signed_in(chair).get(address).content)
    partial = signed_in(cast.theo).get(address)
    assert Paper.objects.filter(kind=PaperKind.MINUTES, left_out=2).exclude(code=signed.code).exists()
    assert "Superseded" not in check(chair, signed.code)
    assert "2casesleftout:notwithinthereachofTheo." in text_of(partial.content)
    assert "N-1" not in text_of(partial.content)


def test_minutes_keep_the_numbers_of_the_agenda_and_where_a_case_was_put_off_to(
    cast: Cast, chair: User, meeting: Meeting
) -> None:
    now = timezone.now()
    meeting = locked(cast, meeting, now=now)
    first, second = (again(case) for case in Case.objects.filter(meeting=meeting).order_by("position"))
    put_off = {"actor": acting(cast.cora), "case": first, "reason": "missing_imaging", "line": ""}
    moved = postpone(**put_off, to=None, seen=first.version, now=now)
    record_decision(actor=acting(chair), case=again(second), said=SAID, now=now)
    before = minutes_of(meeting, acting(cast.cora))
    assert [(case.number, case.postponed != "") for case in before.cases] == [(1, True), (2, False)]
    assert before.cases[0].line == before.cases[1].line != ""
    assert before.cases[0].postponed.startswith("without a date: ")
    later = called(cast, chair, now=now + timedelta(days=7), title="Later")
    schedule(actor=acting(cast.cora), case=moved, meeting=later, seen=moved.version, now=now + timedelta(minutes=1))
    edit_case(
        actor=acting(cast.cora), case=again(moved), details=Details(question="Other?"), seen=moved.version + 1, now=now
    )
    assert minutes_of(meeting, acting(cast.cora)) == before
    page = signed_in(cast.cora).get(reverse("boards:minutes", args=[meeting.pk])).content.decode()
    assert "Later" not in page


def test_the_command_line_takes_the_next_meeting_that_has_a_case(
    cast: Cast, chair: User, meeting: Meeting, tmp_path: Path
) -> None:
    now, told = timezone.now(), io.StringIO()
    empty = called(cast, chair, now=now - timedelta(days=3), title="Nothing yet")
    assert empty.begins_at < meeting.begins_at
    out = tmp_path / "next.pdf"
    call_command("packet", "--next", "--out", str(out), stdout=told)
    assert "The next meeting with a case: NET board, " in told.getvalue()
    assert Paper.objects.get().meeting == meeting
    out.unlink()
    for case in Case.objects.filter(meeting=meeting):
        put_off = {"actor": acting(cast.cora), "case": again(case), "reason": "no_time", "line": "", "to": None}
        postpone(**put_off, seen=case.version, now=now)
    with pytest.raises(CommandError, match="No coming meeting at Northside Hospital has a case on its agenda."):
        call_command("packet", "--next", "--out", str(out), stdout=told)
    assert not out.exists()


def test_the_list_asks_the_database_the_same_for_one_packet_and_for_many(cast: Cast, meeting: Meeting) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            packet_panel(acting(cast.cora), meeting, timezone.now())
        return len(queries)

    make(cast, meeting, cast.cora)
    once = asked()
    make(cast, meeting, cast.cora)
    make(cast, meeting, cast.cora, form="html")
    assert asked() == once
    assert once <= 40


def test_time_alone_is_noticed(cast: Cast, meeting: Meeting) -> None:
    paper = make(cast, meeting, cast.cora)
    rows = list(paper.cases.select_related("tumor__patient__institution").order_by("number"))
    row, now = rows[0], standing_of(rows, meeting)
    assert stale_because(paper, rows, now) == ()
    row.out_of_date_on = now.today
    assert now.record_words(row, paper.made_at) == [BY_TIME]
    row.out_of_date_on = None
    row.facts = "sha256:of-younger-facts"
    assert now.record_words(row, paper.made_at) == [BY_TIME]
