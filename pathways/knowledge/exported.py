"""The shape of a whole ruleset in one file, part by part, from the shapes of the starter's entries.

What it is: one strict model, its faults as sentences with the entry they stand in, and the JSON Schema made of it.
What it refuses to do: judge what a condition means (the engine) or repair anything.
Who calls it: `one_file.py`, and whoever takes ruleset data from outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from pathways.engine import Problem
from pathways.knowledge import shapes
from pathways.knowledge.condition_schema import CONDITION_SCHEMA
from pathways.knowledge.parts import PARTS
from pathways.knowledge.shapes import Code, Entry, Text, Word

_SOURCE_ID = r"^[A-Z][A-Z0-9-]{1,29}$"


class ExportedOption(Entry):
    """One option of the catalogue, with what its page says."""

    code: Word
    title: Text
    group: Word
    note: Text | Literal[""] = ""
    beyond: bool = False
    about: shapes.AboutEntry | None = None


class ExportedSource(shapes.SourceEntry):
    """A document, or a fact as a source that rules cite (`of`: the documents that say it, `section`: where)."""

    id: Annotated[str, StringConstraints(pattern=_SOURCE_ID)]
    of: list[Code] | None = None
    section: Text | None = None
    verified: Text | Literal[""]


class TestPatientEntry(Entry):
    """A patient kept with the ruleset, and the statuses that an expert confirmed for it."""

    code: Code
    title: Text
    features: dict[str, Any]
    expected: dict[str, shapes.Status]
    confirmed_by: Text | None = None
    confirmed_on: Text | None = None
    note: Text | None = None


class ExportedDictionary(Entry):
    """The data dictionary: features in three groups, whose order is part of it, and what follows from what."""

    patient: dict[Word, shapes.FeatureEntry] | None = None
    tumor: dict[Word, shapes.FeatureEntry] | None = None
    history: dict[Word, shapes.FeatureEntry] | None = None
    implications: list[shapes.ImplicationEntry] | None = None
    contradictions: list[shapes.ContradictionEntry] | None = None


class RulesetFile(Entry):
    """A whole ruleset: everything that decides what is listed, on what it rests, and what is said about it."""

    ruleset: shapes.Head
    options: Annotated[list[ExportedOption], Field(min_length=1)]
    definitions: list[shapes.DefinitionEntry] | None = None
    rules: list[shapes.RuleEntry]
    limits: dict[Word, shapes.LimitEntry] | None = None
    cases: dict[Code, shapes.CasesEntry] | None = None
    test_patients: list[TestPatientEntry] | None = None
    invariants: list[shapes.InvariantEntry] | None = None
    sources: list[ExportedSource] | None = None
    facts: list[shapes.FactEntry] | None = None
    dictionary: ExportedDictionary


# What one entry of a part is called, and by what it is known.
NOUNS = {
    **{
        name: (part.noun, part.key) for name, part in PARTS.items() if name not in ("ruleset", "features", "dictionary")
    },
    "cases": ("cases of rule", ""),
    **dict.fromkeys(("patient", "tumor", "history"), ("feature", "")),
}


def shape_problems(data: Any) -> list[Problem]:
    """Everything about ruleset data that has not the shape of a ruleset file, entry by entry."""
    try:
        RulesetFile.model_validate(data)
    except ValidationError as error:
        return list(dict.fromkeys(_problems(error, data)))
    return []


def _problems(error: ValidationError, data: Any) -> Iterator[Problem]:
    for steps, fault in shapes.faults_of(error):
        steps = [*steps]
        if steps[:1] == ["dictionary"] and len(steps) > 1:
            steps = steps[1:]
        if len(steps) < 2:
            place, rest = "ruleset", steps
        elif steps[0] not in NOUNS:
            place, rest = steps[0], steps[1:]
        else:
            place, rest = _place(steps, data), steps[2:]
        yield Problem(place, shapes.sentence_of(tuple(rest), fault))


def _place(steps: list[str], data: Any) -> str:
    """'rule SURV-I1', or 'rule number 3' where the entry has no code."""
    part, where = steps[:2]
    noun, key = NOUNS[part]
    if not key:
        return f"{noun} {where}"
    holder = data if part in data else data.get("dictionary") or {}
    found = holder[part][int(where)]
    code = found.get(key) if isinstance(found, Mapping) else None
    return f"{noun} {code}" if isinstance(code, str) and code else f"{noun} number {int(where) + 1}"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a ruleset file, conditions included."""
    schema = _with_conditions(RulesetFile.model_json_schema(by_alias=True))
    schema["$defs"] = dict(sorted({**schema["$defs"], "Condition": CONDITION_SCHEMA}.items()))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "A netcare ruleset"}


def _with_conditions(schema: Any) -> Any:
    """The schema with the schema of a condition wherever one is expected."""
    if isinstance(schema, dict):
        if schema.get("title") == shapes.CONDITION:
            return {"$ref": "#/$defs/Condition"}
        return {key: _with_conditions(part) for key, part in schema.items()}
    return [_with_conditions(part) for part in schema] if isinstance(schema, list) else schema
