"""A worker killed at every point: before and after each statement and each commit of a job, nothing is lost or doubled.

Each point is a forked process that does the job on a connection of its own and is killed by the real signal. The points
are counted first, by a run that is not killed.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from netcare.jobs import leases, runner
from netcare.jobs.actions import enqueue
from netcare.jobs.models import Job, JobState
from tests.integration.jobs.work import make_marks, marks

ITEMS = ["a", "b", "c"]


class Points:
    """Counts the points passed, and kills the process at one of them."""

    def __init__(self, deadly: int | None = None) -> None:
        self.deadly = deadly
        self.passed = 0

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def around_statement(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self()
        result = execute(*arguments)
        self()
        return result

    def watch(self) -> None:
        commit = connection._commit

        def around_commit() -> None:
            self()
            commit()
            self()

        connection._commit = around_commit
        connection.execute_wrappers.append(self.around_statement)


def _in_a_process_of_its_own(work: Callable[[], None]) -> int:
    """Fork, do the work there, and return the wait status; the parent's connections are closed first."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_point_loses_and_doubles_nothing(tmp_path: Any) -> None:
    make_marks()
    counted = tmp_path / "points"
    whole = enqueue(kind="mark_items", payload={"items": ITEMS})

    def count() -> None:
        points = Points()
        points.watch()
        runner.run(whole.id)
        counted.write_text(str(points.passed))

    assert _in_a_process_of_its_own(count) == 0
    total = int(counted.read_text())
    assert total > 4 * len(ITEMS)

    for deadly in range(1, total + 1):
        make_marks()
        job = enqueue(kind="mark_items", payload={"items": ITEMS})

        def killed(deadly: int = deadly, job: Job = job) -> None:
            Points(deadly).watch()
            runner.run(job.id)

        status = _in_a_process_of_its_own(killed)
        assert os.WIFSIGNALED(status), f"point {deadly} of {total} was not reached"
        assert os.WTERMSIG(status) == signal.SIGKILL
        leases.release_abandoned(now=timezone.now(), every=True)
        runner.run(job.id)
        job.refresh_from_db()
        assert (job.state, job.done, marks()) == (JobState.DONE, len(ITEMS), ITEMS), f"killed at point {deadly}"


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_an_item_that_kills_its_worker_is_left_out_after_two_and_the_others_are_done() -> None:
    make_marks()
    job = enqueue(kind="mark_items", payload={"items": ITEMS, "deadly": ["b"]})
    statuses = []
    for _ in range(3):
        statuses.append(os.WIFSIGNALED(_in_a_process_of_its_own(lambda: runner.run(job.id))))
        leases.release_abandoned(now=timezone.now(), every=True)
    job.refresh_from_db()
    assert statuses == [True, True, False]
    assert marks() == ["a", "c"]
    assert job.skipped == [{"key": "b", "sentence": "This item ended 2 workers, and was left out."}]
    assert job.state == JobState.DONE
