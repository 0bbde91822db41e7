"""The pages of data entry: what was typed comes back, what was saved is echoed, what is foreign is not there."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from netcare.access import Actor
from netcare.audit.models import AuditEvent
from pathways.knowledge import dictionary
from patients.actions import NewMarker, NewTreatment, record_marker, record_treatment, settle_reading
from patients.entry import PartialDate
from patients.facts import facts_of
from patients.links import data_url, field_url, history_url
from patients.models import Finding, Marker, Patient, Treatment, Tumor
from tests.cast import Cast, signed_in
from tests.integration.patients.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def desk(cast: Cast, willow: Patient) -> Client:
    return signed_in(cast.clara)


def address(name: str, patient: Patient, **more: Any) -> str:
    return reverse(f"patients:{name}", kwargs={"patient_id": patient.pk, **more})


def enter(desk: Client, patient: Patient, topic: str, **typed: Any) -> Any:
    sent = {"observed_on": "2026-11-12", "source": "pathology", "submission": str(uuid4())} | typed
    return desk.post(
        address("enter", patient, number=1, topic=topic), {k.replace("__", "-"): v for k, v in sent.items()}
    )


def body(response: Any) -> str:
    return response.content.decode()


def test_what_was_entered_is_saved_as_understood_and_echoed(desk: Client, willow: Patient, tumor: Tumor) -> None:
    response = enter(desk, willow, "pathology", ki67_percent__text="2-3", grade="G2", source_text="local report")
    assert response.status_code == 302
    page = body(desk.get(response["Location"]))
    assert "Understood as:" in page
    assert "Ki-67: 2–3 %" in page
    assert "written: 2-3" not in page
    finding = Finding.objects.get(feature="ki67_percent")
    assert (finding.as_written, finding.source_text, finding.observed_on) == ("2-3", "local report", date(2026, 11, 12))
    assert set(facts_of(tumor, as_of=TODAY).readings) == {"ki67_percent", "grade"}


def test_a_converted_value_shows_what_was_written(desk: Client, willow: Patient) -> None:
    typed = {"hemoglobin_g_dl-text": "7,5", "hemoglobin_g_dl-unit": "mmol/L", "source": "lab"}
    page = body(desk.get(enter(desk, willow, "laboratory", **typed)["Location"]))
    assert "Hemoglobin: 7,5 mmol/L = 12.1 g/dL" in page
    assert "written: 7,5 mmol/L" in page


def test_the_laboratory_s_range_is_shown_beside_the_value_and_corrected_with_it(
    desk: Client, willow: Patient, tumor: Tumor
) -> None:
    typed = {"egfr_ml_min__text": "48", "egfr_ml_min__reference_low": "60", "source": "lab", "laboratory": "Lab Nord"}
    page = body(desk.get(enter(desk, willow, "laboratory", **typed)["Location"]))
    for part in ("eGFR: 48 mL/min/1.73 m²; reference from 60 mL/min/1.73 m²", "below reference"):
        assert part in page, part
    finding = Finding.objects.get()
    history = body(desk.get(history_url(willow, tumor, "egfr_ml_min")))
    assert "reference from 60 mL/min/1.73 m²" in history
    assert "below reference" in history
    form = body(desk.get(address("correct_finding", willow, finding_id=finding.id)))
    assert 'name="egfr_ml_min-reference_low" value="60"' in form
    wrong = {"egfr_ml_min__text": "48", "egfr_ml_min__reference_low": "900", "source": "lab"}
    assert "reference range, from: “900” is not accepted." in body(enter(desk, willow, "laboratory", **wrong))
    sent = {
        "egfr_ml_min-text": "48", "egfr_ml_min-reference_low": "45", "observed_on": "2026-11-12", "source": "lab",
        "reason": "wrong column", "submission": str(uuid4()),
    }  # fmt: skip
    assert desk.post(address("correct_finding", willow, finding_id=finding.id), sent).status_code == 302
    history = body(desk.get(history_url(willow, tumor, "egfr_ml_min")))
    assert history.count("below reference") == 1
    assert "reference from 45" in history
    assert "reference from 60" in history


def test_a_refused_form_comes_back_with_everything_typed_and_saves_nothing(desk: Client, willow: Patient) -> None:
    key = str(uuid4())
    typed = {
        "ki67_percent-text": "0.15", "mitoses_per_2mm2-text": "7 per 10 HPF", "grade": "G2", "source_text": "kept words",
        "observed_on": "31 Feb 2026", "differentiation": "not_known", "submission": key, "note": "<b>bold</b>",
    }  # fmt: skip
    page = body(enter(desk, willow, "pathology", **typed))
    assert not Finding.objects.exists()
    assert "Nothing was saved yet." in page
    for sentence in (
        "Ki-67: “0.15” could be 15 % or 0.15 %. Write it with the sign %.",
        "Mitotic count: “7” in high-power fields:",
        "Observed on: “31 Feb 2026” is not a day of the calendar.",
    ):
        assert page.count(sentence) == 2, sentence
    for kept in (
        'value="0.15"', 'value="7 per 10 HPF"', 'name="grade" value="G2" checked', 'value="kept words"',
        'type="text" name="observed_on" value="31 Feb 2026"', 'name="differentiation" value="not_known" checked',
        f'value="{key}"', "&lt;b&gt;bold&lt;/b&gt;",
    ):  # fmt: skip
        assert kept in page, kept
    assert 'href="#feature-ki67_percent"' in page
    assert 'href="#feature-mitoses_per_2mm2-field_area"' in page


def test_checking_says_what_would_be_recorded_and_records_nothing(desk: Client, willow: Patient) -> None:
    page = body(
        enter(desk, willow, "pathology", ki67_percent__text="<1", grade="G2", differentiation="well", check="1")
    )
    assert "Not saved yet." in page
    assert "Ki-67: &lt;1 %" in page
    assert not Finding.objects.exists()


def test_values_that_do_not_go_together_are_said_beside_both_fields(desk: Client, willow: Patient) -> None:
    typed = {"functional_status": "non_functional", "hormone_syndrome": "carcinoid", "source": "clinic"}
    sentence = "The tumor is recorded as non-functional, yet with a hormone syndrome."
    assert body(enter(desk, willow, "clinic", check="1", **typed)).count(sentence) == 3
    page = body(desk.get(enter(desk, willow, "clinic", **typed)["Location"]))
    assert page.count(sentence) == 3
    assert Finding.objects.count() == 2


def test_an_empty_form_records_nothing_and_says_so(desk: Client, willow: Patient) -> None:
    assert "Nothing was entered: every field is empty." in body(enter(desk, willow, "imaging", source="imaging"))


def test_nothing_is_ticked_beforehand_on_any_form(desk: Client, willow: Patient) -> None:
    for topic in ("pathology", "imaging", "clinic", "laboratory"):
        page = body(desk.get(address("enter", willow, number=1, topic=topic)))
        assert "checked" not in page, topic
    for name in ("new_treatment", "treatments", "new_marker"):
        assert "checked" not in body(desk.get(address(name, willow))), name


def test_every_feature_that_can_be_entered_has_its_field_where_the_link_leads(
    desk: Client, willow: Patient, tumor: Tumor
) -> None:
    pages: dict[str, str] = {}
    for feature in dictionary().features.values():
        page, _, anchor = field_url(willow, tumor, feature.name).partition("#")
        if page not in pages:
            pages[page] = body(desk.get(page))
        if anchor:
            assert f'id="{anchor}"' in pages[page], feature.name
    assert len(pages) == 6


def test_every_yes_or_no_has_not_known_and_every_set_none_of_these(desk: Client, willow: Patient, tumor: Tumor) -> None:
    for feature in dictionary().features.values():
        if feature.kind in ("bool", "set") and feature.topic not in ("history", "identity"):
            page = body(desk.get(field_url(willow, tumor, feature.name).partition("#")[0]))
            assert f'name="{feature.name}" value="not_known"' in page
            none = f'name="{feature.name}" value="none_of_these"' in page
            assert none == (feature.kind == "set")


def test_the_history_shows_every_reading_and_what_became_of_it(
    desk: Client, clara: Actor, willow: Patient, tumor: Tumor, record
) -> None:
    wrong = record("grade", "G3", on=date(2026, 9, 1), source="pathology", source_text="local")
    sent = {
        "grade": "G2",
        "observed_on": "2026-09-01",
        "source": "pathology",
        "reason": "misread",
        "submission": str(uuid4()),
    }
    response = desk.post(address("correct_finding", willow, finding_id=wrong.id), sent)
    assert response.status_code == 302
    page = body(desk.get(history_url(willow, tumor, "grade")))
    assert "corrected by Clara, 26 Nov 2026" in page
    assert ": misread" in page
    other = record("grade", "G1", on=date(2026, 8, 1))
    assert desk.post(address("settle_reading", willow, finding_id=other.id), {"reason": "board"}).status_code == 302
    page = body(desk.get(history_url(willow, tumor, "grade")))
    assert "in force, settled on" in page
    assert "“board”" in page
    assert desk.post(address("finding_in_error", willow, finding_id=other.id), {"reason": ""}).status_code == 200
    assert facts_of(tumor, as_of=TODAY).features["grade"] == "G1"
    assert desk.post(address("finding_in_error", willow, finding_id=other.id), {"reason": "twice"}).status_code == 302
    assert facts_of(tumor, as_of=TODAY).features["grade"] == "G2"
    assert "cannot be changed any more" in body(desk.get(address("correct_finding", willow, finding_id=other.id)))


def test_a_correction_starts_from_what_was_written(desk: Client, willow: Patient) -> None:
    typed = {"bilirubin_x_uln-text": "34", "bilirubin_x_uln-unit": "µmol/L", "bilirubin_x_uln-upper_limit": "21"}
    enter(desk, willow, "laboratory", source="lab", **typed)
    page = body(desk.get(address("correct_finding", willow, finding_id=Finding.objects.get().id)))
    assert 'name="bilirubin_x_uln-text" value="34"' in page
    assert 'name="bilirubin_x_uln-upper_limit" value="21"' in page
    assert '<option value="µmol/L" selected>' in page


def test_a_correction_that_comes_too_late_is_refused_with_what_was_typed_and_a_second_click_is_one(
    desk: Client, willow: Patient, tumor: Tumor, record
) -> None:
    finding = record("egfr_ml_min", Decimal(64), source="lab")
    page = address("correct_finding", willow, finding_id=finding.id)
    sent = {"egfr_ml_min-text": "46", "observed_on": "2026-11-12", "source": "lab", "submission": str(uuid4())}
    first = desk.post(page, sent)
    assert (first.status_code, desk.post(page, sent)["Location"]) == (302, first["Location"])
    late = body(desk.post(page, sent | {"egfr_ml_min-text": "47", "submission": str(uuid4())}))
    assert "This reading was corrected or marked as an error meanwhile." in late
    assert 'value="47"' in late
    for name in ("correct_finding", "finding_in_error", "settle_reading"):
        opened = body(desk.get(address(name, willow, finding_id=finding.id)))
        assert "cannot be changed any more" in opened
    assert [row.value for row in Finding.objects.order_by("sequence")] == ["64", "46"]
    assert "corrected or marked as an error meanwhile" in body(
        desk.post(address("finding_in_error", willow, finding_id=finding.id), {"reason": "late"})
    )


def test_a_treatment_or_measurement_that_was_corrected_meanwhile_says_so(
    desk: Client, clara: Actor, willow: Patient
) -> None:
    treatment = record_treatment(
        actor=clara, patient=willow, treatment=NewTreatment(option="lanreotide", course="still_given"), now=NOW
    )
    marker = record_marker(
        actor=clara,
        patient=willow,
        marker=NewMarker(marker="gastrin", value=Decimal(40), unit="pg/mL", observed_on=date(2026, 11, 12)),
        now=NOW,
    )
    pages = (
        ("treatment_in_error", "edit_treatment", {"treatment_id": treatment.id}),
        ("marker_in_error", "edit_marker", {"marker_id": marker.id}),
    )
    for in_error, edit, which in pages:
        assert desk.post(address(in_error, willow, **which), {"reason": "other patient"}).status_code == 302
        assert "meanwhile" in body(desk.post(address(in_error, willow, **which), {"reason": "other patient"}))
        assert "cannot be changed any more" in body(desk.get(address(edit, willow, **which)))


def test_a_treatment_is_added_continued_and_confirmed(desk: Client, willow: Patient, tumor: Tumor) -> None:
    sent = {
        "option": "lanreotide",
        "started": "Mar 2025",
        "course": "still_given",
        "outcomes": ["stable"],
        "submission": str(uuid4()),
    }
    assert desk.post(address("new_treatment", willow), sent).status_code == 302
    assert desk.post(address("new_treatment", willow), sent).status_code == 302
    row = Treatment.objects.get()
    assert (row.started_on, row.started_precision) == (date(2025, 3, 1), "month")
    page = body(desk.get(address("edit_treatment", willow, treatment_id=row.id)))
    assert 'value="Mar 2025"' in page
    changed = sent | {
        "course": "stopped",
        "stopped": "12 Nov 2026",
        "outcomes": ["stable", "progressed"],
        "submission": str(uuid4()),
    }
    assert desk.post(address("edit_treatment", willow, treatment_id=row.id), changed).status_code == 302
    answer = {"answer": "complete", "confirmed_on": "2026-11-26", "submission": str(uuid4())}
    assert desk.post(address("treatments", willow), answer).status_code == 302
    page = body(desk.get(address("treatments", willow)))
    assert "1 earlier version" in page
    assert "Confirmed: complete as recorded (26 Nov 2026, by Clara)." in page
    assert facts_of(tumor, as_of=TODAY).features["progressed_on"] == ("lanreotide",)


def test_a_treatment_before_the_birth_is_refused_beside_its_field(desk: Client, willow: Patient) -> None:
    sent = {
        "option": "lanreotide",
        "started": "1950",
        "course": "stopped",
        "outcome_text": "kept",
        "submission": str(uuid4()),
    }
    page = body(desk.post(address("new_treatment", willow), sent))
    assert "Started on: 1950 is before the patient was born (14 Mar 1964)." in page
    assert 'value="kept"' in page
    assert not Treatment.objects.exists()


def test_a_marker_is_kept_as_written_with_its_reference_range(desk: Client, willow: Patient) -> None:
    sent = {
        "marker": "chromogranin_a", "value": "<5", "unit": "ng/mL", "reference_high": "102", "observed_on": "2026-11-12",
        "source": "lab", "submission": str(uuid4()),
    }  # fmt: skip
    assert desk.post(address("new_marker", willow), sent).status_code == 302
    page = body(desk.get(data_url(willow)))
    assert "&lt;5 ng/mL" in page
    assert "up to 102" in page
    refused = body(desk.post(address("new_marker", willow), sent | {"value": "1,234", "submission": str(uuid4())}))
    assert "Value: “1,234” could be 1234 or 1.234. Leave out the separator of thousands." in refused
    row = Marker.objects.get()
    fixed = sent | {"value": "120", "reason": "typed wrongly", "submission": str(uuid4())}
    assert desk.post(address("edit_marker", willow, marker_id=row.id), fixed).status_code == 302
    page = body(desk.get(data_url(willow)))
    assert "above reference" in page
    latest = Marker.objects.get(correction=None)
    assert desk.post(address("marker_in_error", willow, marker_id=latest.id), {"reason": "x"}).status_code == 302
    assert "No measurement is on record" in body(desk.get(data_url(willow)))


def test_a_marker_comes_in_one_of_its_units_or_is_refused_with_those_it_has(desk: Client, willow: Patient) -> None:
    sent = {"marker": "five_hiaa", "value": "92", "unit": "µmol/24 h", "observed_on": "2026-11-12", "source": "lab"}
    form = body(desk.get(address("new_marker", willow)))
    assert "µmol/24 h (5-HIAA)" in form
    assert desk.post(address("new_marker", willow), sent | {"submission": str(uuid4())}).status_code == 302
    assert Marker.objects.get().unit == "µmol/24 h"
    refused = body(desk.post(address("new_marker", willow), sent | {"unit": "ng/dL", "submission": str(uuid4())}))
    assert "“ng/dL” is not a unit of the list." in refused
    other = sent | {"marker": "chromogranin_a", "submission": str(uuid4())}
    assert "chromogranin A is not reported in “µmol/24 h”. Accepted is ng/mL, µg/L" in body(
        desk.post(address("new_marker", willow), other)
    )
    own = sent | {"unit": "", "unit_text": "kU/L", "submission": str(uuid4())}
    assert "5-HIAA has units of its own. Choose one of them." in body(desk.post(address("new_marker", willow), own))
    strange = own | {"marker": "other", "name_text": "pancreatic polypeptide"}
    assert desk.post(address("new_marker", willow), strange).status_code == 302
    assert Marker.objects.count() == 2


def test_a_unit_on_record_from_before_stays_as_it_is_when_something_else_is_corrected(
    desk: Client, willow: Patient, clara: Actor
) -> None:
    new = NewMarker(marker="nse", value=Decimal(7), unit="ng/mL", observed_on=TODAY)
    row = record_marker(actor=clara, patient=willow, marker=new, now=NOW)
    row.id, row.chain, row.unit = uuid4(), uuid4(), "units of the old kit"  # as written before units were a choice
    row._state.adding = True
    row.save(force_insert=True)
    page = body(desk.get(address("edit_marker", willow, marker_id=row.id)))
    assert "units of the old kit (as on record)" in page
    assert "7 units of the old kit" in body(desk.get(data_url(willow)))
    sent = {
        "marker": "nse", "value": "8", "unit": "units of the old kit", "observed_on": "2026-11-12", "source": "lab",
        "submission": str(uuid4()),
    }  # fmt: skip
    assert desk.post(address("edit_marker", willow, marker_id=row.id), sent).status_code == 302
    assert "8 units of the old kit" in body(desk.get(data_url(willow)))
    fresh = sent | {"submission": str(uuid4())}
    assert "is not a unit of the list" in body(desk.post(address("new_marker", willow), fresh))


def test_somebody_of_the_same_name_and_birth_date_is_asked_about_and_registered_only_when_it_is_another_person(
    desk: Client, cast: Cast, willow: Patient
) -> None:
    sent = {
        "mrn": "N-9", "family_name": "PRETEND", "given_name": "willow", "birth_on": "14 Mar 1964", "sex": "female",
        "teams": [str(cast.abdomen.pk)], "submission": str(uuid4()),
    }  # fmt: skip
    assert "This is another person" not in body(desk.get(reverse("patients:register")))
    asked = body(desk.post(reverse("patients:register"), sent))
    assert "There is already PRETEND, Willow, born on 14 Mar 1964, MRN N-1. Is this the same person?" in asked
    assert "This is another person" in asked
    assert f'href="{data_url(willow)}"' in asked
    assert 'value="N-9"' in asked
    assert Patient.objects.count() == 1
    told = sent | {"another_person": "on", "submission": str(uuid4())}
    assert desk.post(reverse("patients:register"), told).status_code == 302
    assert Patient.objects.count() == 2
    event = AuditEvent.objects.get(action="patient.register", patient_id=Patient.objects.get(mrn="N-9").pk)
    assert str(willow.pk) in str(event.detail)


def test_registering_through_the_page(desk: Client, cast: Cast) -> None:
    sent = {
        "mrn": "N-7", "family_name": "Page", "given_name": "Paul", "birth_on": "1 Feb 1960", "sex": "male",
        "teams": [str(cast.abdomen.pk)], "submission": str(uuid4()),
    }  # fmt: skip
    response = desk.post(reverse("patients:register"), sent)
    patient = Patient.objects.get(mrn="N-7")
    assert response["Location"] == data_url(patient)
    assert patient.birth_on == date(1960, 2, 1)
    again = body(desk.post(reverse("patients:register"), sent | {"submission": str(uuid4())}))
    assert "The MRN N-7 belongs to another patient of this institution." in again
    assert 'value="Paul"' in again


def test_correcting_who_it_is_through_the_page(desk: Client, willow: Patient) -> None:
    page = body(desk.get(address("identity", willow)))
    assert 'value="1964-03-14"' in page
    sent = {
        "mrn": "N-1", "family_name": "Pretender", "given_name": "Willow", "birth_on": "1964-03-14", "sex": "female",
        "reason": "marriage", "version": "1",
    }  # fmt: skip
    assert desk.post(address("identity", willow), sent).status_code == 302
    page = body(desk.get(address("identity", willow)))
    assert "marriage" in page
    assert "Somebody else corrected this patient meanwhile" in body(desk.post(address("identity", willow), sent))


def test_more_tumors_and_the_referral_through_their_pages(desk: Client, cast: Cast, willow: Patient) -> None:
    response = desk.post(address("new_tumor", willow), {"label": "ileum", "submission": str(uuid4())})
    assert response["Location"] == address("tumor_data", willow, number=2)
    assert "Data: ileum" in body(desk.get(response["Location"]))
    said = {"question": "PRRT?", "tumor": "2", "priority": "routine", "minutes": "7", "presenter": ""}
    assert desk.post(f"/patients/{willow.pk}/cases/refer/", said).status_code == 302
    assert "“PRRT?”" in body(desk.get(data_url(willow)))
    assert signed_in(cast.cora).get(data_url(willow)).status_code == 200


def test_a_viewer_reads_and_is_offered_nothing_to_change(cast: Cast, willow: Patient, record) -> None:
    record("grade", "G2")
    vera = signed_in(cast.vera)
    page = body(vera.get(data_url(willow)))
    assert "G2" in page
    for word in ("/enter/", "/new/", "/correct/", "identity"):
        assert word not in page.partition("<main")[2], word
    assert vera.get(address("enter", willow, number=1, topic="pathology")).status_code == 403


def test_a_foreign_patient_and_a_missing_one_answer_the_same(cast: Cast, willow: Patient) -> None:
    for who in (cast.theo, cast.silas, cast.cora):
        stranger = signed_in(who)
        for name, more in (("data", {}), ("enter", {"number": 1, "topic": "imaging"}), ("treatments", {})):
            foreign = stranger.get(address(name, willow, **more))
            missing = stranger.get(reverse(f"patients:{name}", kwargs={"patient_id": UUID(int=7), **more}))
            assert (foreign.status_code, missing.status_code) == (404, 404)
            assert foreign.content == missing.content
            assert dict(foreign.headers) == dict(missing.headers)
    denied = AuditEvent.objects.filter(outcome="denied", patient_id=willow.id)
    assert {event.actor_name for event in denied} == {"Theo", "Silas", "Cora"}


def test_every_read_leaves_an_audit_row(desk: Client, willow: Patient) -> None:
    before = AuditEvent.objects.count()
    desk.get(data_url(willow))
    event = AuditEvent.objects.newest_first().first()
    assert event is not None
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, event.patient_id, event.outcome, event.url_name) == (
        "patient.read", willow.id, "allowed", "patients:data",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("enter", {"number": 9, "topic": "imaging"}),
        ("enter", {"number": 1, "topic": "astrology"}),
        ("feature", {"number": 1, "feature": "fever"}),
        ("feature", {"number": 1, "feature": "age_years"}),
        ("correct_finding", {"finding_id": UUID(int=1)}),
        ("edit_treatment", {"treatment_id": UUID(int=1)}),
        ("edit_marker", {"marker_id": UUID(int=1)}),
    ],
)
def test_what_there_is_not_is_a_page_that_there_is_not(desk: Client, willow: Patient, name: str, more: Any) -> None:
    assert desk.get(address(name, willow, **more)).status_code == 404


def test_a_row_of_another_patient_is_not_there(desk: Client, cast: Cast, clara: Actor, willow: Patient, record) -> None:
    finding = record("grade", "G2")
    row = record_treatment(
        actor=clara, patient=willow, treatment=NewTreatment(option="lanreotide", course="still_given")
    )
    sent = {
        "mrn": "N-8", "family_name": "Other", "birth_on": "1960-02-01", "sex": "male", "teams": [str(cast.abdomen.pk)],
        "submission": str(uuid4()),
    }  # fmt: skip
    desk.post(reverse("patients:register"), sent)
    other = Patient.objects.get(mrn="N-8")
    assert desk.get(address("correct_finding", other, finding_id=finding.id)).status_code == 404
    assert desk.post(address("settle_reading", other, finding_id=finding.id), {"reason": "x"}).status_code == 404
    assert desk.get(address("edit_treatment", other, treatment_id=row.id)).status_code == 404


def test_the_number_of_queries_of_the_data_page_is_constant(
    desk: Client, clara: Actor, willow: Patient, record
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(data_url(willow)).status_code == 200
        return len(captured)

    record("ecog", 1)
    record_marker(
        actor=clara,
        patient=willow,
        marker=NewMarker(marker="nse", value=Decimal(7), unit="ng/mL", observed_on=TODAY),
    )
    queries()
    before = queries()
    for month in range(1, 9):
        record("ecog", 1, on=date(2026, month, 1))
        record("grade", "G2", on=date(2026, month, 1))
        started = PartialDate(date(2025, month, 1), "day")
        record_treatment(actor=clara, patient=willow, treatment=NewTreatment("everolimus", "still_given", started))
    settle_reading(actor=clara, patient=willow, finding=Finding.objects.filter(feature="grade").first(), reason="x")
    assert queries() == before
