"""Many items in one job: each once, a bad one left out by name, and a start in the middle goes on there."""

import pytest

from netcare.jobs import leases
from netcare.jobs.actions import enqueue
from netcare.jobs.models import Job, JobState
from netcare.jobs.tasks import run_job
from tests.integration.jobs.work import make_marks, marks

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_item_is_done_once_and_progress_is_on_the_row() -> None:
    make_marks()
    job = enqueue(kind="mark_items", payload={"items": ["c", "a", "b"]})
    run_job(str(job.id))
    job.refresh_from_db()
    assert marks() == ["a", "b", "c"]
    assert (job.state, job.done, job.total, job.message) == (JobState.DONE, 3, 3, "3 of 3 items")


def test_an_item_that_raises_is_left_out_by_name_and_the_others_are_done() -> None:
    make_marks()
    job = enqueue(kind="mark_items", payload={"items": ["a", "b", "c"], "bad": ["b"]})
    run_job(str(job.id))
    job.refresh_from_db()
    assert marks() == ["a", "c"]
    assert job.skipped == [{"key": "b", "sentence": "This item failed with ValueError."}]
    assert (job.state, job.done, job.message) == (JobState.DONE, 3, "3 of 3 items; 1 left out")


def test_a_job_that_is_stopped_in_the_middle_goes_on_after_the_last_finished_item() -> None:
    make_marks()
    job = enqueue(kind="mark_items", payload={"items": ["a", "b", "c"]})
    Job.objects.filter(pk=job.pk).update(cursor="a", done=1, total=3)
    leases.stopping.set()
    run_job(str(job.id))
    job.refresh_from_db()
    assert (job.state, marks()) == (JobState.QUEUED, [])
    leases.stopping.clear()
    run_job(str(job.id))
    job.refresh_from_db()
    assert (job.state, job.done, marks()) == (JobState.DONE, 3, ["b", "c"])


def test_a_job_without_items_is_done() -> None:
    job = enqueue(kind="mark_items", payload={"items": []})
    run_job(str(job.id))
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 0, 0)
