"""One's own account: name, roles, teams, a new password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from netcare.access.actions import set_password
from netcare.access.actors import actor_of
from netcare.access.forms import OwnPasswordForm, apply
from netcare.access.models import Team
from netcare.access.policies import policy
from netcare.access.roles import Capability


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.ACCOUNT)
def account(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = OwnPasswordForm(actor.person, request.POST or None)
    if form.is_valid() and apply(form, lambda: _change(request, form.cleaned_data["password"])):
        messages.success(request, "Your password is changed. Your other sessions have ended.")
        return redirect("access:account")
    teams = Team.objects.filter(id__in=actor.team_ids).order_by("name", "id")
    return render(request, "access/account.html", {"form": form, "teams": teams})


def _change(request: HttpRequest, password: str) -> bool:
    actor = actor_of(request)
    set_password(user=actor.person, password=password, by=actor)
    update_session_auth_hash(request, actor.person)
    return True
