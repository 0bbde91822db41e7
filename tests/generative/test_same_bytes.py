"""The same ruleset and features give the same bytes: in another process, zone, locale and order of writing."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from pathways.engine import Ruleset, assess, assessment_json, canonical_json, read_json
from tests.generative import starter
from tests.generative.fingerprint import fingerprint

COUNT = 1_000 if starter.LONG else 12
ROOT = Path(__file__).resolve().parents[2]

SURROUNDINGS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4711", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONOPTIMIZE": "1"},
]


@pytest.fixture(scope="module")
def here() -> str:
    return fingerprint(COUNT)


@pytest.mark.parametrize("surroundings", SURROUNDINGS, ids=lambda one: one["TZ"])
def test_another_process_gives_the_same_bytes(here: str, surroundings: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tests.generative.fingerprint", str(COUNT), "reversed"]
    result = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **surroundings}, capture_output=True, text=True, timeout=600, check=False
    )
    assert result.stderr == ""
    assert result.stdout.strip() == here


def test_the_same_number_written_differently_gives_the_same_bytes() -> None:
    written = [Decimal(text) for text in ("2", "2.0", "2.00", "0.2E1")]
    results = {assessment_json(assess(starter.ruleset(), {"ki67_percent": number}), "one") for number in written}
    assert len(results) == 1
    assert '"actual":2,' in results.pop()


def test_a_ruleset_that_was_stored_and_read_again_gives_the_same_bytes() -> None:
    stored = Ruleset.from_data(read_json(canonical_json(starter.ruleset().to_data())))
    assert stored.digest == starter.ruleset().digest
    features = {"primary_site": "small_bowel", "grade": "G1", "metastatic_sites": ("liver", "bone")}
    results = {assessment_json(assess(ruleset, features), "one") for ruleset in (stored, starter.ruleset())}
    assert len(results) == 1
