"""Two people's drafts of one decision brought together: what one typed already stays, what the other typed is added.

What it refuses to do: choose. Where both chose and chose differently, the first's choice stands and the field is named, so
that whoever records decides. Text of both is joined. Who calls it: the meeting screen, when a draft is taken over.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from boards.forms.decision import IF_PARTS, MOST_ROWS, TASK_PARTS, one, rows_in

Content = Mapping[str, list[str]]
JOINED = {"note": "\n", "trial_line": "; ", "preference": "; ", "informs": "; ", "departure_line": "; "}
OF_OPTION = ("reason", "owner", "due")
NOT_SAID = ("", "not_recorded")


@dataclass(frozen=True, slots=True)
class Joined:
    """What stands after it, and the fields in which both chose differently: `word-<option>`, `trial`, or `rows`."""

    content: dict[str, list[str]]
    differs: tuple[str, ...]


def joined(mine: Content, theirs: Content) -> Joined:
    """Their draft brought into mine."""
    content, differs = {name: list(values) for name, values in mine.items()}, list[str]()
    for name, between in JOINED.items():
        _text(content, name, one(theirs, name), between)
    _choice(content, "trial", theirs, differs)
    for code in sorted(_codes(theirs)):
        _option(content, code, theirs, differs)
    reasons = [*content.get("departure_reasons", []), *theirs.get("departure_reasons", [])]
    if reasons:
        content["departure_reasons"] = list(dict.fromkeys(reasons))
    for kind, parts in (("task", TASK_PARTS), ("if", IF_PARTS)):
        _rows(content, kind, parts, theirs, differs)
    return Joined(content, tuple(differs))


def adds_nothing(mine: Content, theirs: Content) -> bool:
    """Everything they typed stands in mine already."""
    after = joined(mine, theirs)
    said = {name: values for name, values in after.content.items() if name != "trial" or values[0] not in NOT_SAID}
    before = {name: list(values) for name, values in mine.items() if name != "trial" or values[0] not in NOT_SAID}
    return said == before and not after.differs


def _text(content: dict[str, list[str]], name: str, theirs: str, between: str) -> None:
    mine = one(content, name)
    if theirs.strip() and theirs.strip() not in mine:
        content[name] = [f"{mine.rstrip()}{between}{theirs.strip()}" if mine.strip() else theirs.strip()]


def _choice(content: dict[str, list[str]], name: str, theirs: Content, differs: list[str]) -> None:
    mine, other = one(content, name), one(theirs, name)
    if other in NOT_SAID or other == mine:
        return
    if mine in NOT_SAID:
        content[name] = [other]
    else:
        differs.append(name)


def _codes(theirs: Content) -> set[str]:
    found = (re.fullmatch(r"word-([a-z0-9_]+)", name) for name in theirs if one(theirs, name))
    return {match[1] for match in found if match}


def _option(content: dict[str, list[str]], code: str, theirs: Content, differs: list[str]) -> None:
    """Their word on an option with what belongs to it; on another word nothing of theirs is mixed in."""
    if one(content, f"word-{code}") not in ("", one(theirs, f"word-{code}")):
        differs.append(f"word-{code}")
        return
    content[f"word-{code}"] = [one(theirs, f"word-{code}")]
    apart: list[str] = []
    for part in OF_OPTION:
        _choice(content, f"{part}-{code}", theirs, apart)
    _text(content, f"line-{code}", one(theirs, f"line-{code}"), "; ")
    if apart:
        differs.append(f"word-{code}")


def _rows(
    content: dict[str, list[str]], kind: str, parts: tuple[str, ...], theirs: Content, differs: list[str]
) -> None:
    """Their rows after mine, without those that stand there already."""
    filled = rows_in(content, kind)
    present = [tuple(one(content, f"{kind}-{row}-{part}") for part in parts) for row in filled]
    free = [row for row in range(MOST_ROWS) if row > max(filled, default=-1)]
    for row in rows_in(theirs, kind):
        said = tuple(one(theirs, f"{kind}-{row}-{part}") for part in parts)
        if said in present:
            continue
        if not free:
            differs.append("rows")
            return
        place = free.pop(0)
        content |= {f"{kind}-{place}-{part}": [text] for part, text in zip(parts, said, strict=True) if text}
