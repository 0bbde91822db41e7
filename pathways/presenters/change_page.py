"""What changed between two rulesets as a page: by part, searched by words, filtered by part, option and kind.

Called by the view that compares versions; whoever shows the changes of a draft gives its two rulesets likewise.
It shows `pathways.drafting.changes` and adds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pathways.drafting.change_words import FieldChange
from pathways.drafting.changes import PART_TITLES, Change, changes_between
from pathways.drafting.content import HEAD, Place
from pathways.drafting.content import PARTS as EDITABLE
from pathways.drafting.marking import Segment
from pathways.engine import Ruleset
from pathways.models import DraftReason
from pathways.presenters.rule_list import FilterEntry
from pathways.presenters.words import count, listing, show_instant

KIND_TITLES = {"added": "added", "changed": "changed", "retired": "retired"}
# The fields by which an entry is called; its place says them already.
NAMES = ("code", "id")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: the smallest differences, and what stood there and stands there now, with its marks."""

    label: str
    lines: tuple[str, ...]
    before: tuple[Segment, ...]
    after: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change. `rule` is its code where the version in force has a page of the rule, else ""; `why`: the reasons that
    were given for it, each with its version and source."""

    place: str
    code: str
    title: str
    kind: str
    kind_title: str
    rule: str
    fields: tuple[FieldRow, ...]
    reaches: str
    reached: tuple[str, ...]
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartChanges:
    """The changes of one part of the ruleset."""

    part: str
    title: str
    counted: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The page: between what, how much changed, what is shown of it, and the filters."""

    before: str
    after: str
    text: str
    shown: int
    total: int
    summary: str
    reaches: str
    reached: tuple[str, ...]
    groups: tuple[PartChanges, ...]
    parts: tuple[FilterEntry, ...]
    options: tuple[FilterEntry, ...]
    kinds: tuple[FilterEntry, ...]
    narrowed: bool


@lru_cache(maxsize=8)
def changes_of(before: Ruleset, after: Ruleset) -> tuple[Change, ...]:
    """The changes between two rulesets, kept for the next filter of the same page."""
    return changes_between(before.to_data(), after.to_data())


def change_page(
    before: Ruleset,
    after: Ruleset,
    titles: tuple[str, str],
    query: Mapping[str, str],
    in_force: Ruleset | None = None,
    why: Mapping[str, tuple[str, ...]] | None = None,
) -> ChangePage:
    """The page for the filters in its address. Rules of `in_force` are linked to their page; `why`: reasons by place."""
    options = {option.code: option.title for side in (before, after) for option in side.options}
    linked = frozenset(rule.code for rule in in_force.rules) if in_force else frozenset()
    return page_of(changes_of(before, after), options, titles, query, linked, why or {})


def page_of(
    changes: Sequence[Change],
    options: Mapping[str, str],
    titles: tuple[str, str],
    query: Mapping[str, str],
    linked: frozenset[str] = frozenset(),
    why: Mapping[str, tuple[str, ...]] | None = None,
) -> ChangePage:
    """The same for changes at hand, as of a draft that cannot be built yet; `options` are codes and titles."""
    text = query.get("q", "").strip()
    part, option, kind = (query.get(name, "") for name in ("part", "option", "kind"))
    rows: dict[str, list[ChangeRow]] = {}
    for change in changes:
        wanted = part in ("", change.part) and option in ("", *change.options) and kind in ("", change.kind)
        if wanted and matches(change, text, options):
            row = change_row(change, options, linked)
            rows.setdefault(change.part, []).append(replace(row, why=(why or {}).get(_place(change), ())))
    reached = [code for code in options if any(code in change.options for change in changes)]
    return ChangePage(
        before=titles[0],
        after=titles[1],
        text=text,
        shown=sum(map(len, rows.values())),
        total=len(changes),
        summary=_summary(changes),
        reaches=count(len(reached), "option"),
        reached=tuple(options[code] for code in reached),
        groups=tuple(
            PartChanges(n, _part_title(n), count(len(some), "change"), tuple(some)) for n, some in rows.items()
        ),
        parts=tuple(FilterEntry(n, _part_title(n), n == part) for n in dict.fromkeys(c.part for c in changes)),
        options=tuple(FilterEntry(code, options[code], code == option) for code in reached),
        kinds=tuple(FilterEntry(k, title, k == kind) for k, title in KIND_TITLES.items()),
        narrowed=bool(text or part or option or kind),
    )


def reasons_told(reasons: Mapping[str, Sequence[DraftReason]]) -> dict[str, tuple[str, ...]]:
    """Place → why it was changed, version by version, each in a sentence with its source and who gave it."""
    return {place: tuple(_told(one) for one in given) for place, given in reasons.items()}


def _told(reason: DraftReason) -> str:
    version = reason.draft.published.version if reason.draft.published else "?"
    return f"In version {version}: {reason.text} Source: {reason.source}; {reason.by_name}, {show_instant(reason.at)}."


def _place(change: Change) -> str:
    """How a reason names the entry; "" for what has none of its own, such as an order."""
    code = HEAD if change.part == "ruleset" else change.code
    return str(Place(change.part, code)) if change.part in EDITABLE and code else ""


def change_row(change: Change, options: Mapping[str, str], linked: frozenset[str] = frozenset()) -> ChangeRow:
    """One change as its row."""
    reached = tuple(options.get(code, code) for code in change.options)
    return ChangeRow(
        place=change.place,
        code=change.code,
        title=change.title,
        kind=change.kind,
        kind_title=KIND_TITLES[change.kind],
        rule=change.code if change.part == "rules" and change.code in linked else "",
        fields=tuple(field_row(f) for f in change.fields if change.kind == "changed" or f.field not in NAMES),
        reaches=_reaches(change, reached),
        reached=reached,
    )


def field_row(field: FieldChange) -> FieldRow:
    """One field; a difference that its one line tells whole is not told twice."""
    told = field.lines == (f"{field.before} → {field.after}",)
    shown = () if told else field.segments
    before = _trimmed(s for s in shown if s.kind != "added") if field.before else ()
    after = _trimmed(s for s in shown if s.kind != "removed") if field.after else ()
    return FieldRow(field.label, field.lines, before, after)


def _trimmed(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments with the space behind a marked word outside its mark."""
    found: list[Segment] = []
    for segment in segments:
        words = segment.text.rstrip(" ")
        if segment.kind == "same" or not words or words == segment.text:
            found.append(segment)
        else:
            found += [Segment(segment.kind, words), Segment("same", segment.text[len(words) :])]
    return tuple(found)


def matches(change: Change, text: str, options: Mapping[str, str]) -> bool:
    """Whether every word of the text is found somewhere in the change."""
    if not text:
        return True
    said = " ".join(f"{f.label} {f.before} {f.after} {' '.join(f.lines)}" for f in change.fields)
    names = " ".join(options.get(code, code) for code in change.options)
    everything = f"{change.place} {change.title} {said} {names}".casefold()
    return all(word in everything for word in text.casefold().split())


def _part_title(part: str) -> str:
    return PART_TITLES.get(part) or part.replace("_", " ").capitalize()


def _summary(changes: Sequence[Change]) -> str:
    """'3 changes: 2 in rules, 1 in definitions'."""
    parts = Counter(change.part for change in changes)
    return f"{count(len(changes), 'change')}: {listing([f'{n} in {_part_title(p).lower()}' for p, n in parts.items()])}"


def _reaches(change: Change, reached: tuple[str, ...]) -> str:
    """'Reaches 10 rules of 4 options'; nothing where the entry is the option's own."""
    if change.part in ("options", "rules", "cases") and len(reached) < 2:
        return f"Option: {reached[0]}" if reached and change.part != "options" else ""
    if not reached:
        return ""
    by = f"{count(len(change.rules), 'rule')} of " if change.rules else ""
    return f"Reaches {by}{count(len(reached), 'option')}"
