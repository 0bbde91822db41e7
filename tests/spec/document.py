"""Prints docs/reference/semantics.md from the tables that the spec tests check.

What it is: `python -m tests.spec.document` writes the document; `test_document.py` holds that the committed one is
the same. What it refuses to do: say anything that is not in a table or story with a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pathways.engine import NumberRange, PartialSet
from tests.spec.clinic import OPTIONS
from tests.spec.stories import (
    CONTRADICTIONS,
    DISAGREEMENTS,
    IMPLICATIONS,
    OPERABLE,
    QUESTIONS,
    READINGS,
    RULES,
    STOPPED,
    Question,
)
from tests.spec.tables import ALL_AND_ANY, COMPARISON_TABLES, NOT, STATUSES

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "semantics.md"

HEAD = """\
# What the logic means

Printed from the tables and stories of `tests/spec/`, every line of which is a test of the engine; do not edit it here
(`python -m tests.spec.document` prints it anew). The contract in words is `assessment.md`.

A condition over what is recorded about a patient is true, false or unknown. Unknown is never read as no.
"""


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table in Markdown."""
    columns = list(columns)
    lines = [columns, ["---"] * len(columns), *(list(row) for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines] + [""]


def shown(value: Any) -> str:
    """A value as it is written in the document."""
    match value:
        case bool():
            return "yes" if value else "no"
        case NumberRange():
            return f"“{value.text}”"
        case PartialSet():
            return f"at least {', '.join(value.members)}" if value.members else "some or none, not confirmed"
        case tuple():
            return ", ".join(value) or "none"
        case list():
            return ", ".join(str(one) for one in value)
        case None:
            return ""
    return str(value)


def condition(when: Mapping[str, Any]) -> str:
    """A condition in short."""
    if "use" in when:
        return str(when["use"])
    if "not" in when:
        return f"not ({condition(when['not'])})"
    for kind, word in (("all", " and "), ("any", " or ")):
        if kind in when:
            return "(" + word.join(condition(part) for part in when[kind]) + ")"
    if when["op"] == "is_known":
        return f"`{when['feature']}` is known"
    words = {"contains_any": "contains any of"}
    return f"`{when['feature']}` {words.get(when['op'], when['op'])} {shown(when['value'])}"


def record(features: Mapping[str, Any]) -> str:
    return "; ".join(f"`{name}` {shown(value)}" for name, value in features.items()) or "nothing"


def three_values() -> list[str]:
    return [
        "## Three values",
        "",
        *table(["a condition", "not"], NOT),
        *table(["one condition", "another", "all of them", "any of them"], ALL_AND_ANY),
    ]


def comparisons() -> list[str]:
    lines = [
        "## Comparisons",
        "",
        "In the small clinic of these tables, what is called gastric applies only to a tumor of the stomach.",
        "",
    ]
    for heading, text, rows in COMPARISON_TABLES:
        written = [
            [condition({"feature": name, "op": op, "value": wanted}), shown(value), result]
            for name, op, wanted, value, result in rows
        ]
        lines += [f"### {heading}", "", text, "", *table(["comparison", "recorded", "value"], written)]
    return lines


def statuses() -> list[str]:
    columns = ["any indication", "any exclusion", "status"]
    return ["## Status of an option", "", *table(columns, STATUSES)]


def implications() -> list[str]:
    entries = [
        [one["code"], condition(one["when"]), f"`{one['feature']}` {shown(one['value'])}"] for one in IMPLICATIONS
    ]
    rows = [
        [one.story, record(one.record), f"`{one.feature}` {shown(one.value)}".strip(), one.origin.replace("_", " ")]
        for one in READINGS
    ]
    return [
        "## What the rules read",
        "",
        "What follows from the record, and what does not apply. The clinic's implications, in their order:",
        "",
        *table(["code", "where", "it follows"], entries),
        *table(["", "recorded", "the rules read", "from"], rows),
    ]


def contradictions() -> list[str]:
    entries = [
        [one["code"], condition(one["when"]), one["message"], ", ".join(one["covers"])] for one in CONTRADICTIONS
    ]
    rows = [[one.story, record(one.record), ", ".join(one.shown) or "nothing"] for one in DISAGREEMENTS]
    return [
        "## Contradictions",
        "",
        "They are shown, and change no value and no status.",
        "",
        *table(["code", "where", "sentence", "covers"], entries),
        *table(["", "recorded", "shown"], rows),
    ]


def stops() -> list[str]:
    lines = [
        "## Under an emergency stop",
        "",
        "A stop suspends a whole option: its status is `suspended` in every cell of the table above. Its rules keep their "
        "values and traces, its cautions are named, nothing is missing for it. The other options are as without the stop. "
        "The assessment names the number and the digest of the overlay that holds the stops; without a stop it names none. "
        "In the clinic of the section above, with surgery stopped:",
        "",
    ]
    return [*lines, *(line for number, one in enumerate(STOPPED, 1) for line in _question(number, one))]


def questions() -> list[str]:
    rules = [[one["code"], one["option"], one["effect"], condition(one["when"])] for one in RULES]
    lines = [
        "## What is missing, and what it would settle",
        "",
        f"`{OPERABLE['code']}` stands for {condition(OPERABLE['when'])}.",
        "",
        *table(["rule", "option", "effect", "condition"], rules),
    ]
    return [*lines, *(line for number, one in enumerate(QUESTIONS, 1) for line in _question(number, one))]


def _question(number: int, one: Question) -> list[str]:
    rows = [[option, one.statuses[option], shown(one.missing.get(option, []))] for option in OPTIONS]
    asked = [f"`{name}` (settles {most} at most, {least} at least)" for name, most, least in one.ask]
    return [
        f"### {number}. Recorded: {record(one.record)}",
        "",
        one.story,
        "",
        *table(["option", "status", "missing"], rows),
        f"To ask, in this order: {', '.join(asked) or 'nothing'}.",
        f"Assumed, because not recorded: {shown(list(one.assumed_features)) or 'nothing'}.",
        "",
    ]


def document() -> str:
    """The whole document."""
    parts = [three_values(), comparisons(), statuses(), implications(), contradictions(), questions(), stops()]
    return HEAD + "\n" + "\n".join(line for part in parts for line in part).rstrip() + "\n"


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(document(), encoding="utf-8")
    print(f"Written: {DOCUMENT}")
