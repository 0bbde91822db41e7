"""Background work of the record: applying an import.

Acts with the rights that whoever asked for it has at that moment, patient by patient. Called by the job runner.
"""

from django.db import transaction
from django.utils import timezone

from netcare import audit
from netcare.access import Actor, Capability, User, actor_for_user
from netcare.jobs.actions import enqueue
from netcare.jobs.batches import for_each
from netcare.jobs.handlers import handler
from netcare.jobs.leases import JobFailed, RunningJob
from patients.imports.actions import KIND_OF_JOB, applicable
from patients.imports.applying import apply_patient, leave_out_rest
from patients.models import ImportedFile, ImportState


@handler(KIND_OF_JOB, title="Apply an import")
def import_apply(job: RunningJob) -> None:
    """Apply the staged rows of one file (`import`: id), patient by patient; killed, it goes on after the last one."""
    file = ImportedFile.objects.select_related("institution").get(id=job.payload["import"])
    if file.state != ImportState.APPLYING:
        return

    def apply(key: str) -> None:
        apply_patient(actor=_actor(job), file=file, place=int(key), now=timezone.now())

    _actor(job)
    for_each(job, [f"{place:07}" for place in applicable(file)], apply, noun="patient")
    _finish(job, file)


def _actor(job: RunningJob) -> Actor:
    """Who asked for the job, with the rights of this moment."""
    actor = actor_for_user(User.objects.select_related("institution").get(id=job.requested_by_id))
    decision = actor.may(Capability.PATIENT_IMPORT)
    if not decision.allowed:
        raise JobFailed("Whoever asked for this import may no longer import. What was not applied is listed.")
    return actor


@transaction.atomic
def _finish(job: RunningJob, file: ImportedFile) -> None:
    """Close the import: rows of patients who had to be left out say so, and the lists are refreshed once."""
    now = timezone.now()
    leave_out_rest(file)
    ended = ImportedFile.objects.filter(id=file.id, state=ImportState.APPLYING)
    if not ended.update(state=ImportState.APPLIED, finished_at=now):
        return
    actor = _actor(job)
    audit.record(actor=actor, action="import.finish", institution_id=file.institution_id, subject=str(file.id), at=now)
    enqueue(kind="refresh_statuses", payload={"all": True}, requested_by=actor.user, institution=file.institution)
