"""What every test can count on: loopback alone, a flush that append-only tables allow, and no silent skip under CI.

Fixtures that belong to one kind of test stand in that kind's own conftest.
"""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings as generated

from tests.programs import RedisServer, program

# Speed is measured in bench/, never asserted: a busy machine makes no generated test fail.
generated.register_profile("netcare", deadline=None)
generated.load_profile("netcare")

CI = os.environ.get("CI", "").lower() == "true"
_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def _refuse_far(address: Any) -> None:
    """Tests speak to this machine alone: an address beyond it is an error that names it."""
    host = address[0] if isinstance(address, tuple) else ""
    if host and host not in {"localhost", "::1"} and not str(host).startswith("127."):
        raise PermissionError(f"A test tried to reach {host}. Tests speak to this machine alone.")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _refuse_far(address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _refuse_far(address)
    return _connect_ex(self, address)


def pytest_configure(config: pytest.Config) -> None:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]
    config.addinivalue_line("markers", "only_sqlite: about SQLite; not part of the run on PostgreSQL")
    config.addinivalue_line("markers", "only_postgresql: about PostgreSQL; not part of the run on SQLite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test about one database belongs to that database's run; it is not a skip of the other."""
    other = "only_postgresql" if settings.EMBEDDED else "only_sqlite"
    items[:] = [item for item in items if item.get_closest_marker(other) is None]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI a skipped or deselected test is a failure: what is not run is not known to work."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not CI or reporter is None:
        return
    left_out = len(reporter.stats.get("skipped", [])) + len(reporter.stats.get("deselected", []))
    if left_out and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"{left_out} tests were skipped or deselected; under CI that is a failure.", red=True)


@pytest.fixture(scope="session", autouse=True)
def _flush_lifts_append_only_triggers() -> Iterator[None]:
    """Tests that commit are cleaned up by emptying every table, as owner of the database; the triggers that refuse this
    are taken off for that moment and put back."""
    from netcare.audit import append_only

    plain = BaseDatabaseOperations.execute_sql_flush

    def lifted(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
        connection = operations.connection
        for protected in append_only.protected_tables():
            append_only.remove(connection, protected)
        plain(operations, sql_list)
        for protected in append_only.protected_tables():
            append_only.install(connection, protected)

    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of the test's own, which it may stop, empty and start again."""
    server = RedisServer(program("redis-server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def no_versions_without_a_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test without a database has no version in force: the words for treatments are the starter pathway's."""
    from pathways.treatment_words import forget, words_in_force
    from patients import catalogue

    uses_database = request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(
        request.fixturenames
    )
    forget()
    if not uses_database:
        catalogue.unregister()
    yield
    catalogue.register(words_in_force)
    forget()
