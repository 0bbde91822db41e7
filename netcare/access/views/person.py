"""One person: roles held and why others cannot be given, the history of grants, and the buttons that change them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from netcare.access import selectors
from netcare.access.actions import (
    ChangeRefused,
    disable_user,
    enable_user,
    end_role,
    grant_role,
    set_password,
)
from netcare.access.actors import actor_of
from netcare.access.forms import PasswordForm, RoleForm, apply
from netcare.access.models import User
from netcare.access.policies import policy
from netcare.access.roles import HUMAN_ROLES, Capability, Role


@require_safe
@policy(Capability.PEOPLE_READ)
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    user = selectors.person_or_404(actor_of(request), user_id)
    return _page(request, user, PasswordForm())


@require_POST
@policy(Capability.PEOPLE_MANAGE)
def give_role(request: HttpRequest, user_id: UUID) -> HttpResponse:
    user = selectors.person_or_404(actor_of(request), user_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"'{request.POST.get('role', '')}' is not a role that a person can hold.")
        return redirect("access:person", user_id=user.id)
    role = Role(form.cleaned_data["role"])
    said = f"{user.display_name} is {role.title} from now on."
    return _do(request, user, lambda: grant_role(user=user, role=role, by=actor_of(request)), said)


@require_POST
@policy(Capability.PEOPLE_MANAGE)
def take_role(request: HttpRequest, user_id: UUID, role: str) -> HttpResponse:
    user = selectors.person_or_404(actor_of(request), user_id)
    if role not in HUMAN_ROLES:
        raise Http404(selectors.NOT_FOUND)
    ended = Role(role)
    said = f"{user.display_name} is no longer {ended.title}."
    return _do(request, user, lambda: end_role(user=user, role=ended, by=actor_of(request)), said)


@require_POST
@policy(Capability.PEOPLE_MANAGE)
def disable(request: HttpRequest, user_id: UUID) -> HttpResponse:
    user = selectors.person_or_404(actor_of(request), user_id)
    said = f"The account of {user.display_name} is disabled."
    return _do(request, user, lambda: disable_user(user=user, by=actor_of(request)), said)


@require_POST
@policy(Capability.PEOPLE_MANAGE)
def enable(request: HttpRequest, user_id: UUID) -> HttpResponse:
    user = selectors.person_or_404(actor_of(request), user_id)
    said = f"{user.display_name} may sign in again."
    return _do(request, user, lambda: enable_user(user=user, by=actor_of(request)), said)


@require_POST
@policy(Capability.PEOPLE_MANAGE)
def new_password(request: HttpRequest, user_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    user = selectors.person_or_404(actor, user_id)
    form = PasswordForm(request.POST)
    if form.is_valid():
        apply(form, lambda: set_password(user=user, password=form.cleaned_data["password"], by=actor))
    if form.errors:
        return _page(request, user, form)
    messages.success(request, f"{user.display_name} has a new password; every session of the account has ended.")
    return redirect("access:person", user_id=user.id)


def _page(request: HttpRequest, user: User, password_form: PasswordForm) -> HttpResponse:
    return render(
        request,
        "access/person.html",
        {
            "person": user,
            "row": selectors.person_row(user),
            "roles": selectors.role_rows(user),
            "past": selectors.past_grants(user),
            "password_form": password_form,
            "is_self": actor_of(request).id == user.id,
        },
    )


def _do(request: HttpRequest, user: User, action: Callable[[], object], said: str) -> HttpResponse:
    """One action for one button, then back to the person's page with what happened."""
    try:
        action()
        messages.success(request, said)
    except ChangeRefused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("access:person", user_id=user.id)
