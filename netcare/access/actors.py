"""Who is acting, and what that actor may do.

An `Actor` is built afresh for every request and every job step from the rows of that moment, so a role taken away, an
account disabled or a token revoked counts from the next request on. Refuses to remember anything between requests and
to answer about states of records. Called by policies, actions, selectors, templates and background jobs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest

from netcare.access.roles import MATRIX, STEP_UP, Capability, Role, Scope

if TYPE_CHECKING:
    from netcare.access.models import ApiClient, Institution, User

API_PREFIX = "/api/"


@dataclass(frozen=True)
class Decision:
    """Yes or no, and for no the sentence that page, API and disabled button share.

    `step_up` is the hook for a second factor: an allowed decision that holds only after a fresh one.
    """

    allowed: bool
    sentence: str = ""
    step_up: bool = False


class NotAllowed(Exception):
    """An actor asked for what it may not do. The middleware answers 403 with the sentence and records the denial."""

    def __init__(self, decision: Decision, capability: Capability | None = None) -> None:
        super().__init__(decision.sentence)
        self.decision = decision
        self.capability = capability


@dataclass(frozen=True)
class Actor:
    """A person, a program, the system itself, or nobody (`kind` says which)."""

    kind: str
    id: UUID | None = None
    name: str = "nobody signed in"
    institution: Institution | None = None
    roles: frozenset[Role] = frozenset()
    team_ids: frozenset[UUID] = frozenset()
    granted: frozenset[Capability] = frozenset()
    user: User | None = field(default=None, compare=False, repr=False)

    @property
    def institution_id(self) -> UUID | None:
        return self.institution.id if self.institution else None

    @property
    def home(self) -> Institution:
        """The institution, for pages and actions that need one; `NotAllowed` for an actor that belongs to none."""
        if self.institution is None:
            raise NotAllowed(Decision(False, f"{self.name} belongs to no institution."))
        return self.institution

    @property
    def person(self) -> User:
        """The account behind the actor; `NotAllowed` for programs, the system and nobody."""
        if self.user is None:
            raise NotAllowed(Decision(False, f"{self.name} is not a person with an account."))
        return self.user

    @property
    def role_names(self) -> list[str]:
        """In the order of the roles' declaration, for the audit row and the page header."""
        return [role.value for role in Role if role in self.roles]

    @property
    def role_titles(self) -> str:
        return ", ".join(role.title for role in Role if role in self.roles) or "no role"

    @property
    def is_signed_in(self) -> bool:
        return self.kind in ("user", "api_client")

    def scopes(self, capability: Capability) -> frozenset[Scope]:
        """How far the capability reaches for this actor; empty means nothing at all, never everything."""
        if self.kind == "system":
            return frozenset({Scope.INSTITUTION, Scope.GLOBAL}) if capability in self.granted else frozenset()
        if self.kind == "api_client" and capability not in self.granted:
            return frozenset()
        cells = MATRIX[capability]
        return frozenset(cells[role] for role in self.roles if role in cells)

    def may(self, capability: Capability) -> Decision:
        """Whether any of the actor's roles gives the capability, and if not, why not in one sentence."""
        if self.scopes(capability):
            return Decision(allowed=True, step_up=capability in STEP_UP)
        if self.kind == "anonymous":
            return Decision(False, f"Sign in to {capability.what}.")
        if self.kind == "api_client":
            return Decision(
                False, f"The API client {self.name} may not {capability.what}: '{capability}' is not among its scopes."
            )
        if self.kind == "system":
            return Decision(False, f"{self.name} may not {capability.what}.")
        if not self.roles:
            return Decision(
                False, f"You have no role yet, so you may not {capability.what}. An administrator gives one."
            )
        return Decision(False, f"Your role ({self.role_titles}) may not {capability.what}. {who_may(capability)}")


def who_may(capability: Capability) -> str:
    """ "This is for: clinician, board coordinator." """
    titles = [role.title for role in Role if role in MATRIX[capability] and role is not Role.API_CLIENT]
    return f"This is for: {', '.join(titles)}."


ANONYMOUS = Actor(kind="anonymous")


def require(actor: Actor, capability: Capability) -> None:
    """For actions: raises `NotAllowed` with the sentence unless the actor has the capability."""
    decision = actor.may(capability)
    if not decision.allowed:
        raise NotAllowed(decision, capability)


def refuse(sentence: str, capability: Capability | None = None) -> NotAllowed:
    """The exception to raise when a policy beyond the matrix says no: `raise refuse("…")`."""
    return NotAllowed(Decision(False, sentence), capability)


def actor_for_user(user: User) -> Actor:
    """The actor that this person is now; nobody if the account is disabled. Jobs call it again at every step."""
    from netcare.access.models import RoleGrant, TeamMembership

    if not user.is_active:
        return ANONYMOUS
    roles = RoleGrant.objects.in_force().filter(user=user).values_list("role", flat=True)
    teams = TeamMembership.objects.in_force().filter(user=user).values_list("team_id", flat=True)
    return Actor(
        kind="user",
        id=user.id,
        name=user.display_name,
        institution=user.institution,
        roles=frozenset(Role(role) for role in roles),
        team_ids=frozenset(teams),
        user=user,
    )


def actor_for_api_client(client: ApiClient) -> Actor:
    """The actor that this program is now; nobody once it is revoked."""
    if client.revoked_at is not None:
        return ANONYMOUS
    return Actor(
        kind="api_client",
        id=client.id,
        name=client.name,
        institution=client.institution,
        roles=frozenset({Role.API_CLIENT}),
        granted=client.capabilities,
    )


def system_actor(name: str, *, institution: Institution | None = None, capabilities: frozenset[Capability]) -> Actor:
    """A command or a scheduled job that nobody started by hand; it may do what is listed, and is named in the record."""
    return Actor(kind="system", name=name, institution=institution, granted=capabilities)


def token_digest(token: str) -> str:
    """What is stored of an API token. The token has 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def bearer_token(request: HttpRequest) -> str | None:
    """The token of an Authorization header, on API paths alone: programs have no pages."""
    header = request.headers.get("Authorization", "")
    if not request.path_info.startswith(API_PREFIX) or not header:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def actor_of(request: HttpRequest) -> Actor:
    """Who sends this request. Built once per request from the database, never from the session's memory.

    With an Authorization header on an API path the token alone counts, also when it is wrong: there is no falling back
    to a session, which would act with rights that the caller did not ask for.
    """
    known: Actor | None = getattr(request, "_netcare_actor", None)
    if known is None:
        known = _find_actor(request)
        request._netcare_actor = known  # type: ignore[attr-defined]
    return known


def forget_actor(request: HttpRequest) -> None:
    """After signing in or out within a request, the next question is answered afresh."""
    request.__dict__.pop("_netcare_actor", None)


def _find_actor(request: HttpRequest) -> Actor:
    from netcare.access.models import ApiClient

    token = bearer_token(request)
    if token is not None:
        client = ApiClient.objects.select_related("institution").filter(token_digest=token_digest(token)).first()
        return actor_for_api_client(client) if client else ANONYMOUS
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ANONYMOUS
    return actor_for_user(user)
