"""The shape of every entry of the knowledge files, checked by pydantic before anything is built from it.

What it is: one strict model per kind of entry. Unknown keys, wrong types, empty texts and markup are refused here;
what an entry means (features, operators, values) is the engine's business, and what it refers to is `checks.py`'s.
What it refuses to do: turn one type into another, or repair anything.
Who calls it: `files.py`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, WithJsonSchema

_MARKUP = re.compile(r"<\s*/?\s*[A-Za-z!?]|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);|\]\(|javascript:", re.IGNORECASE)
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _plain_text(text: str) -> str:
    if _MARKUP.search(text):
        raise ValueError("holds markup; write plain text")
    if _HIDDEN.search(text):
        raise ValueError("holds an invisible character; remove it")
    if "\n" in text:
        raise ValueError("holds a line break; write one line")
    return text


_TEXT = r"^\S(?:.*\S)?$"
_WORD = r"^[a-z][a-z0-9_]{0,59}$"
_CODE = r"^[A-Z][A-Z0-9-]{1,29}$"
_FACT_ID = r"^F[0-9]{3}$"
_FILE = r"^[A-Za-z0-9_.-]+$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_PARTIAL_DAY = r"^[0-9]{4}(-[0-9]{2}){0,2}$"
_ADDRESS = r"^https?://[^\s<>\"']+$"

# What each pattern means, in words.
_WRITTEN = {
    _TEXT: "one line without spaces at its ends",
    _WORD: "lower-case letters, digits and _, beginning with a letter",
    _CODE: "capital letters, digits and -, beginning with a letter",
    _FACT_ID: "F and three digits",
    _FILE: "the name of a file, without folders",
    _DAY: "a day such as 2027-11-30",
    _PARTIAL_DAY: "a year, a month or a day such as 2026, 2026-11 or 2026-11-30, in quotes",
    _ADDRESS: "an address that begins with https:// or http://",
}

Text = Annotated[str, StringConstraints(min_length=1, max_length=1200, pattern=_TEXT), AfterValidator(_plain_text)]
Word = Annotated[str, StringConstraints(pattern=_WORD)]
Code = Annotated[str, StringConstraints(pattern=_CODE)]
FactId = Annotated[str, StringConstraints(pattern=_FACT_ID)]
CONDITION = "a condition"
# A condition; what it means is the engine's business, and the JSON Schema of one is `condition_schema.py`.
ConditionData = Annotated[dict[str, Any], WithJsonSchema({"title": CONDITION})]
Day = Annotated[str, StringConstraints(pattern=_DAY)]
PartialDay = Annotated[str, StringConstraints(pattern=_PARTIAL_DAY)]

Exact = Annotated[Decimal, WithJsonSchema({"type": "number"})]
Effect = Literal["indication", "exclusion", "caution"]
Strength = Literal["label", "trial", "guideline", "expert page"]
Place = Literal[
    "option page",
    "rule rationale",
    "caution",
    "missing-data checklist",
    "follow-up plan",
    "patient-facing",
    "tumor-board packet",
]
Status = Literal["candidate", "conditional", "possible", "excluded", "not_indicated"]


class Entry(BaseModel):
    """What all entries share: strict types, no unknown keys, unchangeable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Head(Entry):
    """Code, number and title of the pathway, and what its users are entitled to know of it; left out = not recorded."""

    code: Word
    version: Annotated[int, Field(ge=1)]
    title: Text
    developer: Text | None = None
    funding: Text | None = None
    released: PartialDay | None = None
    revised: PartialDay | None = None
    review_by: Day | None = None
    intended_use: Text | None = None
    users: Text | None = None
    population: Text | None = None
    not_considered: list[Text] | None = None
    out_of_scope: list[Text] | None = None


class OptionEntry(Entry):
    """One treatment option. `note`: supply or regulatory status; `beyond`: the seed documents do not name it."""

    title: Text
    note: Text | None = None
    beyond: bool = False


class FeatureEntry(Entry):
    """One feature of the data dictionary; the engine checks what the kinds mean."""

    kind: Literal["enum", "bool", "number", "set"]
    title: Text | None = None
    short: Text | None = None
    topic: Text | None = None
    phrase: Text | None = None
    values: list[Text] | Literal["option codes of options.yaml"] | None = None
    labels: dict[str, Text] | None = None
    min: int | Exact | None = None
    max: int | Exact | None = None
    unit: Text | None = None
    integer: bool = False
    ordered: bool = False
    derived: Text | None = None
    term: Text | None = None
    note: Text | None = None
    notes: dict[str, Text] | None = None
    only_when: ConditionData | None = None


class ImplicationEntry(Entry):
    """What follows from what."""

    code: Code
    when: ConditionData
    feature: Word
    value: str | bool | int | Exact | list[str]
    why: Text


class ContradictionEntry(Entry):
    """What contradicts what, with the sentence shown."""

    code: Code
    when: ConditionData
    message: Text
    covers: list[Code] | None = None
    for_each: Literal["options"] | None = None


class DefinitionEntry(Entry):
    """A named condition that rules share."""

    code: Word
    title: Text
    when: ConditionData
    note: Text | None = None


class CitationEntry(Entry):
    """A source of a rule, and where in it."""

    id: Text
    locator: Text | None = None


class RuleEntry(Entry):
    """One reason for or against one option, or something to weigh."""

    code: Code
    option: Word
    effect: Effect
    title: Text | None = None
    when: ConditionData
    rationale: Text
    sources: Annotated[list[CitationEntry], Field(min_length=1)]
    strength: Strength
    review_by: Day | None = None


class SourceEntry(Entry):
    """A document that rules cite. `verified`: what was compared with a public copy of it.

    `funding` is who paid for the work behind it; an attribute left out is not recorded.
    """

    id: Code
    kind: Literal["seed", "label", "trial", "guideline"]
    file: Annotated[str, StringConstraints(pattern=_FILE)] | None = None
    citation: Text
    year: Annotated[int, Field(ge=1900, le=2100)] | None
    identifier: Text | None
    address: Annotated[str, StringConstraints(pattern=_ADDRESS, max_length=500)] | None
    verified: Text
    developer: Text | None = None
    funding: Text | None = None
    released: PartialDay | None = None
    revised: PartialDay | None = None
    review_by: Day | None = None


class FactEntry(Entry):
    """One fact of a seed document. `shown`: where a user meets it; without a place it stands on the sources page."""

    id: FactId
    fact: Text
    seeds: Annotated[list[Code], Field(min_length=1)]
    section: Text
    shown: list[Place]
    features: list[Word]
    options: list[Word]
    notes: list[Text] | None = None


class InvariantEntry(Entry):
    """What must hold for every possible patient: options that never, or always, have certain statuses."""

    code: Code
    options: Annotated[list[Word], Field(min_length=1)]
    for_each: Literal["options"] | None = None
    when: ConditionData
    never: Annotated[list[Status], Field(min_length=1)] | None = None
    always: Annotated[list[Status], Field(min_length=1)] | None = None
    holds_for: Literal["all records", "consistent records"]
    sentence: Text
    why: Text


class CasesEntry(Entry):
    """The test patients of one rule: the features that make it TRUE, FALSE and UNKNOWN, where it can be."""

    true: dict[str, Any] | None = None
    false: dict[str, Any] | None = None
    unknown: dict[str, Any] | None = None


class LimitEntry(Entry):
    """How old a reading of a feature may be, in days, and why."""

    days: Annotated[int, Field(ge=1, le=3650)]
    reason: Text


class DraftEntry(Entry):
    """What a draft of limits is, for its page."""

    title: Text
    note: Text


class SentenceEntry(Entry):
    """One sentence of an option's page and what it rests on: facts or rules, by id or code."""

    text: Text
    from_: Annotated[list[Code], Field(min_length=1, alias="from")]


class AboutEntry(Entry):
    """What an option's page says, section by section; a section left out is not covered by the loaded sources."""

    what_it_is: list[SentenceEntry] | None = None
    how_it_is_given: list[SentenceEntry] | None = None
    side_effects: list[SentenceEntry] | None = None
    what_to_watch: list[SentenceEntry] | None = None
    follow_up: list[SentenceEntry] | None = None
    conversation: list[SentenceEntry] | None = None
    packet: list[SentenceEntry] | None = None


class ReadingEntry(Entry):
    """Where the documents disagree (no `seed`), or the text of one is garbled: what they say and how it is read here."""

    topic: Text
    says: Text
    reading: Text
    facts: Annotated[list[FactId], Field(min_length=1)]
    seed: Code | None = None


def data_of(entry: Entry) -> dict[str, Any]:
    """The plain form of an entry, without what it leaves out."""
    return entry.model_dump(by_alias=True, exclude_unset=True)


def sentences_of(error: ValidationError) -> list[str]:
    """What pydantic found, as sentences that name the key, the value and what is accepted."""
    return [sentence_of(key, fault) for key, fault in faults_of(error)]


def faults_of(error: ValidationError) -> list[tuple[tuple[str, ...], Any]]:
    """The first fault that pydantic found at each place, with the keys that lead to it."""
    faults: dict[tuple[str, ...], Any] = {}
    for fault in error.errors(include_url=False):
        faults.setdefault(_key([str(part) for part in fault["loc"]]), fault)
    return list(faults.items())


def _key(parts: list[str]) -> tuple[str, ...]:
    """The path without pydantic's names of the alternatives it tried."""
    return tuple(part for part in parts if re.fullmatch(r"[a-z_0-9A-Z$-]+", part) and part not in _ALTERNATIVES)


_ALTERNATIVES = frozenset({"str", "bool", "int", "decimal", "constrained-str", "function-after"})


def sentence_of(key: tuple[str, ...], fault: Any) -> str:
    """One fault as a sentence that names the key, the value and what is accepted."""
    name = " ".join(f"entry {int(part) + 1}" if part.isdigit() else part for part in key) or "It"
    value, context = fault["input"], fault.get("ctx") or {}
    match fault["type"]:
        case "missing":
            return f"{name} is missing."
        case "extra_forbidden":
            return f"{name} is not a key that is known here."
        case "value_error":
            return f"{name} {context['error']}."
        case "literal_error":
            return f"{name} is {brief(value)}; accepted is {context['expected']}."
        case "string_too_short":
            return f"{name} is empty; text is expected."
        case "too_short":
            return f"{name} is empty; at least one is needed."
        case "string_pattern_mismatch":
            return f"{name} is {brief(value)}; accepted is {_WRITTEN[context['pattern']]}."
        case "greater_than_equal":
            return f"{name} is {brief(value)}; the smallest accepted is {context['ge']}."
        case "less_than_equal":
            return f"{name} is {brief(value)}; the largest accepted is {context['le']}."
        case kind:
            return f"{name} is {brief(value)}; {_EXPECTED.get(kind, fault['msg'].lower())}."


_EXPECTED = {
    "string_type": "text is expected",
    "string_too_long": "the text is too long",
    "bool_type": "true or false is expected",
    "int_type": "a whole number is expected",
    "list_type": "a list is expected",
    "dict_type": "an object is expected",
    "model_type": "an object is expected",
    "model_attributes_type": "an object is expected",
}


def brief(value: Any) -> str:
    """A value as it stands in a sentence."""
    if value is None or value == "":
        return "empty"
    text = f'"{value}"' if isinstance(value, str) else _written(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _written(value: Any) -> str:
    try:
        return str(value)
    except (RecursionError, ValueError):  # lists in lists without end, or a number of thousands of digits
        return f"a {type(value).__name__} that is too deep or too long to show"
