"""The Data page: everything on record for a tumor and its patient."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from netcare.access import Capability
from pathways.knowledge import dictionary
from patients.entry.reading import echo
from patients.entry.reference import with_reference
from patients.models import Finding, Patient
from patients.policies import patient_policy
from patients.presenters.data import data_page
from patients.presenters.identity import referral_text
from patients.presenters.treatments import marker_groups, treatment_list
from patients.selectors import (
    findings_of_batch,
    marker_chains,
    markers_of,
    notes_of,
    open_referral,
    teams_of,
    treatment_chains,
    treatments_of,
)
from patients.values import from_text
from patients.views.common import Place, at, show


@require_safe
@patient_policy(Capability.PATIENT_READ)
def data(request: HttpRequest, patient: Patient, number: int = 1) -> HttpResponse:
    place = at(request, patient, number)
    facts = place.facts
    return show(
        place,
        "patients/data.html",
        page=data_page(patient, place.tumor, facts, today=place.today, may_write=place.may_write),
        treatments=treatment_list(patient, treatments_of(patient), treatment_chains(patient), facts),
        markers=marker_groups(patient, markers_of(patient), marker_chains(patient)),
        notes=notes_of(patient),
        teams=teams_of(patient),
        referral=referral_text(open_referral(patient), patient),
        may_refer=place.actor.may(Capability.PATIENT_REFER).allowed,
        entered=_just_entered(place),
    )


def _just_entered(place: Place) -> list[str]:
    """What the last form was understood as, for the person who sent it: named by the key of that form."""
    try:
        batch = UUID(place.request.GET.get("entered", ""))
    except ValueError:
        return []
    return [_echo(row) for row in findings_of_batch(place.patient, batch) if row.feature in dictionary().features]


def _echo(row: Finding) -> str:
    feature = dictionary().features[row.feature]
    if not row.known:
        return f"{feature.title}: not known"
    said = echo(feature, row.as_written, from_text(row.value))
    return with_reference(said, row.reference_low, row.reference_high, row.unit)
