"""What if: the page on which any feature is changed and the answer stands beside it, and the link that reproduces it.

Nothing is stored but the audit row of reading: the form is sent by POST, so that no value stands in an address, and is
answered with a page (or, while one types, with the part that changed). Rights are asked before a link is looked at. The
page takes `as_of`, `limits` and `reading` as in `views.opening`; a link carries them, and the address may say otherwise.
"""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from netcare.access import Capability
from pathways.assessing import facts_digest
from pathways.engine import assess
from pathways.presenters.what_if import WhatIfResult, what_if_result
from pathways.presenters.what_if_form import slots, what_if_form
from pathways.presenters.words import show_date
from pathways.views.opening import Opened, asked_of, open_tumor
from pathways.what_if import (
    LIFETIME,
    Hypothesis,
    Linked,
    LinkRefused,
    hypothesis,
    make_link,
    read_link,
    recorded_entries,
    typed_entries,
)
from patients.entry import RawEntry
from patients.models import Patient
from patients.policies import patient_policy
from patients.selectors import tumor_of

LINK = "of"
SEEN = "facts"


@dataclass
class Asked:
    """What a request asks: the changes, and what must be said about where they come from."""

    typed: dict[str, RawEntry] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    refusal: str = ""
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.ASSESS)
def what_if(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """The form and the answer; for htmx the answer and what stands under each input."""
    link = _link(request, patient, number)
    linked = link if isinstance(link, Linked) else None
    opened = open_tumor(request, patient, number, asked_of(request, linked and linked.asked))
    present = opened.done.assessment
    asked, changes = _hypothesis(request, opened, link)
    after = assess(present.ruleset, changes.features, overlay=present.overlay)
    result = what_if_result(present, after, changes)
    said = {"notices": asked.notices, "link_refused": asked.refusal, "linked": linked is not None}
    context = {**_answer(opened, changes, result), **said}
    if request.headers.get("HX-Request"):
        answer = render(request, "pathways/_what_if_answer.html", {**context, "slots": slots(present, changes)})
        answer["HX-Replace-Url"] = context["link_url"] or context["what_if_url"]
        return answer
    page = {**opened.context("what_if"), **context, "form": what_if_form(present, changes)}
    return render(request, "pathways/what_if.html", page, status=asked.status)


def _link(request: HttpRequest, patient: Patient, number: int) -> Linked | LinkRefused | None:
    """What the link of the address holds, or why it opens nothing; None without one."""
    token, tumor = request.GET.get(LINK, ""), None
    if not token or request.method == "POST" or (tumor := tumor_of(patient, number)) is None:
        return None
    try:
        return read_link(token, tumor=tumor, at=timezone.now())
    except LinkRefused as problem:
        return problem


def _hypothesis(request: HttpRequest, opened: Opened, link: Linked | LinkRefused | None) -> tuple[Asked, Hypothesis]:
    """The changes that were sent, or that the link holds, over what the rules read of the record."""
    done = opened.done
    dictionary, present = done.in_force.ruleset.dictionary, dict(done.assessment.record.recorded)
    recorded = recorded_entries(dictionary, present, done.facts.readings)
    if request.method == "POST":
        asked = Asked(typed_entries(request.POST, recorded))
        if request.POST.get(SEEN, facts_digest(present)) != facts_digest(present):
            asked.notices.append(
                "The record has changed since this page was opened. What you did not touch may show as changed: start again."
            )
    else:
        asked = _from_link(link, opened)
    return asked, hypothesis(dictionary, present, recorded, asked.typed)


def _from_link(link: Linked | LinkRefused | None, opened: Opened) -> Asked:
    """What the link holds, with what differs from the day it was made; a refused link is a sentence and no change."""
    if link is None:
        return Asked()
    if isinstance(link, LinkRefused):
        return Asked(refusal=link.sentence, status=410 if link.expired else 400)
    return Asked(dict(link.typed), _since(link, opened))


def _since(linked: Linked, opened: Opened) -> list[str]:
    """What has changed since the link was made, so that nobody takes the answer for the one that was sent."""
    done, notices = opened.done, []
    made = show_date(linked.made_at.date())
    if dict(linked.asked) != opened.asked:
        return ["This link was made for another day, other limits or another report than are shown here."]
    if linked.facts != facts_digest(dict(done.assessment.record.recorded)):
        notices.append(f"The record has changed since this link was made on {made}: the answer may be another one.")
    if linked.ruleset != done.in_force.ruleset.digest:
        notices.append(f"Another ruleset is in force than on {made}, when this link was made.")
    gone = [name for name in linked.typed if name not in done.in_force.ruleset.dictionary.features]
    if gone:
        notices.append(f"The data dictionary no longer has {', '.join(gone)}: left out.")
    return notices


def _answer(opened: Opened, changes: Hypothesis, result: WhatIfResult) -> dict[str, object]:
    """What the page and the answer to htmx share."""
    done, address = opened.done, reverse("pathways:what_if", args=[opened.patient.id, opened.tumor.number])
    facts, link = facts_digest(dict(changes.present)), ""
    if changes.changed:
        ruleset = done.in_force.ruleset.digest
        made = {"facts": facts, "ruleset": ruleset, "at": opened.at, "asked": opened.asked}
        token = make_link(tumor=opened.tumor, typed=changes.typed, **made)
        link = f"{address}?{LINK}={token}"
    tumor_url = reverse("pathways:tumor", args=[opened.patient.id, opened.tumor.number])
    return {
        "result": result,
        "what_if_url": address + opened.query,
        "link_url": link,
        "link_until": show_date((opened.at + LIFETIME).date()),
        "facts_seen": facts,
        "tumor_url": tumor_url + opened.query,
        "explain_url": f"{tumor_url}options/",
        "query": opened.query,
        "rules_url": reverse("pathways:rules"),
        "page_frame_url": reverse("pathways:print_frame", args=[opened.patient.id, opened.tumor.number]) + opened.query,
    }
