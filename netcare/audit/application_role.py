"""Rights of the role under which the application works on PostgreSQL: all it needs, and no way to alter the record.

The role owns nothing. On append-only tables it may insert (every column but the sequence number) and read; nothing
else, so that even SQL smuggled through the application cannot change a row. Refuses a superuser or the owner itself,
for whom no right can be withheld. Called after every migration run by the owner, and by the command
`grant_application_role`.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from netcare.audit.append_only import Protected, protected_tables


class RoleRefused(Exception):
    """The role cannot be held back from anything, or does not exist; the sentence says which."""


def grant_after_migrate(using: str, **_: Any) -> None:
    """When the owner has migrated, the role of DATABASE_URL gets its rights on what is new; run on `post_migrate`."""
    if using != "owner":
        return
    role = settings.DATABASES["default"].get("USER")
    if role:
        grant(connections[using], role)


def grant(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give `role` its rights and take back whatever it had beyond them; run as the owner, safe to repeat."""
    _check(connection, role)
    name = connection.ops.quote_name(role)
    existing = set(connection.introspection.table_names())
    statements = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        # A temporary table of the same name would swallow a session's audit rows.
        f"REVOKE TEMPORARY ON DATABASE {connection.ops.quote_name(connection.settings_dict['NAME'])} FROM PUBLIC",
        f"REVOKE ALL ON SCHEMA public FROM {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}",
    ]
    for protected in protected_tables():
        if protected.table in existing and not protected.frozen_when:
            statements += _append_only_rights(connection, protected, name)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _append_only_rights(connection: BaseDatabaseWrapper, protected: Protected, name: str) -> list[str]:
    model = next(model for model in apps.get_models() if model._meta.db_table == protected.table)
    columns = ", ".join(
        connection.ops.quote_name(field.column)
        for field in model._meta.concrete_fields
        if field.column and not _numbered_by_database(field)
    )
    table = connection.ops.quote_name(protected.table)
    return [
        f"REVOKE ALL ON {table} FROM {name}",
        f"REVOKE ALL ON {table} FROM PUBLIC",
        f"GRANT SELECT ON {table} TO {name}",
        f"GRANT INSERT ({columns}) ON {table} TO {name}",
        *_sequence_rights(connection, protected, name),
    ]


def _sequence_rights(connection: BaseDatabaseWrapper, protected: Protected, name: str) -> list[str]:
    """The database numbers the rows itself; whoever could draw from the sequence could leave gaps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [protected.table, protected.key])
        (sequence,) = cursor.fetchone()
    return [f"REVOKE ALL ON SEQUENCE {sequence} FROM {name}"] if sequence else []


def _numbered_by_database(field: Any) -> bool:
    return field.primary_key and field.get_internal_type() in ("AutoField", "BigAutoField")


def _check(connection: BaseDatabaseWrapper, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    if found is None:
        raise RoleRefused(f"There is no role '{role}'. Create it first: CREATE ROLE {role} LOGIN PASSWORD '…'.")
    if found[0]:
        raise RoleRefused(
            f"The role '{role}' is a superuser, from whom no right can be withheld. Name an ordinary role."
        )
    if role == owner:
        raise RoleRefused(f"'{role}' owns the tables. The application needs a role of its own.")
