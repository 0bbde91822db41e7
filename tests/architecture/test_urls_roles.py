"""Every address × method × actor × place, held against the table written by hand in `access_table.py`.

Walks the resolver, so an address that is added without a policy or without a row of the table fails here. Each answer is
also searched for the names of patients whom the actor must not see, and for the audit row that it must leave.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from netcare.access import Role, User, policy_of
from netcare.access.actions import end_membership
from netcare.audit.models import AuditEvent
from tests.architecture.access_table import REACH, SEES, Row, expected
from tests.architecture.places import GLOBAL, NOW, PLACES, RULE, TEST_PATIENT, Place, settle
from tests.cast import Cast, acting, gather, signed_in
from tests.starting import publish_starter

pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
EXPECTED = expected()
# What addresses need besides the things of a place.
FIXED: dict[str, Any] = {
    "number": 1, "topic": "pathology", "feature": "ki67_percent", "role": "viewer", "source_id": "SEED-001",
    "name": "patients", "kind": "patients", "before": 1, "after": 1, "part": "rules",
}  # fmt: skip
CODES = {
    "pathways:rule": "SURV-I1", "pathways:definition": "advanced", "pathways:draft_entry": RULE.code,
    "pathways:draft_entry_retire": RULE.code, "pathways:draft_cases": RULE.code,
    "pathways:draft_patient": TEST_PATIENT.code,
}  # fmt: skip
OPTION = "lanreotide"
THROUGH = (200, 302, 303, 400, 409, 422)


@dataclass(frozen=True)
class Address:
    name: str
    pattern: URLPattern
    arguments: tuple[str, ...]

    @property
    def is_placed(self) -> bool:
        """Whether the address names a thing that belongs to a place."""
        return any(name in Place.__annotations__ and name not in GLOBAL for name in self.arguments)

    @property
    def is_patients(self) -> bool:
        return "patient_id" in self.arguments

    def at(self, place: Place, **others: Any) -> str:
        known = FIXED | {"code": CODES.get(self.name, OPTION)} | others
        return reverse(self.name, kwargs=place.arguments(list(self.arguments), known))


def addresses(
    resolver: URLResolver | None = None, namespace: str = "", names: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Every address that the resolver knows, with the names of its arguments."""
    for found in (resolver or get_resolver()).url_patterns:
        here = names + tuple(found.pattern.converters)
        if isinstance(found, URLResolver):
            yield from addresses(found, f"{namespace}{found.namespace}:" if found.namespace else namespace, here)
        else:
            yield Address(f"{namespace}{found.name}", found, here)


EVERY = list(addresses())
ADDRESSES = [address for address in EVERY if address.name in EXPECTED]  # the first test names those without a row


@dataclass(frozen=True)
class World:
    cast: Cast
    places: dict[str, Place]
    clients: dict[Role | None, Client]


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back, so that the next request meets the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once for all tests here, in a transaction that is never committed; every request is undone."""
    with django_db_blocker.unblock(), undone():
        publish_starter(NOW)
        cast = gather()
        people: dict[Role | None, User] = {**cast.by_role(), None: cast.nora}
        yield World(cast, settle(cast), {role: signed_in(user) for role, user in people.items()})


def ask(client: Client, method: str, address: str, **extra: Any) -> HttpResponse:
    """One request of a browser with this one's cookies, which keeps its own: signing out ends no other request's."""
    fresh = Client()
    fresh.cookies.load(client.cookies.output(attrs=[], header="", sep=";"))
    kind = "application/x-www-form-urlencoded"
    return fresh.generic(method, address, content_type=kind, **extra)  # type: ignore[return-value]


def outcome(answer: HttpResponse) -> str:
    """`in`, `forbidden`, `missing`, `sign-in` or `method`; anything else by its number."""
    if answer.status_code in (401, 302) and answer.headers.get("Location", "/sign-in/").startswith("/sign-in/"):
        return "sign-in"
    known = {403: "forbidden", 404: "missing", 405: "method"}
    return known.get(answer.status_code, "in" if answer.status_code in THROUGH else str(answer.status_code))


def wanted(row: Row, address: Address, method: str, role: Role | None, place: str) -> str:
    """What the table says must happen."""
    if method not in row.methods:
        return "refused"
    if row.is_public or row.allows(role, place):
        return "in"
    letter = "-" if role is None else row.letters[role]
    return "forbidden" if letter == "-" else "missing"


def fits(got: str, want: str) -> bool:
    return got in ("method", "forbidden", "missing", "sign-in") if want == "refused" else got == want


def foreign_names(world: World, role: Role | None) -> tuple[str, ...]:
    """What no answer to this role may hold, wherever it is asked."""
    seen = SEES[role] if role else frozenset()
    return tuple(canary for name, place in world.places.items() if name not in seen for canary in place.canaries)


def _shows(answer: HttpResponse, canaries: tuple[str, ...]) -> bool:
    body = _text_of(answer).lower()
    return any(canary.lower() in body for canary in canaries)


LONG = os.environ.get("NETCARE_TEST_LONG", "") == "1"
TRY_EVERY_METHOD = (Role.CLINICIAN, None)


def _text_of(answer: HttpResponse) -> str:
    """What a reader sees: of a PDF the text of its pages."""
    if answer.headers.get("Content-Type") != "application/pdf" or not answer.content:
        return answer.content.decode()
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def combinations(role: Role | None = None) -> Iterator[tuple[Address, str, str]]:
    """GET and POST everywhere they are listened to; the rest at one's own place and at the farthest.

    A method that is not listened to is refused whoever asks, and before any database is asked: so it is tried for two
    roles on SQLite, and for all of them on both databases in the long run.
    """
    every_method = LONG or (settings.EMBEDDED and role in TRY_EVERY_METHOD)
    for address in ADDRESSES:
        for place in PLACES if address.is_placed else ("own",):
            for method in METHODS:
                listened = method in ("GET", "POST") and method in EXPECTED[address.name].methods
                if listened or (every_method and place in ("own", "other_institution")):
                    yield address, method, place


def test_every_address_has_a_policy_and_a_row_in_the_table() -> None:
    undeclared = [address.name for address in EVERY if policy_of(address.pattern.callback) is None]
    assert undeclared == []
    names = {address.name for address in EVERY}
    assert names - set(EXPECTED) == set(), "addresses without a row in access_table.py"
    assert set(EXPECTED) - names == set(), "rows of access_table.py without an address"


def test_every_address_that_names_a_patient_is_bound_to_the_patient_s_policy() -> None:
    for address in ADDRESSES:
        declared = policy_of(address.pattern.callback)
        assert declared is not None
        assert declared.patient == address.is_patients, address.name
        assert EXPECTED[address.name].is_public == declared.is_public, address.name


@pytest.mark.parametrize("role", [*SEES, None], ids=lambda role: role or "no role")
def test_each_role_gets_where_the_table_says_and_nowhere_else(
    world: World, role: Role | None, capsys: pytest.CaptureFixture[str]
) -> None:
    client, hidden = world.clients[role], foreign_names(world, role)
    tried, wrong = 0, []
    for address, method, place in combinations(role):
        row = EXPECTED[address.name]
        want = wanted(row, address, method, role, place)
        with undone():
            last = AuditEvent.objects.newest_first()[0].id
            answer = ask(client, method, address.at(world.places[place]))
            got, tried = outcome(answer), tried + 1
            if row.is_public and got == "sign-in" and method in row.methods:
                got = "in"  # signing out leads to the sign-in page
            if not fits(got, want):
                wrong.append(f"{method} {address.name} at {place}: {got}, not {want}")
            if _shows(answer, hidden):
                wrong.append(f"{method} {address.name} at {place} shows a patient whom the role must not see")
            denied = AuditEvent.objects.filter(id__gt=last, outcome="denied").exists()
            if got in ("forbidden", "missing") and not denied:
                wrong.append(f"{method} {address.name} at {place}: no audit row of the denial")
            if got == "in" and address.is_patients and not _names_patient(last, world.places[place]):
                wrong.append(f"{method} {address.name} at {place}: no audit row names the patient")
    with capsys.disabled():
        print(f" {role or 'no role'}: {tried} combinations")
    assert not wrong, "\n".join(wrong)


def _names_patient(last: int, place: Place) -> bool:
    return AuditEvent.objects.filter(id__gt=last, patient_id=place.patient_id, outcome="allowed").exists()


def test_nobody_signed_in_and_programs_get_to_no_page(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    tried, wrong = 0, []
    hidden = foreign_names(world, None)
    for headers in ({}, {"Authorization": f"Bearer {world.cast.token}"}, {"Authorization": "Bearer wrong"}):
        for address, method, place in combinations():
            row = EXPECTED[address.name]
            program = address.name == "pathways:api_assess" and world.cast.token in str(headers)
            with undone():
                answer = ask(Client(), method, address.at(world.places[place]), headers=headers)
                got, tried = outcome(answer), tried + 1
                want = "in" if row.is_public or program else "sign-in"
                want = want if method in row.methods else "refused"
                if row.is_public and method in row.methods and got == "sign-in":
                    got = "in"
                if not fits(got, want) or _shows(answer, hidden):
                    wrong.append(f"{method} {address.name} at {place} with {list(headers)}: {got}, not {want}")
    with capsys.disabled():
        print(f" nobody and programs: {tried} combinations")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", SEES)
def test_a_foreign_thing_and_a_missing_one_answer_byte_for_byte_alike(world: World, role: Role) -> None:
    client, compared = world.clients[role], 0
    for address in ADDRESSES:
        letter = EXPECTED[address.name].letters[role]
        if not address.is_placed or letter in "py-":
            continue
        for method in sorted(EXPECTED[address.name].methods):
            with undone():
                missing = ask(client, method, address.at(world.places["missing"]))
            for name in set(PLACES) - REACH[letter] - {"missing"}:
                with undone():
                    foreign = ask(client, method, address.at(world.places[name]))
                assert _seen(foreign) == _seen(missing), (method, address.name, name)
                compared += 1
    assert compared > 0 or role in (Role.AUDITOR,)


def _seen(answer: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
    """All that reaches the caller, but for the hour and the cookies."""
    body = re.sub(rb'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', b"", answer.content)
    headers = {name: value for name, value in answer.items() if name not in ("Date", "Set-Cookie")}
    return answer.status_code, body, headers


def test_a_thing_of_another_patient_is_missing_under_one_s_own_patient(world: World) -> None:
    """The identifier in the middle of an address is worth nothing without the patient to whom it belongs."""
    own, foreign = world.places["own"], world.places["other_team"]
    tried = 0
    for address in ADDRESSES:
        parts = [name for name in address.arguments if name.endswith("_id") and name != "patient_id"]
        if not address.is_patients or not parts:
            continue
        arguments = {name: getattr(foreign, name) for name in parts} | {"patient_id": own.patient_id}
        role = Role.CLINICIAN if EXPECTED[address.name].letters[Role.CLINICIAN] != "-" else Role.COORDINATOR
        for method in sorted(EXPECTED[address.name].methods):
            with undone():
                answer = ask(world.clients[role], method, reverse(address.name, kwargs=_fixed(address) | arguments))
            assert answer.status_code == 404, (method, address.name)
            tried += 1
    assert tried >= 10


def _fixed(address: Address) -> dict[str, Any]:
    return {name: FIXED[name] for name in address.arguments if name in FIXED}


def test_lists_name_in_the_record_every_patient_whom_they_show(world: World) -> None:
    for role, places in SEES.items():
        with undone():
            answer = world.clients[role].get(reverse("pathways:patients"))
            event = AuditEvent.objects.newest_first()[0]
            if not places:
                assert (answer.status_code, event.outcome) == (403, "denied")
                continue
            shown = {str(world.places[name].patient_id) for name in places}
            assert (event.action, set(event.patient_ids)) == ("patient.list", shown)
            assert all(_shows(answer, world.places[name].canaries) for name in places)


def test_the_recall_list_names_in_the_record_every_patient_whom_it_shows(world: World) -> None:
    for role in (Role.VIEWER, Role.CLINICIAN, Role.COORDINATOR):
        for name in ("pathways:recall", "pathways:recall_export"):
            with undone():
                answer = world.clients[role].get(reverse(name))
                event = AuditEvent.objects.newest_first()[0]
                if name == "pathways:recall_export" and role is not Role.COORDINATOR:
                    assert (answer.status_code, event.outcome) == (403, "denied")
                    continue
                assert event.patient_ids == [str(world.places["own"].patient_id)]
                assert _shows(answer, world.places["own"].canaries)


def test_a_clinician_without_a_team_sees_nobody(world: World) -> None:
    """An empty scope is nothing, not everything: neither in a list nor by address."""
    own, everybody = world.places["own"], tuple(name for place in world.places.values() for name in place.canaries)
    with undone():
        end_membership(team=world.cast.abdomen, user=world.cast.clara, by=acting(world.cast.cora))
        listed = ask(world.clients[Role.CLINICIAN], "GET", reverse("pathways:patients"))
        assert listed.status_code == 200
        assert not _shows(listed, everybody)
        assert AuditEvent.objects.newest_first()[0].patient_ids == []
        for address in (address for address in ADDRESSES if address.is_patients):
            assert ask(world.clients[Role.CLINICIAN], "GET", address.at(own)).status_code in (404, 405), address.name


def test_without_an_audit_row_no_patient_is_shown_and_nothing_is_changed(world: World) -> None:
    """On every address that reads or writes patients: 503, and not a byte of the patient."""
    own, client, tried = world.places["own"], world.clients[Role.CLINICIAN], 0
    client.get(reverse("access:account"))
    refuse = {
        "sqlite": "CREATE TRIGGER audit_full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END",
        "postgresql": "ALTER TABLE audit_event ADD CONSTRAINT audit_full CHECK (false) NOT VALID",
    }
    with undone():
        with connection.cursor() as cursor:
            cursor.execute(refuse[connection.vendor])
        for address in ADDRESSES:
            if not address.is_patients and address.name not in ("pathways:patients", "pathways:recall"):
                continue
            for method in sorted(EXPECTED[address.name].methods):
                with undone():
                    answer = ask(client, method, address.at(own))
                assert answer.status_code == 503, (method, address.name)
                assert not _shows(answer, own.canaries), address.name
                tried += 1
    assert tried >= 30
