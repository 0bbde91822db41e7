"""What is attached to a case: accepted or refused with a sentence, named on paper, handed out as a download, withdrawn."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from boards import files
from boards.actions.attachments import Sent, attach, withdraw_attachment
from boards.attaching import attached_records
from boards.models import Attachment, Case, Meeting
from boards.packet import enclosing
from boards.packet.from_models import opened
from boards.packet.html import meeting_files
from boards.packet.job import printing_now
from boards.presenters.agenda import case_rows
from boards.selectors import attachments_of
from netcare.access import NotAllowed, User
from netcare.audit.models import AuditEvent
from netcare.uploads import MOST_BYTES
from patients.actions.shared import Refused
from patients.models.base import AppendOnlyError
from tests.cast import Cast, acting, signed_in
from tests.integration.boards.clinic import again, bytes_of, called, locked, on_agenda
from tests.unit.boards import hostile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def case(cast: Cast, chair: User) -> Case:
    now = timezone.now()
    return again(on_agenda(cast, called(cast, chair, now=now), now=now))


def sent(data: bytes = b"", **said: Any) -> Sent:
    plain = {"name": "report.pdf", "title": "Liver biopsy", "kind": "pathology", "document_on": timezone.now().date()}
    return Sent(data=data or hostile.pdf(3), **plain | said)


def post(user: User, case: Case, name: str, data: bytes, **said: Any) -> Any:
    form = {"title": "Liver biopsy", "kind": "pathology", "document_on": "2026-10-01"} | said
    address = reverse("boards:attach", args=[case.tumor.patient_id, case.pk])
    return signed_in(user).post(address, form | {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_a_report_is_attached_listed_named_on_paper_and_downloaded(cast: Cast, case: Case) -> None:
    assert "Liver biopsy" in post(cast.clara, case, "report.pdf", hostile.pdf(3)).content.decode()
    row = Attachment.objects.get()
    assert (row.pages, row.file_name, row.by_name) == (3, "report.pdf", "Clara")
    place = [case.tumor.patient_id, case.pk]
    assert "Liver biopsy" in signed_in(cast.cora).get(reverse("boards:case", args=place)).content.decode()
    text = signed_in(cast.clara).get(reverse("boards:case_text", args=place)).content.decode()
    assert "Attached to the case: Liver biopsy (pathology report, 1 Oct 2026)" in text

    answer = signed_in(cast.vera).get(reverse("boards:attachment", args=[*place, row.pk]))
    assert bytes_of(answer) == hostile.pdf(3)
    assert answer["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    event = AuditEvent.objects.filter(action="attachment.download").newest_first()[0]
    assert (str(event.patient_id), event.outcome) == (str(place[0]), "allowed")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("report.pdf", hostile.pdf(password="secret", owner="x"), "is protected by a password"),
        ("report.pdf", hostile.pdf(300), "has 300 pages or more"),
        ("scan.png", hostile.jpeg(), "is a JPEG image by its content, but its name ends with .png"),
        ("report.pdf", b"MZ\x90\x00", "is neither a PDF nor a PNG nor a JPEG, whatever its name says"),
        ("bomb.png", hostile.png(60_000, 60_000), "pixels. Accepted are"),
        ("empty.pdf", b"", "is empty"),
        ("large.pdf", b"%PDF-" + b"\x00" * (MOST_BYTES + 100_000), "larger than what is read"),
    ],
)
def test_a_file_that_is_not_accepted_is_a_sentence_and_what_was_typed_stays(
    cast: Cast, case: Case, name: str, data: bytes, sentence: str
) -> None:
    answer = post(cast.clara, case, name, data)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert sentence in page
    assert 'value="Liver biopsy"' in page
    assert not Attachment.objects.exists()
    assert files.lying(files.ATTACHMENTS) == []


def test_a_file_that_is_too_large_to_be_read_leaves_what_was_typed(cast: Cast, case: Case) -> None:
    address = reverse("boards:attachments", args=[case.tumor.patient_id, case.pk])
    form = signed_in(cast.clara).get(address).content.decode().partition("Attach a file")[2]
    places = [form.index(f'name="{name}"') for name in ("title", "kind", "document_on", "file")]
    assert places == sorted(places), "a browser sends the fields in this order, and the file is where reading stops"
    answer = post(cast.clara, case, "scan.pdf", b"%PDF-" + bytes(MOST_BYTES + 200_000))
    page = answer.content.decode()
    assert (answer.status_code, Attachment.objects.count()) == (400, 0)
    assert "The file is larger than what is read. Accepted are PDF, PNG and JPEG files up to 10 MB." in page
    assert 'value="Liver biopsy"' in page
    assert "Title is missing" not in page


def test_everything_that_is_wrong_is_said_at_once(cast: Cast, case: Case) -> None:
    tomorrow = timezone.now().date() + timedelta(days=2)
    with pytest.raises(Refused) as refused:
        attach(
            actor=acting(cast.clara), case=case, now=timezone.now(),
            sent=sent(b"MZ", title=" ", kind="novel", document_on=tomorrow),
        )  # fmt: skip
    assert [fault.field for fault in refused.value.faults] == ["title", "kind", "document_on", "file"]
    page = post(cast.clara, case, "report.pdf", hostile.pdf(), document_on="2999-01-01", kind="novel").content.decode()
    assert "in the future" in page
    assert "Accepted is pathology report, imaging report, letter, image, other." in page


def test_the_same_file_twice_and_a_row_that_cannot_be_written_leave_one_file(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(actor=acting(cast.clara), case=case, sent=sent(), now=timezone.now())
    with pytest.raises(Refused, match="report.pdf is attached to this case already."):
        attach(actor=acting(cast.clara), case=case, sent=sent(), now=timezone.now())

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("boards.actions.attachments.record", fails)
    with pytest.raises(RuntimeError):
        attach(actor=acting(cast.clara), case=case, sent=sent(hostile.png(), name="a.png"), now=timezone.now())
    assert len(files.lying(files.ATTACHMENTS)) == Attachment.objects.count() == 1


def test_a_withdrawn_file_stays_named_and_is_not_handed_out(cast: Cast, case: Case) -> None:
    row = attach(actor=acting(cast.clara), case=case, sent=sent(), now=timezone.now())
    place = [case.tumor.patient_id, case.pk, row.pk]
    client, address = signed_in(cast.cora), reverse("boards:withdraw_attachment", args=place)
    assert "Why it is withdrawn is missing." in client.post(address, {"reason": " "}).content.decode()
    page = client.post(address, {"reason": "of another patient"}, follow=True).content.decode()
    assert "of another patient" in page
    answer = client.get(reverse("boards:attachment", args=place), follow=True)
    assert "was withdrawn: of another patient" in answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/html")
    assert attachments_of([case]) == {}
    with pytest.raises(Refused, match="is withdrawn already"):
        withdraw_attachment(actor=acting(cast.cora), attachment=row, reason="again", now=timezone.now())
    with pytest.raises(AppendOnlyError):
        row.delete()
    attach(actor=acting(cast.clara), case=case, sent=sent(), now=timezone.now())  # the same file may come back


def test_members_of_the_meeting_read_and_do_not_attach(cast: Cast, chair: User, case: Case) -> None:
    now, meeting = timezone.now(), case.meeting
    assert meeting is not None
    row = attach(actor=acting(cast.clara), case=case, sent=sent(), now=now)
    place = [case.tumor.patient_id, case.pk]
    locked(cast, meeting, now=now)
    read = signed_in(chair).get(reverse("boards:attachment", args=[*place, row.pk]))
    assert bytes_of(read) == hostile.pdf(3)
    assert "Attach a file" not in signed_in(chair).get(reverse("boards:attachments", args=place)).content.decode()
    assert "Liver biopsy" in signed_in(chair).get(reverse("boards:screen", args=place)).content.decode()
    with pytest.raises(NotAllowed):
        attach(actor=acting(chair), case=case, sent=sent(hostile.png(), name="a.png"), now=now)
    with pytest.raises(NotAllowed):
        attach(actor=acting(cast.vera), case=case, sent=sent(hostile.png(), name="a.png"), now=now)
    assert post(cast.vera, case, "report.pdf", hostile.pdf()).status_code == 403


def test_after_closing_nothing_is_attached_and_a_mistake_can_still_be_withdrawn(cast: Cast, case: Case) -> None:
    row = attach(actor=acting(cast.clara), case=case, sent=sent(), now=timezone.now())
    Meeting.objects.filter(pk=case.meeting_id).update(state="closed", locked_at=timezone.now())
    with pytest.raises(Refused, match="The meeting is closed; nothing more is attached."):
        attach(actor=acting(cast.clara), case=case, sent=sent(hostile.png(), name="a.png"), now=timezone.now())
    page = signed_in(cast.clara).get(reverse("boards:attachments", args=[case.tumor.patient_id, case.pk]))
    assert "The meeting is closed" in page.content.decode()
    withdraw_attachment(actor=acting(cast.clara), attachment=row, reason="of another", now=timezone.now())


def test_a_file_that_was_checked_while_the_minutes_were_signed_is_not_kept(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keep = files.keep

    def kept_late(*args: Any) -> Any:
        Meeting.objects.filter(pk=case.meeting_id).update(state="closed", locked_at=timezone.now())
        return keep(*args)

    monkeypatch.setattr(files, "keep", kept_late)
    with pytest.raises(Refused, match="The meeting is closed"):
        attach(actor=acting(cast.clara), case=case, sent=sent(), now=timezone.now())
    assert not Attachment.objects.exists()
    assert list((tmp_path / files.ATTACHMENTS).iterdir()) == []


def test_an_attached_report_is_no_longer_missing_and_settles_no_fact(cast: Cast, case: Case) -> None:
    today = timezone.now().date()

    def gaps() -> set[str]:
        (row,) = case_rows([again(case)], today)
        return {gap.key for gap in row.readiness.gaps}

    before = gaps()
    assert "report:pathology" in before or "report:imaging" in before
    for kind, data in (("pathology", hostile.pdf(1)), ("imaging", hostile.pdf(2))):
        attach(actor=acting(cast.clara), case=case, sent=sent(data, kind=kind), now=timezone.now())
    after = gaps()
    assert not {key for key in after if key.startswith("report:")}
    assert {key for key in after if key.startswith("fact:")} == {key for key in before if key.startswith("fact:")}


def test_the_offline_folder_holds_the_attached_files_and_says_which_it_leaves_out(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = attach(actor=acting(cast.clara), case=case, sent=sent(), now=timezone.now())
    second = sent(hostile.png(), name="a.png", title="Liver <b>MR</b>", kind="imaging")
    attach(actor=acting(cast.clara), case=case, sent=second, now=timezone.now())
    monkeypatch.setattr(enclosing, "MOST_BYTES", first.size)
    board = opened(case.meeting, acting(cast.clara))  # type: ignore[arg-type]
    packet = board.packet([make() for make in board.cases()])
    folder = meeting_files(packet, printing_now("Clara"), board.enclosed())
    assert folder["attachments/case-01-1.pdf"] == sent().data
    assert not [name for name in folder if name.endswith(".png")]
    page = folder["case-01.html"].decode()
    assert '<a href="attachments/case-01-1.pdf">Liver biopsy</a>' in page
    assert "Liver &lt;b&gt;MR&lt;/b&gt;: left out, since the folder would pass" in page
    files.remove(files.ATTACHMENTS, first.key)
    assert (
        "The file is not where it was stored"
        in meeting_files(packet, printing_now("C"), board.enclosed())["case-01.html"].decode()
    )
    nameless = opened(case.meeting, acting(cast.clara), deidentified=True)  # type: ignore[arg-type]
    assert nameless.enclosed() == [[]]


def test_titles_are_left_out_of_a_packet_without_names(cast: Cast, case: Case) -> None:
    row = attach(actor=acting(cast.clara), case=case, sent=sent(title="Biopsy of Ms N"), now=timezone.now())
    (plain,), (hidden,) = (attached_records([row], deidentified=hidden).rows for hidden in (False, True))
    assert plain.value == "Biopsy of Ms N"
    assert hidden.value == "pathology report"
