"""The packet in the background and from the command line: progress, one file outside the web root, clear refusals."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from boards import files
from boards.packet.contents import AgendaRow, CasePacket, MeetingPacket, numbered
from boards.packet.html import Enclosed
from boards.packet.job import make
from boards.packet.making import case_packet
from netcare.audit.models import AuditEvent
from netcare.jobs.actions import enqueue
from netcare.jobs.leases import JobFailed, take


class Meeting:
    """Two cases of the demo."""

    requested_by = "Corinna Agenda"
    time_zone = "Europe/Berlin"

    def __init__(self, tumors: Sequence, *, deidentified: bool) -> None:
        self._tumors, self._deidentified = tumors, deidentified

    def cases(self) -> Sequence[Callable[[], CasePacket]]:
        return [lambda t=t: case_packet(t, at=timezone.now(), deidentified=self._deidentified) for t in self._tumors]

    def packet(self, cases: Sequence[CasePacket]) -> MeetingPacket:
        placed = numbered("NET board", cases)
        rows = tuple(AgendaRow("", n, case.who.known_as, "", "", "") for n, case in enumerate(placed, start=1))
        return MeetingPacket("NET board", "today", "Room 4", "", (), rows, placed)

    def enclosed(self) -> Sequence[Sequence[Enclosed]]:
        return ()


@pytest.fixture
def kept(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "packets"


def _job(**payload):
    row = enqueue(kind="make_packet", payload={"meeting": "one", **payload})
    job = take(job_id=row.id, now=timezone.now())
    assert job is not None
    return job, row


@pytest.mark.parametrize(("form", "kind", "begins"), [("pdf", files.PDF, b"%PDF-"), ("html", files.ZIP, b"PK")])
def test_the_job_keeps_one_file_and_tells_its_progress(
    tumor_of, kept: Path, form: str, kind: str, begins: bytes
) -> None:
    job, row = _job(form=form, deidentified=True)
    told: list[files.StoredFile] = []
    tumors = [tumor_of("DEMO-001"), tumor_of("DEMO-004")]
    make(
        job,
        lambda job: Meeting(tumors, deidentified=job.payload["deidentified"]),
        lambda job, board, stored, packet: told.append(stored),
    )
    row.refresh_from_db()
    assert (row.done, row.total) == (3, 3)
    assert "packet of 2 cases made" in row.message
    assert [one.name for one in kept.iterdir()] == [str(told[0].key)]
    data = files.read(files.PACKETS, told[0])
    assert data.startswith(begins)
    assert (told[0].content_type, told[0].size) == (kind, len(data))
    assert (kept / str(told[0].key)).stat().st_mode & 0o777 == 0o600
    assert b"DEMO-001" not in data


def test_what_cannot_be_noted_leaves_no_file(tumor_of, kept: Path) -> None:
    job, _ = _job()

    def fails(job, board, stored, packet) -> None:
        raise RuntimeError("the row cannot be written")

    with pytest.raises(RuntimeError):
        make(job, lambda job: Meeting([tumor_of("DEMO-001")], deidentified=False), fails)
    assert list(kept.iterdir()) == []


def test_an_unknown_form_or_meeting_is_a_sentence(tumor_of, kept: Path) -> None:
    def nobody(job):
        raise LookupError("There is no such meeting.")

    job, _ = _job(form="docx")
    with pytest.raises(JobFailed, match="There is no form 'docx' of a packet. Accepted: pdf, html."):
        make(job, nobody, lambda *_: None)
    other, _ = _job(form="pdf")
    with pytest.raises(JobFailed, match="No packet was made. There is no such meeting."):
        make(other, nobody, lambda *_: None)


def test_a_file_that_was_altered_or_taken_away_is_not_handed_out(kept: Path) -> None:
    stored = files.keep(files.PACKETS, b"%PDF-1.7 whole", files.PDF)
    (kept / str(stored.key)).write_bytes(b"%PDF-1.7 other")
    with pytest.raises(files.FileGone, match="its sha256 differs"):
        files.read(files.PACKETS, stored)
    files.remove(files.PACKETS, stored.key)
    with pytest.raises(files.FileGone, match="not where it was stored"):
        files.download(files.PACKETS, stored, "packet.pdf")
    with pytest.raises(ValueError, match="text/html are not kept"):
        files.keep(files.PACKETS, b"<html>", "text/html")


def test_a_download_is_never_shown_in_a_page_nor_guessed_at(kept: Path) -> None:
    stored = files.keep(files.ATTACHMENTS, b"%PDF-1.7", files.PDF)
    response = files.download(files.ATTACHMENTS, stored, 'report "x"; filename=evil.html\r\nX: y.pdf')
    assert response["Content-Disposition"].startswith("attachment;")
    assert "\n" not in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Type"] == files.PDF
    assert "no-store" in response["Cache-Control"]
    for close in response._resource_closers:  # the file alone; a response that is closed ends a request
        close()


def _run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("packet", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_writes_one_patient_in_every_form_with_an_audit_row(demo, db, tmp_path: Path) -> None:
    before = AuditEvent.objects.filter(action="packet.write").count()
    for name, more in (("a.pdf", ()), ("b.zip", ("--html",)), ("folder", ("--html",)), ("c.txt", ("--text",))):
        assert "Written: " in _run("--patient", "DEMO-006", "--out", str(tmp_path / name), *more)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    with ZipFile(tmp_path / "b.zip") as archive:
        assert "index.html" in archive.namelist()
    assert "DUMMY, Fern" in (tmp_path / "folder" / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "folder" / "signs" / "candidate.svg").exists()
    assert (tmp_path / "c.txt").read_text(encoding="utf-8").startswith("Case sheet\nDUMMY, Fern, MRN DEMO-006")
    rows = AuditEvent.objects.filter(action="packet.write").order_by("id")
    assert rows.count() == before + 4
    assert rows.last().detail == {"deidentified": False}


def test_the_command_leaves_the_name_out_when_asked(demo, db, tmp_path: Path) -> None:
    _run("--patient", "DEMO-006", "--out", str(tmp_path / "c.txt"), "--text", "--deidentified")
    assert "DUMMY" not in (tmp_path / "c.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--patient", "NONE-1"), "There is no patient with the MRN NONE-1."),
        (("--patient", "DEMO-001", "--tumor", "7"), "The patient DEMO-001 has no tumor 7. There are: 1."),
        (("--patient", "DEMO-001", "--institution", "Moon"), "There is no patient with the MRN DEMO-001 at Moon."),
    ],
)
def test_the_command_refuses_in_a_sentence(demo, db, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        _run(*arguments, "--out", str(tmp_path / "x.pdf"))
    assert str(refused.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_over_no_folder_and_into_no_missing_one(demo, db, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "old.html").write_text("old")
    with pytest.raises(CommandError, match="not an empty folder"):
        _run("--patient", "DEMO-001", "--html", "--out", str(tmp_path / "there"))
    with pytest.raises(CommandError, match="is a folder"):
        _run("--patient", "DEMO-001", "--out", str(tmp_path / "there"))
    with pytest.raises(CommandError, match="there is no folder"):
        _run("--patient", "DEMO-001", "--out", str(tmp_path / "gone" / "x.pdf"))
