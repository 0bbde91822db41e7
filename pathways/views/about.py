"""What a user is entitled to know of the pathway: the page, and the same attributes as files. No patient data here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from netcare.access import Capability, policy
from pathways.presenters.entitled import about_page
from pathways.presenters.entitled_export import attributes_data, attributes_table
from pathways.presenters.review_due import ruleset_notice
from pathways.selectors import InForce, NoRulesetInForce, ruleset_in_force
from pathways.views.browse import pathway_page, today_of


@require_safe
@policy(Capability.PATHWAY_READ)
def about(request: HttpRequest) -> HttpResponse:
    """Intended use, users, limits, logic, use of data and sources of the version in force."""
    found = _in_force()
    page, late = about_page(found.ruleset), ruleset_notice(found.ruleset, today_of(request))
    return pathway_page(request, "about", "about", page=page, version=found.version, overdue=late)


@require_safe
@policy(Capability.PATHWAY_READ)
def attributes_csv(request: HttpRequest) -> HttpResponse:
    """One row for the ruleset, each source and each rule, with the thirteen attributes."""
    return _file(attributes_table(_in_force().ruleset), "csv", "text/csv")


@require_safe
@policy(Capability.PATHWAY_READ)
def attributes_json(request: HttpRequest) -> HttpResponse:
    """Everything of the page as one object."""
    return _file(attributes_data(_in_force().ruleset), "json", "application/json")


def _in_force() -> InForce:
    try:
        return ruleset_in_force()
    except NoRulesetInForce as missing:
        raise Http404(str(missing)) from missing


def _file(text: str, ending: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="netcare-pathway-attributes.{ending}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
