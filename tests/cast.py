"""The standing cast: two institutions, their care teams and one person per role, all made through the real actions.

Northside has two teams; Vera only looks, Clara treats, Cora prepares the board, Edda edits rules, Apollo approves them,
Audra audits, Ada administers. Nora has no role at all. Southside has a clinician, Silas, who must never see Northside.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from netcare.access import Actor, Capability, Institution, Role, Team, User, actor_for_user, system_actor
from netcare.access.actions import (
    add_to_team,
    create_api_client,
    create_institution,
    create_team,
    create_user,
    grant_role,
)
from netcare.access.roles import API_CLIENT_SCOPES

PASSWORD = "plum-otter-lantern-42"
SYSTEM = system_actor("the test suite", capabilities=frozenset(Capability))


@dataclass(frozen=True)
class Cast:
    northside: Institution
    southside: Institution
    abdomen: Team
    thorax: Team
    south_team: Team
    vera: User
    clara: User
    cora: User
    edda: User
    apollo: User
    audra: User
    ada: User
    nora: User
    theo: User
    silas: User
    token: str

    def by_role(self) -> dict[Role, User]:
        """Northside's person of each role."""
        people = (self.vera, self.clara, self.cora, self.edda, self.apollo, self.audra, self.ada)
        roles = (
            Role.VIEWER, Role.CLINICIAN, Role.COORDINATOR, Role.EDITOR, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR,
        )  # fmt: skip
        return dict(zip(roles, people, strict=True))


def person(institution: Institution, name: str, *roles: Role, teams: tuple[Team, ...] = ()) -> User:
    """An account with these roles and teams; the user name is the name in lower case."""
    user = create_user(institution=institution, username=name.lower(), display_name=name, password=PASSWORD, by=SYSTEM)
    for role in roles:
        grant_role(user=user, role=role, by=SYSTEM)
    for team in teams:
        add_to_team(team=team, user=user, by=SYSTEM)
    return user


def gather() -> Cast:
    """The whole cast, in the database of the test that asks."""
    north = create_institution(name="Northside Hospital", time_zone="Europe/Berlin", by=SYSTEM)
    south = create_institution(name="Southside Clinic", time_zone="America/Denver", by=SYSTEM)
    abdomen = create_team(institution=north, name="Abdomen", by=SYSTEM)
    thorax = create_team(institution=north, name="Thorax", by=SYSTEM)
    south_team = create_team(institution=south, name="All", by=SYSTEM)
    _, token = create_api_client(
        institution=north, name="Records", purpose="reads and assesses", scopes=API_CLIENT_SCOPES, by=SYSTEM
    )
    return Cast(
        northside=north,
        southside=south,
        abdomen=abdomen,
        thorax=thorax,
        south_team=south_team,
        vera=person(north, "Vera", Role.VIEWER, teams=(abdomen,)),
        clara=person(north, "Clara", Role.CLINICIAN, teams=(abdomen,)),
        cora=person(north, "Cora", Role.COORDINATOR),
        edda=person(north, "Edda", Role.EDITOR),
        apollo=person(north, "Apollo", Role.APPROVER),
        audra=person(north, "Audra", Role.AUDITOR),
        ada=person(north, "Ada", Role.ADMINISTRATOR),
        nora=person(north, "Nora"),
        theo=person(north, "Theo", Role.CLINICIAN, teams=(thorax,)),
        silas=person(south, "Silas", Role.CLINICIAN, teams=(south_team,)),
        token=token,
    )


def acting(user: User) -> Actor:
    """The actor that this person is at this moment."""
    user.refresh_from_db()
    return actor_for_user(user)


def signed_in(user: User) -> Client:
    """A browser of this person, past the sign-in page."""
    client = Client()
    client.force_login(user)
    return client
