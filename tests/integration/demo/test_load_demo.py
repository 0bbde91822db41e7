"""The demo as loaded: every record says exactly what the file says, and every status is the one that is expected."""

import io
from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from netcare.access import Capability, Institution, Role, actor_for_user, today_for
from netcare.access.actions import end_role, set_password
from netcare.access.models import User
from netcare.demo import people, sign_ins
from netcare.demo.checks import no_known_passwords_beyond_this_machine
from pathways.assessing import TumorAssessment, assess_tumor
from pathways.knowledge import dictionary
from pathways.knowledge.demo import DemoPatient, demo_patients
from pathways.models import CurrentStatus
from patients.actions import correct_patient
from patients.models import Finding, Patient, PatientNote, Referral, Tumor
from patients.selectors import visible_patients

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_demo")]
DEMO = {patient.mrn: patient for patient in demo_patients()}
every_patient = pytest.mark.parametrize("entry", DEMO.values(), ids=DEMO.keys())


def load_again() -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def row_counts() -> Counter[str]:
    return Counter({model._meta.label: model._base_manager.count() for model in apps.get_models()})


def tumor_of(entry: DemoPatient) -> Tumor:
    return Tumor.objects.select_related("patient__institution").get(patient__mrn=entry.mrn)


def assessment_of(entry: DemoPatient) -> TumorAssessment:
    tumor = tumor_of(entry)
    return assess_tumor(tumor, as_of=today_for(tumor.patient.institution))


def actor(username: str) -> Any:
    return actor_for_user(User.objects.select_related("institution").get(username=username))


@every_patient
def test_the_facts_on_the_day_of_loading_are_exactly_those_of_the_file(entry: DemoPatient) -> None:
    words = dictionary()
    wanted = {name: words.check(name, value) for name, value in entry.features.items()}
    found = assessment_of(entry).facts
    assert found.features == wanted
    assert found.unusable == {}


@every_patient
def test_every_option_has_the_status_that_is_expected(entry: DemoPatient) -> None:
    assessment = assessment_of(entry).assessment
    assert {one.code: one.status.value for one in assessment.options} == entry.expected_statuses
    assert assessment.complete


@every_patient
def test_the_cautions_that_hold_are_those_expected(entry: DemoPatient) -> None:
    listed = [
        one for one in assessment_of(entry).assessment.options if one.status.value in ("candidate", "conditional")
    ]
    assert sorted(code for one in listed for code in one.cautions) == sorted(entry.true_cautions)


@every_patient
def test_the_statuses_that_lists_use_are_there_as_soon_as_the_demo_is_loaded(entry: DemoPatient) -> None:
    rows = CurrentStatus.objects.filter(tumor=tumor_of(entry)).values_list("option", "status")
    assert dict(rows) == entry.expected_statuses


@every_patient
def test_history_remark_and_course_are_kept_as_notes(entry: DemoPatient) -> None:
    notes = list(PatientNote.objects.filter(patient__mrn=entry.mrn).order_by("id"))
    texts = [note.text for note in notes]
    assert entry.history in texts
    assert entry.note is None or entry.note in texts
    for event in entry.timeline:
        assert any(text.startswith(event.what) for text in texts), event.what
    assert not any(note.observed_on > today_for(note.patient.institution) for note in notes)


def test_readings_that_differ_are_settled_and_both_kept() -> None:
    for mrn, feature, used, other in (
        ("DEMO-005", "ki67_percent", "15", "22"),
        ("DEMO-005", "grade", '"G2"', '"G3"'),
        ("DEMO-006", "sstr_status", '"heterogeneous"', '"positive"'),
    ):
        found = assessment_of(DEMO[mrn]).facts
        assert found.readings[feature].settled
        assert found.disagreements == {}
        rows = Finding.objects.filter(patient__mrn=mrn, feature=feature).order_by("observed_on")
        assert [row.value for row in rows] == [other, used]
        assert len({row.specimen_or_study for row in rows}) == 1


def test_what_stands_in_one_report_was_entered_together() -> None:
    rows = Finding.objects.filter(patient__mrn="DEMO-003").exclude(feature="treatment_history_complete")
    reports = {(row.observed_on, row.source_text) for row in rows}
    assert len({row.batch for row in rows}) == len(reports)


def test_nobody_confirmed_the_treatment_history_of_the_incomplete_patient() -> None:
    found = assessment_of(DEMO["DEMO-012"]).facts
    assert found.history_confirmed is None
    assert not {"prior_treatments", "current_treatments", "progressed_on", "intolerant_to"} & found.features.keys()


def test_loading_again_changes_nothing_and_says_so() -> None:
    before = row_counts()
    said = load_again()
    assert said == "Demo: its 14 fictional patients are there already; nothing was changed.\n"
    assert row_counts() == before


def test_loading_again_keeps_what_people_changed() -> None:
    patient = Patient.objects.get(mrn="DEMO-004")
    correct_patient(
        actor=actor("clinician"),
        patient=patient,
        mrn="CORRECTED-4",
        family_name=patient.family_name,
        given_name=patient.given_name,
        birth_on=patient.birth_on,
        sex=patient.sex,
        reason="The MRN was mistyped.",
        version=patient.version,
    )
    viewer = User.objects.get(username="viewer")
    end_role(user=viewer, role=Role.VIEWER, by=actor("administrator"))
    before = row_counts()
    load_again()
    assert row_counts() == before
    assert actor("viewer").roles == frozenset()


def test_each_role_has_one_person_and_a_sign_in_that_works() -> None:
    entries = {entry.username: entry for entry in sign_ins() if entry.is_a_person}
    assert list(entries) == [person.username for person in people.PEOPLE]
    for person in people.PEOPLE:
        user = User.objects.get(username=person.username)
        assert user.check_password(entries[person.username].password)
        assert actor(person.username).roles == {person.role}


def test_a_password_that_was_changed_is_no_longer_printed() -> None:
    set_password(user=User.objects.get(username="editor"), password="another-long-passphrase", by=actor("editor"))
    assert "editor" not in {entry.username for entry in sign_ins()}
    assert "approver" in {entry.username for entry in sign_ins()}


def test_institutions_do_not_see_each_other() -> None:
    seen = {
        username: set(visible_patients(actor(username), Capability.PATIENT_LIST).values_list("mrn", flat=True))
        for username in ("clinician", "viewer", "outsider", "auditor", "administrator")
    }
    assert seen["clinician"] == seen["viewer"] == set(DEMO)
    assert seen["outsider"] == {"ELSE-001"}
    assert seen["auditor"] == seen["administrator"] == set()


def test_the_coordinator_sees_the_patients_referred_to_the_board_alone() -> None:
    seen = set(visible_patients(actor("coordinator"), Capability.PATIENT_READ).values_list("mrn", flat=True))
    assert seen == {"DEMO-003", "DEMO-005", "DEMO-006", "DEMO-007", "DEMO-010", "DEMO-012", "DEMO-013", "DEMO-014"}
    assert all(Referral.objects.values_list("question", flat=True))


def test_every_patient_of_the_demo_is_marked_fictional() -> None:
    assert set(Patient.objects.values_list("fictional", "invented")) == {(True, False)}


def test_the_token_of_the_program_opens_the_api_and_is_in_no_row(loaded_demo: str, client: Any) -> None:
    program = next(entry for entry in sign_ins() if not entry.is_a_person)
    answer = client.post(
        "/api/v1/assess/",
        data={"id": "a", "features": {"primary_site": "pancreas"}},
        content_type="application/json",
        headers={"authorization": program.password},
    )
    assert answer.status_code == 200
    assert program.password.removeprefix("Bearer ") not in loaded_demo


def test_the_demo_is_not_loaded_where_other_machines_can_reach_it(settings: Any) -> None:
    settings.BEYOND_LOOPBACK = True
    with pytest.raises(CommandError, match="passwords that everybody knows") as refusal:
        load_again()
    assert "ALLOWED_HOSTS names a host beyond this machine" in str(refusal.value)
    [problem] = no_known_passwords_beyond_this_machine(None, ["default"])
    assert "clinician, chair, coordinator" in problem.msg


def test_a_user_name_of_somebody_else_stops_the_load_with_a_sentence() -> None:
    elsewhere = Institution.objects.get(name=people.CLINIC)
    User.objects.filter(username="viewer").update(institution=elsewhere)
    with pytest.raises(CommandError, match="The user name 'viewer' is taken by somebody of Elsewhere Clinic."):
        load_again()
