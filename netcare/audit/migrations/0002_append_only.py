"""Triggers refuse every change of an audit row, on both databases; see `netcare.audit.append_only`."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from netcare.audit import append_only

AUDIT_EVENT = append_only.Protected("audit_event")


def install(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.install(schema_editor.connection, AUDIT_EVENT)


def remove(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.remove(schema_editor.connection, AUDIT_EVENT)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
