"""The published versions: all of them, any two compared in sentences, and each as a file. No patient data here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from netcare.access import Capability, policy
from pathways.drafts.reasons import reasons_between
from pathways.knowledge.one_file import to_yaml
from pathways.models import RulesetVersion
from pathways.presenters.change_page import change_page, reasons_told
from pathways.presenters.changelog import changelog
from pathways.presenters.stops import notices, overlay_said
from pathways.selectors import ruleset_in_force, ruleset_of, version_numbered
from pathways.selectors import versions as published_versions
from pathways.views.browse import pathway_page


@require_safe
@policy(Capability.PATHWAY_READ)
def versions(request: HttpRequest) -> HttpResponse:
    """Everything ever published, and the changelog; two chosen versions lead on to their comparison."""
    published = published_versions()
    numbers = {str(version.version) for version in published}
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    if {before, after} <= numbers:
        return redirect("pathways:version_changes", before=int(before), after=int(after))
    chosen = (
        {"before": published[-1 if len(published) < 2 else 1].version, "after": published[0].version}
        if published
        else {}
    )
    stops = {"stops": notices(), "overlay": overlay_said()}
    return pathway_page(request, "versions", "versions", versions=published, changelog=changelog(), **stops, **chosen)


@require_safe
@policy(Capability.PATHWAY_READ)
def version_changes(request: HttpRequest, before: int, after: int) -> HttpResponse:
    """What changed from one version to another, as sentences."""
    old, new = _version(before), _version(after)
    sides, names, force = (ruleset_of(old), ruleset_of(new)), (str(old), str(new)), ruleset_in_force().ruleset
    page = change_page(*sides, names, request.GET, in_force=force, why=reasons_told(reasons_between(old, new)))
    return pathway_page(
        request, "changes/versions", "versions", page=page, versions=published_versions(), before=before, after=after
    )


@require_safe
@policy(Capability.PATHWAY_READ)
def version_file(request: HttpRequest, number: int) -> HttpResponse:
    """A version as one YAML file."""
    version = _version(number)
    name = f"{version.code}-v{version.version}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(to_yaml(ruleset_of(version)), content_type="application/yaml; charset=utf-8", headers=headers)


def _version(number: int) -> RulesetVersion:
    found = version_numbered(number) if number < 2**31 else None
    if found is None:
        raise Http404(f"There is no version {number}.")
    return found
