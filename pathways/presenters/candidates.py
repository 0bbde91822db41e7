"""The candidates page of one tumor: counts that add up to the catalogue, groups of options, what heads the list.

Within a group what is known comes first (candidate, conditional, possible), then the catalogue's order; never preference.
Excluded and not indicated options are folded with their counts and reasons, never dropped. Called by the candidates view
and by the printed sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pathways.engine import Assessment, OneFact, one_fact_away
from pathways.presenters.explanation import Explanation, FieldUrl, OptionRow, explain, no_link, option_rows
from pathways.presenters.trace_rows import Readings
from pathways.presenters.why_not import NEAR, why_not
from pathways.presenters.words import GROUP_TITLES, LISTED, PAGE_GROUPS, STATUS_MEANINGS, STATUS_WORDS, count

ORDER_SAID = "Within a group: what is known first, then catalogue order. Never by preference."
_ALWAYS_COUNTED = ("candidate", "conditional", "possible", "excluded", "not_indicated")


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many options have a status; a link that filters by it."""

    status: str
    word: str
    meaning: str
    number: int
    current: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """One heading of the page with its rows."""

    code: str
    title: str
    rows: tuple[Explanation, ...]
    said: str
    rest: str
    why_nothing: str


@dataclass(frozen=True, slots=True)
class SlimGroup:
    """Options that are not indicated, under the catalogue's own heading."""

    title: str
    rows: tuple[OptionRow, ...]


@dataclass(frozen=True, slots=True)
class CandidatesPage:
    """Everything the list says."""

    total: int
    counts: tuple[StatusCount, ...]
    chosen: str
    groups: tuple[GroupView, ...]
    listed_number: int
    excluded: tuple[Explanation, ...]
    excluded_said: str
    not_indicated: tuple[SlimGroup, ...]
    not_indicated_number: int
    not_assessed: tuple[OptionRow, ...]
    suspended: tuple[Explanation, ...]
    why_said: str
    near_number: int
    order_said: str = ORDER_SAID

    @property
    def only_near(self) -> bool:
        """Whether only those are shown that are one fact away from being listed."""
        return self.chosen == NEAR


def candidates_page(
    assessment: Assessment,
    readings: Readings,
    chosen: str = "",
    *,
    link: FieldUrl = no_link,
    differs: Mapping[str, str] | None = None,
) -> CandidatesPage:
    """The list; `chosen` is the status it is filtered by, or one fact away, or nothing. Other words filter nothing.

    `differs`: for an option how its status is under another report.
    """
    near = one_fact_away(assessment)
    rows = [_full(row, assessment, readings, differs or {}, near) for row in option_rows(assessment, link)]
    chosen = chosen if chosen in STATUS_WORDS or chosen == NEAR else ""
    by_status = {status: [row for row in rows if row.status == status] for status in STATUS_WORDS}

    def explained(row: OptionRow) -> Explanation:
        return explain(assessment, row, readings)

    wanted = {chosen} if chosen else set(LISTED)
    shown = [explained(row) for row in rows if row.status in wanted and row.status in (*LISTED, "excluded")]
    folded = [row for row in by_status["excluded"] if chosen == "" or (chosen == NEAR and _is_near(row))]
    slim = [row for row in by_status["not_indicated"] if chosen != NEAR or _is_near(row)]
    excluded = [explained(row) for row in folded]
    return CandidatesPage(
        total=len(rows),
        counts=_counts(by_status, chosen),
        chosen=chosen,
        groups=tuple(_groups(shown, rows, chosen)),
        listed_number=sum(row.is_listed for row in rows),
        excluded=tuple(excluded),
        excluded_said="; ".join(f"{e.row.title}: {_lower_start(e.row.reason)}" for e in excluded),
        not_indicated=tuple(_slim_groups(slim if chosen in ("", NEAR, "not_indicated") else [])),
        not_indicated_number=len(slim),
        not_assessed=tuple(by_status["not_assessed"]),
        suspended=tuple(explained(row) for row in by_status["suspended"] if chosen in ("", "suspended")),
        why_said=_why_said(slim),
        near_number=sum(_is_near(row) for row in rows),
    )


def _full(
    row: OptionRow,
    assessment: Assessment,
    readings: Readings,
    differs: Mapping[str, str],
    near: Mapping[str, Sequence[OneFact]],
) -> OptionRow:
    why = None if row.is_listed else why_not(assessment, row.code, readings, near.get(row.code, ()))
    return replace(row, why=why, differs=differs.get(row.code, ""))


def _is_near(row: OptionRow) -> bool:
    return row.why is not None and bool(row.why.near)


def _why_said(rows: Sequence[OptionRow]) -> str:
    """'no reason holds for 33, not covered by the rules 4': what is not indicated, the two kept apart."""
    numbers = {
        kind: sum(row.why is not None and row.why.kind == kind for row in rows) for kind in ("no_reason", "not_covered")
    }
    words = {"no_reason": "no reason holds for", "not_covered": "not covered by the rules:"}
    return ", ".join(f"{words[kind]} {number}" for kind, number in numbers.items() if number)


def _counts(by_status: Mapping[str, Sequence[OptionRow]], chosen: str) -> tuple[StatusCount, ...]:
    return tuple(
        StatusCount(status, word, STATUS_MEANINGS[status], len(by_status[status]), status == chosen)
        for status, word in STATUS_WORDS.items()
        if by_status[status] or status in _ALWAYS_COUNTED
    )


def _groups(shown: Sequence[Explanation], rows: Sequence[OptionRow], chosen: str) -> list[GroupView]:
    order = list(STATUS_WORDS)
    groups = []
    for code, title, _members in PAGE_GROUPS:
        of_group = [row for row in rows if row.page_group == code]
        views = sorted(
            (view for view in shown if view.row.page_group == code), key=lambda view: order.index(view.row.status)
        )
        if chosen and not views:
            continue
        groups.append(
            GroupView(
                code=code,
                title=title,
                rows=tuple(views),
                said=f"{len(views)} {'listed' if not chosen else 'shown'}" if views else "nothing listed",
                rest=_rest(of_group),
                why_nothing=of_group[0].reason if not views and len(of_group) == 1 else "",
            )
        )
    return groups


def _rest(rows: Sequence[OptionRow]) -> str:
    numbers = {status: sum(row.status == status for row in rows) for status in STATUS_WORDS if status not in LISTED}
    return " · ".join(f"{number} {STATUS_WORDS[status].lower()}" for status, number in numbers.items() if number)


def _slim_groups(rows: Sequence[OptionRow]) -> list[SlimGroup]:
    return [
        SlimGroup(GROUP_TITLES[group], tuple(members)) for group, members in groupby(rows, key=lambda row: row.group)
    ]


def _lower_start(text: str) -> str:
    return text[:1].lower() + text[1:]


def listed_said(page: CandidatesPage) -> str:
    """'12 of 48 listed (7 candidate, 4 conditional, 1 possible)'."""
    parts = [f"{entry.number} {entry.word.lower()}" for entry in page.counts if entry.status in LISTED and entry.number]
    return f"{page.listed_number} of {count(page.total, 'option')} listed ({', '.join(parts) or 'none'})"
