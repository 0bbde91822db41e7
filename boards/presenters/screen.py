"""The meeting screen: one case, its options numbered for the keyboard, and the decision as typed so far.

It shows the assessment that was kept when the agenda was locked, the list in the page's order: groups, what is known first,
then catalogue order; never preference. Called by the view of the screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse

from boards.forms.decision import one, rows_in
from boards.models import Case, Trial, Word
from boards.reasons import DEPARTURES
from pathways.engine import Assessment
from pathways.presenters.explanation import OptionRow, option_rows
from pathways.presenters.patient_page import fictional_tag, line_of
from pathways.presenters.words import LISTED, PAGE_GROUPS, STATUS_WORDS, show_date
from pathways.reviews.reasons import REASONS
from patients.facts import age_on

WORD_KEYS = {Word.TAKEN: "C", Word.DEFERRED: "F", Word.DISCUSSED: "D", Word.DECLINED: "N"}
# Folded with their number in sight, one key away: what is for symptoms and what is a trial.
ASIDE = ("supportive", "trials")
SPARE_ROWS = {"task": 2, "if": 1}


@dataclass(frozen=True, slots=True)
class ScreenOption:
    """One option with what was said of it so far. `key`: its number on the keyboard, or nothing."""

    row: OptionRow
    key: str
    word: str
    reason: str
    line: str
    owner: str
    due: str
    error: str
    departs: bool


@dataclass(frozen=True, slots=True)
class ScreenGroup:
    title: str
    options: tuple[ScreenOption, ...]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A row of tasks or conditions."""

    kind: str
    number: int
    what: str
    then: str
    otherwise: str
    owner: str
    due: str
    error: str


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A case of the meeting in the bar of numbers."""

    position: int
    url: str
    current: bool
    decided: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """The single fields of the decision, as typed."""

    note: str
    trial: str
    trial_line: str
    preference: str
    informs: str
    departure_reasons: tuple[str, ...]
    departure_line: str


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that the screen shows."""

    name: str
    mrn: str
    about: str
    tag: str
    line: str
    question: str
    presenter: str
    minutes: int
    stamp: str
    groups: tuple[ScreenGroup, ...]
    aside: tuple[ScreenGroup, ...]
    aside_said: str
    aside_open: bool
    folded: tuple[ScreenGroup, ...]
    folded_said: str
    keys: int
    neighbors: tuple[Neighbor, ...]
    before_url: str
    after_url: str
    typed: Typed
    tasks: tuple[ItemRow, ...]
    conditions: tuple[ItemRow, ...]
    departs: bool
    meeting_day: str

    words = tuple((word.value, word.label, key) for word, key in WORD_KEYS.items())
    trials = tuple(Trial.choices)
    reasons = tuple(REASONS.items())
    departures = tuple(DEPARTURES.items())


def screen(
    case: Case,
    assessment: Assessment,
    agenda: Sequence[Case],
    content: Mapping[str, list[str]],
    errors: Mapping[str, str],
) -> Screen:
    """The screen of one case; `content` is the draft or what was sent, `errors` the sentences by field."""
    patient, snapshot = case.tumor.patient, case.snapshot
    assert snapshot is not None
    rows = option_rows(assessment)
    groups, aside, number = _listed(rows, content, errors)
    folded = _folded(rows, content, errors)
    neighbors = _neighbors(case, agenda)
    place = next((place for place, one in enumerate(neighbors) if one.current), 0)
    around = ["", *(one.url for one in neighbors), ""]
    return Screen(
        name=str(patient),
        mrn=patient.mrn,
        about=f"{age_on(patient.birth_on, snapshot.as_of)} y, {patient.get_sex_display()}",
        tag=fictional_tag(patient),
        line=line_of(assessment).text,
        question=case.question,
        presenter=case.presenter_name,
        minutes=case.minutes,
        stamp=f"kept {show_date(snapshot.as_of)}, {snapshot.ruleset_version.title} v{snapshot.ruleset_version.version}",
        groups=groups,
        aside=aside,
        aside_said=" · ".join(f"{group.title} {len(group.options)}" for group in aside),
        aside_open=any(option.word or option.error for group in aside for option in group.options) or not groups,
        folded=folded,
        folded_said=" · ".join(f"{len(group.options)} {group.title.lower()}" for group in folded),
        keys=number,
        neighbors=neighbors,
        before_url=around[place],
        after_url=around[place + 2] if len(around) > place + 2 else "",
        typed=_typed(content),
        tasks=_rows(content, errors, "task"),
        conditions=_rows(content, errors, "if"),
        departs=any(option.departs for group in folded for option in group.options),
        meeting_day=_meeting_day(case),
    )


def _listed(
    rows: Sequence[OptionRow], content: Mapping[str, list[str]], errors: Mapping[str, str]
) -> tuple[tuple[ScreenGroup, ...], tuple[ScreenGroup, ...], int]:
    """The listed options numbered through: those in view, those one key away, and how many there are."""
    groups: list[ScreenGroup] = []
    aside: list[ScreenGroup] = []
    order, number = list(STATUS_WORDS), 0
    for code, title, members in PAGE_GROUPS:
        shown = [row for row in rows if row.group in members and row.status in LISTED]
        options = []
        for row in sorted(shown, key=lambda row: order.index(row.status)):
            number += 1
            options.append(_option(row, str(number), content, errors))
        if options:
            (aside if code in ASIDE else groups).append(ScreenGroup(title, tuple(options)))
    return tuple(groups), tuple(aside), number


def _folded(
    rows: Sequence[OptionRow], content: Mapping[str, list[str]], errors: Mapping[str, str]
) -> tuple[ScreenGroup, ...]:
    """The others by status: excluded, not indicated, and whatever else there is; none is dropped."""
    return tuple(
        ScreenGroup(
            STATUS_WORDS[status], tuple(_option(row, "", content, errors) for row in rows if row.status == status)
        )
        for status in STATUS_WORDS
        if status not in LISTED and any(row.status == status for row in rows)
    )


def _neighbors(case: Case, agenda: Sequence[Case]) -> tuple[Neighbor, ...]:
    return tuple(
        Neighbor(
            other.position or 0,
            reverse("boards:screen", args=[other.tumor.patient_id, other.pk]),
            other.pk == case.pk,
            other.state == "decided",
        )
        for other in agenda
    )


def _meeting_day(case: Case) -> str:
    if case.meeting is None:
        return ""
    local = case.meeting.begins_at.astimezone(ZoneInfo(case.meeting.time_zone))
    return f"{local:%a} {show_date(local.date())}"


def _option(row: OptionRow, key: str, content: Mapping[str, list[str]], errors: Mapping[str, str]) -> ScreenOption:
    word = one(content, f"word-{row.code}")
    return ScreenOption(
        row=row,
        key=key,
        word=word,
        reason=one(content, f"reason-{row.code}"),
        line=one(content, f"line-{row.code}"),
        owner=one(content, f"owner-{row.code}"),
        due=one(content, f"due-{row.code}"),
        error=errors.get(row.code, ""),
        departs=word == Word.TAKEN and row.status not in LISTED,
    )


def _typed(content: Mapping[str, list[str]]) -> Typed:
    plain = {
        name: one(content, name) for name in ("note", "trial", "trial_line", "preference", "informs", "departure_line")
    }
    return Typed(**plain, departure_reasons=tuple(content.get("departure_reasons", ())))


def _rows(content: Mapping[str, list[str]], errors: Mapping[str, str], kind: str) -> tuple[ItemRow, ...]:
    """The rows that hold something, and some to write on."""
    filled = rows_in(content, kind)
    spare = [number for number in range(30) if number not in filled][: SPARE_ROWS[kind]]
    return tuple(
        ItemRow(
            kind,
            number,
            *(one(content, f"{kind}-{number}-{part}") for part in ("what", "then", "otherwise", "owner", "due")),
            errors.get(f"{kind}-{number}", ""),
        )
        for number in sorted([*filled, *spare])
    )
