"""Programs that use the API. The answer to creating one is the only page that ever shows its token."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netcare.access import selectors
from netcare.access.actions import create_api_client, revoke_api_client
from netcare.access.actors import actor_of
from netcare.access.forms import ApiClientForm, apply
from netcare.access.policies import policy
from netcare.access.roles import Capability


@require_safe
@policy(Capability.PEOPLE_READ)
def api_clients(request: HttpRequest) -> HttpResponse:
    rows = [selectors.scopes_row(client) for client in selectors.api_clients(actor_of(request))]
    return render(request, "access/api_clients.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.API_CLIENTS_MANAGE)
def new_api_client(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = ApiClientForm(request.POST or None)
    if form.is_valid():
        made = apply(form, lambda: create_api_client(institution=actor.home, by=actor, **form.cleaned_data))
        if made is not None:
            return render(request, "access/token.html", {"client": made[0], "token": made[1]})
    return render(request, "access/new_api_client.html", {"form": form})


@require_POST
@policy(Capability.API_CLIENTS_MANAGE)
def revoke(request: HttpRequest, client_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    client = selectors.client_or_404(actor, client_id)
    revoke_api_client(client=client, by=actor)
    messages.success(request, f"The token of {client.name} opens nothing any more.")
    return redirect("access:api_clients")
