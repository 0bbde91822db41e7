"""A server of its own for the journeys of one module: what they publish would change the lists of every other journey.

A module imports the four fixtures; pytest then uses them in place of those of the conftest.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import Server, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    return server.url


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, Any]:
    # Without motion a color that is on its way to another is never measured.
    size = {"width": 1280, "height": 900}
    return {"base_url": base_url, "viewport": size, "locale": "en-GB", "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def open_sessions(server: Server) -> dict[str, list[Any]]:
    return {}
