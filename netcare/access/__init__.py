"""Institutions, care teams, people, roles, and who may do what.

The door of the package: others import names from here. Models are loaded on first use, so that the package can be
named in INSTALLED_APPS. Refuses to know patients or rules; those packages bring their own policies on top.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from netcare.access.actors import (
    ANONYMOUS,
    Actor,
    Decision,
    NotAllowed,
    actor_for_api_client,
    actor_for_user,
    actor_of,
    refuse,
    require,
    system_actor,
)
from netcare.access.calendar import today_for
from netcare.access.policies import Policy, mark, policy, policy_of, public
from netcare.access.roles import EXCLUDED_PAIRS, HUMAN_ROLES, MATRIX, Capability, Role, Scope

if TYPE_CHECKING:
    from netcare.access.models import ApiClient, Institution, RoleGrant, Team, TeamMembership, User

_MODELS = frozenset({"ApiClient", "Institution", "RoleGrant", "Team", "TeamMembership", "User"})


def __getattr__(name: str) -> Any:
    if name in _MODELS:
        return getattr(import_module("netcare.access.models"), name)
    raise AttributeError(f"netcare.access has no {name}")


__all__ = [
    "ANONYMOUS",
    "EXCLUDED_PAIRS",
    "HUMAN_ROLES",
    "MATRIX",
    "Actor",
    "ApiClient",
    "Capability",
    "Decision",
    "Institution",
    "NotAllowed",
    "Policy",
    "Role",
    "RoleGrant",
    "Scope",
    "Team",
    "TeamMembership",
    "User",
    "actor_for_api_client",
    "actor_for_user",
    "actor_of",
    "mark",
    "policy",
    "policy_of",
    "public",
    "refuse",
    "require",
    "system_actor",
    "today_for",
]
