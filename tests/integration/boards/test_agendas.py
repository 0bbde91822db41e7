"""From a referral to a locked agenda: calling, scheduling, ordering at once, postponing, and how far a meeting reaches."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.db import connection
from icalendar import Calendar

from boards.actions.cases import (
    Assignment,
    Details,
    assign_gap,
    edit_case,
    order_agenda,
    postpone,
    refer_case,
    schedule,
)
from boards.actions.meetings import (
    Plan,
    call_meetings,
    call_off,
    change_meeting,
    extend_series,
    uninvite,
    unlock_agenda,
)
from boards.calendar_file import calendar_file
from boards.models import Case, CaseEvent, Meeting, MeetingState, Member
from boards.presenters.agenda import case_rows, chase_lists, presenter_conflicts
from netcare.access import Capability, NotAllowed, User
from netcare.audit.models import AuditEvent
from pathways.reviews.snapshots import replay
from patients.actions.shared import Refused
from patients.models import Referral
from patients.selectors import visible_patients
from tests.cast import Cast, acting, person
from tests.integration.boards.clinic import DAY, NOW, again, called, invited, locked, on_agenda, referred
from tests.integration.recall.clinic import with_uptake

pytestmark = pytest.mark.django_db


def plan(chair: User, **more: object) -> Plan:
    said = {
        "title": "NET board",
        "on": DAY,
        "at": time(14),
        "time_zone": "Europe/Berlin",
        "minutes": 60,
        "chair": chair,
    }
    return Plan(**said | more)  # type: ignore[arg-type]


def faults(refused: pytest.ExceptionInfo[Refused]) -> dict[str, str]:
    return {fault.field: fault.sentence for fault in refused.value.faults}


def test_a_series_is_called_ahead_and_its_members_go_along(cast: Cast, chair: User) -> None:
    first, *rest = call_meetings(actor=acting(cast.cora), plan=plan(chair, repeats="fortnightly", ahead=4), now=NOW)
    assert [meeting.begins_at - first.begins_at for meeting in rest] == [timedelta(days=14 * n) for n in (1, 2, 3)]
    invited(cast, rest[-1], cast.clara)
    assert first.series is not None
    made = extend_series(actor=acting(cast.cora), series=first.series, how_many=2, now=NOW)
    assert made[0].begins_at - rest[-1].begins_at == timedelta(days=14)
    assert set(made[1].members.values_list("name", flat=True)) == {"Gaston", "Clara"}


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"on": NOW.date() - timedelta(days=1)}, "on", "is in the past"),
        ({"minutes": 3}, "minutes", "Accepted are 5 to 480"),
        ({"time_zone": "Vienna"}, "time_zone", "is not a time zone"),
        ({"title": " "}, "title", "The title is missing"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_in_a_sentence(
    cast: Cast, chair: User, more: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        call_meetings(actor=acting(cast.cora), plan=plan(chair, **more), now=NOW)
    assert sentence in faults(refused)[field]
    assert not Meeting.objects.exists()


def test_only_a_clinician_chairs_and_only_a_coordinator_calls(cast: Cast, chair: User) -> None:
    with pytest.raises(Refused, match="no clinician of Northside Hospital"):
        call_meetings(actor=acting(cast.cora), plan=plan(cast.vera), now=NOW)
    with pytest.raises(NotAllowed):
        call_meetings(actor=acting(cast.clara), plan=plan(chair), now=NOW)


def test_one_step_refers_and_a_second_open_case_of_the_tumor_is_refused(cast: Cast) -> None:
    case = referred(cast)
    assert Referral.objects.get(patient=case.tumor.patient).pk == case.referral_id
    assert visible_patients(acting(cast.cora), Capability.PATIENT_READ).filter(pk=case.tumor.patient_id).exists()
    said = {"patient": case.tumor.patient, "details": Details("Again?"), "now": NOW}
    with pytest.raises(Refused, match="has an open case already"):
        refer_case(actor=acting(cast.clara), tumor=case.tumor, **said)
    with pytest.raises(Refused, match="Add the tumor first"):
        refer_case(actor=acting(cast.clara), tumor=None, **said)
    with pytest.raises(NotAllowed):
        refer_case(actor=acting(cast.theo), tumor=case.tumor, **said)


def test_a_case_is_not_put_on_a_meeting_that_has_begun(cast: Cast, chair: User) -> None:
    meeting, case = called(cast, chair), referred(cast)
    with pytest.raises(Refused, match="has begun or is over"):
        schedule(
            actor=acting(cast.cora), case=case, meeting=meeting, seen=case.version, now=meeting.begins_at + timedelta(1)
        )


def test_a_presenter_from_elsewhere_is_refused_by_name(cast: Cast) -> None:
    case = referred(cast)
    with pytest.raises(Refused, match="Silas is nobody of your institution"):
        edit_case(actor=acting(cast.cora), case=case, details=Details(presenter=cast.silas), seen=case.version, now=NOW)


def test_locking_keeps_every_assessment_and_gives_the_members_the_cases_until_14_days_after(
    cast: Cast, chair: User, client: object
) -> None:
    meeting = called(cast, chair)
    case = on_agenda(cast, meeting)
    invited(cast, meeting, cast.theo)
    patient = case.tumor.patient_id

    def reads(user: User, capability: Capability = Capability.EXPLAIN) -> bool:
        return visible_patients(acting(user), capability).filter(pk=patient).exists()

    assert not reads(chair)
    locked(cast, meeting)
    kept = again(case).snapshot
    assert kept is not None
    assert replay(kept).ruleset.digest == kept.ruleset_digest
    assert reads(chair)
    assert reads(cast.theo, Capability.PATIENT_READ)
    assert not reads(cast.theo, Capability.PATIENT_WRITE)
    assert not reads(cast.theo, Capability.PATIENT_REVIEW)
    assert not reads(cast.edda)
    uninvite(actor=acting(cast.cora), member=Member.objects.select_related("meeting").get(user=cast.theo), now=NOW)
    assert not reads(cast.theo)
    Meeting.objects.filter(pk=meeting.pk).update(begins_at=NOW - timedelta(days=60))
    assert not reads(chair)


def test_a_read_through_a_meeting_says_so_in_the_record_and_offers_nothing_to_write(cast: Cast, chair: User) -> None:
    from tests.cast import signed_in

    meeting = called(cast, chair)
    case = on_agenda(cast, meeting)
    locked(cast, meeting)
    page = signed_in(chair).get(f"/patients/{case.tumor.patient_id}/tumors/1/")
    assert page.status_code == 200
    assert AuditEvent.objects.newest_first()[0].detail == {"reach": "board"}
    assert "Enter data" not in page.content.decode()
    assert signed_in(cast.clara).get(f"/patients/{case.tumor.patient_id}/tumors/1/").status_code == 200
    assert AuditEvent.objects.newest_first()[0].detail == {}


def test_unlocking_takes_the_reach_back_and_forgets_no_snapshot(cast: Cast, chair: User) -> None:
    meeting = called(cast, chair)
    case = on_agenda(cast, meeting)
    locked(cast, meeting)
    unlock_agenda(actor=acting(cast.cora), meeting=Meeting.objects.get(pk=meeting.pk), now=NOW)
    assert again(case).snapshot is None
    assert CaseEvent.objects.filter(case=case, snapshot__isnull=False).count() == 1
    assert not visible_patients(acting(chair), Capability.EXPLAIN).filter(pk=case.tumor.patient_id).exists()
    with pytest.raises(Refused, match="it must be locked to be unlocked"):
        unlock_agenda(actor=acting(cast.cora), meeting=Meeting.objects.get(pk=meeting.pk), now=NOW)


def test_a_locked_agenda_is_neither_ordered_nor_filled(cast: Cast, chair: User) -> None:
    meeting = called(cast, chair)
    case = on_agenda(cast, meeting)
    fresh = locked(cast, meeting)
    with pytest.raises(Refused, match="The meeting is locked; it must be planned"):
        order_agenda(actor=acting(cast.cora), meeting=fresh, order=[case.pk], seen=fresh.order_version, now=NOW)
    with pytest.raises(Refused, match="The meeting is locked"):
        on_agenda(cast, fresh, "N-2")
    with pytest.raises(Refused, match="There is no case on the agenda yet"):
        locked(cast, called(cast, chair, title="Empty"))


def test_postponing_carries_the_case_over_with_its_history(cast: Cast, chair: User) -> None:
    meeting, later = called(cast, chair), called(cast, chair, on=DAY, title="Later")
    first, second = on_agenda(cast, meeting), on_agenda(cast, meeting, "N-2")
    locked(cast, meeting)
    case = again(first)
    moved = postpone(
        actor=acting(chair), case=case, reason="missing_imaging", line="", to=later, seen=case.version, now=NOW
    )
    assert (moved.meeting_id, moved.position, moved.snapshot_id) == (later.pk, 1, None)
    assert again(second).position == 1
    assert visible_patients(acting(chair), Capability.EXPLAIN).filter(pk=case.tumor.patient_id).exists()
    kinds = list(CaseEvent.objects.filter(case=first).order_by("number").values_list("kind", "reason"))
    assert kinds == [
        ("referred", ""), ("scheduled", ""), ("snapshot", ""), ("postponed", "missing_imaging"), ("scheduled", ""),
    ]  # fmt: skip
    with pytest.raises(Refused, match="The other reason in a line is missing"):
        postpone(actor=acting(cast.cora), case=moved, reason="other", line=" ", to=None, seen=moved.version, now=NOW)


def test_who_presents_at_two_overlapping_meetings_is_named(cast: Cast, chair: User) -> None:
    one, other = called(cast, chair), called(cast, chair, title="Liver board", at=time(14, 30))
    invited(cast, one, cast.clara)
    on_agenda(cast, one, presenter=cast.clara)
    on_agenda(cast, other, "N-2", presenter=cast.clara)
    (said,) = presenter_conflicts(one, list(Case.objects.filter(meeting=one)))
    assert said == "Clara presents here and is needed at “Liver board”, which overlaps."


def test_what_lacks_is_derived_and_what_was_assigned_lies_over_it(cast: Cast, chair: User) -> None:
    meeting = called(cast, chair)
    case = on_agenda(cast, meeting, question="")
    what = Assignment("Dr. Slidewell", "Pathology", DAY)
    assign_gap(actor=acting(cast.cora), case=case, key="question", what=what, seen=0, now=NOW)
    with pytest.raises(Refused, match="Somebody else assigned this meanwhile"):
        assign_gap(actor=acting(cast.cora), case=case, key="question", what=what, seen=0, now=NOW)
    (row,) = case_rows([again(case)], NOW.date())
    gaps = {gap.key: gap for gap in row.readiness.gaps}
    assert {"question", "presenter", "report:pathology", "review"} <= set(gaps)
    assert gaps["question"].owner == "Dr. Slidewell"
    assert row.readiness.level == "not ready"
    lists = {one.department: one.text for one in chase_lists([row], NOW.date())}
    assert "Question to the board; ask Clara; owner Dr. Slidewell; due 10 Dec 2026" in lists["Pathology"]


def test_the_calendar_file_knows_the_time_and_no_patient(cast: Cast, chair: User) -> None:
    meeting = called(cast, chair, place="Room 4.12")
    case = on_agenda(cast, meeting)
    text = calendar_file(meeting, now=NOW).decode()
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event["DTSTART"].dt == meeting.begins_at
    assert event["DTSTART"].dt.utcoffset() == timedelta(hours=1)
    patient = case.tumor.patient
    assert not any(word in text for word in (patient.family_name, patient.mrn, case.question))


def test_a_changed_meeting_is_refused_to_whoever_saw_the_old_one(cast: Cast, chair: User) -> None:
    meeting = called(cast, chair)
    seen = meeting.order_version
    change_meeting(actor=acting(cast.cora), meeting=meeting, plan=plan(cast.clara), seen=seen, now=NOW)
    with pytest.raises(Refused, match="Somebody else changed the agenda meanwhile"):
        change_meeting(actor=acting(cast.cora), meeting=meeting, plan=plan(chair), seen=seen, now=NOW)
    assert Meeting.objects.get(pk=meeting.pk).chair_id == cast.clara.pk


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_who_order_at_once_one_is_told_and_nothing_is_lost(cast: Cast, chair: User) -> None:
    meeting, colleague = called(cast, chair), person(cast.northside, "Cody", *acting(cast.cora).roles)
    ids = [on_agenda(cast, meeting, f"N-{n}").pk for n in range(3)]
    meeting.refresh_from_db()
    orders = {cast.cora.pk: [ids[2], ids[0], ids[1]], colleague.pk: [ids[1], ids[2], ids[0]]}
    actors = [acting(cast.cora), acting(colleague)]

    def attempt(actor: object) -> str:
        try:
            order_agenda(actor=actor, meeting=meeting, order=orders[actor.id], seen=meeting.order_version, now=NOW)  # type: ignore[attr-defined,arg-type]
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(attempt, actors))
    assert sorted(bool(sentence) for sentence in said) == [False, True]
    assert any("Somebody else changed the agenda meanwhile" in sentence for sentence in said)
    winner = actors[said.index("")]
    rows = Case.objects.filter(meeting=meeting).order_by("position")
    assert list(rows.values_list("pk", flat=True)) == orders[winner.id]
    assert meeting.state == MeetingState.PLANNED
    assert with_uptake(cast, "N-9").number == 1


def test_a_meeting_that_is_called_off_gives_its_cases_back_and_its_calendar_file_cancels_it(
    cast: Cast, chair: User
) -> None:
    meeting = called(cast, chair)
    case = on_agenda(cast, meeting)
    meeting.refresh_from_db()
    said = {"actor": acting(cast.cora), "meeting": meeting, "now": NOW}
    with pytest.raises(Refused, match="Why it is called off is missing"):
        call_off(why=" ", seen=meeting.order_version, **said)
    with pytest.raises(Refused, match="Somebody else changed the agenda meanwhile"):
        call_off(why="holiday", seen=meeting.order_version - 1, **said)
    off = call_off(why="holiday", seen=meeting.order_version, **said)
    waiting = again(case)
    assert (off.state, waiting.state, waiting.meeting) == (MeetingState.OFF, "referred", None)
    last = CaseEvent.objects.filter(case=case).order_by("-number")[0]
    assert (last.kind, last.reason, last.line, last.meeting_id) == ("postponed", "meeting_off", "holiday", meeting.pk)
    file = Calendar.from_ical(calendar_file(off, now=NOW).decode())
    assert (file["METHOD"], file.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    with pytest.raises(Refused, match="The meeting is called off; nobody is invited any more"):
        invited(cast, off, cast.clara)
    with pytest.raises(Refused, match="it must be planned to be locked"):
        locked(cast, off)


def test_a_locked_agenda_is_unlocked_before_its_meeting_is_called_off(cast: Cast, chair: User) -> None:
    meeting = called(cast, chair)
    on_agenda(cast, meeting)
    fresh = locked(cast, meeting)
    with pytest.raises(Refused, match="The meeting is locked; it must be planned to be called off"):
        call_off(actor=acting(cast.cora), meeting=fresh, why="x", seen=fresh.order_version, now=NOW)
