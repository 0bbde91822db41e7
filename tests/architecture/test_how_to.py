"""The checklists of docs/how-to name files and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))
QUOTED = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"`python manage\.py ([a-z_]+)")
STEP = re.compile(r"^\d+\. \[ \] `", re.MULTILINE)


def _paths(text: str) -> list[str]:
    return [quoted for quoted in QUOTED.findall(text) if "/" in quoted and " " not in quoted]


def test_there_is_a_checklist_for_a_rule_an_option_and_a_feature() -> None:
    assert {"add-a-rule.md", "add-an-option.md", "add-a-feature.md"} <= {page.name for page in HOW_TO}


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.name)
def test_every_file_that_a_checklist_names_exists(page: Path) -> None:
    paths = _paths(page.read_text(encoding="utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert len(paths) >= 3


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.name)
def test_a_checklist_is_steps_that_begin_with_the_file_to_change(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(STEP.findall(text)) == len(re.findall(r"^\d+\. ", text, re.MULTILINE)) >= 3


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.name)
def test_every_command_that_a_checklist_names_exists(page: Path) -> None:
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")}
    assert [name for name in COMMAND.findall(page.read_text(encoding="utf-8")) if name not in commands] == []
