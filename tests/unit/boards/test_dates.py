"""The dates of a series, local times over the changes of the clocks, and the states of a meeting."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from boards.calendar import NoSuchTime, dates, dates_after, instant, working_day_before
from boards.models import MeetingState, Step
from boards.states import TRANSITIONS, wrong_state

VIENNA = "Europe/Vienna"


def test_a_series_keeps_the_time_on_the_wall_over_both_changes_of_the_clocks() -> None:
    days = dates_after("weekly", date(2026, 10, 15), date(2026, 10, 14), 24)
    begins = [instant(day, time(14), VIENNA) for day in days]
    assert {one.astimezone(ZoneInfo(VIENNA)).time() for one in begins} == {time(14)}
    assert {one.hour for one in begins} == {12, 13}


def test_monthly_is_the_same_weekday_of_the_month_and_the_last_where_there_is_no_fifth() -> None:
    assert list(islice(dates("monthly", date(2026, 11, 19)), 3)) == [
        date(2026, 11, 19), date(2026, 12, 17), date(2027, 1, 21),
    ]  # fmt: skip
    assert list(islice(dates("monthly", date(2026, 10, 29)), 2))[1] == date(2026, 11, 26)


def test_a_time_that_the_clocks_leave_out_is_refused_alone_and_moved_within_a_series() -> None:
    with pytest.raises(NoSuchTime, match="02:30 does not exist on 2027-03-28"):
        instant(date(2027, 3, 28), time(2, 30), VIENNA)
    assert instant(date(2027, 3, 28), time(2, 30), VIENNA, strict=False) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert instant(date(2026, 10, 25), time(2, 30), VIENNA) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with pytest.raises(NoSuchTime, match="“Vienna” is not a time zone"):
        instant(date(2027, 3, 28), time(2, 30), "Vienna")


def test_a_meeting_goes_from_planned_to_closed_and_a_closed_one_nowhere() -> None:
    steps = {(source, to) for sources, to in TRANSITIONS.values() for source in sources}
    forth = {("planned", "locked"), ("locked", "held"), ("held", "closed")}
    assert steps == forth | {("locked", "planned"), ("planned", "off")}
    assert all(wrong_state(step, over) for step in TRANSITIONS for over in (MeetingState.CLOSED, MeetingState.OFF))
    assert wrong_state(Step.LOCK, "held") == "The meeting is held; it must be planned to be locked."


def test_the_working_day_before_a_day_is_no_weekend() -> None:
    thursday = date(2026, 12, 3)
    before = [working_day_before(thursday + timedelta(days=n)).isoformat()[-2:] for n in range(7)]
    assert before == ["02", "03", "04", "04", "04", "07", "08"]
