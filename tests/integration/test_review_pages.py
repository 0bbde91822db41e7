"""Reviewing in the browser's words: what is typed is kept, what is signed is shown, a code is checked, changes are told."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from netcare.access import today_for
from pathways.models import Review
from patients.actions import NewFinding, record_findings, register_patient
from patients.models import Tumor
from tests.cast import Cast, acting, gather, signed_in

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def tumor(cast: Cast) -> Tumor:
    patient = register_patient(
        actor=acting(cast.clara), mrn="N-1", family_name="Ash", given_name="Rowan", birth_on=date(1960, 5, 1),
        sex="female", teams=[cast.abdomen],
    )  # fmt: skip
    return Tumor.objects.get(patient=patient)


def url(tumor: Tumor, page: str) -> str:
    return f"/patients/{tumor.patient_id}/tumors/{tumor.number}/{page}/"


def seen(client: Client, tumor: Tumor) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', client.get(url(tumor, "review")).content.decode())
    assert found
    return found[1]


def post(client: Client, tumor: Tumor, **typed: Any) -> Any:
    data = {"seen": seen(client, tumor), "submission": str(uuid4()), "shared_decision": "not_yet", **typed}
    return client.post(url(tumor, "review"), {key.replace("__", "-"): value for key, value in data.items()})


def know(cast: Cast, tumor: Tumor, **values: Any) -> None:
    day = today_for(cast.northside)
    findings = [NewFinding(name, day, "pathology", value=value, tumor=tumor) for name, value in values.items()]
    record_findings(actor=acting(cast.clara), patient=tumor.patient, findings=findings)


def test_nothing_is_chosen_beforehand(cast: Cast, tumor: Tumor) -> None:
    page = signed_in(cast.clara).get(url(tumor, "review")).content.decode()
    assert 'name="verdict-clinical_trial"' in page
    assert "checked" not in page


def test_a_review_is_signed_and_shown_from_its_snapshot(cast: Cast, tumor: Tumor) -> None:
    client = signed_in(cast.clara)
    answer = post(client, tumor, verdict__clinical_trial="discuss", line__clinical_trial="near her home",
                  preferences="no injections")  # fmt: skip
    review = Review.objects.get()
    assert answer.url == f"/patients/{tumor.patient_id}/reviews/{review.pk}/"
    know(cast, tumor, differentiation="poor")
    page = client.get(answer.url).content.decode()
    for said in (
        review.check_code,
        "Clara, clinician",
        "near her home",
        "no injections",
        "not discussed with the patient yet",
    ):
        assert said in page
    assert "Differentiation" not in page
    assert page.count('class="status status-') >= 48


def test_a_second_click_signs_nothing_twice(cast: Cast, tumor: Tumor) -> None:
    client = signed_in(cast.clara)
    typed = {
        "seen": seen(client, tumor),
        "submission": str(uuid4()),
        "shared_decision": "yes",
        "verdict-clinical_trial": "discuss",
    }
    first, second = (client.post(url(tumor, "review"), typed) for _ in range(2))
    assert (first.url, Review.objects.count()) == (second.url, 1)


def test_what_was_typed_is_kept_when_the_list_changed_in_the_meantime(cast: Cast, tumor: Tumor) -> None:
    client = signed_in(cast.clara)
    token = seen(client, tumor)
    know(cast, tumor, grade="G2")
    typed = {
        "seen": token,
        "submission": str(uuid4()),
        "shared_decision": "yes",
        "verdict-clinical_trial": "discuss",
        "remark": "see the PET",
    }
    answer = client.post(url(tumor, "review"), typed)
    page = answer.content.decode()
    assert (answer.status_code, Review.objects.count()) == (200, 0)
    assert "The list changed since you opened this page" in page
    assert "see the PET" in page
    assert re.search(r'name="verdict-clinical_trial" value="discuss"[^>]*checked', page)
    again = client.post(url(tumor, "review"), {**typed, "seen": seen(client, tumor)})
    assert (again.status_code, Review.objects.count()) == (302, 1)


def test_a_word_on_an_option_that_left_the_list_in_the_meantime_stays_on_the_form(cast: Cast, tumor: Tumor) -> None:
    client = signed_in(cast.clara)
    know(cast, tumor, primary_site="small_bowel", differentiation="well", grade="G2")
    opened = client.get(url(tumor, "review")).content.decode()
    assert 'name="verdict-active_surveillance"' in opened
    old = seen(client, tumor)
    know(cast, tumor, differentiation="poor", grade="G3", ki67_percent=80)
    assert 'name="verdict-active_surveillance"' not in client.get(url(tumor, "review")).content.decode()
    said = {"verdict__active_surveillance": "bring_to_board", "line__active_surveillance": "asked for it"}
    page = post(client, tumor, seen=old, **said).content.decode()
    assert "The list changed since you opened this page" in page
    assert 'value="asked for it"' in page
    assert re.search(r'name="verdict-active_surveillance" value="bring_to_board"[^>]*checked', page)
    assert not Review.objects.exists()


def test_a_reason_without_a_word_and_a_refusal_without_a_reason_are_said_beside_the_option(
    cast: Cast, tumor: Tumor
) -> None:
    client = signed_in(cast.clara)
    page = post(client, tumor, reasons__clinical_trial=["comorbidity"]).content.decode()
    assert "Choose what you think of it; a reason or a line is given." in page
    page = post(client, tumor, verdict__clinical_trial="not_suitable").content.decode()
    assert "Clinical trial: choose why it is not suitable." in page
    assert Review.objects.count() == 0


def test_an_option_that_is_not_listed_can_be_reviewed_as_well(cast: Cast, tumor: Tumor) -> None:
    know(cast, tumor, differentiation="poor")
    client = signed_in(cast.clara)
    assert 'name="verdict-liver_transplant"' not in client.get(url(tumor, "review")).content.decode()
    assert (
        'name="verdict-liver_transplant"'
        in client.get(url(tumor, "review") + "?also=liver_transplant").content.decode()
    )


def test_a_code_is_genuine_superseded_or_not_yours(cast: Cast, tumor: Tumor) -> None:
    client = signed_in(cast.clara)
    post(client, tumor, verdict__clinical_trial="discuss")
    code = Review.objects.get().check_code

    def checked(who: Client, typed: str) -> str:
        return str(who.get("/reviews/check/", {"code": typed}).content.decode())

    assert "<strong>Genuine.</strong>" in checked(client, code.lower())
    assert "No later review was signed." in checked(client, code)
    post(client, tumor, verdict__clinical_trial="bring_to_board")
    assert "this one is superseded" in checked(client, code)
    for stranger, typed in ((signed_in(cast.silas), code), (client, "0000-0000-0000"), (client, "nonsense")):
        assert "No paper with this code is yours to see." in checked(stranger, typed)


def test_a_review_of_another_patient_is_not_found(cast: Cast, tumor: Tumor) -> None:
    client = signed_in(cast.clara)
    answer = post(client, tumor, verdict__clinical_trial="discuss")
    other = register_patient(
        actor=acting(cast.clara), mrn="N-2", family_name="Elder", given_name="Ivy", birth_on=date(1960, 5, 1),
        sex="female", teams=[cast.abdomen],
    )  # fmt: skip
    assert client.get(answer.url.replace(str(tumor.patient_id), str(other.pk))).status_code == 404
    assert signed_in(cast.theo).get(answer.url).status_code == 404


def test_since_the_last_review_names_what_changed_and_its_cause(cast: Cast, tumor: Tumor) -> None:
    client = signed_in(cast.clara)
    post(client, tumor, verdict__clinical_trial="discuss")
    know(cast, tumor, differentiation="poor")
    page = client.get(url(tumor, "since")).content.decode()
    assert "By data" in page
    assert "By rules" not in page
    assert "PRRT with 177Lu-DOTATATE" in page
    assert "signed by Clara" in page


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("yesterday", "“yesterday” is not a date or a signed review of this tumor. Choose one, or enter a date."),
        ("2999-01-01", "1 Jan 2999 is in the future. A past day, or today, can be compared."),
        ("review-1", "“review-1” is not a date or a signed review of this tumor. Choose one, or enter a date."),
    ],
)
def test_a_moment_that_cannot_be_read_is_a_sentence(before: str, sentence: str, cast: Cast, tumor: Tumor) -> None:
    page = signed_in(cast.clara).get(url(tumor, "since"), {"before": before})
    assert page.status_code == 200
    assert sentence in page.content.decode()
