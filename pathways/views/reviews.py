"""Reviewing and signing, what was signed, checking a code, and what changed since.

Views open the tumor, call one action, and redirect; a refusal is shown beside the field, with everything typed kept.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from netcare.access import Capability, actor_of, policy, today_for
from netcare.audit import record
from pathways.assessing import assess_tumor
from pathways.forms.reviews import ReviewForm, options_typed
from pathways.models import Review
from pathways.presenters.for_you import outcomes_of
from pathways.presenters.patient_page import banner
from pathways.presenters.reviews import differs_today, other_options, review_options, review_rows, signed_review
from pathways.presenters.words import show_instant
from pathways.reviews.check_code import as_typed, check_code
from pathways.reviews.comparing import comparison, moments
from pathways.reviews.papers import paper_with_code
from pathways.reviews.selectors import items_of, review_of, review_with_code, reviews_of
from pathways.reviews.signing import seen_token, sign_review
from pathways.reviews.snapshots import NotReplayable, replay
from pathways.views.opening import Opened, open_tumor
from patients.actions.shared import Refused
from patients.models import Patient
from patients.policies import NOT_FOUND, patient_policy
from patients.selectors import tumors_of, visible_patients


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_REVIEW)
def review(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """The form on the list as it is now; posting it signs."""
    opened = open_tumor(request, patient, number)
    also = [*request.GET.getlist("also"), *options_typed(request.POST)]
    options = review_options(opened.done.assessment, also)
    overlay = opened.done.assessment.overlay
    stopped = overlay.by_option if overlay else ()
    form = ReviewForm(request.POST or None, options=options, seen=seen_token(opened.done), stopped=stopped)
    if form.is_valid() and (signed := _signed(opened, form)):
        messages.success(request, f"Signed. The check code is {signed.check_code}.")
        return redirect("pathways:review_signed", patient_id=patient.pk, review_id=signed.pk)
    context = {
        **opened.context("review"),
        "form": form,
        "rows": review_rows(opened.done.assessment, form),
        "others": other_options(opened.done.assessment, options),
        "reviews": reviews_of(opened.tumor),
    }
    return render(request, "pathways/review.html", context)


def _signed(opened: Opened, form: ReviewForm) -> Review | None:
    try:
        return sign_review(
            actor=opened.actor,
            tumor=opened.tumor,
            seen=form.cleaned_data["seen"],
            draft=form.draft(),
            submission=form.cleaned_data["submission"],
            now=opened.at,
        )
    except Refused as refused:
        form.add_refusal(refused, opened.done.assessment.by_code)
        form.data = form.data.copy()
        form.data["seen"] = seen_token(opened.done)
        return None


@require_safe
@patient_policy(Capability.EXPLAIN)
def review_signed(request: HttpRequest, patient: Patient, review_id: UUID) -> HttpResponse:
    """A signed review, from its snapshot alone; it prints."""
    found = review_of(patient, review_id)
    if found is None:
        raise Http404(NOT_FOUND)
    today, actor = today_for(patient.institution), actor_of(request)
    context: dict[str, object] = {"code": found.check_code, "fault": ""}
    try:
        then = replay(found.snapshot)
        context["review"] = signed_review(found, items_of(found), then, today)
        context["differs"] = differs_today(then, assess_tumor(found.snapshot.tumor, as_of=today).assessment)
    except NotReplayable as fault:
        context["fault"] = str(fault)
    context["outcomes"] = outcomes_of(found, actor)
    context["may_refer"] = actor.may(Capability.PATIENT_REFER).allowed and not patient.reached_through
    tumors, tumor = tumors_of(patient), found.snapshot.tumor
    context["banner"] = banner(patient, actor=actor, as_of=today, current="review", tumors=tumors, tumor=tumor)
    frame = reverse("pathways:print_frame", args=[patient.id, tumor.number])
    context["page_frame_url"] = f"{frame}?review={found.id}"
    context["printed"] = f"{actor.name}, {show_instant(timezone.now())}"
    return render(request, "pathways/review_signed.html", context)


@require_safe
@policy(Capability.EXPLAIN)
def check(request: HttpRequest) -> HttpResponse:
    """What a code on paper belongs to: a signed review, or a paper of the board; and whether it still holds today."""
    typed, actor = request.GET.get("code", ""), actor_of(request)
    code = as_typed(typed)
    found = review_with_code(code) if code else None
    if found and not visible_patients(actor, Capability.EXPLAIN).filter(pk=found.snapshot.tumor.patient_id).exists():
        found = None
    paper = None if found else paper_with_code(actor, code)
    context = {
        "typed": typed,
        "asked": bool(typed),
        "found": found,
        "paper": paper,
        **(_checked(found) if found else {}),
    }
    if found:
        record(actor=actor, action="review.check", patient_id=found.snapshot.tumor.patient_id, subject=found.check_code)
    if paper:
        record(actor=actor, action="paper.check", patient_ids=paper.patient_ids, subject=paper.subject)
    return render(request, "pathways/review_check.html", context)


def _checked(found: Review) -> dict[str, object]:
    try:
        then = replay(found.snapshot)
    except NotReplayable as fault:
        return {"genuine": False, "fault": str(fault)}
    genuine = check_code(found, items_of(found), found.snapshot.digest) == found.check_code
    latest = reviews_of(found.snapshot.tumor)[0]
    today = today_for(found.snapshot.tumor.patient.institution)
    now = assess_tumor(found.snapshot.tumor, as_of=today).assessment
    return {
        "genuine": genuine,
        "differs": differs_today(then, now),
        "superseded_by": latest if latest.pk != found.pk else None,
        "expired": found.out_of_date_on is not None and found.out_of_date_on <= today,
    }


@require_safe
@patient_policy(Capability.EXPLAIN)
def since(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """What changed between two assessments: signed ones, or what was known on a date."""
    opened = open_tumor(request, patient, number)
    before, after = (_chosen(request, end) for end in ("before", "after"))
    result = comparison(opened.done, reviews_of(opened.tumor), before=before, after=after)
    pickers = [("before", "From", result.before), ("after", "To", result.after)]
    known = moments(reviews_of(opened.tumor))
    context = {**opened.context("since"), "result": result, "moments": known, "pickers": pickers}
    return render(request, "pathways/since.html", context)


def _chosen(request: HttpRequest, end: str) -> str:
    """The moment chosen for one end: a day that was just entered, else what the list says, else the day that stood there."""
    listed, day, shown = (request.GET.get(f"{end}{part}", "") for part in ("", "_on", "_was"))
    return listed if listed and day == shown else day or listed
