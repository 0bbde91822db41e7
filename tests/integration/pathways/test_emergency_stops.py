"""Emergency stops: who may what, what follows at once, what a signed list keeps, and what nobody can alter."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from netcare.access import NotAllowed, Role, User
from netcare.audit.models import AuditEvent
from netcare.jobs.models import Job, JobState
from netcare.jobs.runner import run
from pathways.actions.stopping import ask_for_stop, check_stop, decline_ask, lift_stop, place_stop, take_second_look
from pathways.assessing import assess_tumor
from pathways.engine import LISTED, Status
from pathways.models import CurrentStatus, EmergencyStop, StatusesInForce, StopEvent, StopOverlay
from pathways.presenters.reviews import differs_today
from pathways.reviews.comparing import comparison
from pathways.reviews.selectors import reviews_of
from pathways.reviews.signing import Draft, Word, seen_token, sign_review
from pathways.reviews.snapshots import NotReplayable, replay
from pathways.searching import PatientFilter, found_patients
from pathways.selectors import VersionDamaged, overlay_in_force, ruleset_in_force
from pathways.stops import active_cases, stop_case
from patients.actions import Refused, register_patient
from patients.models import Tumor
from tests.cast import Cast, acting, gather, person, signed_in

pytestmark = pytest.mark.usefixtures("published")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
WHY = "Reports of harm; stopped until they are reviewed."
OPTION = "clinical_trial"  # a candidate for everybody


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def second(cast: Cast) -> User:
    """Another approver, of another institution: the pathway is one."""
    return person(cast.southside, "Sven", Role.APPROVER)


@pytest.fixture
def tumor(cast: Cast) -> Tumor:
    patient = register_patient(
        actor=acting(cast.clara), mrn="N-1", family_name="Ash", given_name="Rowan", birth_on=date(1965, 12, 24),
        sex="male", teams=[cast.abdomen], now=NOW,
    )  # fmt: skip
    return Tumor.objects.get(patient=patient)


def place(cast: Cast, option: str = OPTION, *, rule: str = "", now: datetime = NOW) -> EmergencyStop:
    return place_stop(actor=acting(cast.apollo), option=option, rule=rule, reason=WHY, now=now)


def lift(user: User, stop: EmergencyStop, *, now: datetime = NOW) -> StopEvent:
    return lift_stop(actor=acting(user), stop=stop, reason=WHY, now=now)


def status(tumor: Tumor, option: str = OPTION) -> str:
    return str(assess_tumor(tumor, as_of=TODAY).assessment.option(option).status)


def refusal(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value)


def run_waiting_jobs() -> None:
    for job in Job.objects.filter(state=JobState.QUEUED).order_by("created_at", "id"):
        assert run(job.id) is JobState.DONE


# --- who may what ---------------------------------------------------------------------------------------------------


def test_clinicians_coordinators_and_editors_ask_and_nothing_is_stopped_by_it(cast: Cast, tumor: Tumor) -> None:
    for user in (cast.clara, cast.cora, cast.edda):
        ask_for_stop(actor=acting(user), option=OPTION, reason=WHY, now=NOW)
    assert status(tumor) == "candidate"
    assert StopOverlay.objects.count() == 0
    for user in (cast.vera, cast.audra, cast.ada, cast.nora):
        with pytest.raises(NotAllowed):
            ask_for_stop(actor=acting(user), option=OPTION, reason=WHY, now=NOW)


def test_approvers_alone_place_confirm_decline_and_lift(cast: Cast) -> None:
    asked = ask_for_stop(actor=acting(cast.clara), option=OPTION, reason=WHY, now=NOW)
    placed = place(cast, "everolimus")
    for user in (cast.vera, cast.clara, cast.cora, cast.edda, cast.audra, cast.ada, cast.nora):
        actor = acting(user)
        for act in (
            lambda actor=actor: place_stop(actor=actor, option=OPTION, reason=WHY, now=NOW),
            lambda actor=actor: decline_ask(actor=actor, stop=asked, reason=WHY, now=NOW),
            lambda actor=actor: take_second_look(actor=actor, stop=placed, confirm=True, reason=WHY, now=NOW),
            lambda actor=actor: take_second_look(actor=actor, stop=placed, confirm=False, reason=WHY, now=NOW),
            lambda actor=actor: lift_stop(actor=actor, stop=placed, reason=WHY, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert StopEvent.objects.count() == 2


def test_the_second_look_is_another_approvers(cast: Cast, second: User) -> None:
    stop = place(cast)
    own = refusal(lambda: take_second_look(actor=acting(cast.apollo), stop=stop, confirm=True, reason=WHY, now=NOW))
    assert own == "You placed this stop; the second look is another approver's."
    take_second_look(actor=acting(second), stop=stop, confirm=True, reason=WHY, now=NOW)
    twice = refusal(lambda: take_second_look(actor=acting(second), stop=stop, confirm=True, reason=WHY, now=NOW))
    assert twice.startswith("Sven took the second look on 20 Nov 2026")


def test_the_second_look_may_lift(cast: Cast, second: User, tumor: Tumor) -> None:
    stop = place(cast)
    take_second_look(actor=acting(second), stop=stop, confirm=False, reason=WHY, now=NOW)
    assert status(tumor) == "candidate"
    assert [overlay.number for overlay in StopOverlay.objects.order_by("number")] == [1, 2]


def test_who_placed_a_stop_lifts_it_within_an_hour_and_not_after(cast: Cast, second: User) -> None:
    lift(cast.apollo, place(cast), now=NOW + timedelta(minutes=59))
    late = place(cast)
    said = refusal(lambda: lift(cast.apollo, late, now=NOW + timedelta(minutes=61)))
    assert said == "You placed this stop more than an hour ago; another approver lifts it."
    lift(second, late, now=NOW + timedelta(days=40))


def test_who_placed_a_stop_does_not_lift_what_another_confirmed(cast: Cast, second: User) -> None:
    stop = place(cast)
    take_second_look(actor=acting(second), stop=stop, confirm=True, reason=WHY, now=NOW)
    said = refusal(lambda: lift(cast.apollo, stop, now=NOW + timedelta(minutes=5)))
    assert said == "You placed this stop and Sven confirmed it; another approver lifts it."
    assert overlay_in_force() is not None


def test_a_stop_whose_second_look_is_late_stays(cast: Cast, tumor: Tumor) -> None:
    stop = place(cast)
    case = stop_case(stop.id)
    assert case is not None
    assert not case.is_overdue(NOW + timedelta(hours=24))
    assert case.is_overdue(NOW + timedelta(hours=24, seconds=1))
    assert status(tumor) == "suspended"


def test_a_request_is_placed_or_declined_once(cast: Cast) -> None:
    asked = ask_for_stop(actor=acting(cast.clara), option=OPTION, rule="", reason=WHY, now=NOW)
    approver = acting(cast.apollo)
    place_stop(actor=approver, option="", reason=WHY, asked=asked, now=NOW)
    assert EmergencyStop.objects.count() == 1
    assert refusal(lambda: decline_ask(actor=approver, stop=asked, reason=WHY, now=NOW)).startswith("This request was")
    other = ask_for_stop(actor=acting(cast.cora), option="everolimus", reason=WHY, now=NOW)
    decline_ask(actor=approver, stop=other, reason="The reports are about another drug.", now=NOW)
    again = refusal(lambda: place_stop(actor=approver, option="", reason=WHY, asked=other, now=NOW))
    assert again.startswith("This request was answered meanwhile.")
    assert refusal(lambda: lift(cast.apollo, other)) == "This stop was not placed; it was only asked for."


@pytest.mark.parametrize(("option", "rule", "reason", "said"), [
    ("", "", WHY, "Option is missing: choose one, or name one of its rules."),
    ("aspirin", "", WHY, "“aspirin” is no option of the catalogue. Choose one of the list."),
    ("", "NO-1", WHY, "“NO-1” is no rule of the ruleset in force."),
    ("clinical_trial", "EVE-I1", WHY, "EVE-I1 is a rule of Everolimus. Choose that option, or leave one of the two empty."),
    ("clinical_trial", "", "  harm  ", "Reason has 4 characters. Everybody who meets the stop reads it: write at least 20."),
    ("clinical_trial", "", "", "Reason is missing."),
    ("clinical_trial", "", "x" * 1001, "Reason has 1001 characters. Accepted are up to 1000."),
    ("clinical_trial", "", "a reason with a \x00 sign in it", "Reason contains signs that cannot be shown."),
])  # fmt: skip
def test_what_is_no_stop_is_refused_in_a_sentence(cast: Cast, option: str, rule: str, reason: str, said: str) -> None:
    def act() -> None:
        place_stop(actor=acting(cast.apollo), option=option, rule=rule, reason=reason, now=NOW)

    assert refusal(act).startswith(said)
    assert EmergencyStop.objects.count() == StopOverlay.objects.count() == 0


def test_a_stop_with_two_faults_is_told_of_both(cast: Cast) -> None:
    for action, user in ((place_stop, cast.apollo), (ask_for_stop, cast.clara)):
        with pytest.raises(Refused) as refused:
            action(actor=acting(user), option="", rule="NO-1", reason="harm", now=NOW)
        assert [fault.field for fault in refused.value.faults] == ["rule", "reason"]
    with pytest.raises(Refused) as refused:
        check_stop(option="", rule="NO-1", reason="harm")
    assert len(refused.value.faults) == 2


def test_the_option_of_a_rule_is_stopped_whole_even_through_an_exclusion(cast: Cast) -> None:
    place(cast, "", rule="EVE-E1")
    overlay = overlay_in_force()
    assert overlay is not None
    assert list(overlay.by_option) == ["everolimus"]
    assert EmergencyStop.objects.get().rule == "EVE-E1"
    again = refusal(lambda: place(cast, "everolimus"))
    assert again.startswith("Apollo stopped this option already, on 20 Nov 2026")


# --- what follows ---------------------------------------------------------------------------------------------------


def test_every_change_is_a_numbered_overlay_an_event_and_an_audit_row(cast: Cast, second: User) -> None:
    first = place(cast)
    place(cast, "everolimus")
    lift(second, first)
    rows = StopOverlay.objects.order_by("number")
    assert [(row.number, len(json.loads(row.content)["stops"])) for row in rows] == [(1, 1), (2, 2), (3, 1)]
    stops = json.loads(rows[0].content)["stops"]
    assert stops == [{"option": OPTION, "reason": WHY, "at": "2026-11-20T09:00:00Z", "by": "Apollo"}]
    events = AuditEvent.objects.filter(action__startswith="stop.").order_by("id")
    assert [(event.action, event.subject) for event in events] == [
        ("stop.placed", OPTION), ("stop.placed", "everolimus"), ("stop.lifted", OPTION)
    ]  # fmt: skip
    assert [case.stop.option for case in active_cases()] == ["everolimus"]


def test_lists_are_refreshed_and_filters_hold_at_once(cast: Cast, tumor: Tumor) -> None:
    run_waiting_jobs()
    listed, suspended = PatientFilter(option=OPTION), PatientFilter(option=OPTION, status="suspended")
    clara = acting(cast.clara)
    assert (len(found_patients(clara, listed)), len(found_patients(clara, suspended))) == (1, 0)
    stop = place(cast)
    assert CurrentStatus.objects.get(tumor=tumor, option=OPTION).status in LISTED, "the job has not run yet"
    assert (len(found_patients(clara, listed)), len(found_patients(clara, suspended))) == (0, 1)
    page = signed_in(cast.clara).get("/patients/").content.decode()
    assert "an emergency stop began or ended; statuses are being brought up to date" in page
    run_waiting_jobs()
    assert CurrentStatus.objects.get(tumor=tumor, option=OPTION).status == "suspended"
    row = StatusesInForce.objects.get(tumor=tumor)
    assert (row.suspended, row.overlay) == (1, 1)
    assert row.candidates + row.conditionals + row.possibles + row.excluded + row.not_indicated + row.suspended == 48
    assert "being brought up to date" not in signed_in(cast.clara).get("/patients/").content.decode()
    lift(cast.apollo, stop)
    run_waiting_jobs()
    row.refresh_from_db()
    assert (row.suspended, row.overlay) == (0, None)
    assert (len(found_patients(clara, listed)), len(found_patients(clara, suspended))) == (1, 0)


def test_both_machine_doors_name_the_overlay_and_never_list_what_is_stopped(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = '{"id": "p", "features": {"primary_site": "small_bowel"}}'
    (tmp_path / "in.json").write_text(body)

    def asked() -> tuple[str, str]:
        with pytest.raises(SystemExit):
            call_command("assess", str(tmp_path / "in.json"))
        headers = {"Authorization": f"Bearer {cast.token}"}
        answer = Client().post("/api/v1/assess/", body, content_type="application/json", headers=headers)
        return capsys.readouterr().out, answer.content.decode() + "\n"

    before = asked()
    stop = place(cast)
    command, api = asked()
    overlay = overlay_in_force()
    assert overlay is not None
    said = json.loads(command)
    assert command == api
    assert said["overlay"] == {"number": 1, "digest": overlay.digest}
    (option,) = [one for one in said["options"] if one["code"] == OPTION]
    assert (option["status"], option["missing"], option["stop"]["reason"]) == ("suspended", [], WHY)
    lift(cast.apollo, stop)
    assert asked() == before


def test_a_past_day_is_compared_under_the_stops_of_that_day(cast: Cast, tumor: Tumor) -> None:
    place(cast, now=NOW)
    done = assess_tumor(tumor, as_of=date(2026, 11, 22))
    since = comparison(done, [], before="2026-11-19", after="").since
    assert since is not None
    group = next(group for group in since.groups if group.title == "By an emergency stop")
    assert [(row.code, row.before, row.after) for row in group.rows] == [(OPTION, "candidate", "suspended")]


# --- reviews --------------------------------------------------------------------------------------------------------


def sign(cast: Cast, tumor: Tumor, verdict: str, seen: str = "") -> Any:
    token = seen or seen_token(assess_tumor(tumor, as_of=TODAY))
    draft = Draft([Word(OPTION, verdict, ("other",), "stopped at the moment")], "yes")
    return sign_review(actor=acting(cast.clara), tumor=tumor, seen=token, draft=draft, now=NOW)


def test_a_list_opened_before_a_stop_is_not_signed(cast: Cast, tumor: Tumor) -> None:
    seen = seen_token(assess_tumor(tumor, as_of=TODAY))
    place(cast)
    assert refusal(lambda: sign(cast, tumor, "discuss", seen)).startswith("The list changed since you opened this page")


def test_what_is_suspended_is_discussed_or_not_suitable_but_not_brought_to_the_board(cast: Cast, tumor: Tumor) -> None:
    place(cast)
    said = refusal(lambda: sign(cast, tumor, "bring_to_board"))
    assert said.startswith("Clinical trial is suspended by an emergency stop: it can be discussed")
    assert sign(cast, tumor, "discuss").items.get().status == "suspended"
    assert sign(cast, tumor, "not_suitable").items.get().verdict == "not_suitable"


def test_a_review_under_a_stop_is_replayed_byte_for_byte_when_the_stop_is_gone(cast: Cast, tumor: Tumor) -> None:
    before = sign(cast, tumor, "discuss")
    stop = place(cast)
    under = sign(cast, tumor, "discuss")
    lift(cast.apollo, stop)
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("replay", stdout=said)
    assert (ended.value.code, said.getvalue()) == (0, "2 replayed byte for byte, 0 differ.\n")
    assert before.snapshot.overlay is None
    then = replay(under.snapshot)
    assert then.option(OPTION).status is Status.SUSPENDED
    assert differs_today(then, assess_tumor(tumor, as_of=TODAY).assessment) == (
        "1 option with another status, by emergency stop"
    )
    page = signed_in(cast.clara).get(f"/patients/{tumor.patient_id}/reviews/{under.pk}/").content.decode()
    assert "Emergency stops then" in page
    assert f"Overlay 1, {json.loads(under.snapshot.result)['overlay']['digest']}" in page
    assert len(reviews_of(tumor)) == 2


def test_a_snapshot_whose_overlay_was_taken_away_is_not_replayed(cast: Cast, tumor: Tumor) -> None:
    place(cast)
    snapshot = sign(cast, tumor, "discuss").snapshot
    snapshot.overlay = None
    with pytest.raises(NotReplayable, match="not what was written when it was signed"):
        replay(snapshot)


# --- nothing is altered ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", [
    "UPDATE pathways_stopoverlay SET number = 7", "DELETE FROM pathways_stopoverlay",
    "UPDATE pathways_stopevent SET reason = 'another'", "DELETE FROM pathways_stopevent",
    "UPDATE pathways_emergencystop SET option = 'everolimus'",
])  # fmt: skip
def test_what_happened_to_a_stop_cannot_be_altered(statement: str, cast: Cast) -> None:
    place(cast)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_nothing_is_assessed_under_an_overlay_that_is_not_what_was_written(cast: Cast) -> None:
    place(cast)
    row = StopOverlay.objects.get()
    forged = row.content.replace(OPTION, "everolimus").replace('"number":1', '"number":2')
    StopOverlay.objects.create(number=2, content=forged, digest=row.digest, made_at=NOW)
    with pytest.raises(VersionDamaged, match="Nothing is assessed under it"):
        ruleset_in_force()
