"""Reads for the people, team and API client pages, always within the actor's institution, shaped for templates.

Refuses to answer about another institution: its people, teams and clients are as good as missing. Called by the views.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from netcare.access.actions.grants import role_refusal
from netcare.access.actors import Actor
from netcare.access.models import ApiClient, RoleGrant, Team, TeamMembership, User
from netcare.access.roles import CAPABILITY_TEXTS, HUMAN_ROLES, Capability, Role

NOT_FOUND = "There is no such page, or it is not yours to see."


@dataclass(frozen=True)
class PersonRow:
    """One line of the people list."""

    id: UUID
    name: str
    username: str
    roles: str
    teams: str
    is_active: bool
    last_seen_at: datetime | None


@dataclass(frozen=True)
class RoleRow:
    """One role on a person's page: held or not, and why it cannot be given."""

    role: str
    title: str
    held_since: datetime | None
    granted_by: str
    refusal: str


@dataclass(frozen=True)
class PastGrant:
    title: str
    granted_at: datetime
    ended_at: datetime
    ended_by: str


@dataclass(frozen=True)
class ScopesRow:
    """One API client with its scopes in words."""

    client: ApiClient
    scopes: list[str]


def people(actor: Actor, *, text: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """Everybody of the institution, by name; `text` in name or user name, `role` held, `state` active or disabled."""
    found = User.objects.filter(institution=actor.institution_id)
    if text:
        found = found.filter(Q(display_name__icontains=text) | Q(username__icontains=text))
    if role:
        held = RoleGrant.objects.in_force().filter(role=role).values("user_id")
        found = found.filter(id__in=held)
    if state in ("active", "disabled"):
        found = found.filter(is_active=state == "active")
    grants = Prefetch("role_grants", RoleGrant.objects.in_force().order_by("granted_at", "id"))
    memberships = TeamMembership.objects.in_force().select_related("team").order_by("team__name", "id")
    return found.prefetch_related(grants, Prefetch("memberships", memberships)).order_by("display_name", "id")


def person_row(user: User) -> PersonRow:
    """From a user of `people`, whose grants and memberships in force are at hand."""
    held = {grant.role for grant in user.role_grants.all()}
    return PersonRow(
        id=user.id,
        name=user.display_name,
        username=user.username,
        roles=", ".join(role.title for role in HUMAN_ROLES if role in held) or "no role",
        teams=", ".join(membership.team.name for membership in user.memberships.all()),
        is_active=user.is_active,
        last_seen_at=user.last_login,
    )


def person_or_404(actor: Actor, user_id: UUID) -> User:
    """A person of the actor's institution; foreign and missing answer the same."""
    user = people(actor).filter(id=user_id).select_related("institution").first()
    if user is None:
        raise Http404(NOT_FOUND)
    return user


def role_rows(user: User) -> list[RoleRow]:
    """Every role for people, with the sentence that stands against giving it, if one does."""
    held = {grant.role: grant for grant in RoleGrant.objects.in_force().filter(user=user).select_related("granted_by")}
    return [_role_row(user, role, held.get(role)) for role in HUMAN_ROLES]


def _role_row(user: User, role: Role, grant: RoleGrant | None) -> RoleRow:
    if grant is None:
        return RoleRow(role.value, role.title, None, "", role_refusal(user, role))
    giver = grant.granted_by.display_name if grant.granted_by else "the command line"
    return RoleRow(role.value, role.title, grant.granted_at, giver, "")


def past_grants(user: User) -> list[PastGrant]:
    ended = RoleGrant.objects.filter(user=user, ended_at__isnull=False).select_related("ended_by")
    return [
        PastGrant(
            title=Role(grant.role).title,
            granted_at=grant.granted_at,
            ended_at=grant.ended_at,
            ended_by=grant.ended_by.display_name if grant.ended_by else "the command line",
        )
        for grant in ended.order_by("-ended_at", "id")
    ]


def teams(actor: Actor) -> QuerySet[Team]:
    """The institution's teams with their members, by name."""
    members = TeamMembership.objects.in_force().select_related("user").order_by("user__display_name", "id")
    return (
        Team.objects.filter(institution=actor.institution_id)
        .prefetch_related(Prefetch("memberships", members))
        .order_by("name", "id")
    )


def team_or_404(actor: Actor, team_id: UUID) -> Team:
    team = teams(actor).filter(id=team_id).select_related("institution").first()
    if team is None:
        raise Http404(NOT_FOUND)
    return team


def addable(actor: Actor, team: Team) -> QuerySet[User]:
    """Active people of the institution who are not in the team; never the actor, who cannot add themselves."""
    members = TeamMembership.objects.in_force().filter(team=team).values("user_id")
    return (
        User.objects.filter(institution=actor.institution_id, is_active=True)
        .exclude(id__in=members)
        .exclude(id=actor.id)
        .order_by("display_name", "id")
    )


def api_clients(actor: Actor) -> QuerySet[ApiClient]:
    """The institution's programs, those in force first."""
    return (
        ApiClient.objects.filter(institution=actor.institution_id)
        .select_related("created_by", "institution")
        .order_by("revoked_at", "name", "id")
    )


def client_or_404(actor: Actor, client_id: UUID) -> ApiClient:
    client = api_clients(actor).filter(id=client_id).first()
    if client is None:
        raise Http404(NOT_FOUND)
    return client


def scopes_row(client: ApiClient) -> ScopesRow:
    listed = sorted(client.capabilities, key=list(Capability).index)
    return ScopesRow(client, [CAPABILITY_TEXTS[scope] for scope in listed])
