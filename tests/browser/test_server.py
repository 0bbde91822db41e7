"""The server itself: what it prints, what it refuses, and that the pages come with their own assets alone."""

import os
import signal
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import Server, python_manage
from tests.programs import Process, free_port, manage


def test_the_start_prints_the_address_and_a_sign_in_for_every_role(server: Server) -> None:
    said = server.process.output
    assert f"netcare is served at {server.url}/" in said
    for role in ("viewer", "clinician", "coordinator", "editor", "approver", "auditor", "administrator"):
        assert role in said.lower()
    assert "Authorization: Bearer " in said


def test_everyone_who_is_printed_can_sign_in(sign_in: Callable[[str], Page], server: Server) -> None:
    assert len(server.passwords) >= 7
    for username in server.passwords:
        page = sign_in(username)
        assert "/sign-in/" not in page.url


def test_the_job_list_is_accessible(sign_in: Callable[[str], Page], accessible: Callable[[], None]) -> None:
    page = sign_in("coordinator")
    page.goto("/jobs/")
    accessible()
    page.locator("tbody a").first.click()
    page.wait_for_selector("#job-progress")
    accessible()


def test_a_second_server_on_the_same_port_is_refused_with_the_remedy(server: Server) -> None:
    port = server.url.rpartition(":")[2]
    done = manage("serve", "--port", port, environment=server.environment)
    assert done.returncode == 1
    assert done.stderr.strip().endswith(
        f"Port {port} is in use. Stop what is running there, or choose another port: make demo PORT={int(port) + 1}"
    )


def test_a_second_server_on_the_same_data_is_refused(server: Server) -> None:
    done = manage("serve", "--port", str(free_port()), environment=server.environment)
    assert done.returncode == 1
    assert f"Another netcare server (process {server.process.popen.pid}) uses the data directory" in done.stderr


def test_a_second_preparation_keeps_everything_and_ctrl_c_ends_without_a_traceback(server: Server) -> None:
    again = manage("prepare", "--demo", environment=server.environment)
    assert again.returncode == 0, again.stderr
    assert "nothing was changed" in again.stdout
    variables = server.environment | {"NETCARE_DATA_DIR": os.path.join(server.environment["NETCARE_DATA_DIR"], "other")}
    if "DATABASE_URL" not in variables:
        variables["DATABASE_URL"] = f"sqlite:///{server.environment['NETCARE_DATA_DIR']}/netcare.sqlite3"
    process = Process([*python_manage(), "serve", "--port", str(free_port())], variables)
    process.wait_for("Stop it with Ctrl-C.")
    code = process.end(signal.SIGINT)
    said = process.output
    process.close()
    assert code == 0, said
    assert said.rstrip().endswith("Stopped.")
    assert "Traceback" not in said
