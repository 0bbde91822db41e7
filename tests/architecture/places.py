"""Patients and things in every place that matters for access, made through the real actions.

Each place has a patient whose family name and MRN occur nowhere else, so that one glance at an answer tells whose data
it holds. `own` is in Abdomen's care and referred to the board; `other_team` is in Thorax's; `demo` too, but fictional;
`other_institution` is Southside's, fictional and referred there, and still nobody's at Northside; `missing` is nobody.
Drafts of the pathway belong to no place: every place has the one there is, whose effect is computed over everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from boards.models import Attachment, Case, Decision, FollowUp, Meeting, MeetingSeries, Member, Paper, PaperCase
from netcare.access import Actor, ApiClient, Capability, Role, Team, User, today_for
from netcare.access.actions import create_api_client
from netcare.jobs import runner
from netcare.jobs.actions import enqueue
from netcare.safety.actions import Concern, report_incident
from pathways.actions.publishing import publish
from pathways.actions.stopping import ask_for_stop
from pathways.assessing import assess_tumor
from pathways.drafting.content import Place as Entry
from pathways.drafts.effects import start_effect
from pathways.engine import Ruleset
from pathways.feedback.threads import Answer, answer, open_thread
from pathways.models import EmergencyStop, Review, RulesetVersion
from pathways.recall.opening import recall_tumor
from pathways.reviews.signing import Draft, Word, seen_token, sign_review
from pathways.selectors import ruleset_in_force, version_in_force
from patients.actions import (
    NewFinding,
    NewMarker,
    NewNote,
    NewTreatment,
    record_findings,
    record_marker,
    record_notes,
    record_treatment,
    refer_to_board,
    register_patient,
)
from patients.models import Patient, Referral, Tumor
from tests.cast import SYSTEM, Cast, acting, person
from tests.effects import a_draft, edited
from tests.imports import csv_file, patient, staged

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
RULE, TEST_PATIENT = Entry("rules", "PRRT-I1"), Entry("test_patients", "TP-1")
# Names in addresses of what belongs to no place.
GLOBAL = frozenset({"draft_id", "edit_id"})
PLACES = ("own", "other_team", "demo", "other_institution", "missing")


@dataclass(frozen=True)
class Place:
    """What the addresses of one place are filled with; `canaries` must be read by nobody without access to it."""

    patient_id: UUID
    finding_id: UUID
    treatment_id: UUID
    marker_id: UUID
    note_id: UUID
    review_id: UUID
    job_id: UUID
    user_id: UUID
    team_id: UUID
    client_id: UUID
    import_id: UUID
    incident_id: UUID
    stop_id: UUID
    entry_id: UUID
    thread_id: UUID
    draft_id: UUID
    edit_id: UUID
    meeting_id: UUID
    member_id: UUID
    case_id: UUID
    item_id: UUID
    referral_id: UUID
    paper_id: UUID
    attachment_id: UUID
    canaries: tuple[str, ...] = ()

    def arguments(self, names: list[str], others: dict[str, Any]) -> dict[str, Any]:
        """Keyword arguments of an address; a name that is neither here nor in `others` is a KeyError."""
        return {name: getattr(self, name) if hasattr(self, name) else others[name] for name in names}


@dataclass(frozen=True)
class _Owner:
    """Who makes what is in a place."""

    clinician: User
    team: Team
    person: User
    importer: User


def _patient(owner: _Owner, name: str, *, fictional: bool, referred: bool) -> Patient:
    by = acting(owner.clinician)
    patient = register_patient(
        actor=by, mrn=f"MRN-{name}", family_name=f"Quill{name}", given_name="Ann", birth_on=date(1961, 3, 4),
        sex="female", teams=[owner.team], fictional=fictional, now=NOW,
    )  # fmt: skip
    if referred:
        refer_to_board(actor=by, patient=patient, now=NOW)
    return patient


def _place(owner: _Owner, name: str, *, fictional: bool = False, referred: bool = False) -> Place:
    by = acting(owner.clinician)
    patient = _patient(owner, name, fictional=fictional, referred=referred)
    tumor = patient.tumors.get(number=1)
    said = {"observed_on": date(2026, 11, 2), "source": "pathology"}
    (finding,) = record_findings(
        actor=by, patient=patient, now=NOW,
        findings=[NewFinding(feature="ki67_percent", value=Decimal(8), tumor=tumor, **said)],
    )  # fmt: skip
    treatment = record_treatment(
        actor=by, patient=patient, now=NOW,
        treatment=NewTreatment(option="lanreotide", course="still_given", observed_on=date(2026, 11, 2)),
    )  # fmt: skip
    marker = record_marker(
        actor=by, patient=patient, now=NOW,
        marker=NewMarker(marker="chromogranin_a", value=Decimal(120), unit="ng/mL", observed_on=date(2026, 11, 2)),
    )  # fmt: skip
    (note,) = record_notes(
        actor=by, patient=patient, notes=[NewNote(text="seen in clinic", observed_on=date(2026, 11, 2))], now=NOW
    )
    review = _review(owner.clinician, tumor)
    return Place(
        patient_id=patient.id, finding_id=finding.id, treatment_id=treatment.id, marker_id=marker.id, note_id=note.id,
        review_id=review.id,
        job_id=_job(owner.clinician, patient), user_id=owner.person.id, team_id=owner.team.id,
        client_id=_client(owner, name).id, import_id=_import(owner, name),
        incident_id=_incident(owner.clinician), stop_id=_stop(owner.clinician).id,
        entry_id=uuid4(), thread_id=uuid4(),
        draft_id=uuid4(), edit_id=uuid4(), **_board(owner.clinician, review),
        canaries=(f"Quill{name}", f"MRN-{name}"),
    )  # fmt: skip


def _job(clinician: User, patient: Patient) -> UUID:
    """A job that the clinician asked for; it is not run here."""
    payload = {"patient": str(patient.id)}
    return enqueue(
        kind="refresh_statuses", payload=payload, requested_by=clinician, institution=clinician.institution
    ).pk


def _review(clinician: User, tumor: Tumor) -> Review:
    """A review that the clinician signed."""
    seen = seen_token(assess_tumor(tumor, as_of=today_for(clinician.institution, at=NOW)))
    draft = Draft([Word("clinical_trial", "not_suitable", ("not_available",))], "not_recorded")
    return sign_review(actor=acting(clinician), tumor=tumor, seen=seen, draft=draft, now=NOW)


def _board(clinician: User, review: Review) -> dict[str, UUID]:
    """A meeting that the clinician chairs, with a decided case; its rows alone, so that nobody else sees the patient."""
    tumor, north = review.snapshot.tumor, clinician.institution
    series = MeetingSeries.objects.create(
        institution=north, title="Board", time_zone="UTC", minutes=60, repeats="weekly", first_on=NOW.date(),
        local_time=NOW.time(), chair=clinician, made_by=clinician, made_at=NOW,
    )  # fmt: skip
    meeting = Meeting.objects.create(
        series=series, institution=north, title="Board", time_zone="UTC", minutes=60, begins_at=NOW, chair=clinician,
        state="locked", locked_at=NOW,
    )  # fmt: skip
    member = Member.objects.create(
        meeting=meeting, name="Guest", discipline="other", invited_by=clinician, invited_at=NOW
    )
    referral = Referral.objects.filter(patient=tumor.patient).first() or Referral.objects.create(
        patient=tumor.patient, institution=north, referred_by=clinician, referred_at=NOW, withdrawn_by=clinician,
        withdrawn_at=NOW,
    )  # fmt: skip
    case = Case.objects.create(
        institution=north, tumor=tumor, referred_by=clinician, referred_by_name="Dr.", referred_at=NOW, meeting=meeting,
        position=1, state="decided", snapshot=review.snapshot,
    )  # fmt: skip
    decision = Decision.objects.create(
        case=case, meeting=meeting, snapshot=review.snapshot, trial="not_recorded", recorded_by=clinician,
        recorded_by_name="Dr.", recorded_role="clinician", recorded_at=NOW,
    )  # fmt: skip
    item = FollowUp.objects.create(decision=decision, number=1, kind="task", what="Call the patient.")
    ids = {"meeting_id": meeting, "member_id": member, "case_id": case, "item_id": item, "referral_id": referral}
    return {name: row.pk for name, row in (ids | _papers(clinician, case)).items()}


def _papers(clinician: User, case: Case) -> dict[str, Any]:
    """A packet that holds the case, and an attachment of it; their files are gone."""
    file = {"key": uuid4(), "content_type": "application/pdf", "size": 8, "digest": "0" * 64}
    paper = Paper.objects.create(
        institution=case.institution, kind="packet", form="pdf", code="AAAA-BBBB-CCCC", meeting=case.meeting,
        begins_at=NOW, made_by=clinician, made_by_name="Dr.", made_at=NOW, **file,
    )  # fmt: skip
    PaperCase.objects.create(paper=paper, tumor=case.tumor, case=case, number=1, code="DDDD-EEEE-FFFF")
    attachment = Attachment.objects.create(
        case=case, title="Report", kind="other", document_on=NOW.date(), file_name="report.pdf", by=clinician,
        by_name="Dr.", at=NOW, **file | {"key": uuid4()},
    )  # fmt: skip
    return {"paper_id": paper, "attachment_id": attachment}


def _stop(clinician: User) -> EmergencyStop:
    """A request for an emergency stop; it stops nothing."""
    reason = "Reports of harm are being looked into."
    return ask_for_stop(actor=acting(clinician), option="everolimus", reason=reason, now=NOW)


def _client(owner: _Owner, name: str) -> ApiClient:
    institution = owner.clinician.institution
    client, _ = create_api_client(
        institution=institution, name=name, purpose="is looked at", scopes=[Capability.API_ASSESS], by=SYSTEM
    )
    return client


def _incident(clinician: User) -> UUID:
    """A concern that the clinician reported."""
    concern = Concern(what_happened="The list was slow.", happened_on=date(2026, 11, 2), severity="considerable")
    return report_incident(actor=acting(clinician), concern=concern, submission=uuid4(), at=NOW).id


def _import(owner: _Owner, name: str) -> UUID:
    """A staged import of the institution; it holds the row of somebody who is nobody's patient yet."""
    table = csv_file("patients", [patient(f"SENT-{name}", care_team=owner.team.name)])
    return staged(acting(owner.importer), table, name=f"{name}.csv", now=NOW).id


def _recalled(place: Place, version: RulesetVersion) -> UUID:
    """An entry of the recall list for the place's patient."""
    tumor = Tumor.objects.select_related("patient__institution").get(patient_id=place.patient_id, number=1)
    entry = recall_tumor(tumor=tumor, version=version, at=NOW)
    assert entry is not None
    return entry.id


def _answered(editor: User, reason: str) -> UUID:
    """A change that was proposed because of this reason, and its answer."""
    actor, version = acting(editor), version_in_force()
    thread = open_thread(
        actor=actor, option="clinical_trial", rule="TRIAL-I1", reason=reason, version=version, sentence="Ask first.",
        now=NOW,
    )  # fmt: skip
    answer(actor=actor, thread=thread, seen=0, given=Answer("not_changed", "It stays."), now=NOW)
    return thread.id


def _without_trials(data: dict[str, Any]) -> None:
    """An edit that changes the list of everybody: no trial for anybody."""
    for rule in data["rules"]:
        if rule["code"] == "TRIAL-I1":
            rule["when"] = {"not": {"always": True}}


def _with_what_follows(places: dict[str, Place], cast: Cast) -> dict[str, Place]:
    """The places after feedback was answered and a second version was published, which recalls every review."""
    reasons = dict(zip(places, ("not_available", "comorbidity", "in_trial", "already_done"), strict=True))
    threads = {name: _answered(cast.edda, reason) for name, reason in reasons.items()}
    data = ruleset_in_force().ruleset.to_data()
    _without_trials(data)
    version = publish(ruleset=Ruleset.from_data(data), note="No trials.", actor=SYSTEM, by=None, at=NOW)
    return {
        name: replace(place, entry_id=_recalled(place, version), thread_id=threads[name])
        for name, place in places.items()
    }


def settle(cast: Cast) -> dict[str, Place]:
    """Every place, with its patient, its readings, a job, a person, a team and a program."""
    south_importer = person(cast.southside, "Sasha", Role.COORDINATOR)
    abdomen = _Owner(cast.clara, cast.abdomen, cast.nora, cast.cora)
    thorax = _Owner(cast.theo, cast.thorax, cast.theo, cast.cora)
    south = _Owner(cast.silas, cast.south_team, cast.silas, south_importer)
    places = {
        "own": _place(abdomen, "Own", referred=True),
        "other_team": _place(thorax, "Thorax"),
        "demo": _place(thorax, "Demo", fictional=True),
        "other_institution": _place(south, "South", fictional=True, referred=True),
    }
    places = _with_what_follows(places, cast) | {
        "missing": Place(*(uuid4() for field in fields(Place) if field.name != "canaries")),
    }
    everywhere = _draft(acting(cast.edda))
    return {name: replace(place, **everywhere) for name, place in places.items()}


def _draft(editor: Actor) -> dict[str, UUID]:
    """A draft that moves an option of everybody, with a test patient, and its effect computed."""
    reason = {"feature": "sex", "op": "is_known"}
    draft = edited(a_draft(editor), editor, RULE, lambda entry: {**entry, "when": reason})
    features = {"primary_site": "small_bowel"}
    said = {
        "title": "Somebody", "features": features, "expected": {"clinical_trial": "candidate"},
        "confirmed_by": "Edda", "confirmed_on": "2026-11-20",
    }  # fmt: skip
    draft = edited(draft, editor, TEST_PATIENT, lambda entry: {**said, "code": TEST_PATIENT.code})
    run = start_effect(actor=editor, draft=draft, now=NOW + timedelta(days=1))
    assert run.job_id is not None
    runner.run(run.job_id)
    return {"draft_id": draft.id, "edit_id": draft.edits.order_by("revision")[0].id}
