"""What the meeting screen says beside the case: what differs since locking, who decided meanwhile, and when it is over."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from boards.actions.decisions import Said, Sending, keep_draft, record_decision
from boards.actions.meetings import end_meeting
from boards.models import Case, Decision, DecisionDraft, Meeting, MeetingState
from netcare.access import User
from netcare.audit.models import AuditEvent
from patients.actions import NewFinding, record_findings
from patients.actions.shared import Refused
from tests.cast import Cast, acting, signed_in
from tests.integration.boards.clinic import NOW, SOON, again, called, locked, on_agenda
from tests.integration.recall.clinic import PRRT, publish_edited, uptake_up_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast: Cast, chair: User) -> Meeting:
    found = called(cast, chair)
    on_agenda(cast, found)
    return locked(cast, found)


@pytest.fixture
def case(meeting: Meeting) -> Case:
    return again(meeting.cases.get())


def screen(case: Case) -> str:
    return f"/patients/{case.tumor.patient_id}/cases/{case.pk}/screen/"


def text(user: User, address: str) -> str:
    return " ".join(signed_in(user).get(address).content.decode().split())


def test_an_unchanged_list_says_nothing_and_the_patient_is_named_where_it_is_decided(
    cast: Cast, chair: User, case: Case
) -> None:
    page = text(chair, screen(case))
    assert "Differs since the agenda was locked" not in page
    patient = case.tumor.patient
    assert f'Decision <span class="screen-for">{patient} {patient.mrn}</span>' in page
    assert f'Record decision<span class="visually-hidden"> on {patient}</span>' in page
    assert f"<title>{patient}: NET board" in page


def test_new_facts_and_new_rules_since_locking_are_named_and_the_decision_rests_on_what_was_kept(
    cast: Cast, chair: User, case: Case
) -> None:
    uptake = NewFinding("krenning_score", NOW.date(), "imaging", value=0, tumor=case.tumor)
    record_findings(actor=acting(cast.clara), patient=case.tumor.patient, findings=[uptake], now=timezone.now())
    page = text(chair, screen(case))
    assert "Differs since the agenda was locked:" in page
    assert "PRRT with 177Lu-DOTATATE" in page
    assert "by data" in page
    assert "Krenning score: 2 → 0" in page
    assert "1 option differs since the agenda was locked" in text(cast.cora, f"/boards/{case.meeting_id}/")
    publish_edited(uptake_up_to(2))
    assert "Other rules: " in text(chair, screen(case))
    made = record_decision(actor=acting(chair), case=case, said=Said(note="As it was."), now=NOW)
    assert made.snapshot_id == case.snapshot_id


def test_a_meeting_is_not_over_before_it_begins(cast: Cast, chair: User, meeting: Meeting) -> None:
    with pytest.raises(Refused) as refused:
        end_meeting(actor=acting(chair), meeting=meeting, now=meeting.begins_at - timedelta(minutes=1))
    assert str(refused.value) == (
        "The meeting begins on 27 Nov 2026, 14:00 (Europe/Berlin); it cannot be over before. "
        "Change its time if it was moved."
    )
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.LOCKED
    assert end_meeting(actor=acting(chair), meeting=meeting, now=meeting.begins_at).state == MeetingState.HELD


def test_what_is_typed_while_somebody_else_records_comes_back_as_an_addendum_to_be_added(
    cast: Cast, chair: User, case: Case
) -> None:
    record_decision(actor=acting(cast.clara), case=case, said=Said(note="Watch."), now=NOW)
    typed = {"note": "Operate first.", f"word-{PRRT}": "deferred", "task-0-what": "call", "task-0-owner": "Dr. Ray"}
    page = signed_in(chair).post(screen(case), typed).content.decode()
    assert "Somebody else recorded the decision meanwhile" in page
    assert "Operate first.\n" in page
    assert "call Dr. Ray" in page
    kept = signed_in(chair).post(screen(case).replace("screen", "draft"), typed | {"seen": "0"})
    assert (kept.status_code, kept.json()["decided"]) == (409, True)
    theirs = signed_in(cast.cora).post(screen(case), typed).content.decode()
    assert 'id="what-was-typed">Operate first.' in theirs
    assert Decision.objects.get().note == "Watch."


def test_a_case_postponed_on_the_screen_leads_to_the_next_one(cast: Cast, chair: User) -> None:
    now = timezone.now()
    meeting, later = called(cast, chair, title="Two", now=now), called(cast, chair, title="Later", now=now + SOON)
    first, second = on_agenda(cast, meeting, now=now), on_agenda(cast, meeting, "N-2", now=now)
    locked(cast, meeting, now=now)
    case = again(first)
    sent = {"seen": case.version, "reason": "no_time", "line": "", "to": "", "on": "screen"}
    answer = signed_in(chair).post(screen(case).replace("screen", "postpone"), sent)
    assert answer.headers["Location"] == screen(second)
    assert "Later" in text(chair, screen(again(second)))
    assert later.pk


def test_a_draft_of_somebody_else_is_offered_taken_over_and_otherwise_named_after_recording(
    cast: Cast, chair: User, case: Case
) -> None:
    # Given a coordinator and a second clinician who typed
    typed = {"note": ["From the coordinator."], "trial": ["not_recorded"], "task-0-what": ["call"]}
    theirs = keep_draft(actor=acting(cast.cora), case=case, content=typed, sending=Sending(0), now=NOW)
    keep_draft(actor=acting(cast.clara), case=case, content={"note": ["Clara's."]}, sending=Sending(0), now=NOW)
    page = text(chair, screen(case))
    assert f"{cast.cora.display_name} has typed a draft, 20 Nov 2026" in page
    assert "From the coordinator." not in page

    # When the chair takes the coordinator's over, with words typed that were not kept yet
    browser, address = signed_in(chair), screen(case).replace("screen", "take-over")
    sent = {"note": "Mine.", f"word-{PRRT}": "taken", "task-0-what": "echo", "seen": "0", "take": str(theirs.pk)}
    assert browser.post(address, sent).headers["Location"] == screen(case)
    page = text(chair, screen(case))
    assert "Mine. From the coordinator.</textarea>" in page
    assert re.search('name="task-1-what" [^>]*value="call"', page)
    assert f"{cast.cora.display_name} has typed a draft" not in page
    assert f"{cast.clara.display_name} has typed a draft" in page
    theirs.refresh_from_db()
    assert theirs.content == typed
    event = AuditEvent.objects.get(action="decision.take_draft")
    assert (event.actor_id, event.patient_id) == (chair.pk, case.tumor.patient_id)

    # And records it, then who was not taken over is named, and gets the own words to add
    kept = DecisionDraft.objects.get(by=chair).content
    assert browser.post(screen(case), kept).status_code == 302
    decision = screen(case).replace("screen", "decision")
    page = text(chair, decision)
    assert f"Not taken over into the decision: the draft of {cast.clara.display_name}" in page
    assert cast.cora.display_name not in page.partition("Not taken over")[2].partition("<form")[0]
    assert "Clara&#x27;s.</textarea>" in text(cast.clara, decision)
    assert signed_in(cast.clara).post(f"{decision}add/", {"text": "Clara's."}).status_code == 302
    assert "Not taken over" not in text(chair, decision)
    assert not DecisionDraft.objects.exists()


def test_where_both_chose_otherwise_it_is_said_and_the_draft_stays(cast: Cast, chair: User, case: Case) -> None:
    typed = {f"word-{PRRT}": ["deferred"]}
    theirs = keep_draft(actor=acting(cast.cora), case=case, content=typed, sending=Sending(0), now=NOW)
    browser, address = signed_in(chair), screen(case).replace("screen", "take-over")
    browser.post(address, {f"word-{PRRT}": "taken", "seen": "0", "take": str(theirs.pk)})
    page = " ".join(browser.get(screen(case)).content.decode().split())
    assert "what you chose stands, theirs is kept: PRRT with 177Lu-DOTATATE" in page
    assert f"{cast.cora.display_name} has typed a draft" in page
    answer = browser.post(address, {"note": "Not lost.", "seen": "1", "take": "999999"})
    assert answer.status_code == 400
    assert "This draft is not there any more" in answer.content.decode()
    assert "Not lost.</textarea>" in answer.content.decode()


def test_what_was_refused_on_the_page_of_a_case_is_said_at_its_head_with_a_link_to_the_field(
    cast: Cast, chair: User, case: Case
) -> None:
    coordinator = signed_in(cast.cora)
    address = screen(case)
    page = coordinator.post(
        address.replace("screen", "postpone"), {"seen": case.version, "reason": ""}
    ).content.decode()
    head = page.partition('class="page-head"')[0]
    assert 'role="alert"' in head
    assert 'href="#id_reason">Why it is postponed</a>' in head
    sent = {"key": "presenter", "seen": "0", "due_on": "soon"}
    page = coordinator.post(address.replace("screen", "assign"), sent).content.decode()
    assert 'href="#id_due_on">Due on</a>: “soon” is not a day.' in page.partition('class="page-head"')[0]
