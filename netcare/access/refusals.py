"""What a refusal looks like: a page, an htmx answer or an API problem, always with its sentence, always recorded.

Refuses to say whether the thing asked for exists. Called by the middleware, by the CSRF check and by `patients.policies`.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from netcare.access.actors import API_PREFIX, Actor, NotAllowed, actor_of, refuse
from netcare.audit import AuditUnavailable, record

UNAVAILABLE = "The audit record cannot be written at the moment, so nothing was shown and nothing was saved. Try again."


def record_denial(request: HttpRequest, refusal: NotAllowed) -> None:
    """One audit row: who was refused what, with the sentence."""
    capability = refusal.capability
    record(
        actor=actor_of(request),
        action="access.denied",
        outcome="denied",
        subject=str(capability or ""),
        detail={"sentence": refusal.decision.sentence},
        request=request,
    )


def answer_refusal(request: HttpRequest, refusal: NotAllowed) -> HttpResponse:
    """401 or the sign-in page for nobody, 403 with the sentence for somebody; 503 if it cannot be recorded."""
    try:
        record_denial(request, refusal)
    except AuditUnavailable as error:
        return answer_unavailable(request, error)
    actor = actor_of(request)
    sentence = refusal.decision.sentence
    if request.path_info.startswith(API_PREFIX):
        return _api_refusal(actor, sentence)
    if actor.is_signed_in or refusal.capability is None:
        return render(request, "403.html", {"sentence": sentence}, status=403)
    return _to_sign_in(request)


def answer_unavailable(request: HttpRequest, _: AuditUnavailable) -> HttpResponse:
    """503 without a word of what was asked for, rendered without a look at the database, which may be what fails."""
    if request.path_info.startswith(API_PREFIX):
        return problem(503, UNAVAILABLE)
    return HttpResponse(render_to_string("503.html", {"sentence": UNAVAILABLE}), status=503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer of the CSRF check, as CSRF_FAILURE_VIEW."""
    del reason
    refusal = refuse("The form was not sent from a page of netcare opened in this session.")
    try:
        record_denial(request, refusal)
    except AuditUnavailable as error:
        return answer_unavailable(request, error)
    if request.path_info.startswith(API_PREFIX):
        return _api_refusal(actor_of(request), refusal.decision.sentence)
    return render(request, "403_csrf.html", status=403)


def problem(status: int, sentence: str) -> JsonResponse:
    """An RFC 9457 problem with the sentence as its title."""
    return JsonResponse({"title": sentence, "status": status}, status=status, content_type="application/problem+json")


def _api_refusal(actor: Actor, sentence: str) -> HttpResponse:
    if actor.is_signed_in:
        return problem(403, sentence)
    response = problem(401, "Send the token of an API client that is in force: 'Authorization: Bearer <token>'.")
    response["WWW-Authenticate"] = "Bearer"
    return response


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    query = "?" + urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": str(settings.LOGIN_URL)})
    return HttpResponseRedirect(f"{settings.LOGIN_URL}{query}")
