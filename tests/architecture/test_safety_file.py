"""The hazard log names tests that exist, the printed document is current, and no hazard of the floor went missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from netcare.safety.document import DOCUMENT, document
from netcare.safety.hazards import FILE, HazardsRefused, hazards, read_hazards

ROOT = Path(__file__).resolve().parents[2]
FLOOR = [f"H{number:02}" for number in range(1, 23)]


@pytest.mark.only_sqlite  # the run on PostgreSQL leaves out what is looked at on SQLite alone
def test_every_test_that_proves_a_control_is_collected() -> None:
    """By pytest itself: a renamed or deleted test makes this one fail with its name."""
    named = sorted({test for hazard in hazards() for test in hazard.tests})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "-p", "no:cacheprovider", *named]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    found = {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line and line.startswith("tests/")}
    assert set(named) - found == set(), done.stdout[-2000:] + done.stderr[-2000:]


def test_the_committed_document_is_printed_from_the_log() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "Print it anew: python -m netcare.safety.document"


def test_every_hazard_of_the_floor_is_in_the_log_and_none_is_controlled_without_proof() -> None:
    names = [hazard.id for hazard in hazards()]
    assert set(FLOOR) <= set(names)
    for hazard in hazards():
        assert hazard.state == "absent" or hazard.tests, hazard.id
        assert hazard.state == "controlled" or hazard.lacking, hazard.id


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("severity: major", "severity: severe", "hazard H01: severity Input should be 'catastrophic'"),
        ("tests/spec/test_statuses.py::test_status\n", "somewhere\n", "hazard H01: tests 0 String should match"),
        ("- id: H02", "- id: H01", "in the order of their ids, each once"),
        ("hazards:\n", "risks:\n", "hazards is a list of one or more hazards"),
        ("  state: controlled\n", "  state: in_part\n", "lacking is missing"),
        ("  state: controlled\n", "  state: controlled\n  owner: me\n", "hazard H01: owner Extra inputs"),
    ],
)
def test_a_log_with_a_fault_is_refused_whole_in_a_sentence(old: str, new: str, sentence: str) -> None:
    content = FILE.read_text(encoding="utf-8")
    assert old in content
    with pytest.raises(HazardsRefused) as refused:
        read_hazards(content.replace(old, new, 1).encode())
    assert sentence in str(refused.value)
