"""Finds, and under CI=true on Debian as root installs, what the tests need beside Python: PostgreSQL, Redis, Chromium.

Called by `tools/checks.py`. Refuses to install anything elsewhere: there it names the command. Everything it starts is
its own, on a port of its own, and ended by it.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Missing(Exception):
    """What is not on this machine, and the command that would bring it."""


def _may_install() -> bool:
    return os.environ.get("CI", "").lower() == "true" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(*packages: str) -> None:
    """Install Debian packages, or raise `Missing` with the command for a person to run."""
    command = f"apt-get install {' '.join(packages)}"
    if not _may_install():
        raise Missing(f"Not on this machine. On Debian, as root: {command}")
    print(f"Installing {', '.join(packages)} …", flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise Missing(f"{command} failed:\n{done.stdout.decode(errors='replace')[-2000:]}")


def browser() -> str:
    """The path of a Chromium, installed where that is allowed."""
    for attempt in (1, 2):
        for name in BROWSERS:
            if found := shutil.which(name):
                return found
        if attempt == 1:
            _apt_install("chromium", "fonts-dejavu-core")
    raise Missing("Chromium was installed, but its program was not found.")


def redis() -> str:
    """The path of redis-server; tests start one of their own from it."""
    if shutil.which("redis-server") is None:
        _apt_install("redis-server")
    found = shutil.which("redis-server")
    if found is None:
        raise Missing("redis-server was installed, but its program was not found.")
    return found


def _usable(**where: str) -> bool:
    try:
        with psycopg.connect(dbname="postgres", connect_timeout=3, **where) as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def _url(host: str, port: str, user: str, password: str) -> str:
    secret = f":{password}" if password else ""
    return f"postgresql://{user}{secret}@{host}:{port}/postgres"


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL where test databases and roles can be made.

    TEST_DATABASE_URL, else a running server (PGHOST, PGPORT, PGUSER, PGPASSWORD; 127.0.0.1:5432 as postgres by default),
    else a throw-away cluster of `pg_virtualenv`.
    """
    if shutil.which("psql") is None:
        with contextlib.suppress(Missing):  # one test needs it, and says so by itself
            _apt_install("postgresql-client")
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    host, port = os.environ.get("PGHOST", "127.0.0.1"), os.environ.get("PGPORT", "5432")
    user, password = os.environ.get("PGUSER", "postgres"), os.environ.get("PGPASSWORD", "")
    if _usable(host=host, port=port, user=user, password=password):
        yield _url(host, port, user, password)
        return
    if shutil.which("pg_virtualenv") is None:
        _apt_install("postgresql", "postgresql-common")
    with _throw_away_cluster() as url:
        yield url


@contextlib.contextmanager
def _throw_away_cluster() -> Iterator[str]:
    """A cluster that `pg_virtualenv` makes and removes around a shell that waits until its input is closed."""
    with tempfile.TemporaryDirectory() as directory:
        noted = Path(directory) / "where"
        script = (
            f'printf "%s\\n" "$PGHOST" "$PGPORT" "$PGUSER" "$PGPASSWORD" > {noted}.part && mv {noted}.part {noted}; cat'
        )
        # What points at another server would be taken for wishes about the new one.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        with subprocess.Popen(
            ["pg_virtualenv", "sh", "-c", script],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as cluster:
            until = time.monotonic() + 90
            while not noted.exists():
                if cluster.poll() is not None or time.monotonic() > until:
                    cluster.kill()
                    said = cluster.stdout.read().decode(errors="replace") if cluster.stdout else ""
                    raise Missing(f"pg_virtualenv did not bring up a PostgreSQL:\n{said[-2000:]}")
                time.sleep(0.1)
            host, port, user, password = noted.read_text(encoding="ascii").splitlines()
            yield _url(host or "127.0.0.1", port, user, password)
            if cluster.stdin:
                cluster.stdin.close()
            cluster.wait(timeout=60)
