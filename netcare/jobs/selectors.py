"""Which jobs somebody may see, and how a job is shown. Called by the views of this package.

No payload is shown to anybody: it holds identifiers of patients.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from netcare.access.actors import Actor
from netcare.access.roles import Capability, Scope
from netcare.jobs.handlers import UnknownKind, find
from netcare.jobs.models import Job, JobState


def visible_jobs(actor: Actor) -> QuerySet[Job]:
    """The jobs this actor may follow: those of the institution, or those asked for in person; else none."""
    scopes = actor.scopes(Capability.JOBS_READ)
    wanted = Q(pk__in=[])
    if Scope.INSTITUTION in scopes and actor.institution_id is not None:
        wanted |= Q(institution_id=actor.institution_id)
    if Scope.OWN in scopes and actor.user is not None:
        wanted |= Q(requested_by_id=actor.user.pk)
    return Job.objects.filter(wanted).select_related("requested_by").order_by("-created_at", "id")


def visible_job(actor: Actor, job_id: UUID) -> Job | None:
    """The job, or None where it does not exist or may not be seen: the two answer the same."""
    return visible_jobs(actor).filter(pk=job_id).first()


@dataclass(frozen=True)
class ShownJob:
    """A job as its pages show it."""

    id: UUID
    title: str
    state: str
    state_word: str
    sentence: str
    done: int
    total: int | None
    asked_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    failure: str
    left_out: int
    is_over: bool
    is_set_aside: bool


def shown(job: Job) -> ShownJob:
    """The display form of a job; a kind that this release no longer knows keeps its bare name."""
    try:
        title = find(job.kind).title
    except UnknownKind:
        title = job.kind
    return ShownJob(
        id=job.pk,
        title=title,
        state=job.state,
        state_word=JobState(job.state).label,
        sentence=job.message or _default_sentence(job),
        done=job.done,
        total=job.total,
        asked_by=job.requested_by.display_name if job.requested_by else "the system",
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        failure=job.failure,
        left_out=len(job.skipped),
        is_over=job.state in (JobState.DONE, JobState.FAILED),
        is_set_aside=job.state == JobState.FAILED,
    )


def _default_sentence(job: Job) -> str:
    match job.state:
        case JobState.QUEUED:
            return "Waiting for a worker."
        case JobState.RUNNING:
            return "Running."
        case JobState.DONE:
            return "Done."
        case _:
            return "Set aside."
