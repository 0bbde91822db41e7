"""Who may see and change which patient: the matrix of ``netcare.access`` bound to one patient.

A view bound to a patient is declared with ``@patient_policy(Capability.X)`` and gets the patient itself. A foreign
patient and a missing one answer the same 404, byte for byte; the audit row is written before the view renders. Actions
call ``require_patient``: they hold on their own, whoever calls them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponseBase

from netcare import audit
from netcare.access import Actor, Capability, NotAllowed, Policy, actor_of, mark, refuse
from patients.models import Patient
from patients.reach import conditions
from patients.selectors import own_patients, reached_through, visible_patients

View = Callable[..., HttpResponseBase]
NOT_FOUND = "There is no such page, or it is not yours to see."


def patient_policy(capability: Capability) -> Callable[[View], View]:
    """The view is for actors with the capability, for the patients whom it reaches; it is called with the patient."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, patient_id: UUID, **kwargs: Any) -> HttpResponseBase:
            patient = _patient_for(request, capability, patient_id)
            return view(request, patient, *args, **kwargs)

        return mark(guarded, Policy(capability, patient=True))

    return declare


def _patient_for(request: HttpRequest, capability: Capability, patient_id: UUID) -> Patient:
    actor = actor_of(request)
    decision = actor.may(capability)
    if not decision.allowed:
        raise NotAllowed(decision, capability)
    action = f"patient.{capability.value.removeprefix('patient_')}"
    found = visible_patients(actor, capability).filter(id=patient_id).select_related("institution")
    if conditions(actor, capability):
        own = own_patients(actor, capability).filter(pk=OuterRef("pk"))
        found = found.annotate(is_own=Exists(own))
    patient = found.first()
    if patient is None:
        audit.record(actor=actor, action=action, outcome="denied", patient_id=patient_id, request=request)
        raise Http404(NOT_FOUND)
    if not getattr(patient, "is_own", True):
        patient.reached_through = reached_through(actor, capability, patient_id)
    audit.record(
        actor=actor, action=action, patient_id=patient.id, institution_id=patient.institution_id, request=request,
        detail={"reach": patient.reached_through} if patient.reached_through else {},
    )  # fmt: skip
    return patient


def require_patient(actor: Actor, capability: Capability, patient: Patient) -> None:
    """For actions: raises NotAllowed unless the capability reaches this patient now."""
    decision = actor.may(capability)
    if not decision.allowed:
        raise NotAllowed(decision, capability)
    if not visible_patients(actor, capability).filter(id=patient.id).exists():
        raise refuse(f"This patient is not among those for whom you may {capability.what}.", capability)
