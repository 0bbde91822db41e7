"""Background work of the pathway: statuses in force, recalling reviews, the effect of drafts, publishing on a date.

Statuses: when facts change (one patient), when a version is published and once a day (all patients of an institution),
since ages and birthdays move without anybody entering anything. Recall: when a version is published. Effects: when a draft
is submitted, or somebody asks. Publishing: once a day. Called by the job runner.
"""

from django.utils import timezone

from netcare.access import today_for
from netcare.jobs.batches import for_each
from netcare.jobs.handlers import handler
from netcare.jobs.leases import JobFailed, RunningJob
from pathways.actions.refreshing import refresh_patient
from pathways.drafts.due import publish_due
from pathways.drafts.effect_job import compute_effect
from pathways.drafts.effects import KIND_OF_JOB
from pathways.models import RulesetVersion
from pathways.recall.looked import looked_at_tumors
from pathways.recall.opening import recall_tumor
from pathways.selectors import NoRulesetInForce, ruleset_in_force, version_in_force
from patients.models import Patient, Tumor


@handler("refresh_statuses", title="Refresh the statuses in force", coalesce=True, daily={"all": True})
def refresh_statuses(job: RunningJob) -> None:
    """Refresh one patient (`patient`: id) or every patient of the job's institution (`all`)."""
    try:
        in_force = ruleset_in_force()
    except NoRulesetInForce as missing:
        raise JobFailed(str(missing)) from missing
    patients = Patient.objects.select_related("institution")
    if job.payload.get("all"):
        chosen = patients.filter(institution_id=job.institution_id)
    else:
        chosen = patients.filter(id=job.payload["patient"])

    def refresh(key: str) -> None:
        patient = patients.get(id=key)
        now = timezone.now()
        refresh_patient(patient=patient, in_force=in_force, as_of=today_for(patient.institution, at=now), at=now)

    for_each(job, [str(key) for key in chosen.values_list("id", flat=True)], refresh, noun="patient")


@handler("recall_reviews", title="Find the reviews that a new version would give otherwise", coalesce=True)
def recall_reviews(job: RunningJob) -> None:
    """Hold every list of the job's institution that was signed or decided on against one version (`version`: id).

    A version that was superseded meanwhile recalls nobody any more: the job of the later one does, from the same lists.
    """
    version = RulesetVersion.objects.get(id=job.payload["version"])
    tumors = Tumor.objects.filter(patient__institution_id=job.institution_id)

    def recall(key: str) -> None:
        if version_in_force(version.code).pk == version.pk:
            tumor = tumors.select_related("patient__institution").get(id=key)
            recall_tumor(tumor=tumor, version=version, at=timezone.now())

    looked_at = tumors.filter(looked_at_tumors()).distinct().values_list("id", flat=True)
    for_each(job, [str(key) for key in looked_at], recall, noun="tumor")


@handler(KIND_OF_JOB, title="Compute the effect of a draft", coalesce=True)
def draft_effect(job: RunningJob) -> None:
    """What the draft of the run (`run`: id) changes for everybody on record, over all institutions."""
    compute_effect(job)


@handler("publish_due_drafts", title="Publish the drafts that are due", daily={})
def publish_due_drafts(job: RunningJob) -> None:
    """Publish the approved drafts whose day has come at the job's institution."""
    publish_due(job)
