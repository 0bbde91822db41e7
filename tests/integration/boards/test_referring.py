"""A clinician refers with one button, also from a signed review: a case in the coordinator's list, with the question."""

import pytest

from boards.models import Case
from boards.selectors import waiting_cases
from pathways.reviews.signing import Word
from patients.models import Referral
from tests.cast import Cast, acting, signed_in
from tests.integration.boards.clinic import NOW, referred
from tests.integration.recall.clinic import PRRT, sign, with_uptake

pytestmark = pytest.mark.django_db


def test_one_press_makes_a_case_that_the_coordinator_finds_with_its_presenter(cast: Cast) -> None:
    patient = with_uptake(cast).patient
    page = signed_in(cast.clara).get(f"/patients/{patient.pk}/cases/")
    begins = page.context["form"]
    said = {name: begins[name].value() or "" for name in begins.fields}
    assert signed_in(cast.clara).post(f"/patients/{patient.pk}/cases/refer/", said).status_code == 302
    (case,) = waiting_cases(acting(cast.cora))
    assert (case.presenter, case.priority, case.minutes, case.referral) == (
        cast.clara, "routine", 7, Referral.objects.get(),
    )  # fmt: skip
    assert str(patient) in signed_in(cast.cora).get("/boards/").content.decode()


def test_the_data_page_leads_to_the_form_that_makes_a_case(cast: Cast) -> None:
    patient = with_uptake(cast).patient
    said = signed_in(cast.clara).get(f"/patients/{patient.pk}/data/").content.decode()
    assert f'href="/patients/{patient.pk}/cases/#refer"' in said
    assert signed_in(cast.clara).get(f"/patients/{patient.pk}/data/refer/").status_code == 404


def test_a_signed_review_brings_its_options_to_the_board_as_a_question_to_be_changed(cast: Cast) -> None:
    tumor = with_uptake(cast)
    review = sign(tumor, cast.clara, Word(PRRT, "bring_to_board"), Word("everolimus", "discuss"))
    clara = signed_in(cast.clara)
    link = f"/patients/{tumor.patient_id}/cases/?review={review.pk}"
    signed = f"/patients/{tumor.patient_id}/reviews/{review.pk}/"
    assert f"{link}#refer" in clara.get(signed).content.decode()
    form = clara.get(link).context["form"]
    assert form["question"].value() == ("Brought to the board by the review of 20 Nov 2026: PRRT with 177Lu-DOTATATE?")
    assert f"{link}#refer" not in signed_in(cast.vera).get(signed).content.decode()
    for wrong in ("x", "00000000-0000-0000-0000-000000000000"):
        assert (
            clara.get(f"/patients/{tumor.patient_id}/cases/?review={wrong}").context["form"]["question"].value() is None
        )


def test_what_is_refused_comes_back_as_typed_and_an_open_case_is_led_to(cast: Cast) -> None:
    patient = with_uptake(cast, "N-2").patient
    bad = {"question": "Which one?", "priority": "urgent", "minutes": "500", "presenter": "", "presenter_name": ""}
    answer = signed_in(cast.clara).post(f"/patients/{patient.pk}/cases/refer/", bad)
    assert answer.status_code == 400
    said = answer.content.decode()
    assert "500 minutes are not accepted. Accepted are 1 to 120." in said
    assert "Which one?" in said
    assert not Case.objects.exists()
    case = referred(cast, now=NOW)
    page = signed_in(cast.clara).get(f"/patients/{case.tumor.patient_id}/cases/").content.decode()
    assert "There is an open case already" in page
    assert f"/patients/{case.tumor.patient_id}/cases/{case.pk}/" in page
