"""Whatever is sent in place of a form: the page comes back with a sentence, nothing is saved, and nothing fails."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from netcare.access import Actor
from pathways.knowledge import dictionary
from patients.actions import NewMarker, NewTreatment, record_marker, record_treatment
from patients.entry.markers import read_value
from patients.entry.reference import PARTS as REFERENCE
from patients.entry.reference import has_reference
from patients.forms.findings import PARTS
from patients.models import Finding, FindingCorrection, Marker, Patient, Treatment
from tests.cast import Cast, signed_in
from tests.integration.patients.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
HOSTILE = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202e\u200b",
    "9" * 5000,
    "-1",
    "1e400",
    "NaN",
    "99999-99-99",
    "0001-01-01",
    "2026-02-31",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "not_known",
    "none_of_these",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "İıſK",
]
TEXTS = [
    "mrn", "family_name", "given_name", "birth_on", "sex", "teams", "submission", "reason", "version", "label", "question",
    "option", "started", "course", "stopped", "intent", "doses", "outcomes", "outcome_text", "source_text", "answer",
    "confirmed_on", "marker", "name_text", "value", "unit", "reference_low", "reference_high", "observed_on", "source",
    "laboratory", "method", "specimen_or_study", "note",
]  # fmt: skip


@pytest.fixture
def pages(cast: Cast, clara: Actor, willow: Patient, record) -> dict[str, str]:
    """Every page of this package that takes a form, with a row for those that need one."""
    finding = record("ki67_percent", 3)
    treatment = record_treatment(
        actor=clara, patient=willow, treatment=NewTreatment("lanreotide", "still_given"), now=NOW
    )
    value = read_value("61", "ng/mL")
    marker = record_marker(
        actor=clara, patient=willow, marker=NewMarker("nse", value.value, value.unit, TODAY), now=NOW
    )
    more: dict[str, dict[str, Any]] = {
        "identity": {}, "new_tumor": {}, "treatments": {}, "new_treatment": {}, "new_marker": {},
        "correct_finding": {"finding_id": finding.id}, "finding_in_error": {"finding_id": finding.id},
        "settle_reading": {"finding_id": finding.id}, "edit_treatment": {"treatment_id": treatment.id},
        "treatment_in_error": {"treatment_id": treatment.id}, "edit_marker": {"marker_id": marker.id},
        "marker_in_error": {"marker_id": marker.id},
    }  # fmt: skip
    found = {
        name: reverse(f"patients:{name}", kwargs={"patient_id": willow.pk, **extra}) for name, extra in more.items()
    }
    for topic in ("pathology", "imaging", "clinic", "laboratory"):
        kwargs = {"patient_id": willow.pk, "number": 1, "topic": topic}
        found[topic] = reverse("patients:enter", kwargs=kwargs)
    return found | {"register": reverse("patients:register")}


def everything(text: str) -> dict[str, Any]:
    """The text in every field that any of the forms has, feature by feature."""
    sent: dict[str, Any] = dict.fromkeys(TEXTS, text)
    for name, feature in dictionary().features.items():
        sent[name] = [text, text]
        sent |= {f"{name}-{part}": text for part in PARTS if has_reference(feature) or part not in REFERENCE}
    return sent


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_page_fails_and_nothing_false_is_recorded(cast: Cast, pages: dict[str, str], text: str) -> None:
    client: Client = signed_in(cast.clara)
    before = Finding.objects.count(), Treatment.objects.count(), Marker.objects.count(), Patient.objects.count()
    with time_machine.travel(NOW + timedelta(hours=1), tick=True):
        for name, address in pages.items():
            if name in (
                "finding_in_error",
                "treatment_in_error",
                "marker_in_error",
                "settle_reading",
                "new_tumor",
            ):
                continue
            response = client.post(address, everything(text))
            assert response.status_code == 200, name
            assert b"Nothing was saved yet." in response.content, name
    after = Finding.objects.count(), Treatment.objects.count(), Marker.objects.count(), Patient.objects.count()
    assert after == before


@pytest.mark.parametrize("text", [" ", "a\x00b", "9" * 5000, "<script>alert(1)</script>", "İıſK"], ids=range(5))
def test_a_reason_is_kept_as_text_or_refused(cast: Cast, pages: dict[str, str], text: str) -> None:
    client: Client = signed_in(cast.clara)
    with time_machine.travel(NOW + timedelta(hours=1), tick=True):
        for name in (
            "new_tumor",
            "settle_reading",
            "treatment_in_error",
            "marker_in_error",
            "finding_in_error",
        ):
            response = client.post(pages[name], everything(text) | {"submission": str(uuid4())})
            assert response.status_code in (200, 302), name
        kept = FindingCorrection.objects.filter(finding__feature="ki67_percent").values_list("reason", flat=True)
        assert list(kept) in ([], [" ".join(text.split())])
        page = client.get(
            reverse(
                "patients:feature",
                kwargs={"patient_id": Patient.objects.get().pk, "number": 1, "feature": "ki67_percent"},
            )
        )
    assert page.status_code == 200
    assert b"<script>alert" not in page.content
