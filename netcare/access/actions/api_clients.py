"""Programs that use the API: creating one gives its token once; revoking it counts from the next call on.

Refuses to keep or show a token again: only its digest is stored. Called by the API client pages and by commands.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction

from netcare.access.actions.common import ChangeRefused, needed, require_at
from netcare.access.actors import Actor, token_digest
from netcare.access.models import ApiClient, Institution
from netcare.access.roles import API_CLIENT_SCOPES, Capability
from netcare.audit import record


@transaction.atomic
def create_api_client(
    *,
    institution: Institution,
    name: str,
    purpose: str,
    scopes: Iterable[Capability],
    by: Actor,
    at: datetime | None = None,
) -> tuple[ApiClient, str]:
    """The client and its token. The token is in no later answer and in no row; lost means revoke and create anew."""
    require_at(by, Capability.API_CLIENTS_MANAGE, institution.id)
    name = needed("name", name, "The name")
    purpose = needed("purpose", purpose, "The purpose")
    if ApiClient.objects.filter(institution=institution, name__iexact=name).exists():
        raise ChangeRefused("name", f"{institution} already has an API client named '{name}'. Choose another name.")
    listed = _checked_scopes(scopes)
    token = f"netcare_{secrets.token_urlsafe(32)}"
    client = ApiClient.objects.create(
        institution=institution,
        name=name,
        purpose=purpose,
        scopes=listed,
        token_digest=token_digest(token),
        token_ends_in=token[-4:],
        created_by=by.user,
        created_at=at or datetime.now(UTC),
    )
    _record(by, "api_client.create", client, at)
    return client, token


@transaction.atomic
def revoke_api_client(*, client: ApiClient, by: Actor, at: datetime | None = None) -> None:
    """The token opens nothing any more; revoking again changes nothing."""
    require_at(by, Capability.API_CLIENTS_MANAGE, client.institution_id)
    moment = at or datetime.now(UTC)
    if ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=moment, revoked_by=by.user):
        _record(by, "api_client.revoke", client, at)
    client.refresh_from_db()


def _checked_scopes(scopes: Iterable[Capability]) -> list[str]:
    listed = sorted(set(scopes))
    if not listed:
        raise ChangeRefused("scopes", "No scope is listed. Choose at least one.")
    for scope in listed:
        if scope not in API_CLIENT_SCOPES:
            accepted = ", ".join(API_CLIENT_SCOPES)
            raise ChangeRefused("scopes", f"An API client cannot have the scope '{scope}'. Accepted are: {accepted}.")
    return [scope.value for scope in listed]


def _record(by: Actor, action: str, client: ApiClient, at: datetime | None) -> None:
    record(
        actor=by,
        action=action,
        institution_id=client.institution_id,
        subject=client.name,
        detail={"api_client": str(client.id), "scopes": client.scopes},
        at=at,
    )
