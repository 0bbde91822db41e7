"""One delivery of one job: lease it, run its handler, end it. Called by the Celery task alone.

Every way a handler can end has one way of ending the row: done, given back, waiting for another attempt, set aside,
or, when another worker took over, nothing at all.
"""

import logging
from uuid import UUID

from django.utils import timezone

from netcare.jobs import leases
from netcare.jobs.handlers import UnknownKind, find
from netcare.jobs.models import JobState

logger = logging.getLogger(__name__)


def run(job_id: UUID) -> JobState | None:
    """Run the job unless it is over or held by another worker. Returns the state it was left in, or None."""
    job = leases.take(job_id=job_id, now=timezone.now())
    if job is None:
        return None
    try:
        return _run(job)
    except leases.LeaseLost:
        logger.warning("A job of the kind %s was taken over by another worker.", job.kind)
        return None


def _run(job: leases.RunningJob) -> JobState:
    try:
        find(job.kind).run(job)
    except leases.LeaseLost:
        raise
    except leases.Stopping:
        leases.give_back(job=job, now=timezone.now())
        return JobState.QUEUED
    except (leases.JobFailed, UnknownKind) as refusal:
        leases.set_aside(job=job, sentence=str(refusal), now=timezone.now())
        return JobState.FAILED
    except Exception as problem:  # whatever a handler raises must end in a sentence on the row
        logger.exception("A job of the kind %s stopped on attempt %s.", job.kind, job.attempt)
        sentence = f"The work stopped with {type(problem).__name__} on attempt {job.attempt}, and was set aside."
        leases.retry_later(job=job, sentence=sentence, now=timezone.now())
        return JobState.FAILED if job.attempt >= leases.ATTEMPTS else JobState.QUEUED
    leases.finish(job=job, now=timezone.now())
    return JobState.DONE
