"""Asking for background work, and asking again for a job that was set aside.

Called by the actions of other packages inside their own transactions: the row is written with what made it necessary,
and a rolled-back request leaves no job. The broker is told after the commit; where it cannot be reached, the sweeper
rings later.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from netcare.jobs.handlers import find
from netcare.jobs.models import Job, JobState

if TYPE_CHECKING:
    from netcare.access.models import Institution, User

logger = logging.getLogger(__name__)


def _fingerprint(payload: Mapping[str, Any]) -> str:
    """A digest of the payload that does not depend on the order of its keys."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@transaction.atomic
def enqueue(
    *,
    kind: str,
    payload: dict[str, Any],
    requested_by: "User | None" = None,
    institution: "Institution | None" = None,
    total: int | None = None,
    due_on: date | None = None,
) -> Job:
    """Write a job and ring the bell once the surrounding transaction is committed.

    Where the kind coalesces, a job with the same payload that still waits is returned instead: it is locked, so it
    cannot begin before this transaction ends, and will see what this transaction wrote.
    """
    known = find(kind)
    fingerprint = _fingerprint(payload)
    if known.coalesce and due_on is None:
        waiting = (
            Job.objects.select_for_update()
            .filter(kind=kind, fingerprint=fingerprint, institution=institution, state=JobState.QUEUED)
            .order_by("created_at", "id")
            .first()
        )
        if waiting is not None:
            return waiting
    now = timezone.now()
    job = Job.objects.create(
        kind=kind,
        payload=payload,
        fingerprint=fingerprint,
        requested_by=requested_by,
        institution=institution,
        total=total,
        due_on=due_on,
        created_at=now,
        rung_at=now,
    )
    transaction.on_commit(lambda: ring(str(job.id)))
    return job


def ring(job_id: str) -> bool:
    """Tell the broker that a job waits. A broker that is away loses nothing: the sweeper rings again."""
    from netcare.jobs.tasks import run_job

    try:
        run_job.apply_async(args=[job_id], retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker cannot be reached; the sweeper will announce the job later.")
        return False
    return True


def enqueue_daily(*, institution: "Institution", on: date) -> list[Job]:
    """The jobs that this institution gets once on this day; those it has already are left alone."""
    from netcare.jobs.handlers import daily_handlers

    made = []
    for known in daily_handlers():
        if Job.objects.filter(kind=known.kind, institution=institution, due_on=on).exists():
            continue
        try:
            made.append(enqueue(kind=known.kind, payload=dict(known.daily or {}), institution=institution, due_on=on))
        except IntegrityError:
            logger.info("Another process has asked for the daily job of the kind %s.", known.kind)
    return made


@transaction.atomic
def try_again(*, job: Job, now: datetime | None = None) -> bool:
    """Give a job that was set aside three fresh attempts. False when it is not set aside (any more)."""
    moved = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED, attempts=0, failure="", finished_at=None, rung_at=now or timezone.now()
    )
    if moved:
        transaction.on_commit(lambda: ring(str(job.pk)))
    return bool(moved)
