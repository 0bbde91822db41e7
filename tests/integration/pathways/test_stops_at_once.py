"""Several approvers at the same moment: numbers without gaps, nothing lost, and whoever comes second is told so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from netcare.access import Actor, Role
from netcare.audit.models import AuditEvent
from netcare.jobs.models import Job
from pathways.actions import stopping
from pathways.actions.stopping import lift_stop, place_stop, take_second_look
from pathways.knowledge import starter
from pathways.models import EmergencyStop, StopEvent, StopOverlay
from pathways.selectors import overlay_in_force, overlay_of
from patients.actions import Refused
from tests.at_once import all_at_once
from tests.cast import acting, gather, person
from tests.starting import publish_starter

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
WHY = "Reports of harm; stopped until they are reviewed."
OPTIONS = ("everolimus", "sunitinib", "lanreotide", "surveillance", "cabozantinib", "interferon_alfa")


@pytest.fixture
def approvers() -> list[Actor]:
    """Six of them; the pathway is published."""
    publish_starter(NOW)
    cast = gather()
    others = [person(cast.northside, f"Approver{number}", Role.APPROVER) for number in range(5)]
    return [acting(user) for user in (cast.apollo, *others)]


def options() -> list[str]:
    known = {option["code"] for option in starter()["options"]}
    return [code for code in OPTIONS if code in known] or sorted(known)[:6]


def placing(actor: Actor, option: str) -> Callable[[], EmergencyStop]:
    return lambda: place_stop(actor=actor, option=option, reason=WHY, now=NOW)


def assert_in_order() -> None:
    """Overlays are numbered from one without gaps, each says what it says it does, and the last holds the stops in force."""
    rows = list(StopOverlay.objects.order_by("number"))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    sets = [set(overlay_of(row).by_option) for row in rows]
    for before, after in zip([set(), *sets[:-1]], sets, strict=True):
        assert len(before ^ after) == 1, "every overlay is one change"
    changes = StopEvent.objects.filter(kind__in=("placed", "lifted")).count()
    assert changes == len(rows)
    assert AuditEvent.objects.filter(action__in=("stop.placed", "stop.lifted")).count() == changes


def test_different_options_stopped_at_once_are_all_stopped(approvers: list[Actor]) -> None:
    chosen = options()
    results = all_at_once([placing(actor, option) for actor, option in zip(approvers, chosen, strict=False)])
    assert [result for result in results if isinstance(result, Refused)] == []
    overlay = overlay_in_force()
    assert overlay is not None
    assert set(overlay.by_option) == set(chosen)
    assert_in_order()
    assert Job.objects.filter(kind="refresh_statuses", payload={"all": True}).exists()


def test_one_option_stopped_by_several_at_once_is_stopped_once(approvers: list[Actor]) -> None:
    results = all_at_once([placing(actor, "everolimus") for actor in approvers])
    refused = [str(result) for result in results if isinstance(result, Refused)]
    assert (len(results) - len(refused), EmergencyStop.objects.count()) == (1, 1)
    assert all("stopped this option already" in said for said in refused)
    assert_in_order()


def test_one_stop_lifted_by_several_at_once_is_lifted_once(approvers: list[Actor]) -> None:
    stop = placing(approvers[0], "everolimus")()
    later = NOW + timedelta(hours=3)
    results = all_at_once(
        [lambda actor=actor: lift_stop(actor=actor, stop=stop, reason=WHY, now=later) for actor in approvers[1:]]
    )
    refused = [str(result) for result in results if isinstance(result, Refused)]
    assert len(results) - len(refused) == 1
    assert all("lifted this stop on" in said for said in refused)
    assert overlay_in_force() is None
    assert_in_order()


def test_one_stop_confirmed_by_several_at_once_is_confirmed_once(approvers: list[Actor]) -> None:
    stop = placing(approvers[0], "everolimus")()
    results = all_at_once(
        [
            lambda actor=actor: take_second_look(actor=actor, stop=stop, confirm=True, reason=WHY, now=NOW)
            for actor in approvers[1:]
        ]
    )
    refused = [str(result) for result in results if isinstance(result, Refused)]
    assert len(results) - len(refused) == 1
    assert all("was first" in said or "took the second look" in said for said in refused)
    assert StopEvent.objects.filter(kind="confirmed").count() == 1


def test_placing_and_lifting_at_once_lose_nothing(approvers: list[Actor]) -> None:
    first, *others = options()
    stop = placing(approvers[0], first)()
    acts: list[Callable[[], Any]] = [
        lambda: lift_stop(actor=approvers[1], stop=stop, reason=WHY, now=NOW),
        *(placing(actor, option) for actor, option in zip(approvers[2:], others, strict=False)),
    ]
    results = all_at_once(acts)
    assert [result for result in results if isinstance(result, Refused)] == []
    overlay = overlay_in_force()
    assert overlay is not None
    assert set(overlay.by_option) == set(others[: len(acts) - 1])
    assert_in_order()


@pytest.mark.only_postgresql
def test_a_stop_placed_between_the_check_and_the_overlay_of_another_is_met_with_a_sentence(
    approvers: list[Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow one has found nothing stopped; the quick one stops the option and is done; then the slow one writes."""
    slow, quick, *_ = approvers
    checked, calls = stopping._refuse_if_stopped, []

    def overtaken(option: str) -> None:
        checked(option)
        if not calls:
            calls.append(option)
            assert isinstance(all_at_once([placing(quick, "everolimus")])[0], EmergencyStop)

    monkeypatch.setattr(stopping, "_refuse_if_stopped", overtaken)
    with pytest.raises(Refused, match="stopped this option already"):
        placing(slow, "everolimus")()
    assert_in_order()
