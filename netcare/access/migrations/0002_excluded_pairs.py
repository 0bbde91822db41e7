"""The database keeps excluded roles apart by itself; see `netcare.access.excluded_pairs`."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from netcare.access import excluded_pairs


def install(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    excluded_pairs.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
