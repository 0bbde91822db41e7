"""The demo, loaded once for the tests of this folder and rolled back after each of their modules."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="module")
def loaded_demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """What `load_demo` said on an empty database with the starter pathway."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_pathway", verbosity=0, stdout=io.StringIO())
        out = io.StringIO()
        call_command("load_demo", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)
