"""What the actions share: the refusal that belongs to a field, and the checks of institution and of the last holder.

Refuses to write. Called by the other modules of this package.
"""

from __future__ import annotations

from uuid import UUID

from netcare.access.actors import Actor, refuse, require
from netcare.access.models import Institution, RoleGrant, User
from netcare.access.roles import NEVER_THE_LAST_REMOVED, Capability, Role


class ChangeRefused(Exception):
    """The change cannot stand, whoever asks: the sentence belongs beside `field` ("" for the form as a whole)."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


def require_at(actor: Actor, capability: Capability, institution_id: UUID) -> None:
    """The actor has the capability, and the thing changed belongs to the actor's institution (a command's: to any)."""
    require(actor, capability)
    if actor.kind != "system" and actor.institution_id != institution_id:
        raise refuse(f"You may {capability.what} of your own institution only.", capability)


def needed(field: str, value: str, what: str) -> str:
    """The text without surrounding blanks; refused when nothing is left."""
    text = " ".join(value.split())
    if not text:
        raise ChangeRefused(field, f"{what} is empty. Write at least one character.")
    return text


def lock(institution_id: UUID) -> None:
    """One change of roles or accounts at a time per institution, so that "the last one" is counted truly."""
    Institution.objects.select_for_update().get(pk=institution_id)


def keep_the_last(user: User, roles: set[Role]) -> None:
    """Refuse to take `roles` from `user` when nobody else at the institution would hold one of them."""
    for role in sorted(roles & NEVER_THE_LAST_REMOVED):
        others = RoleGrant.objects.in_force().filter(
            role=role, user__institution=user.institution_id, user__is_active=True
        )
        if not others.exclude(user=user).exists():
            raise ChangeRefused(
                "role",
                f"{user.display_name} is the last {role.title} of {user.institution}. "
                f"Give the role to another person first.",
            )
