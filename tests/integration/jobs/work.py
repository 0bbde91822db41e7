"""Kinds of job for these tests, and the table in which they leave a mark for each item they did.

Imported by the tests and by the worker processes that they start.
"""

import os
import signal
import time

from django.db import connection

from netcare.jobs.batches import for_each
from netcare.jobs.handlers import handler
from netcare.jobs.leases import JobFailed, RunningJob


def make_marks() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS job_marks (item varchar(40))")
        cursor.execute("DELETE FROM job_marks")


def mark(item: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_marks VALUES (%s)", [item])


def marks() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT item FROM job_marks ORDER BY item")
        return [item for (item,) in cursor.fetchall()]


@handler("mark_items", title="Mark items")
def mark_items(job: RunningJob) -> None:
    """Mark every item once. `pause`: seconds for each. `bad`: items that raise. `deadly`: items that kill the worker."""

    def work(item: str) -> None:
        mark(item)
        time.sleep(job.payload.get("pause", 0))
        if item in job.payload.get("bad", ()):
            raise ValueError(item)
        if item in job.payload.get("deadly", ()):
            os.kill(os.getpid(), signal.SIGKILL)

    for_each(job, job.payload["items"], work)


@handler("mark_once", title="Mark once", coalesce=True)
def mark_once(job: RunningJob) -> None:
    mark(str(job.id))


@handler("never_succeeds", title="Never succeeds")
def never_succeeds(job: RunningJob) -> None:
    raise ValueError("a detail that belongs on no page")


@handler("refuses", title="Refuses")
def refuses(job: RunningJob) -> None:
    raise JobFailed("There is nothing to work on.")
