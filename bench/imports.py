"""How long an import of 10,000 rows takes, and how much memory: reading, preview, applying with progress.

    python -m bench.imports --rows 10000

Works on an empty database of its own in a directory that is thrown away (SQLite), or in the one that DATABASE_URL
names (PostgreSQL; made and dropped as pytest does). The patients are invented. Prints what was measured and how.
"""

import argparse
import csv
import io
import os
import random
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any


def _peak() -> float:
    """The largest resident size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(what: str, act: Callable[[], Any]) -> Any:
    begun, worked = time.perf_counter(), time.process_time()
    result = act()
    took, cpu = time.perf_counter() - begun, time.process_time() - worked
    print(f"{what:<44} {took:7.1f} s, of the processor {cpu:6.1f} s   peak {_peak():5.0f} MB", flush=True)
    return result


def table(rows: int, seed: int = 1) -> dict[str, list[dict[str, str]]]:
    """Invented patients, eight findings and one treatment each."""
    chance = random.Random(seed)
    tables: dict[str, list[dict[str, str]]] = {"patients": [], "findings": [], "treatments": []}
    for number in range(rows // 10):
        born = (date(1940, 1, 1) + timedelta(days=chance.randrange(18_000))).isoformat()
        who = {"mrn": f"BENCH-{number:05}", "birth_date": born}
        name = {"family_name": f"Invented{number}", "given_name": "Bench", "sex": chance.choice(["female", "male"])}
        tables["patients"].append(who | name)
        tables["findings"] += [who | one for one in _findings(chance)]
        option = chance.choice(["lanreotide", "octreotide_lar", "everolimus"])
        course = {"started": chance.choice(["2024", "Mar 2025", "2026-01-15"]), "course": "still given"}
        tables["treatments"].append(who | {"treatment": option} | course)
    return tables


def _findings(chance: random.Random) -> list[dict[str, str]]:
    seen = (date(2026, 1, 1) + timedelta(days=chance.randrange(200))).isoformat()
    values = [
        ("ki67_percent", f"{chance.randrange(1, 20)} %", "pathology"),
        ("grade", chance.choice(["G1", "G2"]), "pathology"),
        ("primary_site", chance.choice(["small bowel", "pancreas", "lung"]), "pathology"),
        ("differentiation", "well", "pathology"),
        ("extent", "metastatic", "imaging"),
        ("metastatic_sites", chance.choice(["liver", "liver; bone"]), "imaging"),
        ("egfr_ml_min", str(chance.randrange(30, 110)), "laboratory"),
        ("ecog", str(chance.randrange(0, 3)), "clinic"),
    ]
    return [{"feature": f, "value": v, "observed_on": seen, "source": s} for f, v, s in values]


def as_workbook(tables: dict[str, list[dict[str, str]]]) -> bytes:
    from openpyxl import Workbook

    from patients.imports.columns import names_of

    book = Workbook(write_only=True)
    for kind, rows in tables.items():
        sheet = book.create_sheet(kind)
        sheet.append(list(names_of(kind)))
        for row in rows:
            sheet.append([row.get(name) for name in names_of(kind)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(kind: str, rows: list[dict[str, str]]) -> bytes:
    from patients.imports.columns import names_of

    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names_of(kind))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _coordinator() -> Any:
    from netcare.access import Capability, Role, actor_for_user, system_actor
    from netcare.access.actions import create_institution, create_team, create_user, grant_role
    from pathways.actions.publishing import load_starter
    from pathways.knowledge import starter

    system = system_actor("the benchmark", capabilities=frozenset(Capability))
    load_starter(data=starter(), actor=system, at=datetime.now(UTC))
    institution = create_institution(name="Bench", time_zone="UTC", by=system)
    create_team(institution=institution, name="Team", by=system)
    user = create_user(
        institution=institution, username="bench", display_name="Bench", password=secrets.token_urlsafe(20), by=system
    )
    grant_role(user=user, role=Role.COORDINATOR, by=system)
    return actor_for_user(user)


def measure(rows: int) -> None:
    """Read, stage, apply, and send the same again."""
    from django.db import connection
    from django.test import Client

    from netcare.jobs import runner
    from patients.imports.actions import apply_import, stage_import
    from patients.imports.files import read_file
    from patients.models import Finding, Patient, Treatment

    actor = _coordinator()
    tables = table(rows)
    book = as_workbook(tables)
    print(
        f"{rows} rows of {rows // 10} patients, {len(book) / 1024:.0f} kB XLSX; {connection.vendor}; peak {_peak():.0f} MB"
    )
    _timed("reading the workbook alone", lambda: read_file(book))
    findings = as_csv("findings", tables["findings"])
    _timed(f"reading {len(tables['findings'])} findings as CSV alone", lambda: read_file(findings))
    file = _timed("preview: reading, understanding, staging", lambda: _stage(stage_import, actor, book))
    browser = Client()
    browser.force_login(actor.user)
    _timed("opening the preview", lambda: browser.get(f"/patients/import/{file.id}/", headers={"host": "localhost"}))
    file = apply_import(actor=actor, file=file)
    _timed("applying (progress after each patient)", lambda: runner.run(file.job_id))
    counts = (Patient.objects.count(), Finding.objects.count(), Treatment.objects.count())
    print(f"on record: {counts[0]} patients, {counts[1]} findings, {counts[2]} treatments")
    again = _timed("preview of the same file again", lambda: _stage(stage_import, actor, book))
    print(f"rows that would change anything: {again.rows.filter(verdict__in=['new', 'changed']).count()}")


def _stage(stage_import: Callable[..., Any], actor: Any, book: bytes) -> Any:
    return stage_import(actor=actor, file_name="bench.xlsx", stream=io.BytesIO(book))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    rows: int = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as directory:
        os.environ["NETCARE_DATA_DIR"] = directory
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        os.environ["NETCARE_TEST_DATA"] = directory
        import django
        from django.test.utils import setup_test_environment

        django.setup()
        setup_test_environment()
        from django.conf import settings
        from django.db import connection

        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            measure(rows)
        finally:
            connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
