"""De-identified: whatever somebody typed is a canary here, and none of them is in any form of the packet."""

import io
import zlib
from datetime import date

import pytest
from django.utils import timezone
from pypdf import PdfReader

from boards.packet.contents import Slot
from boards.packet.html import case_files
from boards.packet.making import case_packet
from boards.packet.pdf import case_pdf
from boards.packet.text import case_text
from patients.models import Finding, Marker, Patient, PatientNote, Treatment, Tumor
from tests.integration.packet.conftest import PRINTING
from tests.integration.packet.reading import squeezed

CANARY = "Canaryname"
TYPED = {
    Finding: ("source_text", "laboratory", "method", "specimen_or_study", "note", "as_written"),
    Marker: ("source_text", "laboratory", "method", "name_text", "note", "unit", "as_written"),
    Treatment: ("source_text", "laboratory", "method", "doses", "outcome_text"),
    PatientNote: ("source_text", "text"),
}


@pytest.fixture
def typed_over(tumor_of, monkeypatch: pytest.MonkeyPatch):
    """A patient in whose record every typed text is a canary. Rows are changed as they are read: they are append-only."""

    def one(mrn: str) -> Tumor:
        tumor = tumor_of(mrn)
        Patient.objects.filter(id=tumor.patient_id).update(
            family_name=f"{CANARY}-family",
            given_name=f"{CANARY}-given",
            mrn=f"{CANARY}-mrn",
            birth_on=date(1961, 3, 29),
        )
        Tumor.objects.filter(id=tumor.id).update(label=f"{CANARY}-label")
        for model, names in TYPED.items():
            plain = model.from_db.__func__

            def from_db(cls, db, field_names, values, plain=plain, names=names):
                row = plain(cls, db, field_names, values)
                for name in names:
                    if hasattr(row, name):
                        setattr(row, name, f"{CANARY}-{name}-{getattr(row, name)}")
                return row

            monkeypatch.setattr(model, "from_db", classmethod(from_db))
        return Tumor.objects.select_related("patient__institution").get(id=tumor.id)

    return one


@pytest.mark.parametrize("mrn", [f"DEMO-{number:03}" for number in range(1, 15)])
def test_nothing_typed_and_no_name_number_or_birth_date_is_in_any_form(typed_over, mrn: str) -> None:
    tumor = typed_over(mrn)
    slot = Slot(question=f"{CANARY}-question", asked_by=f"referred by {CANARY}")
    open_one = case_packet(tumor, at=timezone.now(), slot=slot)
    hidden = case_packet(tumor, at=timezone.now(), slot=slot, deidentified=True)
    assert CANARY in case_text(open_one)

    pdf = case_pdf(hidden, PRINTING)
    reader = PdfReader(io.BytesIO(pdf))
    text = squeezed("".join(page.extract_text() for page in reader.pages)) + str(reader.metadata) + _alternatives(pdf)
    files = b"".join(case_files(hidden, PRINTING).values()).decode()
    for form in (text, files, case_text(hidden), repr(hidden)):
        assert CANARY.lower() not in form.lower()
        assert squeezed("29 Mar 1961") not in squeezed(form)
        assert "1961-03-29" not in form
    assert hidden.who.age == open_one.who.age
    assert "It is not anonymous" in case_text(hidden)


def _alternatives(pdf: bytes) -> str:
    """Everything in the file that can be unpacked, as text: words for screen readers stand in objects, not on pages."""
    found = []
    for part in pdf.split(b"stream")[1:]:
        try:
            found.append(zlib.decompress(part.strip(b"\r\n")).decode("latin-1"))
        except zlib.error:
            continue
    return pdf.decode("latin-1") + "".join(found)


@pytest.mark.parametrize("mrn", ["DEMO-003", "DEMO-005", "DEMO-006", "DEMO-014"])
def test_the_statuses_reasons_and_missing_facts_are_those_of_the_open_packet(packet_of, mrn: str) -> None:
    open_one, hidden = packet_of(mrn), packet_of(mrn, deidentified=True)

    def judged(case):
        rows = [view.row for view in case.explained]
        return [(row.code, row.status, row.reason, row.cautions, row.missing) for row in rows]

    assert judged(hidden) == judged(open_one)
    assert hidden.missing == open_one.missing
    assert hidden.line == open_one.line
    assert [one.differing for one in hidden.disagreements] == [one.differing for one in open_one.disagreements]
    assert hidden.facts == open_one.facts
    assert hidden.code != open_one.code
    assert len(hidden.findings[0].rows) == len(open_one.findings[0].rows)
