"""Care teams and their members."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netcare.access import selectors
from netcare.access.actions import add_to_team, create_team, end_membership
from netcare.access.actors import actor_of
from netcare.access.forms import MemberForm, TeamForm, apply
from netcare.access.policies import policy
from netcare.access.roles import Capability


@require_safe
@policy(Capability.TEAM_ASSIGN, Capability.PEOPLE_READ)
def teams(request: HttpRequest) -> HttpResponse:
    return render(request, "access/teams.html", {"teams": selectors.teams(actor_of(request)), "form": TeamForm()})


@require_POST
@policy(Capability.PEOPLE_MANAGE)
def new_team(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = TeamForm(request.POST)
    if form.is_valid():
        team = apply(form, lambda: create_team(institution=actor.home, name=form.cleaned_data["name"], by=actor))
        if team is not None:
            return redirect("access:team", team_id=team.id)
    return render(request, "access/teams.html", {"teams": selectors.teams(actor), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.TEAM_ASSIGN)
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The members; POST adds one."""
    actor = actor_of(request)
    shown = selectors.team_or_404(actor, team_id)
    form = MemberForm(selectors.addable(actor, shown), request.POST or None)
    if form.is_valid():
        user = selectors.person_or_404(actor, UUID(form.cleaned_data["user"]))
        if apply(form, lambda: add_to_team(team=shown, user=user, by=actor)):
            messages.success(request, f"{user.display_name} belongs to {shown.name} from now on.")
            return redirect("access:team", team_id=shown.id)
    return render(request, "access/team.html", {"team": shown, "form": form})


@require_POST
@policy(Capability.TEAM_ASSIGN)
def leave_team(request: HttpRequest, team_id: UUID, user_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = selectors.team_or_404(actor, team_id)
    user = selectors.person_or_404(actor, user_id)
    end_membership(team=shown, user=user, by=actor)
    messages.success(request, f"{user.display_name} no longer belongs to {shown.name}.")
    return redirect("access:team", team_id=shown.id)
