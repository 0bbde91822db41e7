"""A number known only as a range, across the limits that rules use, is shown on every page of the patient."""

from datetime import date
from decimal import Decimal

import pytest

from netcare.access import today_for
from pathways.engine import NumberRange
from patients.actions import NewFinding, record_findings, register_patient
from patients.models import Tumor
from tests.cast import acting, gather, signed_in

PAGES = ("", "missing/", "print/", "what-if/", "since/", "review/", "timeline/", "options/active_surveillance/",
         "options/active_surveillance/map/")  # fmt: skip


@pytest.mark.usefixtures("published")
def test_every_page_of_a_patient_with_ranges_across_limits_opens(db: None) -> None:
    cast = gather()
    patient = register_patient(
        actor=acting(cast.clara), mrn="N-1", family_name="Ash", given_name="Rowan", birth_on=date(1960, 5, 1),
        sex="female", teams=[cast.abdomen],
    )  # fmt: skip
    tumor, day = Tumor.objects.get(patient=patient), today_for(cast.northside)
    known = {"primary_site": "pancreas", "differentiation": "well", "extent": "localized", "progression": "stable"}
    ranges = {"ki67_percent": (2, 25), "mitoses_per_2mm2": (1, 60), "tumor_size_mm": (8, 21)}
    findings = [NewFinding(name, day, "pathology", value=value, tumor=tumor) for name, value in known.items()]
    findings += [
        NewFinding(name, day, "pathology", value=NumberRange(Decimal(low), Decimal(high)), tumor=tumor)
        for name, (low, high) in ranges.items()
    ]
    record_findings(actor=acting(cast.clara), patient=patient, findings=findings)
    client = signed_in(cast.clara)
    for page in PAGES:
        answer = client.get(f"/patients/{patient.pk}/tumors/1/{page}")
        assert answer.status_code == 200, page
    assert "2–25" in client.get(f"/patients/{patient.pk}/tumors/1/").content.decode()
