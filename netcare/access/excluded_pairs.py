"""The trigger by which the database itself keeps excluded roles apart, whatever code writes the grant.

On PostgreSQL it locks the person's row first, so that two grants at the same moment cannot pass each other; SQLite has
one writer at a time. Refuses nothing else: who may grant is decided by `actions`. Called by migration 0002 and after
every later migration.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from netcare.access.roles import EXCLUDED_PAIRS, excluded_with

TABLE = "access_role_grant"
EVENTS = ("INSERT", "UPDATE")
MESSAGE = "excluded pair of roles"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; safe to repeat."""
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def install_after_migrate(using: str, **_: Any) -> None:
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        install(connection)


def _excluded_sql() -> str:
    """True when the grant `held` excludes the grant NEW, both ways of every pair."""
    roles = sorted({role for pair in EXCLUDED_PAIRS for role in pair})
    clauses = []
    for role in roles:
        others = ", ".join(f"'{other}'" for other in excluded_with(role))
        clauses.append(f"(NEW.role = '{role}' AND held.role IN ({others}))")
    return " OR ".join(clauses)


def _meets_another() -> str:
    return (  # built from the constants above and the role names, never from input
        f"EXISTS (SELECT 1 FROM {TABLE} AS held WHERE held.user_id = NEW.user_id "
        f"AND held.ended_at IS NULL AND held.id <> NEW.id AND ({_excluded_sql()}))"
    )


def _sqlite() -> list[str]:
    statements = []
    for event in EVENTS:
        name = f"{TABLE}_excluded_pairs_on_{event.lower()}"
        statements.append(f"DROP TRIGGER IF EXISTS {name}")
        statements.append(
            f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} WHEN NEW.ended_at IS NULL AND {_meets_another()} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    return statements


def _postgresql() -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION access_keep_roles_apart() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM 1 FROM access_user WHERE id = NEW.user_id FOR UPDATE; "
        f"IF NEW.ended_at IS NULL AND {_meets_another()} THEN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
        f"DROP TRIGGER IF EXISTS {TABLE}_excluded_pairs ON {TABLE}",
        f"CREATE TRIGGER {TABLE}_excluded_pairs BEFORE INSERT OR UPDATE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION access_keep_roles_apart()",
        f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_excluded_pairs",
    ]
