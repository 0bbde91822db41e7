"""Real worker processes, killed and restarted: the embedded worker on both databases, and Celery's own with a Redis.

Items take long enough that the kill comes in the middle; the marks in the database say what was done how often.
"""

import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from netcare.jobs.actions import enqueue
from netcare.jobs.models import Job, JobState
from tests.integration.jobs.work import make_marks, marks
from tests.programs import Process, RedisServer, environment, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = [f"item {number:02}" for number in range(30)]


class Workers:
    """The processes of one test, all ended with it."""

    def __init__(self) -> None:
        self.started: list[Process] = []

    def embedded(self) -> Process:
        process = self._start([sys.executable, "-m", "tests.integration.jobs.embedded_process"], environment())
        process.wait_for("working")
        return process

    def celery(self, role: str, *options: str, redis: RedisServer) -> Process:
        command = [sys.executable, "-m", "celery", "-A", "netcare", role, "--loglevel", "INFO", *options]
        process = self._start(command, environment(REDIS_URL=redis.url, JOB_LEASE_SECONDS="3", LOG_LEVEL="INFO"))
        process.wait_for("ready." if role == "worker" else "beat: Starting")
        return process

    def worker(self, redis: RedisServer) -> Process:
        return self.celery("worker", "--concurrency", "2", "--include", "tests.integration.jobs.work", redis=redis)

    def scheduler(self, redis: RedisServer, folder: Any) -> Process:
        return self.celery("beat", "--schedule", str(folder / "beat"), "--pidfile", "", redis=redis)

    def _start(self, command: list[str], variables: dict[str, str]) -> Process:
        process = Process(command, variables)
        self.started.append(process)
        return process


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    for process in workers.started:
        process.close()


def _state(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def _wait_for_the_middle(job: Job) -> None:
    wait_until("the job is in the middle", lambda: 3 <= _state(job).done < len(ITEMS))


def _wait_for_the_end(job: Job, *, seconds: float = 60.0) -> Job:
    wait_until("the job is over", lambda: _state(job).state in (JobState.DONE, JobState.FAILED), seconds=seconds)
    return _state(job)


def test_the_one_process_killed_in_the_middle_of_a_job_goes_on_at_the_next_start(workers: Workers) -> None:
    make_marks()
    job = enqueue(kind="mark_items", payload={"items": ITEMS, "pause": 0.05})
    first = workers.embedded()
    _wait_for_the_middle(job)
    first.end(signal.SIGKILL)
    assert _state(job).state == JobState.RUNNING
    workers.embedded()
    over = _wait_for_the_end(job)
    assert (over.state, over.done, over.skipped, marks()) == (JobState.DONE, len(ITEMS), [], ITEMS)


def test_the_one_process_that_is_told_to_stop_gives_its_job_back_and_ends_in_time(workers: Workers) -> None:
    make_marks()
    job = enqueue(kind="mark_items", payload={"items": ITEMS, "pause": 0.05})
    process = workers.embedded()
    _wait_for_the_middle(job)
    assert process.end(signal.SIGTERM) == 0
    assert "stopped in time" in process.output
    waiting = _state(job)
    assert (waiting.state, waiting.attempts) == (JobState.QUEUED, 0)
    assert marks() == ITEMS[: waiting.done]


@pytest.mark.only_postgresql
def test_a_killed_worker_s_job_goes_on_in_another_once_its_lease_ran_out(
    workers: Workers, redis_server: RedisServer, tmp_path: Any
) -> None:
    make_marks()
    job = enqueue(kind="mark_items", payload={"items": ITEMS, "pause": 0.2})
    first = workers.worker(redis_server)
    workers.scheduler(redis_server, tmp_path)
    _wait_for_the_middle(job)
    first.end(signal.SIGKILL)
    workers.worker(redis_server)
    over = _wait_for_the_end(job)
    assert (over.state, over.done, over.skipped, marks()) == (JobState.DONE, len(ITEMS), [], ITEMS)


@pytest.mark.only_postgresql
def test_a_broker_that_comes_back_empty_has_lost_nothing(
    workers: Workers, redis_server: RedisServer, tmp_path: Any
) -> None:
    make_marks()
    workers.worker(redis_server)
    workers.scheduler(redis_server, tmp_path)
    redis_server.stop()
    jobs = [enqueue(kind="mark_items", payload={"items": [item]}) for item in ITEMS[:5]]
    redis_server.start()
    for job in jobs:
        assert _wait_for_the_end(job).state == JobState.DONE
    assert marks() == ITEMS[:5]
