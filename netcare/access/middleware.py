"""Denies every view that declares no policy, answers refusals, and ends sessions that stood idle.

Refuses by default: a view becomes reachable by declaring a policy and in no other way. What a refusal looks like is
decided here once, for pages, htmx fragments and the API. Listed in MIDDLEWARE after AuthenticationMiddleware.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control

from netcare.access.actors import Decision, NotAllowed, actor_of, bearer_token, forget_actor, refuse
from netcare.access.policies import policy_of
from netcare.access.refusals import answer_refusal, answer_unavailable, record_denial
from netcare.audit import AuditUnavailable

NOT_THERE = "There is no such thing, or it is not yours to see."
NO_POLICY = "No policy is declared for this address, so it is refused to everybody."
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class AccessMiddleware:
    """Everything is denied unless a policy allows it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", ""):
            # Nobody types a NUL, and PostgreSQL refuses to look for one.
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        if bearer_token(request) is not None:
            # With an Authorization header the session is not looked at, so there is nothing for a forged form to use.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        response = self.get_response(request)
        if getattr(request, "_netcare_actor", None) is not None:
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if policy_of(view) is not None:
            _set_clock(request)
            return None
        return answer_refusal(request, NotAllowed(Decision(False, NO_POLICY)))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, NotAllowed):
            return answer_refusal(request, exception)
        if isinstance(exception, AuditUnavailable):
            return answer_unavailable(request, exception)
        if isinstance(exception, Http404):
            return self._record_missing(request)
        return None

    def _record_missing(self, request: HttpRequest) -> HttpResponseBase | None:
        """Asking for what is not there, or not the actor's to see, is recorded; the answer is the same for both.

        Views bound to a patient have recorded it themselves, with the patient's identifier.
        """
        declared = policy_of(request.resolver_match.func) if request.resolver_match else None
        if declared is None or declared.is_public or declared.patient:
            return None
        try:
            record_denial(request, refuse(NOT_THERE, declared.capability))
        except AuditUnavailable as error:
            return answer_unavailable(request, error)
        return None


def _set_clock(request: HttpRequest) -> None:
    """Instants are shown in the time zone of the reader's institution, on every page alike."""
    institution = actor_of(request).institution
    if institution is None:
        timezone.deactivate()
    else:
        timezone.activate(ZoneInfo(institution.time_zone))


class SessionLimitsMiddleware:
    """Signs a person out after SESSION_IDLE_MINUTES without a request, and after SESSION_COOKIE_AGE in any case."""

    WRITE_EVERY_SECONDS = 30

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and bearer_token(request) is None:
            self._end_or_renew(request)
        return self.get_response(request)

    def _end_or_renew(self, request: HttpRequest) -> None:
        if "_auth_user_id" not in request.session:
            return
        now = int(time.time())
        seen = request.session.get("seen_at", now)
        began = request.session.get("began_at", now)
        idle_too_long = now - seen >= settings.SESSION_IDLE_MINUTES * 60
        if idle_too_long or now - began >= settings.SESSION_COOKIE_AGE:
            logout(request)
            forget_actor(request)
            messages.info(request, _ended_sentence(idle_too_long))
        elif now - seen >= self.WRITE_EVERY_SECONDS or "began_at" not in request.session:
            request.session["seen_at"] = now
            request.session.setdefault("began_at", now)


def _ended_sentence(idle: bool) -> str:
    if idle:
        return f"You were signed out after {settings.SESSION_IDLE_MINUTES} minutes without activity. Sign in again."
    return "You were signed out because the session reached its longest duration. Sign in again."
