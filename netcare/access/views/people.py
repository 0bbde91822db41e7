"""The list of people, and a new person."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from netcare.access import selectors
from netcare.access.actions import create_user
from netcare.access.actors import actor_of
from netcare.access.forms import NewPersonForm, apply
from netcare.access.policies import policy
from netcare.access.roles import HUMAN_ROLES, Capability

PER_PAGE = 50


@require_safe
@policy(Capability.PEOPLE_READ)
def people(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("text", "role", "state")}
    found = selectors.people(actor_of(request), **asked)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [selectors.person_row(user) for user in page]
    return render(request, "access/people.html", {"page": page, "rows": rows, "asked": asked, "all_roles": HUMAN_ROLES})


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.PEOPLE_MANAGE)
def new_person(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        user = apply(form, lambda: create_user(institution=actor.home, by=actor, **form.cleaned_data))
        if user is not None:
            messages.success(request, f"{user.display_name} has an account. Give a role and a team now.")
            return redirect("access:person", user_id=user.id)
    return render(request, "access/new_person.html", {"form": form})
