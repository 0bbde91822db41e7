"""A fresh database as a hospital or a newcomer would make it, prepared by the real commands in processes of their own.

SQLite in a directory of its own; on PostgreSQL a database with the two roles of `deploy/make_roles.sql`, where the
application's role owns nothing. Removed when the test that made it is over.
"""

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings

from tests.programs import ROOT, plain_environment, program


@contextmanager
def fresh_database() -> Iterator[dict[str, str]]:
    """The environment of processes that use the new, empty database."""
    directory = Path(tempfile.mkdtemp(prefix="netcare-test-"))
    try:
        environment = plain_environment() | {"NETCARE_DATA_DIR": str(directory)}
        if settings.EMBEDDED:
            yield environment
        else:
            with fresh_postgresql() as addresses:
                yield environment | addresses
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def fresh_postgresql() -> Iterator[dict[str, str]]:
    """DATABASE_URL of the application's role and DATABASE_OWNER_URL of the owner, on the server of this test run."""
    known = settings.DATABASES["default"]
    secret = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    where = f"{known['HOST']}:{known['PORT'] or 5432}"
    admin = f"postgresql://{known['USER']}{secret}@{where}/postgres"
    mark = secrets.token_hex(4)
    database, owner, app = f"netcare_{mark}", f"netcare_{mark}_owner", f"netcare_{mark}_app"
    names = {"database": database, "owner": owner, "owner_password": mark, "app": app, "app_password": mark}
    command = [program("psql"), "--quiet", admin, "--file", str(ROOT / "deploy" / "make_roles.sql")]
    for name, value in names.items():
        command += ["--set", f"{name}={value}"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    try:
        yield {
            "DATABASE_URL": f"postgresql://{app}:{mark}@{where}/{database}",
            "DATABASE_OWNER_URL": f"postgresql://{owner}:{mark}@{where}/{database}",
        }
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.execute(f'DROP ROLE IF EXISTS "{app}"')
            connection.execute(f'DROP ROLE IF EXISTS "{owner}"')
