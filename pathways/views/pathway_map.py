"""The pathway map of one option: a patient's way through its rules, and the same rules without a patient."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from netcare.access import Capability, policy
from pathways.engine import Ruleset, assess
from pathways.presenters.pathway_map import AS_ASKED, TODAY, map_page
from pathways.selectors import NoRulesetInForce, ruleset_in_force
from pathways.views.opening import asked_of, open_tumor
from patients.models import Patient
from patients.policies import NOT_FOUND, patient_policy


@require_safe
@patient_policy(Capability.EXPLAIN)
def pathway_map(request: HttpRequest, patient: Patient, number: int, code: str) -> HttpResponse:
    """The map of one option for one tumor; `?option=` leads to the map of another one."""
    opened = open_tumor(request, patient, number, asked_of(request))
    assessment = opened.done.assessment
    chosen = request.GET.get("option", code)
    if chosen not in assessment.by_code or code not in assessment.by_code:
        raise Http404(NOT_FOUND)
    if chosen != code:
        return redirect(reverse("pathways:pathway_map", args=[patient.id, number, chosen]) + opened.query)
    here = AS_ASKED if opened.query else TODAY
    page = map_page(assessment, code, opened.readings, _rule_url, patient=str(patient), here=here)
    context = {**opened.context("candidates"), **_context(page.code, assessment.ruleset), "page": page}
    context["explain_url"] = reverse("pathways:option_explained", args=[patient.id, number, code])
    context["forks"] = opened.forks
    return render(request, "pathways/pathway_map.html", context)


@require_safe
@policy(Capability.PATHWAY_READ)
def option_map(request: HttpRequest, code: str) -> HttpResponse:
    """The map of one option without a patient."""
    try:
        ruleset = ruleset_in_force().ruleset
        page = map_page(assess(ruleset, {}), code, {}, _rule_url)
    except (NoRulesetInForce, KeyError) as unknown:
        raise Http404("The ruleset in force has no such entry.") from unknown
    chosen = request.GET.get("option", code)
    if chosen != code and chosen in {option.code for option in ruleset.options}:
        return redirect("pathways:option_map", code=chosen)
    return render(request, "pathways/option_map.html", {**_context(code, ruleset), "page": page})


def _rule_url(code: str) -> str:
    return reverse("pathways:rule", args=[code])


def _context(code: str, ruleset: Ruleset) -> dict[str, object]:
    return {
        "options": [(option.code, option.title) for option in ruleset.options],
        "option_url": reverse("pathways:option", args=[code]),
        "plain_url": reverse("pathways:option_map", args=[code]),
    }
