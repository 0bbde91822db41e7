"""Opening one tumor of a patient for a page: its assessment as of today, at the patient's institution.

No view of its own. A tumor that does not exist answers like everything else that is not there. Called by the patient views.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils import timezone

from netcare.access import Actor, actor_of, today_for
from pathways.assessing import TumorAssessment, assess_tumor
from pathways.presenters.explanation import FieldUrl
from pathways.presenters.patient_page import Banner, banner, entry_links, stamp
from pathways.presenters.readings import Disagreement, disagreements, reading_words, settled_words
from pathways.presenters.trace_rows import Readings
from patients.models import Patient, Settlement, Tumor
from patients.policies import NOT_FOUND
from patients.selectors import tumors_of


@dataclass(frozen=True)
class Opened:
    """Everything a page of one tumor needs."""

    patient: Patient
    tumors: list[Tumor]
    tumor: Tumor
    actor: Actor
    at: datetime
    done: TumorAssessment
    readings: Readings
    forks: list[Disagreement]
    link: FieldUrl

    def banner(self, current: str) -> Banner:
        """The banner with the tab of the page marked."""
        return banner(
            self.patient,
            actor=self.actor,
            as_of=self.done.as_of,
            current=current,
            tumors=self.tumors,
            tumor=self.tumor,
            done=self.done,
            forks=self.forks,
        )

    def context(self, current: str) -> dict[str, object]:
        """What every page of the tumor hands to its template."""
        return {
            "banner": self.banner(current),
            "stamp": stamp(self.done, self.at),
            "patient": self.patient,
            "tumor": self.tumor,
        }


def open_tumor(request: HttpRequest, patient: Patient, number: int) -> Opened:
    """The tumor with its assessment as of today. Raises Http404 for a number that the patient does not have."""
    at = timezone.now()
    tumors = tumors_of(patient)
    tumor = next((one for one in tumors if one.number == number), None)
    if tumor is None:
        raise Http404(NOT_FOUND)
    done = assess_tumor(tumor, as_of=today_for(patient.institution, at=at))
    actor = actor_of(request)
    return Opened(
        patient=patient,
        tumors=tumors,
        tumor=tumor,
        actor=actor,
        at=at,
        done=done,
        readings=reading_words(done.facts, done.stale, done.in_force.ruleset.dictionary),
        forks=disagreements(done, settled_words(_settlements(patient), tumor)),
        link=entry_links(actor, patient, tumor),
    )


def _settlements(patient: Patient) -> list[Settlement]:
    """The decisions on readings that disagree, in the order in which they were made; one query, also when there are none."""
    decided = Settlement.objects.filter(finding__patient=patient).select_related("finding", "settled_by")
    return list(decided.order_by("settled_at", "id"))
