"""Every way in which a machine can fall short ends in a sentence that says what to do."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.programs import ROOT
from tools import project


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "tools/project.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize(
    ("version", "word"), [((3, 9, 2), "too old"), ((3, 14, 0), "newer than what netcare was tested with")]
)
def test_a_python_that_will_not_do_is_named_with_those_that_will(
    version: tuple[int, int, int], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project.sys, "version_info", version)
    monkeypatch.setattr(project, "VERSION", f"3.{version[1]}")
    with pytest.raises(project.Refusal) as refusal:
        project.check_python()
    assert str(refusal.value) == (
        f"This is Python 3.{version[1]}, which is {word}. netcare needs Python 3.11, 3.12 or 3.13: install one, or "
        "name it: make demo PYTHON=/path/to/python3.11"
    )


def test_a_port_in_use_is_said_before_anything_is_installed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _run("demo", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} is in use. Stop what is running there, or choose another port: make demo PORT={port + 1}\n"
    )


def test_a_port_that_does_not_exist_is_refused() -> None:
    done = _run("demo", "--port", "70000")
    assert (done.returncode, done.stderr) == (
        1,
        "The port is 70000. Accepted is a number from 1 to 65535: make demo PORT=8123\n",
    )


def test_without_venv_and_without_pip_the_debian_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, b""))
    with pytest.raises(project.Refusal) as refusal:
        project.pip_command()
    assert str(refusal.value) == (
        "Neither the module ensurepip nor a recent pip is on this machine. On Debian or Ubuntu: "
        "apt-get install python3-venv python3-pip"
    )


def test_an_installation_that_fails_says_that_it_can_go_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(project, "STAMP", str(tmp_path / "stamp.json"))
    monkeypatch.setattr(project, "venv_works", lambda: True)
    monkeypatch.setattr(project, "pip_command", lambda: ["pip"])
    monkeypatch.setattr(project.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1))
    with pytest.raises(project.Refusal, match="then run the same command again: it goes on from here"):
        project.ensure_environment("base")
    assert not (tmp_path / "stamp.json").exists()


def test_nothing_is_installed_when_the_locks_have_not_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stamp = tmp_path / "stamp.json"
    stamp.write_text(json.dumps({"base": project.lock_digest("base")}))
    monkeypatch.setattr(project, "STAMP", str(stamp))
    monkeypatch.setattr(project, "venv_works", lambda: True)

    def install(*_: Any) -> list[str]:
        raise AssertionError("nothing should be installed")

    monkeypatch.setattr(project, "pip_command", install)
    project.ensure_environment("base")
    with pytest.raises(AssertionError):
        project.ensure_environment("dev")


def test_bare_make_lists_every_command_a_line_each() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True)
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.splitlines()] == targets
    assert {"setup", "demo", "test", "test-long", "lint", "lock", "bench", "clean"} <= set(targets)


@pytest.mark.parametrize("name", ["base", "dev"])
def test_a_lock_has_a_hash_for_every_package_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(entries) > 30
    for entry in entries:
        assert "==" in entry.splitlines()[0], entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text
    assert "--index-url" not in text
    assert str(ROOT) not in text


def test_every_package_of_the_running_lock_has_the_same_version_in_the_testing_lock() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9._\[\],-]+)==(\S+)", text, re.MULTILINE))

    assert pins("base").items() <= pins("dev").items()
