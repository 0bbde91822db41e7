"""The pathway to browse: options, rules, definitions, sources, the data dictionary. No patient data here."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from netcare.access import Capability, actor_of, policy, today_for
from pathways.drafting.content import Place, entries
from pathways.engine import Ruleset
from pathways.knowledge import limits_draft
from pathways.presenters.catalogue import catalogue, option_page
from pathways.presenters.dictionary_page import dictionary_page
from pathways.presenters.entitled import rule_attributes, source_attributes
from pathways.presenters.library import data_of
from pathways.presenters.limits_page import limits_page
from pathways.presenters.review_due import rule_notice, rules_notice, ruleset_notice, source_notice
from pathways.presenters.rule_list import rules_page
from pathways.presenters.rule_words import definition_page, rule_page
from pathways.presenters.source_pages import source_page, sources_page
from pathways.presenters.stops import notice_of
from pathways.retired import Retired, retired
from pathways.selectors import NoRulesetInForce, ruleset_in_force, ruleset_of

Page = TypeVar("Page")

TABS = (
    ("options", "Options"),
    ("rules", "Rules"),
    ("sources", "Sources"),
    ("dictionary", "Data dictionary"),
    ("limits", "Limits"),
    ("stops", "Stops"),
    ("versions", "Versions"),
    ("drafts", "Drafts"),
    ("feedback", "Feedback"),
    ("about", "About"),
)
# What a tab needs beyond reading the pathway.
NEEDED = {"drafts": Capability.DRAFT_READ, "feedback": Capability.FEEDBACK_WORK}


def _ruleset() -> Ruleset:
    try:
        return ruleset_in_force().ruleset
    except NoRulesetInForce as missing:
        raise Http404(str(missing)) from missing


def today_of(request: HttpRequest) -> date:
    """The day at the institution of whoever asks; review dates are compared with it."""
    institution = actor_of(request).institution
    return today_for(institution) if institution else datetime.now(UTC).date()


def pathway_frame(request: HttpRequest, tab: str) -> dict[str, object]:
    """The tabs of the pathway's pages that the reader may open, and the addresses that their templates link to."""
    actor = actor_of(request)
    tabs = [
        {"title": title, "url": reverse(f"pathways:{name}"), "current": name == tab}
        for name, title in TABS
        if actor.may(NEEDED.get(name, Capability.PATHWAY_READ)).allowed
    ]
    return {
        "tabs": tabs,
        "rules_url": reverse("pathways:rules"),
        "sources_url": reverse("pathways:sources"),
        "options_url": reverse("pathways:options") + "options/",
        "dictionary_url": reverse("pathways:dictionary"),
    }


def pathway_page(request: HttpRequest, template: str, tab: str, **context: object) -> HttpResponse:
    """A page of the pathway under its tabs, with the addresses that its templates link to."""
    return render(request, f"pathways/{template}.html", {**pathway_frame(request, tab), **context})


@require_safe
@policy(Capability.PATHWAY_READ)
def options(request: HttpRequest) -> HttpResponse:
    """The catalogue by group, searchable."""
    text = request.GET.get("q", "").strip()
    ruleset = _ruleset()
    groups, late = catalogue(ruleset, text), ruleset_notice(ruleset, today_of(request))
    total = sum(len(g.options) for g in groups)
    return pathway_page(request, "options", "options", groups=groups, text=text, total=total, overdue=late)


@require_safe
@policy(Capability.PATHWAY_READ)
def option(request: HttpRequest, code: str) -> HttpResponse:
    """One option: what it is, for whom, what rules it out, what to weigh, and on what all that rests."""
    ruleset, gone = _holding("options", code)
    page = _found(lambda: option_page(ruleset, code))
    if gone:
        return pathway_page(request, "option", "options", option=page, gone=gone)
    late = rules_notice(ruleset.rules_of(code), ruleset, today_of(request), "of this option")
    return pathway_page(request, "option", "options", option=page, overdue=late, **_stopping(request, code))


@require_safe
@policy(Capability.PATHWAY_READ)
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, searched and filtered by option, effect and strength."""
    return pathway_page(request, "rules", "rules", page=rules_page(_ruleset(), request.GET))


@require_safe
@policy(Capability.PATHWAY_READ)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule in plain words, with its sources, definitions, features and test patients."""
    ruleset, gone = _holding("rules", code)
    found = _found(lambda: ruleset.rule(code))
    page, entitled = rule_page(found, ruleset, data_of(ruleset).get("cases") or {}), rule_attributes(found, ruleset)
    if gone:
        return pathway_page(request, "rule", "rules", page=page, entitled=entitled, gone=gone)
    late, stopping = rule_notice(found, ruleset, today_of(request)), _stopping(request, found.option, rule=code)
    return pathway_page(request, "rule", "rules", page=page, entitled=entitled, overdue=late, **stopping)


@require_safe
@policy(Capability.PATHWAY_READ)
def definition(request: HttpRequest, code: str) -> HttpResponse:
    """One named condition, and the rules that use it."""
    ruleset, gone = _holding("definitions", code)
    page = _found(lambda: definition_page(code, ruleset))
    return pathway_page(request, "definition", "rules", page=page, gone=gone)


@require_safe
@policy(Capability.PATHWAY_READ)
def sources(request: HttpRequest) -> HttpResponse:
    """All sources by kind, with what was checked, and the facts that no other page shows."""
    text, ruleset = request.GET.get("q", "").strip(), _ruleset()
    late = ruleset_notice(ruleset, today_of(request))
    return pathway_page(request, "sources", "sources", page=sources_page(ruleset, text), text=text, overdue=late)


@require_safe
@policy(Capability.PATHWAY_READ)
def source(request: HttpRequest, source_id: str) -> HttpResponse:
    """One source or fact, and what rests on it."""
    ruleset, gone = _holding("sources", source_id)
    page = _found(lambda: source_page(ruleset, source_id))
    entitled = None if page.is_fact else source_attributes(source_id, ruleset.sources[source_id])
    late = None if gone else source_notice(ruleset, source_id, today_of(request))
    return pathway_page(request, "source", "sources", source=page, entitled=entitled, overdue=late, gone=gone)


@require_safe
@policy(Capability.PATHWAY_READ)
def dictionary(request: HttpRequest) -> HttpResponse:
    """Every feature, what follows from what, and what contradicts what."""
    return pathway_page(request, "dictionary", "dictionary", page=dictionary_page(_ruleset()))


@require_safe
@policy(Capability.PATHWAY_READ)
def limits(request: HttpRequest) -> HttpResponse:
    """After how many days a value counts as unknown: what is in force, and what is proposed."""
    return pathway_page(request, "limits", "limits", page=limits_page(_ruleset(), limits_draft()))


def _stopping(request: HttpRequest, option: str, *, rule: str = "") -> dict[str, object]:
    """The emergency stop of an option, if there is one, and the way to ask for or place one."""
    actor, asked_for = actor_of(request), urlencode({"rule": rule} if rule else {"option": option})
    may_place, may_ask = (actor.may(one).allowed for one in (Capability.STOP_PLACE, Capability.STOP_ASK))
    name = "stop_place" if may_place else "stop_ask" if may_ask else ""
    stop = notice_of(option)
    return {
        "stop": stop,
        "stop_url": f"{reverse(f'pathways:{name}')}?{asked_for}" if name and not stop else "",
        "stop_words": "Stop this option…" if may_place else "Ask for a stop…",
    }


def _holding(part: str, code: str) -> tuple[Ruleset, Retired | None]:
    """The ruleset in force; or, for an entry that it lost, the last one that had it, and what became of it."""
    ruleset = _ruleset()
    if code in entries(data_of(ruleset), part):
        return ruleset, None
    gone = retired(Place(part, code))
    return (ruleset_of(gone.last), gone) if gone else (ruleset, None)


def _found(make: Callable[[], Page]) -> Page:
    try:
        return make()
    except KeyError as unknown:
        raise Http404("The pathway has no such entry, and no version of it had one.") from unknown
