"""The institutions, care teams, people and the program of the demo; all of them invented.

Each is made once, by the actions of `netcare.access`; what an administrator changed since (a role, a team, a disabled
account, a password) stays changed. Called by the command `load_demo`, and by `serve` for the list of sign-ins.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from netcare.access import (
    Actor,
    ApiClient,
    Capability,
    Institution,
    Role,
    Team,
    User,
    actor_for_user,
    system_actor,
)
from netcare.access.actions import (
    add_to_team,
    create_api_client,
    create_institution,
    create_team,
    create_user,
    grant_role,
)
from netcare.access.actors import token_digest
from netcare.audit.models import AuditEvent
from netcare.demo import SignIn

# Printed at every start of the demo. A database that holds these accounts is served to its own machine alone (checks).
PASSWORD = "quiet-meadow-lantern"  # noqa: S105  (a password that everybody may know)
HOSPITAL, CLINIC = "Example University Hospital", "Elsewhere Clinic"
NET_TEAM, SURGERY_TEAM, OTHER_TEAM = "NET team", "Endocrine surgery team", "Oncology team"
TIME_ZONES = {HOSPITAL: "Europe/Vienna", CLINIC: "America/Chicago"}
PROGRAM = "Demo program"
LOADER_MAY = frozenset(
    {Capability.PEOPLE_MANAGE, Capability.TEAM_ASSIGN, Capability.API_CLIENTS_MANAGE, Capability.PATIENT_LIST}
)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person with one role, and the care teams to which that person belongs."""

    username: str
    display_name: str
    role: Role
    institution: str = HOSPITAL
    teams: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return self.role.title if self.institution == HOSPITAL else f"{self.role.title}, {self.institution}"


PEOPLE = (
    Person("viewer", "Vera Onlooker", Role.VIEWER, teams=(NET_TEAM,)),
    Person("clinician", "Dr. Clement Bedside", Role.CLINICIAN, teams=(NET_TEAM, SURGERY_TEAM)),
    Person("chair", "Dr. Charlotte Gavel", Role.CLINICIAN),
    Person("coordinator", "Corinna Agenda", Role.COORDINATOR),
    Person("editor", "Dr. Edda Draftwell", Role.EDITOR),
    Person("approver", "Dr. Apollo Secondlook", Role.APPROVER),
    Person("approver2", "Dr. Asta Otherlook", Role.APPROVER),
    Person("auditor", "Audra Ledger", Role.AUDITOR),
    Person("administrator", "Adam Keyring", Role.ADMINISTRATOR),
    Person("outsider", "Dr. Otto Elsewhere", Role.CLINICIAN, institution=CLINIC, teams=(OTHER_TEAM,)),
)


class DemoRefused(Exception):
    """The demo cannot be loaded here; the sentence says what stands against it."""


def loader(institution: Institution | None = None) -> Actor:
    """The command itself, as the audit record names it."""
    return system_actor("load_demo", institution=institution, capabilities=LOADER_MAY)


def load_people(*, now: datetime) -> Iterator[str]:
    """Make what is missing, and say what was made. Raises DemoRefused where a user name is somebody else's."""
    for name in (HOSPITAL, CLINIC):
        institution = Institution.objects.filter(name=name).order_by("id").first()
        if institution is None:
            institution = create_institution(name=name, time_zone=TIME_ZONES[name], by=loader(), at=now)
            yield f"{name}: made, time zone {institution.time_zone}"
        teams = {team: _team(institution, team, now) for team in _teams_of(name)}
        for person in PEOPLE:
            if person.institution == name and _make(person, institution, teams, now):
                yield f"  {person.place}: {person.display_name}, user name {person.username}"
    if line := _make_program(now):
        yield line


def clinician(username: str = "clinician") -> Actor:
    """The person in whose name the patients of the demo are entered. Raises DemoRefused where that account is away."""
    user = User.objects.select_related("institution").filter(username=username).order_by("id").first()
    if user is None or not user.is_active:
        raise DemoRefused(f"The account '{username}' of the demo does not exist or is disabled; enable it first.")
    return actor_for_user(user)


def team_named(actor: Actor, name: str) -> Team:
    """A care team of the actor's institution."""
    return Team.objects.get(institution=actor.home, name=name)


def open_sign_ins() -> tuple[SignIn, ...]:
    """The people of the demo who can sign in with the printed password, and the program while its token is valid."""
    users = User.objects.filter(
        username__in=[person.username for person in PEOPLE], institution__name__in=TIME_ZONES, is_active=True
    )
    ids = {user.username: str(user.id) for user in users.order_by("username")}
    changed = AuditEvent.objects.filter(action="user.password", detail__user__in=list(ids.values()))
    replaced = set(changed.order_by("at", "id").values_list("detail__user", flat=True))
    entries = [
        SignIn(person.place, person.username, PASSWORD)
        for person in PEOPLE
        if person.username in ids and ids[person.username] not in replaced
    ]
    token = _kept_token()
    if entries and token and ApiClient.objects.filter(token_digest=token_digest(token), revoked_at=None).exists():
        entries.append(SignIn(Role.API_CLIENT.title, "Authorization:", f"Bearer {token}", is_a_person=False))
    return tuple(entries)


def _teams_of(institution: str) -> list[str]:
    return list(dict.fromkeys(team for person in PEOPLE if person.institution == institution for team in person.teams))


def _team(institution: Institution, name: str, now: datetime) -> Team:
    known = Team.objects.filter(institution=institution, name=name).order_by("id").first()
    return known or create_team(institution=institution, name=name, by=loader(institution), at=now)


def _make(person: Person, institution: Institution, teams: dict[str, Team], now: datetime) -> bool:
    """The account with its role and teams. An account that is there already is left as it is."""
    known = User.objects.filter(username__iexact=person.username).order_by("id").first()
    if known is not None:
        if known.institution_id != institution.id:
            raise DemoRefused(f"The user name '{person.username}' is taken by somebody of {known.institution}.")
        return False
    by = loader(institution)
    user = create_user(
        institution=institution,
        username=person.username,
        display_name=person.display_name,
        password=PASSWORD,
        by=by,
        at=now,
    )
    grant_role(user=user, role=person.role, by=by, at=now)
    for name in person.teams:
        add_to_team(team=teams[name], user=user, by=by, at=now)
    return True


def _make_program(now: datetime) -> str:
    """The API client, once; its token is kept beside the data for the demo's own welcome, and nowhere else."""
    hospital = Institution.objects.get(name=HOSPITAL)
    if ApiClient.objects.filter(institution=hospital, name=PROGRAM).exists():
        return ""
    _, token = create_api_client(
        institution=hospital,
        name=PROGRAM,
        purpose="Trying the API of the demo",
        scopes=[Capability.API_ASSESS, Capability.PATHWAY_READ],
        by=loader(hospital),
        at=now,
    )
    path = _token_file()
    path.touch(mode=0o600)
    path.write_text(token, encoding="ascii")
    return f"  {Role.API_CLIENT.title}: {PROGRAM}; `manage.py serve` prints its token"


def _token_file() -> Path:
    return Path(settings.DATA_DIR) / "demo_api_token"


def _kept_token() -> str:
    try:
        return _token_file().read_text(encoding="ascii").strip()
    except OSError:
        return ""
