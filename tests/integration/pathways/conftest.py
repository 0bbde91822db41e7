"""The demo, loaded once for the tests of this folder and rolled back after each of their modules."""

import io
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from netcare.access.models import User
from patients.models import Patient


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The starter pathway and the demo's people and patients, through the real actions."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_pathway", verbosity=0, stdout=io.StringIO())
        call_command("load_demo", stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def as_person(demo: None, db: None) -> Callable[[str], Client]:
    """A browser of one of the demo's people, past the sign-in page."""

    def one(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return one


@pytest.fixture
def page_of(demo: None, db: None) -> Callable[..., str]:
    """The address of a page of a demo patient's first tumor: `page_of("DEMO-005", "missing/")`."""

    def one(mrn: str, rest: str = "") -> str:
        patient = Patient.objects.get(mrn=mrn)
        return f"/patients/{patient.id}/tumors/1/{rest}"

    return one
