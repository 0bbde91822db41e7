"""The demo, loaded once for the tests of this folder and rolled back after each of their modules."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from boards.packet.contents import Printing
from boards.packet.making import case_packet
from patients.models import Tumor

PRINTING = Printing("Corinna Agenda", "26 Nov 2026, 05:40", datetime(2026, 11, 26, 4, 40, tzinfo=UTC).isoformat())


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The starter pathway and the demo's people and patients, through the real actions."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_pathway", verbosity=0, stdout=io.StringIO())
        call_command("load_demo", stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def tumor_of(demo: None, db: None):
    """The first tumor of a demo patient."""

    def one(mrn: str) -> Tumor:
        return Tumor.objects.select_related("patient__institution").get(patient__mrn=mrn, number=1)

    return one


@pytest.fixture
def packet_of(tumor_of):
    """The packet of a demo patient as it is now."""

    def one(mrn: str, **how):
        return case_packet(tumor_of(mrn), at=timezone.now(), **how)

    return one
