"""Serve netcare: the web pages and, where no broker is configured, worker and scheduler in the same process.

Everything that would keep it from serving well is a sentence before it starts. Ctrl-C or a termination signal ends
all of it; a job that runs then is given back and goes on at the next start.
"""

import errno
import os
import signal
import socket
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from waitress import create_server

from netcare.server import sole
from netcare.server.embedded import EmbeddedWorker
from netcare.server.static import collect_if_changed


def _end(*_: Any) -> None:
    raise SystemExit(0)


def _refuse_port_in_use(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is in use. Stop what is running there, or choose another port: "
                    f"make demo PORT={port + 1 if port < 65535 else 8000}"
                ) from None
            raise CommandError(f"Port {port} of {host} cannot be used: {problem.strerror}.") from None


def _refuse_missing_migrations() -> None:
    connection = connections["default"]
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as problem:
        raise CommandError(f"The database cannot be reached ({type(problem).__name__}). Check DATABASE_URL.") from None
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        names = ", ".join(f"{migration.app_label} {migration.name}" for migration, _ in waiting[:3])
        raise CommandError(
            f"The database is not up to date: {len(waiting)} migrations are missing ({names}). Run `make setup`, or "
            "`manage.py migrate`."
        )


class Command(BaseCommand):
    help = "Serve the pages and, on the embedded default, run the background work in the same process."
    requires_system_checks = [Tags.staticfiles, Tags.compatibility, Tags.security]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default 8000)")
        parser.add_argument("--threads", type=int, default=8, help="how many requests at once (default 8)")

    def handle(self, *args: Any, host: str, port: int, threads: int, **options: Any) -> None:
        if not 1 <= port <= 65535:
            raise CommandError(f"The port is {port}. Accepted is a number from 1 to 65535.")
        if settings.DEBUG and host not in {"127.0.0.1", "::1", "localhost"}:
            raise CommandError(f"DEBUG is true, and {host} can be reached from other machines. Unset DEBUG.")
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGINT, _end)
        _refuse_port_in_use(host, port)
        _refuse_missing_migrations()
        self.check(databases=["default"], tags=[Tags.database])
        collect_if_changed()
        with ExitStack() as stack:
            if not settings.BROKER_URL:
                stack.enter_context(sole.process(settings.DATA_DIR))
                worker = EmbeddedWorker()
                stack.callback(self._stop, worker)
                worker.start()
            connections.close_all()
            self._serve(host, port, threads)

    def _serve(self, host: str, port: int, threads: int) -> None:
        server = create_server(
            get_wsgi_application(),
            host=host,
            port=port,
            threads=threads,
            ident=None,
            # What is larger than any file that is accepted is refused before it is read.
            max_request_body_size=128 * 1024 * 1024,
            # Beyond this machine a proxy ends TLS, and says so in the header named by TLS_PROXY_HEADER.
            clear_untrusted_proxy_headers=not settings.BEYOND_LOOPBACK,
        )
        self.stdout.write(self._welcome(host, port))
        self.stdout.flush()
        connections.close_all()
        server.run()

    def _welcome(self, host: str, port: int) -> str:
        shown = f"[{host}]" if ":" in host else host
        lines = ["", f"netcare is served at http://{shown}:{port}/", *_demo_lines(), "Stop it with Ctrl-C.", ""]
        return "\n".join(lines)

    def _stop(self, worker: EmbeddedWorker) -> None:
        # A second Ctrl-C must not cut an orderly end short.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.stdout.write("\nStopping …")
        if not worker.stop():
            self.stdout.write("A job did not give itself back in time; it goes on at the next start.")
            self.stdout.flush()
            os._exit(0)
        self.stdout.write("Stopped.")


def _demo_lines() -> list[str]:
    """One sign-in per role, where the demo is loaded."""
    from netcare.demo import sign_ins

    known = sign_ins()
    if not known:
        return []
    people = [entry for entry in known if entry.is_a_person]
    width = max(len(entry.role) for entry in people)
    user_width = max(len(entry.username) for entry in people)
    lines = [f"  {entry.role:<{width}}  {entry.username:<{user_width}}  {entry.password}" for entry in people]
    programs = [f"  {entry.role}: {entry.username} {entry.password}" for entry in known if not entry.is_a_person]
    return ["", "Sign in as one of these fictional people (role, user name, password):", *lines, *programs, ""]
