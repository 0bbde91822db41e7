"""`manage.py packet`: a packet as a file, without a browser: of one patient, or of the next meeting.

Exit status 0: written; 1: it could not be made. What was written is named on standard output; every patient in it leaves an
audit row.
"""

import os
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from boards.actions.papers import About, Shown, note_paper
from boards.models import Meeting, PaperForm, PaperKind
from boards.packet.contents import CasePacket, MeetingPacket, Printing
from boards.packet.from_models import next_of
from boards.packet.html import Enclosed, case_files, meeting_files, zipped
from boards.packet.job import printing_now
from boards.packet.making import case_packet
from boards.packet.pdf import NotMade, case_pdf, meeting_pdf
from boards.packet.text import case_text
from netcare import audit
from netcare.access import Institution, system_actor
from pathways.selectors import NoRulesetInForce
from patients.models import Patient, Tumor
from patients.selectors import tumors_of

BY = "the command line"


class Command(BaseCommand):
    """Writes one file, or with --html a folder or a zip file."""

    help = "Write the packet of the next meeting, or of one patient, as PDF, HTML or text."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--next", action="store_true", help="the next meeting of the tumor board that has a case")
        which.add_argument("--patient", metavar="MRN", help="one patient, without a meeting")
        parser.add_argument("--tumor", type=int, default=1, help="which tumor of the patient; the first without it")
        parser.add_argument("--institution", default="", help="the institution's name, where there are several")
        parser.add_argument("--out", type=Path, required=True, help="the file to write (or folder, with --html)")
        parser.add_argument("--deidentified", action="store_true", help="without name, MRN, birth date and free text")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--html", action="store_true", help="a folder that opens offline; a zip file if FILE ends so")
        form.add_argument("--text", action="store_true", help="plain text of one patient, to paste")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        _writable(out, folder=options["html"] and out.suffix != ".zip")
        try:
            files = self._meeting(options) if options["next"] else self._patient(options)
        except (LookupError, NotMade, NoRulesetInForce) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"Written: {out} ({_write(out, files)} KB)")

    def _patient(self, options: dict[str, Any]) -> bytes | dict[str, bytes]:
        tumor = _tumor(options["patient"], options["tumor"], options["institution"])
        with timezone.override(ZoneInfo(tumor.patient.institution.time_zone)):
            case = case_packet(tumor, at=timezone.now(), deidentified=options["deidentified"])
            _audited([tumor.patient], deidentified=options["deidentified"])
            made = _case_form(case, printing_now(BY), options)
            _noted(tumor, case, options)
            return made

    def _meeting(self, options: dict[str, Any]) -> bytes | dict[str, bytes]:
        if options["text"]:
            raise CommandError("--text is of one patient: --patient MRN --text")
        institution = _institution(options["institution"])
        with timezone.override(ZoneInfo(institution.time_zone)):
            hidden = options["deidentified"]
            board = next_of(institution, by=BY, deidentified=hidden, now=timezone.now())
            meeting = board.packet([make() for make in board.cases()])
            made = _meeting_form(meeting, printing_now(BY), options, board.enclosed() if options["html"] else [])
            board.noted(meeting, PaperForm.HTML if options["html"] else PaperForm.PDF)
            self.stdout.write(f"The next meeting with a case: {meeting.title}, {meeting.when}")
            return made


def _meeting_form(
    meeting: MeetingPacket, printing: Printing, options: dict[str, Any], enclosed: Sequence[Sequence[Enclosed]]
) -> bytes | dict[str, bytes]:
    if options["html"]:
        return _formed(meeting_files(meeting, printing, enclosed), printing, options)
    return meeting_pdf(meeting, printing)


def _institution(name: str) -> Institution:
    """The institution named, or the only one that has meetings. Raises CommandError."""
    found = Institution.objects.order_by("name")
    chosen = list(found.filter(name=name) if name else found.filter(pk__in=Meeting.objects.values("institution")))
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        there = f"There is no institution {name}." if name else "No institution has a meeting of the board."
        raise CommandError(f"{there} A packet of one patient: --patient MRN")
    raise CommandError(f"Meetings are held at {', '.join(one.name for one in chosen)}. Name one: --institution NAME")


def _case_form(case: CasePacket, printing: Printing, options: dict[str, Any]) -> bytes | dict[str, bytes]:
    if options["text"]:
        return case_text(case).encode()
    if options["html"]:
        return _formed(case_files(case, printing), printing, options)
    return case_pdf(case, printing)


def _formed(files: dict[str, bytes], printing: Printing, options: dict[str, Any]) -> bytes | dict[str, bytes]:
    return zipped(files, printing) if options["out"].suffix == ".zip" else files


def _tumor(mrn: str, number: int, institution: str) -> Tumor:
    found = Patient.objects.filter(mrn=mrn).select_related("institution").order_by("institution__name")
    if institution:
        found = found.filter(institution__name=institution)
    patients = list(found)
    if not patients:
        where = f" at {institution}" if institution else ""
        raise CommandError(f"There is no patient with the MRN {mrn}{where}.")
    if len(patients) > 1:
        names = ", ".join(patient.institution.name for patient in patients)
        raise CommandError(f"The MRN {mrn} is in use at {names}. Name one: --institution NAME")
    tumors = tumors_of(patients[0])
    tumor = next((one for one in tumors if one.number == number), None)
    if tumor is None:
        there = (
            f"There are: {', '.join(str(one.number) for one in tumors)}." if tumors else "No tumor is on record yet."
        )
        raise CommandError(f"The patient {mrn} has no tumor {number}. {there}")
    return tumor


def _audited(patients: list[Patient], *, deidentified: bool) -> None:
    """One row for each patient, before anything is written."""
    actor = system_actor("command packet", capabilities=frozenset())
    for patient in patients:
        audit.record(
            actor=actor,
            action="packet.write",
            patient_id=patient.id,
            institution_id=patient.institution_id,
            detail={"deidentified": deidentified},
        )


def _noted(tumor: Tumor, case: CasePacket, options: dict[str, Any]) -> None:
    """The row by which the check code is answered later."""
    kind = PaperKind.TEXT if options["text"] else PaperKind.SHEET
    form = PaperForm.TEXT if options["text"] else PaperForm.HTML if options["html"] else PaperForm.PDF
    about, actor = (
        About(kind, form, case.code, deidentified=case.deidentified),
        system_actor(BY, capabilities=frozenset()),
    )
    institution, now = tumor.patient.institution, timezone.now()
    note_paper(actor=actor, institution=institution, about=about, shown=[Shown(tumor, sheet=case)], now=now)


def _writable(out: Path, *, folder: bool) -> None:
    """Whether the place will do, before any work. A folder must be new or empty, so that no page of another packet stays."""
    if not out.absolute().parent.is_dir():
        raise CommandError(f"--out: there is no folder {out.absolute().parent}. Make it first, or name another place.")
    if folder and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CommandError(f"--out: {out} is there and not an empty folder. Name a new one, so that no old page stays.")
    if not folder and out.is_dir():
        raise CommandError(f"--out: {out} is a folder. Name the file to write.")


def _write(out: Path, files: bytes | dict[str, bytes]) -> int:
    """Writes everything and gives its size in KB; a single file is there whole or not at all."""
    if isinstance(files, bytes):
        unfinished = out.with_name(f".{out.name}.new")
        unfinished.write_bytes(files)
        os.replace(unfinished, out)
        return len(files) // 1024
    for name, data in files.items():
        place = out / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return sum(map(len, files.values())) // 1024
