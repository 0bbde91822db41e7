"""Doing at once the refreshes that the loading of the demo asked for, so that its first list is filled.

The jobs are those that a worker would run, taken by the same lease; whatever a worker holds already is left to it.
Called by the command `load_demo`.
"""

from netcare.access import Institution
from netcare.jobs import runner
from netcare.jobs.models import Job, JobState


def refresh_now(institution: Institution) -> int:
    """Run the waiting refreshes of single patients of this institution. Returns how many were done."""
    waiting = Job.objects.filter(
        kind="refresh_statuses", institution=institution, state=JobState.QUEUED, payload__has_key="patient"
    )
    ids = list(waiting.order_by("created_at", "id").values_list("id", flat=True))
    return sum(runner.run(job_id) is JobState.DONE for job_id in ids)
