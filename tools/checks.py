"""Everything that `make test` checks, part by part, with one closing line. Run by `tools/project.py` inside `.venv`.

A part that cannot run here is named with its reason; under CI=true that is a failure. The parts are ordered so that what
is cheap and likely to fail comes first; a failing part does not keep the others from running.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

import services

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI", "").lower() == "true"
BIN = Path(sys.executable).parent
PURE = ("spec", "unit", "generative", "knowledge")
# The walk over every address and role touches the database, so structure is checked on both as well.
ON_A_DATABASE = ("integration", "architecture")
# A configuration as a hospital would have it, for Django's deployment checks; none of it is anybody's.
PRODUCTION = {
    "ALLOWED_HOSTS": "netcare.example",
    "SECRET_KEY": "checked-with-a-key-that-is-long-enough-and-used-nowhere-else-4711",
    "TLS_PROXY_HEADER": "X-Forwarded-Proto",
    "DATABASE_URL": "postgresql://netcare_app@127.0.0.1/netcare",
}


@dataclass
class Tally:
    """What ran so far."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    not_run: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add(self, part: str, passed: int, failed: int, skipped: int, seconds: float) -> None:
        self.passed, self.failed, self.skipped = self.passed + passed, self.failed + failed, self.skipped + skipped
        left_out = f", {skipped} skipped" if skipped else ""
        self.lines.append(f"{part}: {passed} passed, {failed} failed{left_out} ({seconds:.0f} s)")
        print(f"--- {self.lines[-1]}", flush=True)

    def missing(self, part: str, reason: str) -> None:
        self.not_run.append(f"{part}: not run. {reason}")
        print(f"--- {self.not_run[-1]}", flush=True)


def _environment(**more: str) -> dict[str, str]:
    """The environment of a check: nothing that points netcare at somebody's own database or broker."""
    ours = (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
        "CELERY_BROKER_URL",
        "ALLOWED_HOSTS",
        "DEBUG",
        "SECRET_KEY",
    )
    return {name: value for name, value in os.environ.items() if name not in ours} | more


def lint(tally: Tally) -> None:
    """Format, lint, templates, types, structure, migrations, deployment checks."""
    with tempfile.TemporaryDirectory() as data:
        plain = _environment(NETCARE_DATA_DIR=data)
        python = sys.executable
        for name, command, environment in (
            ("ruff check", [BIN / "ruff", "check", "."], plain),
            ("ruff format", [BIN / "ruff", "format", "--check", "."], plain),
            ("templates", [BIN / "djlint", "templates", "--lint", "--quiet"], plain),
            ("types", [BIN / "mypy"], plain),
            ("structure", [BIN / "lint-imports"], plain),
            ("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"], plain),
            (
                "deployment",
                [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
                plain | PRODUCTION,
            ),
        ):
            began = time.monotonic()
            done = subprocess.run(
                [str(word) for word in command],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            failed = int(done.returncode != 0)
            if failed:
                print(done.stdout[-8000:], flush=True)
            tally.add(name, 1 - failed, failed, 0, time.monotonic() - began)


def run_tests(tally: Tally, part: str, folders: list[str], *options: str, **environment: str) -> None:
    """One run of pytest; its own summary is on screen, its counts come from the report it writes."""
    paths = [f"tests/{folder}" for folder in folders if any((ROOT / "tests" / folder).rglob("test_*.py"))]
    if not paths:
        tally.missing(part, f"There is no test in {', '.join(folders)}.")
        return
    print(f"\n=== {part}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.xml"
        command = [sys.executable, "-m", "pytest", *paths, "-q", "--durations=6", f"--junitxml={report}", *options]
        code = subprocess.run(command, cwd=ROOT, env=_environment(**environment)).returncode
        passed, failed, skipped = _counts(report)
    if code != 0 and not failed:
        failed = 1
    tally.add(part, passed, failed, skipped, time.monotonic() - began)


def _counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed, skipped of a report; none where the run did not get as far as writing one."""
    if not report.is_file():
        return 0, 0, 0
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314  (our own file of a moment ago)
    if suite is None:
        return 0, 0, 0
    total, failures, errors, skipped = (int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped"))
    return total - failures - errors - skipped, failures + errors, skipped


def suites(tally: Tally, long: bool) -> None:
    sizes = {"NETCARE_TEST_LONG": "1"} if long else {}
    run_tests(tally, "pure", list(PURE), "-n", "2", **sizes)
    with contextlib.suppress(services.Missing):
        services.redis()
    try:
        browser = services.browser()
    except services.Missing as problem:
        browser = ""
        tally.missing("browser on both databases", str(problem))
    shown = sizes | {"CHROMIUM": browser}
    run_tests(tally, "integration on SQLite", list(ON_A_DATABASE), "-n", "2", **sizes)
    if browser:
        run_tests(tally, "browser on SQLite", ["browser"], "-n", "2", **shown)
    try:
        with services.postgresql() as url:
            run_tests(tally, "integration on PostgreSQL", list(ON_A_DATABASE), "-n", "2", DATABASE_URL=url, **sizes)
            if browser:
                run_tests(tally, "browser on PostgreSQL", ["browser"], "-n", "2", DATABASE_URL=url, **shown)
    except services.Missing as problem:
        tally.missing("integration and browser on PostgreSQL", str(problem))


def main() -> int:
    tally = Tally()
    lint(tally)
    if "--lint" not in sys.argv:
        suites(tally, long="--long" in sys.argv)
    print("\n" + "\n".join([*tally.lines, *tally.not_run]))
    left_out = f", {tally.skipped + len(tally.not_run)} skipped" if tally.skipped or tally.not_run else ""
    red = tally.failed or (CI and left_out)
    if CI and left_out:
        print("Under CI what is skipped or cannot run is a failure.")
    print(f"\n{tally.passed} passed, {tally.failed} failed{left_out}")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
