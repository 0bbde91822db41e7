"""Registering a patient, correcting who it is, further tumors, and the referral to the board."""

from datetime import date
from uuid import uuid4

import pytest

from netcare.access import Actor, Capability, NotAllowed
from netcare.audit.models import AuditEvent
from patients.actions import Refused, add_tumor, correct_patient, refer_to_board, register_patient
from patients.models import Patient, PatientTeam, Referral
from patients.selectors import changes_of, matching, tumors_of, visible_patients
from tests.cast import Cast, acting
from tests.integration.patients.conftest import NOW

pytestmark = pytest.mark.django_db


def register(actor: Actor, cast: Cast, **changes: object) -> Patient:
    given: dict[str, object] = {
        "mrn": "N-2",
        "family_name": "Müller-Østergård",
        "given_name": "Ann",
        "birth_on": date(1970, 1, 1),
        "sex": "other",
        "teams": [cast.abdomen],
    }
    return register_patient(actor=actor, now=NOW, **(given | changes))  # type: ignore[arg-type]


def faults(caught: pytest.ExceptionInfo[Refused]) -> dict[str, str]:
    return {fault.field: fault.sentence for fault in caught.value.faults}


def test_a_new_patient_has_a_first_tumor_a_team_and_an_audit_row(cast: Cast, willow: Patient) -> None:
    assert [tumor.number for tumor in tumors_of(willow)] == [1]
    assert PatientTeam.objects.get(patient=willow).team == cast.abdomen
    event = AuditEvent.objects.get(action="patient.register")
    assert (event.patient_id, event.actor_name) == (willow.id, "Clara")


def test_the_same_form_sent_twice_registers_one_patient(cast: Cast, clara: Actor) -> None:
    key = uuid4()
    first, second = register(clara, cast, submission=key), register(clara, cast, submission=key)
    assert first == second
    assert Patient.objects.count() == 1


def test_the_key_of_somebody_elses_form_is_refused(cast: Cast, clara: Actor) -> None:
    key = uuid4()
    register(clara, cast, submission=key)
    with pytest.raises(Refused, match="This form was sent already"):
        register(acting(cast.theo), cast, submission=key, teams=[cast.thorax], mrn="N-3")


def test_an_mrn_is_given_once_in_an_institution_and_again_in_another(cast: Cast, clara: Actor) -> None:
    register(clara, cast)
    with pytest.raises(Refused) as caught:
        register(clara, cast, family_name="Other")
    assert faults(caught) == {"mrn": "The MRN N-2 belongs to another patient of this institution."}
    assert register(acting(cast.silas), cast, teams=[cast.south_team]).institution == cast.southside


def test_everything_wrong_is_said_at_once_and_nothing_is_saved(cast: Cast, clara: Actor) -> None:
    with pytest.raises(Refused) as caught:
        register(clara, cast, mrn=" ", family_name="", sex="x", birth_on=date(2026, 11, 27), teams=[])
    assert faults(caught) == {
        "mrn": "The MRN is missing.",
        "family_name": "The family name is missing.",
        "birth_on": "The birth date 27 Nov 2026 is in the future. Today is 26 Nov 2026.",
        "sex": "Sex: “x” is not accepted. Choose one of the list.",
        "teams": "Choose at least one care team: a patient without one is seen by nobody.",
    }
    assert not Patient.objects.exists()


@pytest.mark.parametrize("name", ["a\x00b", "line\u202ebreak", "x" * 101])
def test_a_name_that_cannot_be_shown_is_refused(cast: Cast, clara: Actor, name: str) -> None:
    with pytest.raises(Refused) as caught:
        register(clara, cast, family_name=name)
    assert list(faults(caught)) == ["family_name"]


def test_a_clinician_registers_into_a_team_of_their_own_only(cast: Cast, clara: Actor) -> None:
    with pytest.raises(Refused) as caught:
        register(clara, cast, teams=[cast.thorax])
    assert faults(caught) == {"teams": "A chosen care team is not one to which you may assign patients."}


@pytest.mark.parametrize("who", ["vera", "edda", "apollo", "audra", "ada", "nora"])
def test_who_may_not_register_is_refused(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        register(acting(getattr(cast, who)), cast)


def test_a_coordinator_who_registers_a_patient_refers_it_and_so_sees_it(cast: Cast) -> None:
    cora = acting(cast.cora)
    patient = register(cora, cast)
    assert Referral.objects.get(patient=patient).referred_by == cast.cora
    assert patient in visible_patients(cora, Capability.PATIENT_READ)


def test_a_search_finds_names_without_their_accents(cast: Cast, clara: Actor) -> None:
    patient = register(clara, cast)
    everybody = Patient.objects.all()
    for text in ("muller", "MÜLLER", "øster", "ann mull", "n-2"):
        assert list(matching(everybody, text)) == [patient], text
    assert not matching(everybody, "ann smith").exists()


def correct(actor: Actor, patient: Patient, **changes: object) -> Patient:
    names = ("mrn", "family_name", "given_name", "birth_on", "sex", "version")
    given = {name: getattr(patient, name) for name in names} | {"reason": "read wrongly"}
    return correct_patient(actor=actor, patient=patient, now=NOW, **(given | changes))  # type: ignore[arg-type]


def test_a_corrected_identity_keeps_what_it_said_before(clara: Actor, willow: Patient) -> None:
    corrected = correct(clara, willow, family_name="Pretender", birth_on=date(1964, 3, 15))
    assert (str(corrected), corrected.version) == ("PRETENDER, Willow", 2)
    kept = {(change.field, change.before, change.after, change.reason) for change in changes_of(willow)}
    assert kept == {
        ("family_name", "Pretend", "Pretender", "read wrongly"),
        ("birth_on", "1964-03-14", "1964-03-15", "read wrongly"),
    }
    assert matching(Patient.objects.all(), "pretender").exists()


def test_of_two_corrections_at_once_the_second_is_refused(clara: Actor, willow: Patient) -> None:
    correct(clara, willow, given_name="Wilma")
    with pytest.raises(Refused, match="Somebody else corrected this patient meanwhile"):
        correct(clara, willow, given_name="Willa")
    assert Patient.objects.get().given_name == "Wilma"


def test_a_correction_needs_a_reason_and_a_change(clara: Actor, willow: Patient) -> None:
    with pytest.raises(Refused) as caught:
        correct(clara, willow, given_name="Wilma", reason=" ")
    assert faults(caught) == {"reason": "The reason is missing."}
    with pytest.raises(Refused, match="Nothing was changed"):
        correct(clara, willow)


def test_a_birth_date_after_something_on_record_is_refused(clara: Actor, willow: Patient, record) -> None:
    record("ecog", 1, on=date(2020, 5, 4))
    with pytest.raises(Refused) as caught:
        correct(clara, willow, birth_on=date(2021, 1, 1))
    assert faults(caught) == {
        "birth_on": "The birth date 1 Jan 2021 is after the first finding on record (4 May 2020)."
    }


def test_tumors_are_numbered_and_labelled(clara: Actor, willow: Patient) -> None:
    key = uuid4()
    second = add_tumor(actor=clara, patient=willow, label="ileum, 2021", submission=key, now=NOW)
    assert add_tumor(actor=clara, patient=willow, label="ileum, 2021", submission=key, now=NOW) == second
    assert [str(tumor) for tumor in tumors_of(willow)] == ["Tumor 1", "ileum, 2021"]


def test_a_referral_opens_the_record_to_the_coordinator(cast: Cast, clara: Actor, willow: Patient) -> None:
    cora = acting(cast.cora)
    assert not visible_patients(cora, Capability.PATIENT_READ).exists()
    referral = refer_to_board(actor=clara, patient=willow, question="PRRT?", now=NOW)
    assert refer_to_board(actor=clara, patient=willow, now=NOW) == referral
    assert list(visible_patients(cora, Capability.PATIENT_READ)) == [willow]
    with pytest.raises(NotAllowed):
        refer_to_board(actor=cora, patient=willow, now=NOW)


@pytest.mark.parametrize("other", ["n-9", "N-9"])
def test_an_mrn_in_another_spelling_is_no_second_patient(clara: Actor, cast: Cast, other: str) -> None:
    def one(mrn: str) -> Patient:
        return register_patient(
            actor=clara, mrn=mrn, family_name="Ash", given_name="Rowan", birth_on=date(1960, 5, 1), sex="female",
            teams=[cast.abdomen], now=NOW,
        )  # fmt: skip

    assert one("N\u20119").mrn == "N-9"
    with pytest.raises(Refused) as refused:
        one(other)
    assert refused.value.faults[0].field == "mrn"


# --- The same name and birth date ---

SAME = {"family_name": "Pretend", "given_name": "Willow", "birth_on": date(1964, 3, 14)}


def test_a_patient_of_another_team_with_the_same_name_is_not_given_away(cast: Cast, willow: Patient) -> None:
    """Theo's team does not look after Willow, so nothing is asked: the question would say that there is such a patient."""
    other = register(acting(cast.theo), cast, teams=[cast.thorax], mrn="T-1", **SAME)
    assert other.pk != willow.pk
    event = AuditEvent.objects.get(action="patient.register", patient_id=other.pk)
    assert str(willow.pk) not in str(event.detail)


def test_a_namesake_in_another_institution_is_nobodys_business(cast: Cast, willow: Patient) -> None:
    assert register(acting(cast.silas), cast, teams=[cast.south_team], mrn="S-1", **SAME).mrn == "S-1"


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, True),
        ({"family_name": "PRÉTEND"}, True),
        ({"given_name": "William"}, False),
        ({"given_name": ""}, False),
        ({"birth_on": date(1964, 3, 15)}, False),
    ],
)
def test_only_name_and_birth_date_together_are_asked_about(
    cast: Cast, clara: Actor, willow: Patient, changes: dict[str, object], asked: bool
) -> None:
    if not asked:
        assert register(clara, cast, mrn="N-9", **(SAME | changes)).mrn == "N-9"
        return
    with pytest.raises(Refused) as caught:
        register(clara, cast, mrn="N-9", **(SAME | changes))
    assert list(faults(caught)) == ["another_person"]
    assert register(clara, cast, mrn="N-9", another_person=True, **(SAME | changes)).mrn == "N-9"
    assert Patient.objects.count() == 2
