"""Finding patients for the list: by name or MRN, primary site, and the status in force of an option.

Every search begins with `visible_patients`; nothing here widens what an actor may see. Called by the list view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from netcare.access import Actor, Capability
from netcare.jobs.models import Job, JobState
from netcare.jobs.selectors import visible_jobs
from pathways.engine import LISTED, Status
from pathways.models import CurrentStatus
from pathways.selectors import overlay_in_force
from patients.models import Patient, Tumor
from patients.selectors import matching, visible_patients

SORTS = {
    "name": ("family_name", "given_name", "id"),
    "mrn": ("mrn", "id"),
    "youngest": ("-birth_on", "id"),
    "oldest": ("birth_on", "id"),
}
STATUSES = {status.value for status in Status}


@dataclass(frozen=True, slots=True)
class PatientFilter:
    """What the list is narrowed to; a word that is not known narrows nothing."""

    text: str = ""
    site: str = ""
    option: str = ""
    status: str = ""
    sort: str = "name"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "PatientFilter":
        """From the address of the page."""
        status = query.get("status", "")
        sort = query.get("sort", "name")
        return cls(
            text=query.get("q", "").strip()[:200],
            site=query.get("site", "")[:40],
            option=query.get("option", "")[:60],
            status=status if status in STATUSES or status == "listed" else "",
            sort=sort if sort in SORTS else "name",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.site or self.option)

    @property
    def by_status(self) -> list[str]:
        """The statuses that count for the chosen option; without a choice, those that are listed."""
        if self.status in STATUSES:
            return [self.status]
        return [str(status) for status in Status if status in LISTED]


def found_patients(actor: Actor, wanted: PatientFilter) -> QuerySet[Patient]:
    """The patients of the list, in its order."""
    patients = visible_patients(actor, Capability.PATIENT_LIST)
    if wanted.text:
        patients = matching(patients, wanted.text)
    if wanted.site:
        patients = patients.filter(
            Exists(Tumor.objects.filter(patient=OuterRef("pk"), features_row__primary_site=wanted.site))
        )
    if wanted.option:
        current = CurrentStatus.objects.filter(tumor__patient=OuterRef("pk"), option=wanted.option)
        overlay = overlay_in_force()
        if overlay and wanted.option in overlay.by_option:
            # From the moment of the stop on, before any list is refreshed: suspended for all, and nothing else.
            patients = patients.filter(Exists(current)) if Status.SUSPENDED in wanted.by_status else patients.none()
        else:
            patients = patients.filter(Exists(current.filter(status__in=wanted.by_status)))
    return patients.order_by(*SORTS[wanted.sort])


def tumors_for_list(patients: Sequence[Patient]) -> list[Tumor]:
    """The tumors of some patients with their derived rows, in one query."""
    return list(
        Tumor.objects.filter(patient__in=[patient.id for patient in patients])
        .select_related("features_row", "statuses_in_force")
        .order_by("patient_id", "number")
    )


@dataclass(frozen=True, slots=True)
class Refreshing:
    """A refresh that is under way, with its page for who may follow it."""

    job_id: UUID | None
    sentence: str


def refresh_running(actor: Actor) -> Refreshing | None:
    """Whether statuses of the institution's patients are being refreshed right now."""
    open_states = [JobState.QUEUED, JobState.RUNNING]
    job = (
        Job.objects.filter(kind="refresh_statuses", state__in=open_states, institution_id=actor.institution_id)
        .order_by("-created_at", "id")
        .first()
    )
    if job is None:
        return None
    visible = visible_jobs(actor).filter(pk=job.pk).exists() if actor.may(Capability.JOBS_READ).allowed else False
    return Refreshing(job.pk if visible else None, job.message)
