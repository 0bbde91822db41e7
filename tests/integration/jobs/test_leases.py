"""One holder at a time: every write of a job is a compare-and-swap on its lease."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from netcare.jobs import leases
from netcare.jobs.actions import enqueue, try_again
from netcare.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 12, 14, 5, tzinfo=UTC)
LATER = NOW + leases.LEASE + timedelta(seconds=1)


def _job() -> Job:
    return enqueue(kind="mark_items", payload={"items": ["a", "b"]})


def test_a_job_is_taken_once_and_the_attempt_is_counted_before_any_work() -> None:
    job = _job()
    taken = leases.take(job_id=job.id, now=NOW)
    assert taken is not None
    assert taken.attempt == 1
    assert leases.take(job_id=job.id, now=NOW) is None
    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease_expires_at) == (JobState.RUNNING, 1, NOW + leases.LEASE)


def test_a_lease_that_ran_out_is_taken_over_and_the_first_holder_can_write_nothing_more() -> None:
    job = _job()
    first = leases.take(job_id=job.id, now=NOW)
    second = leases.take(job_id=job.id, now=LATER)
    assert first is not None
    assert second is not None
    with pytest.raises(leases.LeaseLost):
        first.progress(1, 2)
    with pytest.raises(leases.LeaseLost):
        leases.finish(job=first, now=LATER)
    second.progress(2, 2, "2 of 2")
    leases.finish(job=second, now=LATER)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.message) == (JobState.DONE, 2, 2, "2 of 2")


def test_progress_renews_the_lease_and_coming_further_counts_attempts_afresh() -> None:
    job = _job()
    leases.take(job_id=job.id, now=NOW)
    second = leases.take(job_id=job.id, now=LATER)
    assert second is not None
    assert second.attempt == 2
    second.progress(1, 2)
    job.refresh_from_db()
    assert job.attempts == 1
    assert job.lease_expires_at is not None
    assert job.lease_expires_at > LATER


def test_work_that_ends_three_workers_is_set_aside_with_a_sentence() -> None:
    job = _job()
    for attempt in range(leases.ATTEMPTS):
        now = NOW + attempt * (leases.LEASE + timedelta(seconds=1))
        assert leases.take(job_id=job.id, now=now) is not None
    after = NOW + leases.ATTEMPTS * (leases.LEASE + timedelta(seconds=1))
    assert leases.take(job_id=job.id, now=after) is None
    assert leases.release_abandoned(now=after) == []
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.failure == "The work ended 3 workers without getting further, and was set aside."


def test_a_running_lease_is_left_alone_except_at_a_fresh_start_of_the_only_process() -> None:
    job = _job()
    leases.take(job_id=job.id, now=NOW)
    assert leases.release_abandoned(now=NOW) == []
    assert leases.release_abandoned(now=NOW, every=True) == [job.id]
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_a_job_given_back_when_the_process_stops_has_used_no_attempt() -> None:
    job = _job()
    taken = leases.take(job_id=job.id, now=NOW)
    assert taken is not None
    leases.stopping.set()
    with pytest.raises(leases.Stopping):
        taken.progress(1, 2)
    leases.give_back(job=taken, now=NOW)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == (JobState.QUEUED, 0, 0)


def test_after_an_error_a_job_waits_longer_each_time() -> None:
    job = _job()
    waits = []
    now = NOW
    for _ in range(2):
        taken = leases.take(job_id=job.id, now=now)
        assert taken is not None
        leases.retry_later(job=taken, sentence="It stopped.", now=now)
        job.refresh_from_db()
        assert job.not_before is not None
        assert leases.take(job_id=job.id, now=now) is None
        waits.append(job.not_before - now)
        now = job.not_before
    assert waits == [timedelta(seconds=5), timedelta(seconds=20)]


def test_a_job_set_aside_gets_three_fresh_attempts_when_somebody_asks() -> None:
    job = _job()
    taken = leases.take(job_id=job.id, now=NOW)
    assert taken is not None
    leases.set_aside(job=taken, sentence="It cannot be done.", now=NOW)
    assert try_again(job=job) is True
    assert try_again(job=job) is False
    job.refresh_from_db()
    assert (job.state, job.attempts, job.failure, job.finished_at) == (JobState.QUEUED, 0, "", None)


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": "resting"},
        {"state": JobState.RUNNING, "lease_expires_at": None},
        {"state": JobState.DONE, "finished_at": None},
        {"state": JobState.FAILED, "finished_at": NOW, "failure": ""},
        {"done": 3, "total": 2},
    ],
)
def test_the_database_refuses_states_that_cannot_be(impossible: dict[str, object]) -> None:
    job = _job()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**impossible)
