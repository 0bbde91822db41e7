"""The parts of `docker-compose.yml`, each started by hand with the file's own command and environment.

No container engine is needed: host names of the file become this machine, the rest is taken as it stands.
"""

import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml

from tests.databases import fresh_postgresql
from tests.programs import ROOT, Process, RedisServer, answers, free_port, plain_environment, wait_until

pytestmark = pytest.mark.only_postgresql
FILE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
ENV_FILE = {
    "SECRET_KEY": "of-this-test-alone-and-long-enough-to-be-accepted-by-it-4711",
    "ALLOWED_HOSTS": "netcare.example",
}


def _value(text: str, known: dict[str, str]) -> str:
    """A value of the file with its ${NAME:?…} filled in; a name that nothing sets is an error, as it is for compose."""
    return re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", lambda found: known[found.group(1)], str(text))


class Installation:
    """The services of the file on this machine."""

    def __init__(self, addresses: dict[str, str], redis: RedisServer, data: Path) -> None:
        self.addresses, self.redis, self.data = addresses, redis, data
        self.port = free_port()
        owner, app = urlsplit(addresses["DATABASE_OWNER_URL"]), urlsplit(addresses["DATABASE_URL"])
        self.known = ENV_FILE | {"OWNER_PASSWORD": str(owner.password), "APP_PASSWORD": str(app.password)}
        place = f"@{app.hostname}:{app.port}{app.path}"
        self.here = {
            "netcare_owner:": f"{owner.username}:",
            "netcare_app:": f"{app.username}:",
            "@postgres:5432/netcare": place,
            "redis:6379": f"127.0.0.1:{redis.port}",
        }

    def environment(self, service: str) -> dict[str, str]:
        wanted = FILE["services"][service]["environment"]
        values = {name: self._on_this_machine(_value(value, self.known)) for name, value in wanted.items()}
        return plain_environment() | {"NETCARE_DATA_DIR": str(self.data / service)} | values

    def command(self, service: str) -> list[str]:
        words = [str(word) for word in FILE["services"][service]["command"]]
        program = {"python": [sys.executable], "celery": [sys.executable, "-m", "celery"]}[words[0]]
        local = {"0.0.0.0": "127.0.0.1", "8000": str(self.port)}
        return program + [local.get(word, word) for word in words[1:]]

    def start(self, service: str) -> Process:
        (self.data / service).mkdir(exist_ok=True)
        return Process(self.command(service), self.environment(service))

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str]]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": "netcare.example"})
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.status, dict(answer.headers)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, dict(answer.headers)

    def _on_this_machine(self, value: str) -> str:
        for there, here in self.here.items():
            value = value.replace(there, here)
        return value


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@pytest.fixture
def installation(redis_server: RedisServer, tmp_path: Path) -> Iterator[Installation]:
    with fresh_postgresql() as addresses:
        yield Installation(addresses, redis_server, tmp_path)


def test_the_file_has_every_part_and_each_waits_for_what_it_needs() -> None:
    services = FILE["services"]
    assert set(services) == {"prepare", "web", "worker", "scheduler", "postgres", "redis"}
    for name in ("web", "worker", "scheduler"):
        assert services[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
        assert "DATABASE_OWNER_URL" not in services[name]["environment"]
    for name in ("postgres", "redis"):
        assert services[name]["healthcheck"]["test"]
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_what_the_worker_writes_web_hands_out_and_a_new_container_keeps() -> None:
    """Packets and attachments lie below the data directory of the image."""
    (directory,) = re.findall(r"NETCARE_DATA_DIR=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    for name in ("web", "worker"):
        assert FILE["services"][name]["volumes"] == [f"files:{directory}"]
    assert "files" in FILE["volumes"]


def test_every_file_that_the_image_or_a_volume_names_is_there() -> None:
    named = re.findall(r"^COPY (\S+) ", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    volumes = [volume.split(":")[0] for volume in FILE["services"]["postgres"]["volumes"]]
    for path in named + [volume for volume in volumes if volume.startswith("./")]:
        assert (ROOT / path).exists(), path


def test_the_parts_started_by_hand_serve_over_tls_only_and_do_background_work(installation: Installation) -> None:
    with ExitStack() as stack:
        prepare = installation.start("prepare")
        stack.callback(prepare.close)
        assert prepare.popen.wait(timeout=180) == 0, prepare.output
        parts = {name: installation.start(name) for name in ("web", "worker", "scheduler")}
        for part in parts.values():
            stack.callback(part.close)
        parts["web"].wait_for("Stop it with Ctrl-C.")
        parts["worker"].wait_for("ready.")
        assert answers(installation.port)

        status, headers = installation.get("/sign-in/")
        assert (status, headers["Location"]) == (301, "https://netcare.example/sign-in/")
        status, headers = installation.get("/sign-in/", X_Forwarded_Proto="https")
        assert status == 200, parts["web"].output
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert installation.get("/health/", X_Forwarded_Proto="https")[0] == 200

        # A job that is only a row: scheduler and worker find it, and end it with the sentence of its handler.
        with psycopg.connect(installation.addresses["DATABASE_OWNER_URL"], autocommit=True) as connection:
            connection.execute(
                "INSERT INTO jobs_job (id, kind, payload, fingerprint, state, attempts, lease_token, done, cursor, "
                "skipped, message, failure, created_at) VALUES (gen_random_uuid(), 'unheard_of', '{}', 'x', 'queued', "
                "0, 0, 0, '', '[]', '', '', now())"
            )

            def failure() -> str:
                row = connection.execute("SELECT failure FROM jobs_job WHERE kind = 'unheard_of'").fetchone()
                return row[0] if row else ""

            said = wait_until("scheduler and worker did the job", failure, seconds=90)
        assert said.startswith("No application handles jobs of the kind 'unheard_of'.")

        for name, part in parts.items():
            assert part.end() == 0, f"{name}: {part.output}"
            assert "Traceback" not in part.output, f"{name}: {part.output}"


def test_the_application_s_role_cannot_alter_the_audit_record(installation: Installation) -> None:
    prepare = installation.start("prepare")
    assert prepare.popen.wait(timeout=180) == 0, prepare.output
    prepare.close()
    with psycopg.connect(installation.addresses["DATABASE_URL"], autocommit=True) as connection:
        for attack in ("UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attack)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id integer)")


def test_a_role_that_owns_the_tables_is_not_served_beyond_this_machine(installation: Installation) -> None:
    prepare = installation.start("prepare")
    assert prepare.popen.wait(timeout=180) == 0, prepare.output
    prepare.close()
    environment = installation.environment("web") | {"DATABASE_URL": installation.addresses["DATABASE_OWNER_URL"]}
    web = Process(installation.command("web"), environment)
    code = web.popen.wait(timeout=60)
    said = web.output
    web.close()
    assert code == 1
    assert "of DATABASE_URL owns the tables, and so could alter the audit record." in said
