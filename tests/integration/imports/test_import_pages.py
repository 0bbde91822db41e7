"""The pages of an import, asked by a coordinator: the templates, the preview, the report, and every refusal a sentence."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from netcare.access import Actor
from netcare.audit.models import AuditEvent
from patients.imports.files import read_file
from patients.models import ImportedFile, ImportState, Patient
from tests.cast import Cast, signed_in
from tests.imports import applied, csv_file, finding, outcomes, patient, rows_of, staged, treatment, verdicts, workbook


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.cora)


def _send(desk: Client, content: bytes, name: str = "table.csv"):
    return desk.post(reverse("patients:imports"), {"file": SimpleUploadedFile(name, content)})


def _page(desk: Client, name: str, file: ImportedFile, query: str = "") -> str:
    answer = desk.get(reverse(f"patients:{name}", kwargs={"import_id": file.id}) + query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_file_that_is_sent_leads_to_its_preview_and_is_in_no_record(desk: Client) -> None:
    answer = _send(desk, csv_file("patients", [patient(), patient("IMP-2", birth_date="11/12/1964")]))
    file = ImportedFile.objects.get()
    assert answer["Location"] == reverse("patients:import_preview", kwargs={"import_id": file.id})
    text = _page(desk, "import_preview", file)
    assert "Applying enters what is new and changed: 1 row of 1 patient" in text
    assert (
        "“11/12/1964” could be 11 Dec 1964 or 12 Nov 1964. Write 12 Nov 2026 or 2026-11-12. (Column Birth date.)"
        in text
    )
    assert not Patient.objects.exists()


def test_every_template_is_read_as_it_is_and_holds_no_rows(desk: Client) -> None:
    for name in ("patients", "findings", "treatments", "markers"):
        content = desk.get(reverse("patients:import_template", kwargs={"name": name})).content
        assert content.startswith(b"\xef\xbb\xbfmrn,")
        with pytest.raises(Exception, match="The file holds a header and no rows"):
            read_file(content)


def test_the_example_of_each_template_is_accepted_when_its_sign_is_taken_away(desk: Client, cora: Actor) -> None:
    answer = desk.get(reverse("patients:import_template", kwargs={"name": "workbook"}))
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["patients", "findings", "treatments", "markers", "accepted values"]
    for kind in ("patients", "findings", "treatments", "markers"):
        book[kind]["A2"] = book[kind]["A2"].value.removeprefix("# ")
    book["patients"]["F2"] = "Abdomen"
    out = io.BytesIO()
    book.save(out)
    file = staged(cora, out.getvalue(), name="filled.xlsx")
    assert verdicts(file) == ["new", "new", "new", "new"]
    assert file.not_read == ["The sheet “accepted values”: not read."]


def test_the_list_of_accepted_values_names_every_feature_and_every_treatment(desk: Client) -> None:
    from pathways.knowledge import dictionary
    from patients.entry.reading import can_be_entered

    text = desk.get(reverse("patients:import_template", kwargs={"name": "accepted-values"})).content.decode()
    for feature in dictionary().features.values():
        assert (f"findings,feature,{feature.name}," in text) == can_be_entered(feature), feature.name
    assert all(f",{code}," in text for code in dictionary().features["prior_treatments"].values)
    assert not re.search(r"(?m)(^|,)[=+@-]", text)


def test_a_refused_file_is_said_beside_the_field_and_nothing_is_staged(desk: Client) -> None:
    for content, sentence in (
        (b"", "The file is empty. Accepted are CSV and XLSX files of up to 10 MB."),
        (b"PK\x03\x04 cut", "The workbook is damaged or cut short"),
        ("mrn;größe\n".encode("latin-1"), "The file is not UTF-8 text: byte 7 cannot be read."),
    ):
        answer = _send(desk, content)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not ImportedFile.objects.exists()


def test_a_form_without_a_file_is_answered_with_a_sentence(desk: Client) -> None:
    answer = desk.post(reverse("patients:imports"), {})
    assert (answer.status_code, "File is missing." in answer.content.decode()) == (422, True)


class _Endless(io.RawIOBase):
    """A body of a hundred megabytes that counts what is read of it."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.left, self.taken = head, size, 0

    def read(self, size: int = -1) -> bytes:
        wanted = min(size if size >= 0 else self.left, self.left)
        piece = self.head[:wanted] or b"x" * wanted
        self.head = self.head[len(piece) :]
        self.left -= len(piece)
        self.taken += len(piece)
        return piece


def test_a_hundred_megabytes_are_refused_without_being_read(desk: Client) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = _Endless(head, 100 * 1024 * 1024)
    environment = {"CONTENT_TYPE": "multipart/form-data; boundary=b", "CONTENT_LENGTH": str(body.left)}
    answer = desk.generic("POST", reverse("patients:imports"), **environment, **{"wsgi.input": body})
    assert answer.status_code == 422
    assert "The file is larger than 10 MB, so it was not read." in answer.content.decode()
    assert body.taken < 1024 * 1024


def test_rows_are_filtered_by_verdict_kind_and_mrn_and_paged(desk: Client, cora: Actor) -> None:
    patients = [patient(f"P-{number:03}") for number in range(112)]
    file = staged(cora, workbook(patients=patients, findings=[finding("P-111"), finding("P-111", "ecog", "7")]))
    assert "Page 1 of 2" in _page(desk, "import_preview", file)
    refused = _page(desk, "import_preview", file, "?verdict=refused")
    assert "MRN P-111" in refused
    assert "MRN P-000" not in refused
    assert "Accepted is a whole number from 0 to 4" in refused
    assert "MRN P-110" not in _page(desk, "import_preview", file, "?q=P-111")
    assert "Identity" not in _page(desk, "import_preview", file, "?kind=findings")
    assert "No row fits" in _page(desk, "import_preview", file, "?q=nobody")


def test_the_number_of_queries_does_not_grow_with_the_rows(
    desk: Client, cora: Actor, django_assert_max_num_queries
) -> None:
    small = staged(cora, csv_file("patients", [patient()]))
    large = staged(cora, csv_file("patients", [patient(f"L-{number}") for number in range(300)]))
    for file in (small, large):
        with django_assert_max_num_queries(30):
            _page(desk, "import_preview", file)


def test_rows_that_were_not_taken_are_corrected_in_their_download_and_sent_again(desk: Client, cora: Actor) -> None:
    file = staged(cora, csv_file("patients", [patient("GOOD"), patient("BAD", sex="woman"), patient("=cmd()")]))
    address = reverse("patients:import_left_out", kwargs={"import_id": file.id, "kind": "patients"})
    text = desk.get(address).content.decode("utf-8-sig")
    assert text.splitlines()[0].endswith("care_team,netcare_row,netcare_column,netcare_reason")
    assert "'=cmd()" in text
    assert not re.search(r"(?m)(^|,)=", text)
    again = staged(cora, text.replace("woman", "female").encode())
    assert verdicts(again) == ["new", "refused"]
    assert rows_of(again)[1].reason.startswith("The cell holds a formula (=cmd()")


def test_applying_shows_progress_that_survives_leaving_and_ends_in_a_report(desk: Client, cora: Actor) -> None:
    file = staged(cora, csv_file("patients", [patient(), patient("IMP-2", sex="woman")]))
    answer = desk.post(reverse("patients:import_apply", kwargs={"import_id": file.id}))
    report = reverse("patients:import_report", kwargs={"import_id": file.id})
    assert answer["Location"] == report
    assert "You may leave this page; the work goes on." in _page(desk, "import_report", file)
    assert "HX-Refresh" not in desk.get(report, headers={"HX-Target": "import-progress"})
    file.refresh_from_db()
    assert file.state == ImportState.APPLYING
    applied(cora, file)
    assert desk.get(report, headers={"HX-Target": "import-progress"})["HX-Refresh"] == "true"
    text = _page(desk, "import_report", file, "?standing=left_out")
    assert "1 applied" in text
    assert "1 not applied" in text
    assert "MRN IMP-2" in text
    assert "Sex: “woman” is not accepted. Accepted is female, male, other, not known." in text
    assert outcomes(file) == ["applied", "refused"]


def test_the_preview_leaves_the_patients_on_record_in_the_audit(desk: Client, cora: Actor, willow: Patient) -> None:
    file = staged(cora, csv_file("treatments", [treatment("N-1"), treatment("NEW-1")]))
    _page(desk, "import_preview", file)
    event = AuditEvent.objects.filter(action="import.preview").order_by("-id")[0]
    assert event.patient_ids == [str(willow.id)]


def test_a_discarded_import_says_so_and_its_rows_are_gone(desk: Client, cora: Actor) -> None:
    file = staged(cora, csv_file("patients", [patient()]))
    answer = desk.post(reverse("patients:import_discard", kwargs={"import_id": file.id}), follow=True)
    assert "its rows are forgotten, and nothing was entered" in answer.content.decode()
    assert "This import was discarded" in _page(desk, "import_preview", file)
