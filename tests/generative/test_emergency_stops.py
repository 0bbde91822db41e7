"""For any record and any stops: the stopped options are suspended, all others as without; no stop changes nothing."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from pathways.engine import (
    Overlay,
    Status,
    Stop,
    assess,
    assessment_data,
    assessment_json,
    compare,
    idle_blanks,
    only_together,
    statuses,
    what_would_change,
)
from pathways.presenters.candidates import candidates_page
from tests.generative import starter

SEEDS = range(400 if starter.LONG else 40)
CODES = [option.code for option in starter.ruleset().options]


def a_record(random: Random) -> dict[str, Any]:
    return starter.maker().plausible(random) if random.random() < 0.5 else starter.maker().wild(random)


def some_stops(random: Random) -> Overlay:
    stopped = random.sample(CODES, random.choice([1, 1, 2, 5, len(CODES)]))
    return Overlay.of(
        random.randint(1, 9), [Stop(code, f"stopped {code}", "2026-11-26T04:40:00Z", "A") for code in stopped]
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stop_suspends_its_option_and_changes_no_other(seed: int) -> None:
    random = Random(seed)
    record, overlay = a_record(random), some_stops(random)
    free, stopped = assess(starter.ruleset(), record), assess(starter.ruleset(), record, overlay=overlay)
    wanted = {
        option.code: Status.SUSPENDED if option.code in overlay.by_option else option.status for option in free.options
    }
    assert {option.code: option.status for option in stopped.options} == wanted
    assert statuses(starter.ruleset(), record, overlay=overlay) == wanted
    for option in free.options:
        under = stopped.option(option.code)
        assert (under.rules, under.cautions) == (option.rules, option.cautions)
        assert under.missing == (() if option.code in overlay.by_option else option.missing)


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_no_fact_is_said_to_change_what_is_stopped(seed: int) -> None:
    random = Random(seed)
    record, overlay = a_record(random), some_stops(random)
    stopped = assess(starter.ruleset(), record, overlay=overlay)
    asked_for = {name for option in stopped.options for name in option.missing}
    assert {entry.feature for entry in stopped.missing} == asked_for
    for entry in stopped.missing:
        for trial in stopped.trials(entry.feature):
            assert not overlay.by_option.keys() & trial.changed.keys()
    for code in overlay.by_option:
        assert what_would_change(stopped, code) == ()
        assert only_together(stopped, code) == ()
    assert not asked_for & set(idle_blanks(stopped))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_door_lists_what_is_stopped(seed: int) -> None:
    random = Random(seed)
    record, overlay = a_record(random), some_stops(random)
    assessment = assess(starter.ruleset(), record, overlay=overlay)
    for option in assessment_data(assessment, "one")["options"]:
        assert (option["status"] == "suspended") is (option["code"] in overlay.by_option)
    page = candidates_page(assessment, {})
    listed = {view.row.code for group in page.groups for view in group.rows}
    assert not listed & overlay.by_option.keys()
    assert {view.row.code for view in page.suspended} == set(overlay.by_option)
    assert sum(entry.number for entry in page.counts) == len(CODES)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_empty_overlay_changes_no_byte_and_a_stored_one_reads_back(seed: int) -> None:
    random = Random(seed)
    record, overlay = a_record(random), some_stops(random)
    plain = assessment_json(assess(starter.ruleset(), record), "one")
    assert assessment_json(assess(starter.ruleset(), record, overlay=Overlay.of(seed + 1, [])), "one") == plain
    again = Overlay.from_text(overlay.canonical)
    first, second = (assessment_json(assess(starter.ruleset(), record, overlay=one), "one") for one in (overlay, again))
    assert (first, again.digest) == (second, overlay.digest)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_stop_changed_has_the_stop_as_its_cause(seed: int) -> None:
    random = Random(seed)
    record, overlay = a_record(random), some_stops(random)
    free, stopped = assess(starter.ruleset(), record), assess(starter.ruleset(), record, overlay=overlay)
    for before, after in ((free, stopped), (stopped, free)):
        found = compare(before, after).options
        assert {entry.option for entry in found} == set(overlay.by_option)
        assert {entry.cause for entry in found} == {"emergency stop"}
