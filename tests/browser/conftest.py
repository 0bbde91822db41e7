"""The server, the browser, and a page that is watched.

The server is `manage.py serve` in a process of its own, on a fresh database that `manage.py prepare --demo` filled; the
browser is Debian's Chromium. Every page fails its test for an error in the console (a breach of the
Content-Security-Policy is one), an exception in a script, an answer of 500 or more, or a request beyond this machine.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from tests.databases import fresh_database
from tests.programs import Process, free_port, manage, program, wait_until

# Without these Chromium looks for hosts of its maker at every start.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
]
PASSWORD_OF = "Sign in as one of these fictional people"


@dataclass(frozen=True)
class Server:
    """The running server: its address, the environment of its processes, and what it printed."""

    url: str
    environment: dict[str, str]
    process: Process

    @property
    def passwords(self) -> dict[str, str]:
        """User name to password, as printed at the start."""
        lines = self.process.output.partition(PASSWORD_OF)[2].splitlines()[1:]
        words = [line.split() for line in lines if line.startswith("  ")]
        return {line[-2]: line[-1] for line in words if "Bearer" not in line}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@contextmanager
def running_server() -> Iterator[Server]:
    """A server with a database of its own; a journey that publishes a version takes one, so that others keep theirs."""
    with fresh_database() as environment:
        _prepare(environment)
        port = free_port()
        variables = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
        process = Process([*python_manage(), "serve", "--port", str(port)], variables)
        process.wait_for("Stop it with Ctrl-C.", seconds=90)
        yield Server(f"http://127.0.0.1:{port}", environment, process)
        assert process.end() == 0, process.output
        said = process.output
        process.close()
        assert "Traceback" not in said, said


def _prepare(environment: dict[str, str]) -> None:
    """Migrations, pathway and demo; with SQLite they are made once for all processes of this run, and copied."""
    if not settings.EMBEDDED:
        return _run_prepare(environment)
    shared = Path(os.environ["NETCARE_TEST_DATA"])
    begun, made = shared / "demo-begun", shared / "demo-made"
    try:
        (shared / "demo-claimed").mkdir()
    except FileExistsError:
        wait_until("another process has made the demo", made.is_dir, seconds=300)
    else:
        begun.mkdir()
        _run_prepare(environment | {"NETCARE_DATA_DIR": str(begun)})
        begun.rename(made)
    shutil.copytree(made, environment["NETCARE_DATA_DIR"], dirs_exist_ok=True)
    return None


def _run_prepare(environment: dict[str, str]) -> None:
    prepared = manage("prepare", "--demo", environment=environment, seconds=300)
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr


def python_manage() -> list[str]:
    import sys

    return [sys.executable, "manage.py"]


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """`page.goto("/patients/")` is relative to this."""
    return server.url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium-browser") or program("chromium")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return {"executable_path": path, "args": [*QUIET, *sandbox], "headless": True}


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, Any]:
    # Without motion a color that is on its way to another is never measured.
    size = {"width": 1280, "height": 900}
    return {"base_url": base_url, "viewport": size, "locale": "en-GB", "reduced_motion": "reduce"}


class Watched:
    """What went wrong on the pages of one browser context."""

    def __init__(self, base_url: str) -> None:
        self.host = urlsplit(base_url).netloc
        self.problems: list[str] = []
        # Answers that a journey provokes on purpose, such as a 404; the browser writes each to its console.
        self.expected_statuses: set[int] = set()

    def expect_status(self, status: int) -> None:
        self.expected_statuses.add(status)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        expected = any(f"status of {status}" in message.text for status in self.expected_statuses)
        if message.type in {"error", "warning"} and not expected:
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != self.host:
            self.problems.append(f"request beyond the server: {parts.netloc}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 and response.status not in self.expected_statuses:
            self.problems.append(f"{response.status} from {urlsplit(response.url).path}")


@pytest.fixture
def watched(context: BrowserContext, base_url: str) -> Iterator[Watched]:
    watching = Watched(base_url)
    watching.watch(context)
    yield watching
    assert not watching.problems, "\n".join(watching.problems)


@pytest.fixture
def page(context: BrowserContext, watched: Watched) -> Page:
    """A page of a watched context. Pictures take longer than most steps: without NETCARE_PICTURES none is taken."""
    made = context.new_page()
    if "NETCARE_PICTURES" not in os.environ:
        made.screenshot = lambda **_: b""  # type: ignore[method-assign]
    return made


@pytest.fixture
def sign_in(page: Page, server: Server) -> Callable[[str], Page]:
    """Sign in as one of the demo's people: `sign_in("clinician")`."""

    def as_person(username: str) -> Page:
        page.context.clear_cookies()
        page.goto("/sign-in/")
        page.locator("input[name=username]").fill(username)
        page.locator("input[name=password]").fill(server.passwords[username])
        page.locator("main button[type=submit], main form button").first.click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        return page

    return as_person


@pytest.fixture(scope="session")
def open_sessions() -> dict[str, list[Any]]:
    """The cookies of each person who has signed in through the page already."""
    return {}


@pytest.fixture
def as_person(page: Page, sign_in: Callable[[str], Page], open_sessions: dict[str, list[Any]]) -> Callable[[str], Page]:
    """Be one of the demo's people: signed in through the page once, and in the same session from then on.

    A journey that signs out or changes a password uses `sign_in`, so that it ends a session of its own.
    """

    def person(username: str) -> Page:
        if username not in open_sessions:
            sign_in(username)
            open_sessions[username] = page.context.cookies()
        page.context.clear_cookies()
        page.context.add_cookies(open_sessions[username])
        return page

    return person


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """Fail with every finding of axe on the page as it stands; pages are the same on both databases, so on one alone."""
    if not settings.EMBEDDED:
        return lambda: None
    axe = Axe()

    def check() -> None:
        found = axe.run(page).response["violations"]
        told = [
            f"{finding['id']} ({finding['impact']}): {finding['help']}: {node['html'][:200]}"
            for finding in found
            for node in finding["nodes"]
        ]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check


@pytest.fixture
def settled(server: Server) -> Callable[[Callable[[], Any]], Any]:
    """Wait for something that background work brings about."""
    return lambda ready: wait_until("the background work is done", ready, seconds=60)


@pytest.fixture
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a journey may leave screenshots: NETCARE_PICTURES, else a directory that is thrown away."""
    chosen = os.environ.get("NETCARE_PICTURES")
    folder = Path(chosen) if chosen else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
