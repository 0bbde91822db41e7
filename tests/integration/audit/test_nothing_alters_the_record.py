"""Attacks on the audit record, on both databases: by the ORM, by raw SQL, and as the application's role on PostgreSQL.

After every attack the rows are the same as before, byte for byte. What SQLite cannot refuse (whoever can write the file
can drop a trigger) is named in docs/adr/append-only-audit.md.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from netcare.access.models import User
from netcare.audit import append_only, record
from netcare.audit.application_role import RoleRefused, grant
from netcare.audit.models import AuditEvent, AuditRowIsFinal
from tests.cast import SYSTEM, Cast, gather

COLUMNS = (
    "at, actor_kind, actor_name, actor_roles, action, outcome, patient_ids, subject, url_name, method, address, "
    "request_id, detail"
)
FORGED = "'2020-01-01', 'user', 'Mallory', '[]', 'patient.read', 'allowed', '[]', 'forged', '', '', '', '', '{}'"
NOW = ", CURRENT_TIMESTAMP"


def rows() -> list[tuple[Any, ...]]:
    return list(AuditEvent.objects.order_by("id").values_list())


def one_event() -> AuditEvent:
    return record(actor=SYSTEM, action="patient.read", patient_id=uuid.uuid4(), subject="kept")


def anew(event: AuditEvent) -> AuditEvent:
    return AuditEvent.objects.get(pk=event.pk)


def changed(event: AuditEvent, **values: Any) -> AuditEvent:
    """A copy in memory with other values, for bulk methods that do not call `save`."""
    copy = anew(event)
    for name, value in values.items():
        setattr(copy, name, value)
    return copy


def _save_again(event: AuditEvent) -> None:
    changed(event, subject="x").save()


def _save_base(event: AuditEvent) -> None:
    changed(event, subject="x").save_base(raw=True, force_update=True)


def _replace_by_new_row(event: AuditEvent) -> None:
    forged = changed(event, subject="x")
    forged._state.adding = True
    forged.save()


BY_ORM: dict[str, Callable[[AuditEvent], object]] = {
    "save again": _save_again,
    "save_base": _save_base,
    "a new row with the old id": _replace_by_new_row,
    "delete the row": lambda event: anew(event).delete(),
    "update the queryset": lambda event: AuditEvent.objects.filter(pk=event.pk).update(subject="x"),
    "delete the queryset": lambda event: AuditEvent.objects.all().delete(),
    "delete without asking": lambda event: AuditEvent.objects.all()._raw_delete("default"),
    "update through a plain queryset": lambda event: models.QuerySet(AuditEvent).update(subject="x"),
    "delete through a plain queryset": lambda event: models.QuerySet(AuditEvent).delete(),
    "update_or_create": lambda event: AuditEvent.objects.update_or_create(pk=event.pk, defaults={"subject": "x"}),
    "bulk_update": lambda event: AuditEvent.objects.bulk_update([changed(event, subject="x")], ["subject"]),
    "bulk_create over it": lambda event: AuditEvent.objects.bulk_create(
        [changed(event, subject="x")], update_conflicts=True, update_fields=["subject"], unique_fields=["id"]
    ),
    "bulk_create ignoring it": lambda event: AuditEvent.objects.bulk_create(
        [changed(event, subject="x")], ignore_conflicts=True
    ),
}

BY_SQL: dict[str, str] = {
    "update": "UPDATE audit_event SET subject = 'x'",
    "update one row": "UPDATE audit_event SET outcome = 'allowed' WHERE id = {id}",
    "update the id": "UPDATE audit_event SET id = id + 1000",
    "update to the same": "UPDATE audit_event SET subject = subject",
    "update from a subquery": "UPDATE audit_event SET subject = (SELECT username FROM access_user LIMIT 1)",
    "delete": "DELETE FROM audit_event",
    "delete one row": "DELETE FROM audit_event WHERE id = {id}",
    "delete by subquery": "DELETE FROM audit_event WHERE id IN (SELECT max(id) FROM audit_event)",
    "insert over it": (
        f"INSERT INTO audit_event (id, {COLUMNS}, recorded_at) VALUES ({{id}}, {FORGED}{NOW}) "
        "ON CONFLICT (id) DO UPDATE SET subject = 'x'"
    ),
    "insert beside it under its id": f"INSERT INTO audit_event (id, {COLUMNS}, recorded_at) VALUES ({{id}}, {FORGED}{NOW})",
}

ONLY_SQLITE: dict[str, str] = {
    "REPLACE": f"REPLACE INTO audit_event (id, {COLUMNS}, recorded_at) VALUES ({{id}}, {FORGED}{NOW})",
    "INSERT OR REPLACE": f"INSERT OR REPLACE INTO audit_event (id, {COLUMNS}, recorded_at) VALUES ({{id}}, {FORGED}{NOW})",
    "INSERT OR IGNORE": f"INSERT OR IGNORE INTO audit_event (id, {COLUMNS}, recorded_at) VALUES ({{id}}, {FORGED}{NOW})",
    "REPLACE by rowid": f"REPLACE INTO audit_event (rowid, {COLUMNS}, recorded_at) VALUES ({{id}}, {FORGED}{NOW})",
    "REPLACE by select": "REPLACE INTO audit_event SELECT * FROM audit_event",
    "UPDATE OR REPLACE": "UPDATE OR REPLACE audit_event SET id = {id}",
    "UPDATE OR IGNORE": "UPDATE OR IGNORE audit_event SET subject = 'x'",
    "UPDATE FROM": "UPDATE audit_event SET subject = u.username FROM access_user AS u",
    "common table": "WITH last AS (SELECT max(id) AS id FROM audit_event) DELETE FROM audit_event WHERE id IN last",
}

ONLY_POSTGRESQL: dict[str, str] = {
    "TRUNCATE": "TRUNCATE audit_event",
    "TRUNCATE and restart": "TRUNCATE audit_event RESTART IDENTITY CASCADE",
    "MERGE": "MERGE INTO audit_event a USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET subject = 'x'",
    "MERGE to delete": "MERGE INTO audit_event a USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "common table": "WITH gone AS (DELETE FROM audit_event RETURNING 1) SELECT count(*) FROM gone",
    "as a replica": "SET LOCAL session_replication_role = replica; DELETE FROM audit_event",
    "update from": "UPDATE audit_event SET subject = u.username FROM access_user u",
    "delete using": "DELETE FROM audit_event USING access_user u",
}


def _run(sql: str, event: AuditEvent) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.replace("{id}", str(event.pk)))


@pytest.mark.parametrize("name", BY_ORM)
def test_no_method_of_the_orm_alters_a_row(cast: Cast, name: str) -> None:
    event = one_event()
    before = rows()
    with suppress(AuditRowIsFinal, DatabaseError), transaction.atomic():
        BY_ORM[name](event)
    assert rows() == before


@pytest.mark.parametrize("name", BY_SQL)
def test_no_sql_alters_a_row_even_as_the_owner(cast: Cast, name: str) -> None:
    event = one_event()
    before = rows()
    with pytest.raises(DatabaseError):
        _run(BY_SQL[name], event)
    assert rows() == before


@pytest.mark.only_sqlite
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("name", ONLY_SQLITE)
def test_no_way_of_sqlite_alters_a_row(cast: Cast, name: str, recursive: str) -> None:
    event = one_event()
    before = rows()
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {recursive}")
    try:
        with pytest.raises(DatabaseError):
            _run(ONLY_SQLITE[name], event)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")
    assert rows() == before


@pytest.mark.only_postgresql
@pytest.mark.parametrize("name", ONLY_POSTGRESQL)
def test_no_way_of_postgresql_alters_a_row_even_as_the_owner(cast: Cast, name: str) -> None:
    event = one_event()
    before = rows()
    with pytest.raises(DatabaseError):
        _run(ONLY_POSTGRESQL[name], event)
    assert rows() == before


def test_deleting_whoever_is_named_in_a_row_leaves_the_row(cast: Cast) -> None:
    """No foreign key leads out of the table, so no cascade leads into it."""
    assert not [field for field in AuditEvent._meta.get_fields() if field.is_relation]
    nobody = User.objects.create(institution=cast.northside, username="brief", display_name="Brief")
    record(actor=SYSTEM, action="user.create", subject="Brief", detail={"user": str(nobody.id)})
    before = rows()
    User.objects.filter(pk=nobody.pk).delete()
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_the_guards_are_back_after_the_tests_emptied_the_tables() -> None:
    call_command("flush", interactive=False, verbosity=0)
    event = one_event()
    with pytest.raises(DatabaseError):
        _run("DELETE FROM audit_event", event)


@pytest.mark.django_db(transaction=True)
def test_the_guards_are_back_after_a_migration_that_rebuilds_the_table() -> None:
    """On SQLite a changed column rebuilds the table and drops its triggers with the old one."""
    with connection.schema_editor() as editor:
        old = AuditEvent._meta.get_field("subject")
        new = models.CharField(max_length=299, blank=True)
        new.set_attributes_from_name("subject")
        new.model = AuditEvent
        editor.alter_field(AuditEvent, old, new, strict=False)
        editor.alter_field(AuditEvent, new, old, strict=False)
    append_only.install_after_migrate(using="default")
    event = one_event()
    with pytest.raises(DatabaseError):
        _run("DELETE FROM audit_event", event)


# ---- as the role of the application --------------------------------------------------------------------------------

AS_APPLICATION: dict[str, str] = {
    **BY_SQL,
    **ONLY_POSTGRESQL,
    "insert a chosen id": f"INSERT INTO audit_event (id, {COLUMNS}) VALUES (900000, {FORGED})",
    "insert overriding the numbering": (
        f"INSERT INTO audit_event (id, {COLUMNS}) OVERRIDING SYSTEM VALUE VALUES (900001, {FORGED})"
    ),
    "upsert that does nothing, with a chosen id": (
        f"INSERT INTO audit_event (id, {COLUMNS}) VALUES (900002, {FORGED}) ON CONFLICT DO NOTHING"
    ),
    "turn the numbering back": "SELECT setval(pg_get_serial_sequence('audit_event', 'id'), 1)",
    "draw numbers": "SELECT nextval(pg_get_serial_sequence('audit_event', 'id'))",
    "lock rows": "SELECT * FROM audit_event FOR UPDATE",
    "lock the table": "LOCK TABLE audit_event IN ACCESS EXCLUSIVE MODE",
    "disable the triggers": "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "disable user triggers": "ALTER TABLE audit_event DISABLE TRIGGER USER",
    "drop a trigger": "DROP TRIGGER audit_event_refuses_update ON audit_event",
    "replace the trigger's function": (
        "CREATE OR REPLACE FUNCTION netcare_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$"
    ),
    "drop the trigger's function": "DROP FUNCTION netcare_refuse_change() CASCADE",
    "be a replica": "SET session_replication_role = replica",
    "drop the table": "DROP TABLE audit_event CASCADE",
    "rename the table": "ALTER TABLE audit_event RENAME TO audit_event_old",
    "drop a column": "ALTER TABLE audit_event DROP COLUMN subject",
    "rewrite a column": "ALTER TABLE audit_event ALTER COLUMN subject TYPE text USING 'x'",
    "own the table": "ALTER TABLE audit_event OWNER TO {role}",
    "a rule instead": "CREATE RULE quiet AS ON INSERT TO audit_event DO INSTEAD NOTHING",
    "a trigger of its own": (
        "CREATE TRIGGER quiet BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION netcare_refuse_change()"
    ),
    "a policy": "ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY",
    "an index that calls out": "CREATE INDEX quiet ON audit_event (subject)",
    "a child table": "CREATE TABLE child () INHERITS (audit_event)",
    "a table that shadows it": "CREATE TEMPORARY TABLE audit_event (id int)",
    "a table in the schema": "CREATE TABLE audit_event_2 (id int)",
    "a view to write through": "CREATE TEMPORARY VIEW shown AS SELECT * FROM audit_event",
    "give itself the right": "GRANT UPDATE, DELETE ON audit_event TO {role}; DELETE FROM audit_event",
    "become the owner": "SET ROLE {owner}",
    "become another session": "SET SESSION AUTHORIZATION {owner}",
    "a block of code": "DO $$ BEGIN DELETE FROM audit_event; END $$",
    "copy a file over it": "COPY audit_event FROM '/etc/hostname'",
    "copy chosen ids": "COPY audit_event (id, at) FROM PROGRAM 'echo'",
    "forget a migration": "DELETE FROM django_migrations",
    "a cursor to delete by": "DECLARE c CURSOR FOR SELECT * FROM audit_event FOR UPDATE",
}


@pytest.fixture
def application(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection as an ordinary role that was given the application's rights, to this test's database."""
    role, password = f"app_{uuid.uuid4().hex[:12]}", uuid.uuid4().hex
    settings = connection.get_connection_params()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
    try:
        grant(connection, role)
        known = {name: settings[name] for name in ("host", "port", "dbname") if settings.get(name)}
        with psycopg.connect(**known, user=role, password=password, autocommit=True) as opened:
            yield opened
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP OWNED BY {role}")
            cursor.execute(f"DROP ROLE {role}")


@pytest.mark.only_postgresql
def test_the_application_s_role_alters_nothing(application: psycopg.Connection[Any]) -> None:
    gather()
    event = one_event()
    before, got_through = rows(), []
    names = {
        "{id}": str(event.pk),
        "{role}": application.info.user,
        "{owner}": connection.get_connection_params()["user"],
    }
    for attack, sql in AS_APPLICATION.items():
        for name, value in names.items():
            sql = sql.replace(name, value)
        with suppress(psycopg.Error), application.transaction():
            application.execute(sql)
            got_through.append(attack)
        assert rows() == before, attack
    print(f"\n{len(AS_APPLICATION)} attacks as the application's role, {len(got_through)} got through")
    assert len(AS_APPLICATION) >= 40
    assert got_through == []


@pytest.mark.only_postgresql
def test_the_application_s_role_does_its_work(application: psycopg.Connection[Any]) -> None:
    """It writes and reads audit rows, without choosing their number, and changes ordinary tables."""
    gather()
    application.execute(f"INSERT INTO audit_event ({COLUMNS}) VALUES ({FORGED}) RETURNING id")
    assert application.execute("SELECT count(*) FROM audit_event WHERE subject = 'forged'").fetchone() == (1,)
    application.execute("UPDATE access_user SET display_name = 'Clara B.' WHERE username = 'clara'")
    assert User.objects.get(username="clara").display_name == "Clara B."


@pytest.mark.only_postgresql
def test_rights_cannot_be_withheld_from_the_owner_or_from_nobody(db: None) -> None:
    owner = connection.get_connection_params()["user"]
    with pytest.raises(RoleRefused):
        grant(connection, owner)
    with pytest.raises(CommandError, match="There is no role 'netcare_nobody'"):
        call_command("grant_application_role", "netcare_nobody", "--database", "default")


@pytest.mark.only_sqlite
def test_sqlite_has_no_roles_and_the_command_says_so(db: None) -> None:
    with pytest.raises(CommandError, match="SQLite has no roles; its triggers alone guard the audit record."):
        call_command("grant_application_role", "netcare_app", "--database", "default")
