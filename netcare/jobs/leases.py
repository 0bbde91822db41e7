"""Taking a job, moving it on, ending it: each a compare-and-swap on its row.

Called by `netcare.jobs.runner` and, through `RunningJob`, by handlers. Nothing here trusts the broker: whatever was
delivered, only the holder of the current lease token can write.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from netcare.jobs.models import Job, JobState

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
ATTEMPTS = 3

# Set while a process stops: handlers give their job back at the next step instead of being cut off.
stopping = threading.Event()


class LeaseLost(Exception):
    """Another worker holds this job now; nothing more may be written for it."""


class Stopping(Exception):
    """The process is stopping; the job is given back and goes on elsewhere or later."""


class JobFailed(Exception):
    """Raised by a handler whose job can never succeed; the sentence is shown on the job's page."""


@dataclass
class RunningJob:
    """A job as its handler sees it: what to do, how far an earlier attempt came, and how to say how far this one is."""

    id: UUID
    kind: str
    payload: Mapping[str, Any]
    requested_by_id: Any
    institution_id: Any
    attempt: int
    done: int
    total: int | None
    cursor: str
    skipped: list[dict[str, str]] = field(repr=False)
    _token: int = field(repr=False, default=0)

    def progress(self, done: int, total: int | None = None, message: str = "", cursor: str | None = None) -> None:
        """Say how far the job is, and renew its lease.

        Call it in the transaction that writes the work itself: when the lease was lost, `LeaseLost` rolls both back,
        so that no item is done twice. A job that comes further than ever before has its attempts counted afresh.
        Raises `Stopping` when the process stops.
        """
        if stopping.is_set():
            raise Stopping
        total = self.total if total is None else total
        further = {"attempts": 1} if done > self.done else {}
        changed = {"done": done, "total": total, "message": message[:300], "skipped": self.skipped, **further}
        if cursor is not None:
            changed["cursor"] = cursor
        self._write(lease_expires_at=timezone.now() + LEASE, **changed)
        self.done, self.total = done, total
        self.attempt = further.get("attempts", self.attempt)
        self.cursor = self.cursor if cursor is None else cursor

    def _write(self, **changed: Any) -> None:
        mine = Job.objects.filter(pk=self.id, state=JobState.RUNNING, lease_token=self._token)
        if not mine.update(**changed):
            raise LeaseLost(f"Job {self.id} is held by another worker.")


def take(*, job_id: UUID, now: datetime) -> RunningJob | None:
    """Lease the job, if it waits or its lease ran out and it has attempts left; else None.

    The attempt is counted before any work, so that work which kills its worker is counted too.
    """
    free = Q(state=JobState.QUEUED) & (Q(not_before__isnull=True) | Q(not_before__lte=now))
    abandoned = Q(state=JobState.RUNNING, lease_expires_at__lte=now)
    with transaction.atomic():
        taken = Job.objects.filter(free | abandoned, pk=job_id, attempts__lt=ATTEMPTS).update(
            state=JobState.RUNNING,
            attempts=F("attempts") + 1,
            lease_token=F("lease_token") + 1,
            lease_expires_at=now + LEASE,
            not_before=None,
            started_at=Coalesce(F("started_at"), Value(now)),
        )
        if not taken:
            return None
        job = Job.objects.get(pk=job_id)
    return RunningJob(
        id=job.id,
        kind=job.kind,
        payload=job.payload,
        requested_by_id=job.requested_by_id,
        institution_id=job.institution_id,
        attempt=job.attempts,
        done=job.done,
        total=job.total,
        cursor=job.cursor,
        skipped=list(job.skipped),
        _token=job.lease_token,
    )


def finish(*, job: RunningJob, now: datetime) -> None:
    """End the job as done."""
    total = job.done if job.total is None else job.total
    job._write(state=JobState.DONE, lease_expires_at=None, finished_at=now, done=total, total=total)


def give_back(*, job: RunningJob, now: datetime) -> None:
    """Return a job that was interrupted by no fault of its own: the attempt does not count."""
    job._write(
        state=JobState.QUEUED, lease_expires_at=None, attempts=Greatest(F("attempts") - 1, Value(0)), rung_at=now
    )


def retry_later(*, job: RunningJob, sentence: str, now: datetime) -> None:
    """After an error: wait a little longer each time, and set the job aside when its attempts are used up."""
    if job.attempt >= ATTEMPTS:
        set_aside(job=job, sentence=sentence, now=now)
    else:
        wait = timedelta(seconds=5 * 4 ** (job.attempt - 1))
        job._write(state=JobState.QUEUED, lease_expires_at=None, not_before=now + wait, rung_at=now)


def set_aside(*, job: RunningJob, sentence: str, now: datetime) -> None:
    """End the job as failed, with the sentence that its page shows."""
    job._write(state=JobState.FAILED, lease_expires_at=None, finished_at=now, failure=sentence[:500])


def release_abandoned(*, now: datetime, every: bool = False) -> list[UUID]:
    """Queue the jobs whose worker died; set aside those that used up their attempts. Returns those queued.

    `every`: also those whose lease still runs; right only where this process is the only one that runs jobs and has
    just started.
    """
    dead = Q(state=JobState.RUNNING) if every else Q(state=JobState.RUNNING, lease_expires_at__lte=now)
    with transaction.atomic():
        Job.objects.filter(dead, attempts__gte=ATTEMPTS).update(
            state=JobState.FAILED,
            lease_expires_at=None,
            finished_at=now,
            failure=f"The work ended {ATTEMPTS} workers without getting further, and was set aside.",
        )
        ids = list(Job.objects.filter(dead).order_by("created_at", "id").values_list("pk", flat=True))
        Job.objects.filter(dead, pk__in=ids).update(state=JobState.QUEUED, lease_expires_at=None, rung_at=now)
    return ids
