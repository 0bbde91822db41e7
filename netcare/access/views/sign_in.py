"""Signing in and out. Anybody may open these; every success, failure and sign-out is in the audit record."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from netcare.access.actors import ANONYMOUS, actor_for_user, actor_of, forget_actor
from netcare.access.forms import SignInForm
from netcare.access.models import User
from netcare.access.policies import public
from netcare.audit import record


class SignIn(LoginView):
    """Django's own view: it changes the session's key on success, and follows `next` on this host only."""

    template_name = "access/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        # Recorded first: without the row there is no session.
        record(actor=actor_for_user(form.get_user()), action="session.sign_in", request=self.request)
        forget_actor(self.request)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        user = User.objects.filter(username__iexact=form.data.get("username", "")).first()
        record(
            actor=ANONYMOUS,
            action="session.sign_in",
            outcome="denied",
            institution_id=user.institution_id if user else None,
            # What was typed is not kept when it names nobody: it may be a password in the wrong field.
            subject=user.display_name if user else "unknown user name",
            request=self.request,
        )
        return super().form_invalid(form)


class SignOut(LogoutView):
    """By POST only, so that no link on another site can sign a person out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.is_signed_in:
            record(actor=actor, action="session.sign_out", request=request)
        response = super().post(request, *args, **kwargs)
        forget_actor(request)
        return response


sign_in = require_http_methods(["GET", "HEAD", "POST"])(public(SignIn.as_view()))
sign_out = public(SignOut.as_view(next_page="access:sign_in"))
