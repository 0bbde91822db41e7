"""The decision as the meeting screen sends it: one flat form whose fields are also what a draft keeps.

Per option `word-`, `reason-`, `line-`, `owner-`, `due-` and its code; items in rows `task-<n>-…` and `if-<n>-…`. What
cannot be understood is a fault beside its row. `taken`: drafts of others that were taken over, as `<number>:<revision>`.
Who calls it: the meeting screen and its draft.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import QueryDict

from boards.actions.decisions import ItemSaid, OptionSaid, Said
from boards.models import Word
from patients.actions.shared import Fault

MOST_ROWS = 30
KEPT = re.compile(
    r"(word|reason|line|owner|due)-[a-z0-9_]{1,60}|(task|if)-[0-9]{1,2}-(what|then|otherwise|owner|due)"
    r"|note|trial|trial_line|preference|informs|departure_reasons|departure_line|taken"
)
TASK_PARTS = ("what", "owner", "due")
IF_PARTS = ("what", "then", "otherwise", "owner", "due")


def draft_content(data: QueryDict) -> dict[str, list[str]]:
    """What is kept of a form: its known fields that are not empty, without the sign that no database stores."""
    return {
        name: values
        for name in data
        if KEPT.fullmatch(name)
        and (values := [kept for one in data.getlist(name) if (kept := one.replace("\x00", ""))])
    }


def said_from(content: Mapping[str, list[str]]) -> Said:
    """What was said, from the fields of a form or a draft."""
    faults: list[Fault] = []
    codes = [name.removeprefix("word-") for name, values in content.items() if name.startswith("word-") and values[0]]
    options = [_option(content, code, faults) for code in codes]
    items = [*_items(content, "if", faults), *_items(content, "task", faults)]
    plain = ("note", "trial", "trial_line", "preference", "informs", "departure_line")
    known = {name: one(content, name) for name in plain if one(content, name)}
    return Said(
        options=options,
        items=items,
        departure_reasons=tuple(content.get("departure_reasons", ())),
        faults=tuple(faults),
        **known,
    )


def typed_words(content: Mapping[str, list[str]]) -> str:
    """What was typed, as plain lines: for somebody whose decision was recorded by another meanwhile."""
    said = said_from(content)
    lines = [said.note, *(f"{one.code}: {one.word} {one.line}".strip() for one in said.options)]
    for item in said.items:
        branch = f"If {item.what}, then {item.then}, else {item.otherwise}" if item.conditional else item.what
        lines.append(" ".join([branch, item.owner_name, item.due_on.isoformat() if item.due_on else ""]).strip())
    lines += [said.trial_line, said.preference, said.informs, said.departure_line]
    return "\n".join(line for line in lines if line)[:2000]


def one(content: Mapping[str, list[str]], name: str) -> str:
    """The value of a field that has one."""
    values = content.get(name) or [""]
    return values[0]


def rows_in(content: Mapping[str, list[str]], kind: str) -> list[int]:
    """The numbers of the rows that hold something."""
    parts = TASK_PARTS if kind == "task" else IF_PARTS
    return [
        number for number in range(MOST_ROWS) if any(one(content, f"{kind}-{number}-{part}").strip() for part in parts)
    ]


def _option(content: Mapping[str, list[str]], code: str, faults: list[Fault]) -> OptionSaid:
    """What is said of an option; who sees to it and by when only where it is taken forward."""
    word, reasons = one(content, f"word-{code}"), tuple(content.get(f"reason-{code}", ()))
    if word != Word.TAKEN:
        return OptionSaid(code, word, reasons, one(content, f"line-{code}"))
    due = _day(one(content, f"due-{code}"), code, faults)
    return OptionSaid(code, word, owner_name=one(content, f"owner-{code}"), due_on=due)


def _items(content: Mapping[str, list[str]], kind: str, faults: list[Fault]) -> list[ItemSaid]:
    found = []
    for number in rows_in(content, kind):
        row = f"{kind}-{number}"
        said: dict[str, Any] = {
            "what": one(content, f"{row}-what"),
            "owner_name": one(content, f"{row}-owner"),
            "due_on": _day(one(content, f"{row}-due"), row, faults),
            "row": row,
        }
        if kind == "if":
            said |= {
                "then": one(content, f"{row}-then"),
                "otherwise": one(content, f"{row}-otherwise"),
                "conditional": True,
            }
        found.append(ItemSaid(**said))
    return found


def _day(text: str, row: str, faults: list[Fault]) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        faults.append(Fault(row, f"“{text[:40]}” is not a day. Accepted is year-month-day, such as 2026-12-03."))
        return None
