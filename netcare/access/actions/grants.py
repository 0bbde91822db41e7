"""Giving and ending roles.

Refuses, each with its sentence: a role for oneself, a second role that excludes the first, a role for programs, taking
the last approver, auditor or administrator. The database refuses the first two by itself. Called by the people pages
and by commands.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from netcare.access.actions.common import ChangeRefused, keep_the_last, lock, require_at
from netcare.access.actors import Actor, refuse
from netcare.access.models import RoleGrant, User
from netcare.access.roles import HUMAN_ROLES, Capability, Role, excluded_with
from netcare.audit import record


@transaction.atomic
def grant_role(*, user: User, role: Role, by: Actor, at: datetime | None = None) -> RoleGrant:
    """Give `user` the role from now on; giving it again returns the grant in force."""
    require_at(by, Capability.PEOPLE_MANAGE, user.institution_id)
    if by.id == user.id:
        raise refuse("Nobody gives a role to themselves. Ask another administrator.", Capability.PEOPLE_MANAGE)
    lock(user.institution_id)
    sentence = role_refusal(user, role)
    if sentence:
        raise ChangeRefused("role", sentence)
    grant, is_new = RoleGrant.objects.in_force().get_or_create(
        user=user, role=role, ended_at=None, defaults={"granted_by": by.user, "granted_at": at or datetime.now(UTC)}
    )
    if is_new:
        _record(by, "role.grant", user, role, at)
    return grant


@transaction.atomic
def end_role(*, user: User, role: Role, by: Actor, at: datetime | None = None) -> None:
    """Take the role from `user`; it counts from the next request on. Ending what is not held changes nothing."""
    require_at(by, Capability.PEOPLE_MANAGE, user.institution_id)
    lock(user.institution_id)
    keep_the_last(user, {role})
    ended = (
        RoleGrant.objects.in_force()
        .filter(user=user, role=role)
        .update(ended_at=at or datetime.now(UTC), ended_by=by.user)
    )
    if ended:
        _record(by, "role.end", user, role, at)


def role_refusal(user: User, role: Role) -> str:
    """Why `user` cannot be given the role, or "" if nothing stands against it. The disabled button shows the same."""
    if role not in HUMAN_ROLES:
        return f"The role {role.title} is for programs. A person cannot hold it."
    held = RoleGrant.objects.in_force().filter(user=user).values_list("role", flat=True)
    for other in excluded_with(role):
        if other in held:
            return (
                f"{user.display_name} is {other.title}, and nobody is {other.title} and {role.title} at once. "
                f"End the role {other.title} first."
            )
    return ""


def _record(by: Actor, action: str, user: User, role: Role, at: datetime | None) -> None:
    record(
        actor=by,
        action=action,
        institution_id=user.institution_id,
        subject=f"{user.display_name}: {role.title}",
        detail={"user": str(user.id), "role": role.value},
        at=at,
    )
