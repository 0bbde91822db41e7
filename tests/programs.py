"""Programs of the machine that tests start: Redis, netcare's own server and workers. Every one is ended by its own id.

A program that is missing is a skip that names the package; under CI a skip is a failure.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"redis-server": "redis-server", "chromium": "chromium", "psql": "postgresql-client"}


def program(name: str) -> str:
    """The path of an installed program, or a skip that says which Debian package has it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on this machine. On Debian: apt-get install {PACKAGES[name]}")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(what: str, ready: Callable[[], Any], *, seconds: float = 30.0, every: float = 0.05) -> Any:
    """The first true answer of `ready`, or a failure that says what did not happen in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := ready():
            return answer
        time.sleep(every)
    return pytest.fail(f"Not within {seconds:g} s: {what}")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that works on this test's own database, with a data directory of the test run."""
    from django.db import connection

    known = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{known['NAME']}"
    else:
        secret = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
        url = f"postgresql://{known['USER']}{secret}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    return plain_environment() | {"DATABASE_URL": url} | more


def plain_environment() -> dict[str, str]:
    """This process's environment, less what would point netcare at another database, broker or host."""
    left_out = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CELERY_BROKER_URL", "ALLOWED_HOSTS", "SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"DJANGO_SETTINGS_MODULE": "netcare.settings", "PYTHONUNBUFFERED": "1"}


class Process:
    """A started program with its output in a file, so that no full pipe ever stops it."""

    def __init__(self, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        self.log = Path(tempfile.mkstemp(prefix="netcare-test-", suffix=".log")[1])
        with self.log.open("wb") as output:
            self.popen = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(environment) if environment is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, words: str, *, seconds: float = 60.0) -> None:
        """Until the program has said these words; one that ended or stayed silent fails the test with what it said."""
        until = time.monotonic() + seconds
        while words not in self.output:
            if not self.is_running or time.monotonic() > until:
                pytest.fail(f"{self.popen.args} did not say '{words}'. It said:\n{self.output}")
            time.sleep(0.05)

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    def end(self, number: int = signal.SIGTERM, *, seconds: float = 20.0) -> int:
        """Send the signal to the program and everything it started, wait, and return its exit code."""
        if self.is_running:
            os.killpg(self.popen.pid, number)
            try:
                self.popen.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()
                pytest.fail(f"{self.popen.args} did not end within {seconds:g} s.\n{self.output}")
        return int(self.popen.returncode)

    def close(self) -> None:
        """End without asking, and remove the log."""
        self.end(signal.SIGKILL)
        self.log.unlink(missing_ok=True)


class RedisServer:
    """A Redis on a port of its own that keeps nothing on disk."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.port = free_port()
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = Process([self.path, *options, "--dir", tempfile.gettempdir()])
        wait_until("Redis answers", lambda: answers(self.port))

    def stop(self) -> None:
        if self.process is not None:
            self.process.close()
            self.process = None


def manage(*arguments: str, environment: Mapping[str, str], seconds: float = 120.0) -> subprocess.CompletedProcess[str]:
    """Run a management command in a process of its own and return what it said."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
