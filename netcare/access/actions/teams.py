"""Care teams and who belongs to them: whoever does sees the team's patients.

Refuses to let anybody put themselves into a team, and to mix institutions. Called by the team pages and by commands.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from netcare.access.actions.common import ChangeRefused, needed, require_at
from netcare.access.actors import Actor, refuse
from netcare.access.models import Institution, Team, TeamMembership, User
from netcare.access.roles import Capability
from netcare.audit import record


@transaction.atomic
def create_team(*, institution: Institution, name: str, by: Actor, at: datetime | None = None) -> Team:
    """A care team without members yet."""
    require_at(by, Capability.PEOPLE_MANAGE, institution.id)
    name = needed("name", name, "The team's name")
    if Team.objects.filter(institution=institution, name__iexact=name).exists():
        raise ChangeRefused("name", f"{institution} already has a team named '{name}'.")
    team = Team.objects.create(institution=institution, name=name)
    record(actor=by, action="team.create", institution_id=institution.id, subject=name, at=at)
    return team


@transaction.atomic
def add_to_team(*, team: Team, user: User, by: Actor, at: datetime | None = None) -> TeamMembership:
    """The person sees the team's patients from now on, as far as a role allows; adding again changes nothing."""
    require_at(by, Capability.TEAM_ASSIGN, team.institution_id)
    if by.id == user.id:
        raise refuse("Nobody puts themselves into a care team. Ask a colleague who may.", Capability.TEAM_ASSIGN)
    if user.institution_id != team.institution_id:
        raise ChangeRefused("user", f"Only people of {team.institution} can belong to the team {team.name}.")
    membership, is_new = TeamMembership.objects.in_force().get_or_create(
        team=team, user=user, ended_at=None, defaults={"added_by": by.user, "added_at": at or datetime.now(UTC)}
    )
    if is_new:
        _record(by, "team.add", team, user, at)
    return membership


@transaction.atomic
def end_membership(*, team: Team, user: User, by: Actor, at: datetime | None = None) -> None:
    """The person no longer sees the team's patients, from the next request on."""
    require_at(by, Capability.TEAM_ASSIGN, team.institution_id)
    ended = (
        TeamMembership.objects.in_force()
        .filter(team=team, user=user)
        .update(ended_at=at or datetime.now(UTC), ended_by=by.user)
    )
    if ended:
        _record(by, "team.end", team, user, at)


def _record(by: Actor, action: str, team: Team, user: User, at: datetime | None) -> None:
    record(
        actor=by,
        action=action,
        institution_id=team.institution_id,
        subject=f"{user.display_name}: {team.name}",
        detail={"user": str(user.id), "team": str(team.id)},
        at=at,
    )
