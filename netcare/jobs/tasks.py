"""The two Celery tasks: run one job, and sweep.

Their arguments are identifiers alone, so that no patient data passes through the broker.
"""

from datetime import datetime, timedelta
from uuid import UUID

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from netcare.access.calendar import today_for
from netcare.access.models import Institution
from netcare.jobs import leases, runner
from netcare.jobs.actions import enqueue_daily, ring
from netcare.jobs.models import Job, JobState

# A waiting job that was announced this long ago is announced again; a second announcement does no harm.
QUIET = leases.LEASE
# What is done stays on the list this long; what was set aside stays until somebody has dealt with it.
KEPT = timedelta(days=30)


@shared_task(name="netcare.jobs.tasks.run_job")
def run_job(job_id: str) -> None:
    """Run one job, if it still needs running."""
    runner.run(UUID(job_id))


@shared_task(name="netcare.jobs.tasks.sweep")
def sweep() -> None:
    """Queue what dead workers left, announce what nobody picked up, ask for the daily jobs, forget old ones."""
    sweep_at(now=timezone.now())


def sweep_at(*, now: datetime, fresh_start: bool = False) -> None:
    """The sweep at a given instant. `fresh_start`: this process alone runs jobs, and has just begun."""
    for job_id in leases.release_abandoned(now=now, every=fresh_start):
        ring(str(job_id))
    announce_waiting(now=now, since=timedelta(0) if fresh_start else QUIET)
    Job.objects.filter(state=JobState.DONE, finished_at__lt=now - KEPT).delete()
    for institution in Institution.objects.order_by("pk"):
        enqueue_daily(institution=institution, on=today_for(institution, at=now))


def announce_waiting(*, now: datetime, since: timedelta) -> int:
    """Ring for the waiting jobs that were last announced `since` ago. Returns how many."""
    waiting = Job.objects.filter(state=JobState.QUEUED).filter(
        Q(rung_at__isnull=True) | Q(rung_at__lte=now - since) | Q(not_before__lte=now)
    )
    count = 0
    for job_id in list(waiting.order_by("created_at", "id").values_list("pk", flat=True)):
        Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(rung_at=now)
        if not ring(str(job_id)):
            break
        count += 1
    return count
