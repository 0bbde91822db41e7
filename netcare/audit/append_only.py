"""Triggers that make a table append-only, on SQLite and on PostgreSQL.

A table is registered once, at start-up; its triggers are installed by a migration and put back after every later one,
because SQLite's schema changes rebuild a table and lose them. Refuses to offer a way round: the one place that takes
the triggers off is the test suite's own helper, as owner of the database. Called by `netcare.audit.apps`, by the
migrations of audit and of other packages that keep immutable rows, and by `manage.py grant_application_role`.

`frozen_when` is a condition on OLD for tables whose rows become immutable at a certain point
(for instance `OLD.published_at IS NOT NULL`); without it every row is immutable from birth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

EVENTS = ("UPDATE", "DELETE")


@dataclass(frozen=True)
class Protected:
    """A table that is append-only, its integer or uuid key, and from when on a row is frozen."""

    table: str
    key: str = "id"
    frozen_when: str = ""


_protected: dict[str, Protected] = {}


def register(table: str, *, key: str = "id", frozen_when: str = "") -> None:
    """Declare a table append-only; the triggers follow with the next migration."""
    _protected[table] = Protected(table, key, frozen_when)


def protected_tables() -> tuple[Protected, ...]:
    return tuple(_protected[name] for name in sorted(_protected))


def install(connection: BaseDatabaseWrapper, protected: Protected) -> None:
    """Create the triggers of one table; safe to repeat."""
    remove(connection, protected)
    with connection.cursor() as cursor:
        for statement in _STATEMENTS[connection.vendor](protected):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, protected: Protected) -> None:
    """Drop the triggers. Only the owner of the table can; the application's role on PostgreSQL cannot."""
    on_table = f' ON "{protected.table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in trigger_names(protected):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on_table}')


def trigger_names(protected: Protected) -> tuple[str, ...]:
    return tuple(f"{protected.table}_refuses_{what}" for what in ("update", "delete", "truncate", "replace"))


def install_after_migrate(using: str, **_: Any) -> None:
    """Put every registered table's triggers back; connected to `post_migrate`."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    for protected in protected_tables():
        if protected.table in existing:
            install(connection, protected)


def _sqlite(protected: Protected) -> list[str]:
    table, key = protected.table, protected.key
    when = f"WHEN {protected.frozen_when} " if protected.frozen_when else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    statements = [
        f'CREATE TRIGGER "{table}_refuses_{event.lower()}" BEFORE {event} ON "{table}" {when}{refuse}'
        for event in EVENTS
    ]
    # REPLACE deletes the old row without firing a delete trigger unless recursive_triggers is on; this fires before it.
    frozen = f" AND ({protected.frozen_when.replace('OLD.', 'existing.')})" if protected.frozen_when else ""
    statements.append(
        f'CREATE TRIGGER "{table}_refuses_replace" BEFORE INSERT ON "{table}" '
        f'WHEN EXISTS (SELECT 1 FROM "{table}" AS existing WHERE existing."{key}" = NEW."{key}"{frozen}) '
        f"{refuse}"
    )
    return statements


def _postgresql(protected: Protected) -> list[str]:
    table = protected.table
    when = f"WHEN ({protected.frozen_when}) " if protected.frozen_when else ""
    statements = [
        "CREATE OR REPLACE FUNCTION netcare_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    ]
    for event in EVENTS:
        name = f"{table}_refuses_{event.lower()}"
        statements.append(
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" '
            f"FOR EACH ROW {when}EXECUTE FUNCTION netcare_refuse_change()"
        )
    statements.append(
        f'CREATE TRIGGER "{table}_refuses_truncate" BEFORE TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION netcare_refuse_change()"
    )
    # ALWAYS: also when a session calls itself a replica.
    for event in (*EVENTS, "TRUNCATE"):
        statements.append(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_refuses_{event.lower()}"')
    return statements


_STATEMENTS = {"sqlite": _sqlite, "postgresql": _postgresql}
