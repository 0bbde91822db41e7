"""The pathway to browse: options, rules, definitions, sources, the data dictionary, versions. No patient data here."""

from collections.abc import Callable
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from netcare.access import Capability, actor_of, policy
from pathways.engine import Ruleset
from pathways.knowledge import limits_draft
from pathways.presenters.catalogue import catalogue, option_page
from pathways.presenters.changelog import changelog
from pathways.presenters.dictionary_page import dictionary_page
from pathways.presenters.library import data_of
from pathways.presenters.limits_page import limits_page
from pathways.presenters.rule_list import rules_page
from pathways.presenters.rule_words import definition_page, rule_page
from pathways.presenters.source_pages import source_page, sources_page
from pathways.selectors import NoRulesetInForce, ruleset_in_force
from pathways.selectors import versions as published_versions

Page = TypeVar("Page")

TABS = (
    ("options", "Options"),
    ("rules", "Rules"),
    ("sources", "Sources"),
    ("dictionary", "Data dictionary"),
    ("limits", "Limits"),
    ("versions", "Versions"),
    ("feedback", "Feedback"),
)
# Tabs that not everybody may open.
NEEDED = {"feedback": Capability.FEEDBACK_WORK}


def _ruleset() -> Ruleset:
    try:
        return ruleset_in_force().ruleset
    except NoRulesetInForce as missing:
        raise Http404(str(missing)) from missing


def tab_links(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """The tabs of the pathway's pages that this person may open."""
    actor = actor_of(request)
    return [
        {"title": title, "url": reverse(f"pathways:{name}"), "current": name == current}
        for name, title in TABS
        if name not in NEEDED or actor.may(NEEDED[name]).allowed
    ]


def _page(request: HttpRequest, template: str, tab: str, **context: object) -> HttpResponse:
    tabs = tab_links(request, tab)
    addresses = {
        "rules_url": reverse("pathways:rules"),
        "sources_url": reverse("pathways:sources"),
        "options_url": reverse("pathways:options") + "options/",
        "dictionary_url": reverse("pathways:dictionary"),
    }
    return render(request, f"pathways/{template}.html", {"tabs": tabs, **addresses, **context})


@require_safe
@policy(Capability.PATHWAY_READ)
def options(request: HttpRequest) -> HttpResponse:
    """The catalogue by group, searchable."""
    text = request.GET.get("q", "").strip()
    groups = catalogue(_ruleset(), text)
    return _page(request, "options", "options", groups=groups, text=text, total=sum(len(g.options) for g in groups))


@require_safe
@policy(Capability.PATHWAY_READ)
def option(request: HttpRequest, code: str) -> HttpResponse:
    """One option: what it is, for whom, what rules it out, what to weigh, and on what all that rests."""
    ruleset = _ruleset()
    return _page(request, "option", "options", option=_found(lambda: option_page(ruleset, code)))


@require_safe
@policy(Capability.PATHWAY_READ)
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, searched and filtered by option, effect and strength."""
    return _page(request, "rules", "rules", page=rules_page(_ruleset(), request.GET))


@require_safe
@policy(Capability.PATHWAY_READ)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule in plain words, with its sources, definitions, features and test patients."""
    ruleset = _ruleset()
    cases = data_of(ruleset).get("cases") or {}
    return _page(request, "rule", "rules", page=_found(lambda: rule_page(ruleset.rule(code), ruleset, cases)))


@require_safe
@policy(Capability.PATHWAY_READ)
def definition(request: HttpRequest, code: str) -> HttpResponse:
    """One named condition, and the rules that use it."""
    ruleset = _ruleset()
    return _page(request, "definition", "rules", page=_found(lambda: definition_page(code, ruleset)))


@require_safe
@policy(Capability.PATHWAY_READ)
def sources(request: HttpRequest) -> HttpResponse:
    """All sources by kind, with what was checked, and the facts that no other page shows."""
    text = request.GET.get("q", "").strip()
    return _page(request, "sources", "sources", page=sources_page(_ruleset(), text), text=text)


@require_safe
@policy(Capability.PATHWAY_READ)
def source(request: HttpRequest, source_id: str) -> HttpResponse:
    """One source or fact, and what rests on it."""
    ruleset = _ruleset()
    return _page(request, "source", "sources", source=_found(lambda: source_page(ruleset, source_id)))


@require_safe
@policy(Capability.PATHWAY_READ)
def dictionary(request: HttpRequest) -> HttpResponse:
    """Every feature, what follows from what, and what contradicts what."""
    return _page(request, "dictionary", "dictionary", page=dictionary_page(_ruleset()))


@require_safe
@policy(Capability.PATHWAY_READ)
def limits(request: HttpRequest) -> HttpResponse:
    """After how many days a value counts as unknown: what is in force, and what is proposed."""
    return _page(request, "limits", "limits", page=limits_page(_ruleset(), limits_draft()))


@require_safe
@policy(Capability.PATHWAY_READ)
def versions(request: HttpRequest) -> HttpResponse:
    """Everything ever published, and the changelog."""
    return _page(request, "versions", "versions", versions=published_versions(), changelog=changelog())


def _found(make: Callable[[], Page]) -> Page:
    try:
        return make()
    except KeyError as unknown:
        raise Http404("The ruleset in force has no such entry.") from unknown
