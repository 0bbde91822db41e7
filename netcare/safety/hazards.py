"""The hazard log as data: what can go wrong, what stands in the way, which tests prove it.

Read from `hazards.yaml`, whole or not at all. What it refuses to do: say whether a test passed; a running program does
not know, and the page says so. Pure: no Django. Called by the safety file, its exports and `document`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from pathways.knowledge.yaml_text import YamlRefused, read_yaml

FILE = Path(__file__).with_name("hazards.yaml")
TEST = r"^tests/[a-z_/]+\.py::test_[a-z0-9_]+$"

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]

SEVERITIES = {"catastrophic": "catastrophic", "major": "major", "considerable": "considerable"}
STATES = {
    "controlled": "Controlled in this version",
    "in_part": "Controlled in part",
    "absent": "Not in this version, because the function is not",
}


class HazardsRefused(ValueError):
    """The file is not the hazard log; the sentence names the entry and what is wrong with it."""


class Hazard(BaseModel):
    """One hazard. `tests` are pytest node ids; a test of the suite holds that each of them exists."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^H[0-9]{2}$")]
    hazard: Text
    severity: Literal["catastrophic", "major", "considerable"]
    state: Literal["controlled", "in_part", "absent"]
    control: Text | None = None
    lacking: Text | None = None
    tests: tuple[Annotated[str, StringConstraints(pattern=TEST)], ...] = Field(default=())

    @property
    def proofs(self) -> tuple[tuple[str, str], ...]:
        """Each test as the sentence that its name is, and the file it stands in."""
        parts = [test.split("::") for test in self.tests]
        return tuple((name.removeprefix("test_").replace("_", " ").capitalize(), file) for file, name in parts)

    @model_validator(mode="after")
    def _says_what_it_owes(self) -> Hazard:
        if self.state != "absent" and not (self.control and self.tests):
            raise ValueError("a control without a test, or a test without a control")
        if self.state != "controlled" and not self.lacking:
            raise ValueError("lacking is missing: what is not there yet")
        return self


def read_hazards(content: bytes) -> tuple[Hazard, ...]:
    """The hazards of a file, in its order. Raises HazardsRefused."""
    try:
        data = read_yaml(content)
    except YamlRefused as refusal:
        raise HazardsRefused(f"hazards.yaml: {refusal}") from refusal
    entries = data.get("hazards") if isinstance(data, dict) else None
    if not isinstance(entries, list) or not entries:
        raise HazardsRefused("hazards.yaml: hazards is a list of one or more hazards.")
    hazards = tuple(_hazard(entry) for entry in entries)
    names = [hazard.id for hazard in hazards]
    if names != sorted(set(names)):
        raise HazardsRefused("hazards.yaml: the hazards stand in the order of their ids, each once.")
    return hazards


def _hazard(entry: object) -> Hazard:
    name = entry.get("id") if isinstance(entry, dict) else entry
    try:
        return Hazard.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = " ".join(str(part) for part in first["loc"])
        raise HazardsRefused(f"hazards.yaml, hazard {name}: {place} {first['msg']}".replace("  ", " ")) from error


@cache
def hazards() -> tuple[Hazard, ...]:
    """The hazard log of this version of the program, read once per process."""
    return read_hazards(FILE.read_bytes())
