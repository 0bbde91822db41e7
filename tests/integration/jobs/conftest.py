"""The bell, heard instead of rung, for tests that run in one process."""

from collections.abc import Iterator

import pytest

from netcare.jobs import leases
from netcare.jobs.tasks import run_job
from tests.integration.jobs import work  # noqa: F401  (registers the kinds of job used here)


@pytest.fixture(autouse=True)
def _not_stopping() -> Iterator[None]:
    leases.stopping.clear()
    yield
    leases.stopping.clear()


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The identifiers announced to the broker, in order."""
    rung: list[str] = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **_: rung.append(args[0]))
    return rung
