"""Asking for work: the row and its reason are one transaction, and the broker is told afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from netcare.jobs import leases
from netcare.jobs.actions import enqueue
from netcare.jobs.handlers import UnknownKind, handler
from netcare.jobs.models import Job, JobState
from netcare.jobs.tasks import KEPT, QUIET, announce_waiting, run_job, sweep_at
from tests.cast import gather
from tests.integration.jobs.work import make_marks, marks

NOW = datetime(2026, 11, 12, 14, 5, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_once_the_request_is_committed(bell: list[str]) -> None:
    with transaction.atomic():
        job = enqueue(kind="mark_once", payload={})
        assert bell == []
    assert bell == [str(job.id)]


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_rolled_back_leaves_no_job_and_rings_no_bell(bell: list[str]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue(kind="mark_once", payload={})
        raise RuntimeError
    assert not Job.objects.exists()
    assert bell == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_nothing_and_the_sweeper_rings_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(run_job, "apply_async", away)
    job = enqueue(kind="mark_once", payload={})
    heard: list[str] = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **_: heard.append(args[0]))
    rung_at = Job.objects.get(pk=job.pk).rung_at
    assert rung_at is not None
    assert announce_waiting(now=rung_at + QUIET - timedelta(seconds=1), since=QUIET) == 0
    assert announce_waiting(now=rung_at + QUIET, since=QUIET) == 1
    assert heard == [str(job.id)]


@pytest.mark.django_db
def test_a_kind_that_nobody_handles_is_refused_at_once() -> None:
    with pytest.raises(UnknownKind, match="No application handles jobs of the kind 'paint_walls'. Known kinds: "):
        enqueue(kind="paint_walls", payload={})


def test_two_functions_for_one_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="The job kind 'mark_once' is handled by mark_once already."):

        @handler("mark_once")
        def other(job: leases.RunningJob) -> None: ...


@pytest.mark.django_db
def test_a_waiting_job_with_the_same_payload_stands_for_a_new_one_but_a_running_one_does_not() -> None:
    first = enqueue(kind="mark_once", payload={"a": 1, "b": 2})
    assert enqueue(kind="mark_once", payload={"b": 2, "a": 1}) == first
    assert enqueue(kind="mark_once", payload={"a": 1}) != first
    leases.take(job_id=first.id, now=NOW)
    assert enqueue(kind="mark_once", payload={"a": 1, "b": 2}) != first


@pytest.mark.django_db
def test_kinds_that_do_not_coalesce_are_written_each_time() -> None:
    assert enqueue(kind="refuses", payload={}) != enqueue(kind="refuses", payload={})


@pytest.mark.django_db(transaction=True)
def test_a_job_delivered_three_times_is_done_once() -> None:
    make_marks()
    job = enqueue(kind="mark_once", payload={})
    for _ in range(3):
        run_job(str(job.id))
    assert marks() == [str(job.id)]
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


@pytest.mark.django_db(transaction=True)
def test_the_sweep_queues_and_announces_what_a_dead_worker_left(bell: list[str]) -> None:
    job = enqueue(kind="mark_once", payload={})
    leases.take(job_id=job.id, now=NOW)
    bell.clear()
    sweep_at(now=NOW + leases.LEASE - timedelta(seconds=1))
    assert bell == []
    sweep_at(now=NOW + leases.LEASE)
    assert bell[0] == str(job.id)
    assert Job.objects.get(pk=job.pk).state == JobState.QUEUED


@pytest.mark.django_db
def test_the_sweep_forgets_what_was_done_a_month_ago_and_keeps_what_was_set_aside() -> None:
    done, refused = enqueue(kind="mark_items", payload={"items": []}), enqueue(kind="refuses", payload={})
    for job in (done, refused):
        run_job(str(job.id))
    sweep_at(now=timezone.now() + KEPT - timedelta(hours=1))
    assert Job.objects.filter(pk=done.pk).exists()
    sweep_at(now=timezone.now() + KEPT + timedelta(hours=1))
    assert not Job.objects.filter(pk=done.pk).exists()
    assert Job.objects.filter(pk=refused.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_each_institution_gets_its_daily_jobs_once_on_each_of_its_own_days(bell: list[str]) -> None:
    cast = gather()
    midnight_has_passed_in_berlin_only = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
    for _ in range(2):
        sweep_at(now=midnight_has_passed_in_berlin_only)
    days = Job.objects.exclude(due_on=None).order_by("due_on", "kind").values_list("institution_id", "kind", "due_on")
    daily = ("publish_due_drafts", "refresh_statuses", "tidy_board_files")
    assert list(days) == [
        *((cast.southside.id, kind, date(2026, 11, 12)) for kind in daily),
        *((cast.northside.id, kind, date(2026, 11, 13)) for kind in daily),
    ]


@pytest.mark.django_db
def test_an_error_is_tried_three_times_and_then_set_aside_without_its_details() -> None:
    job = enqueue(kind="never_succeeds", payload={})
    for _ in range(3):
        Job.objects.filter(pk=job.pk).update(not_before=None)
        run_job(str(job.id))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert job.failure == "The work stopped with ValueError on attempt 3, and was set aside."


@pytest.mark.django_db
def test_a_handler_that_refuses_is_set_aside_at_once_with_its_own_sentence() -> None:
    job = enqueue(kind="refuses", payload={})
    run_job(str(job.id))
    job.refresh_from_db()
    assert (job.state, job.failure) == (JobState.FAILED, "There is nothing to work on.")
