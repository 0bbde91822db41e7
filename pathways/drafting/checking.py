"""Whether an edited entry may enter a draft: its shape, and whether the ruleset around it still stands.

What it is: pydantic for the entry, the engine for the whole; each fault with its place and one sentence.
What it refuses to do: judge what a rule means for patients (that is the proofs' business), or repair anything.
Who calls it: `pathways.drafts.editing`, the import of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from pathways.drafting.content import Data, EntryChange, Place, entries
from pathways.engine import Problem, Ruleset, RulesetError
from pathways.knowledge import shapes
from pathways.knowledge.exported import ExportedOption, ExportedSource, TestPatientEntry

# What a code of each part may look like: the words for people, and the pattern.
CODES: dict[str, tuple[str, str]] = {
    "options": ("lower-case letters, digits and _, beginning with a letter", r"[a-z][a-z0-9_]{0,59}"),
    "definitions": ("lower-case letters, digits and _, beginning with a letter", r"[a-z][a-z0-9_]{0,59}"),
    "limits": ("the name of a feature", r"[a-z][a-z0-9_]{0,59}"),
    "ruleset": ("head", r"head"),
}
CAPITALS = ("capital letters, digits and -, beginning with a letter, at most 30", r"[A-Z][A-Z0-9-]{1,29}")


class HeadData(shapes.Head):
    """The head of a draft: its number is given when it is published."""

    version: Annotated[int, Field(ge=0)] = 0


SHAPES: dict[str, type[shapes.Entry]] = {
    "ruleset": HeadData,
    "options": ExportedOption,
    "definitions": shapes.DefinitionEntry,
    "rules": shapes.RuleEntry,
    "sources": ExportedSource,
    "invariants": shapes.InvariantEntry,
    "limits": shapes.LimitEntry,
    "cases": shapes.CasesEntry,
    "test_patients": TestPatientEntry,
    "facts": shapes.FactEntry,
}


def entry_problems(place: Place, entry: Data | None) -> list[Problem]:
    """What is wrong with the entry by itself; nothing for one that is taken out."""
    if entry is None:
        return []
    words, pattern = CODES.get(place.part, CAPITALS)
    if place.part != "facts" and not re.fullmatch(pattern, place.code):
        return [Problem(str(place), f'The code is "{place.code[:60]}"; accepted is {words}.')]
    try:
        SHAPES[place.part].model_validate(entry)
    except ValidationError as error:
        return [Problem(str(place), sentence) for sentence in shapes.sentences_of(error)]
    return []


def problems_of(content: Mapping[str, Any], changes: Iterable[EntryChange]) -> list[Problem]:
    """Everything that speaks against these changes; `content` is the data with them made."""
    problems = [problem for change in changes for problem in entry_problems(change.place, change.after)]
    if problems:
        return problems
    try:
        Ruleset.from_data(content)
    except RulesetError as error:
        return list(error.problems)
    return [*_cases_without_rules(content), *_names_of_no_rule(content)]


def _cases_without_rules(content: Mapping[str, Any]) -> list[Problem]:
    rules = entries(content, "rules")
    return [
        Problem(f"cases {code}", f"There is no rule {code} any more; its test patients go with it.")
        for code in entries(content, "cases")
        if code not in rules
    ]


def _names_of_no_rule(content: Mapping[str, Any]) -> list[Problem]:
    """Sentences of option pages rest on facts and rules; each must exist."""
    known = {*entries(content, "rules"), *entries(content, "facts")}
    problems = []
    for code, option in entries(content, "options").items():
        for sentences in (option.get("about") or {}).values():
            for sentence in sentences:
                for name in sentence["from"]:
                    if name not in known:
                        problems.append(
                            Problem(f"option {code}", f"A sentence rests on {name}, and there is no such fact or rule.")
                        )
    return problems
