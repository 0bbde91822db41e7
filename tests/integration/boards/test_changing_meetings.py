"""A meeting that is changed after its agenda was locked or after it took place; its calendar file; who owes what lacks."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from icalendar import Calendar

from boards.actions.cases import Assignment, assign_gap
from boards.actions.meetings import Plan, change_meeting, end_meeting
from boards.calendar_file import calendar_file
from boards.models import Meeting, Member
from boards.presenters.agenda import case_rows
from netcare.access import User
from patients.actions.shared import Refused
from tests.cast import Cast, acting, signed_in
from tests.integration.boards.clinic import NOW, SOON, again, called, invited, locked, on_agenda

pytestmark = pytest.mark.django_db
AFTER = NOW + timedelta(days=30)
MEETS = (NOW + SOON).date()


def plan_of(meeting: Meeting) -> Plan:
    return Plan(meeting.title, MEETS, time(14), "Europe/Berlin", meeting.minutes, meeting.chair, meeting.place)


def changed(cast: Cast, meeting: Meeting, plan: Plan, now: object = NOW) -> Meeting:
    meeting.refresh_from_db()
    return change_meeting(actor=acting(cast.cora), meeting=meeting, plan=plan, seen=meeting.order_version, now=now)  # type: ignore[arg-type]


def test_a_locked_meeting_moves_to_another_room_hour_and_chair(cast: Cast, chair: User) -> None:
    meeting = called(cast, chair)
    case = on_agenda(cast, meeting)
    plan = plan_of(locked(cast, meeting))
    moved = changed(cast, meeting, replace(plan, at=time(15), place="Room 7", chair=cast.clara))
    assert (moved.place, moved.chair, moved.state) == ("Room 7", cast.clara, "locked")
    assert moved.begins_at - called(cast, chair, title="Another").begins_at == timedelta(hours=1)
    assert again(case).snapshot is not None
    assert "Change" in signed_in(cast.cora).get(f"/boards/{meeting.pk}/").content.decode()


def test_a_meeting_that_took_place_gets_another_chair_and_keeps_its_time(cast: Cast, chair: User) -> None:
    meeting = called(cast, chair)
    on_agenda(cast, meeting)
    plan = plan_of(locked(cast, meeting))
    stood_in = changed(cast, meeting, replace(plan, chair=cast.clara), AFTER)
    assert stood_in.chair == cast.clara
    end_meeting(actor=acting(cast.cora), meeting=stood_in, now=AFTER)
    with pytest.raises(Refused, match="The meeting took place; its time stays as it was"):
        changed(cast, meeting, replace(plan, on=AFTER.date() + timedelta(days=1)), AFTER)
    with pytest.raises(Refused, match="is in the past"):
        changed(cast, meeting, replace(plan, at=time(13)), AFTER)
    assert changed(cast, meeting, plan, AFTER).chair == chair
    Meeting.objects.filter(pk=meeting.pk).update(state="closed")
    with pytest.raises(Refused, match="The meeting is closed; it must be"):
        changed(cast, meeting, plan, AFTER)


def test_who_chairs_is_of_the_discipline_that_they_were_of_before(cast: Cast, chair: User) -> None:
    invited(cast, called(cast, chair), cast.clara)
    later = called(cast, cast.clara, title="Later")
    assert Member.objects.get(meeting=later, user=cast.clara).discipline == "oncology"


def test_the_calendar_file_holds_the_rules_of_its_time_zone(cast: Cast, chair: User) -> None:
    (zone,) = Calendar.from_ical(calendar_file(called(cast, chair), now=NOW)).walk("VTIMEZONE")
    assert {"STANDARD", "DAYLIGHT"} <= {part.name for part in zone.subcomponents}


def test_what_lacks_has_an_owner_and_a_day_before_anybody_assigns_it(cast: Cast, chair: User) -> None:
    case = on_agenda(cast, called(cast, chair))
    (row,) = case_rows([again(case)], NOW.date())
    gaps = {gap.key: gap for gap in row.readiness.gaps}
    before = MEETS - timedelta(days=1)
    assert before.weekday() < 5
    assert (gaps["review"].owner, gaps["review"].due_on, gaps["review"].usual) == ("Clara", before, True)
    assert (gaps["report:pathology"].owner, gaps["report:pathology"].due_on) == ("", before)
    assign_gap(
        actor=acting(cast.cora), case=case, key="review", what=Assignment("Dr. Else", "Clinic", None), seen=0, now=NOW
    )
    (row,) = case_rows([again(case)], NOW.date())
    (review,) = [gap for gap in row.readiness.gaps if gap.key == "review"]
    assert (review.owner, review.due_on, review.usual) == ("Dr. Else", None, False)
