"""The banner of a patient for pages of other packages, which may not import the presenters of this one."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context

from netcare.access import actor_of, today_for
from pathways.assessing import TumorAssessment, assess_tumor
from pathways.presenters.patient_page import banner
from pathways.selectors import NoRulesetInForce
from patients.models import Patient, Tumor

register = template.Library()


@register.inclusion_tag("components/patient_banner.html", takes_context=True)
def patient_banner(
    context: Context, patient: Patient, tumor: Tumor | None = None, tumors: Sequence[Tumor] = (), current: str = "data"
) -> dict[str, Any]:
    """Who the patient is, the clinical line, and the tabs; without a ruleset in force the line is left out."""
    today = today_for(patient.institution)
    top = banner(
        patient,
        actor=actor_of(context["request"]),
        as_of=today,
        current=current,
        tumors=tumors,
        tumor=tumor,
        done=_assessed(tumor, today) if tumor else None,
    )
    return {"banner": top}


def _assessed(tumor: Tumor, today: Any) -> TumorAssessment | None:
    try:
        return assess_tumor(tumor, as_of=today)
    except NoRulesetInForce:
        return None
