"""Feedback in words: the table of what was called not suitable, a thread, and what those who said it are told.

What it refuses to do: name a patient or a reviewer to an editor. Who calls it: feedback views, the start page and the
page of a signed review.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from netcare.access import Actor
from pathways.engine import Ruleset
from pathways.feedback.counting import FEWEST_TOLD, Cell, Counted, Line, Wanted, by_option
from pathways.feedback.selectors import Told
from pathways.models import Draft, FeedbackEvent, FeedbackOutcome, FeedbackStep, FeedbackThread, RulesetVersion
from pathways.presenters.rule_words import in_words
from pathways.presenters.words import count, show_date, show_instant
from pathways.reviews.reasons import REASONS

FEW = f"fewer than {FEWEST_TOLD}"
NO_RULE = "no reason of the pathway held"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CountRow:
    """One line of the table."""

    rule: str
    rule_title: str
    rule_url: str
    reason: str
    version: str
    own: int
    elsewhere: str
    open_url: str


@dataclass(frozen=True, slots=True)
class CountGroup:
    """The lines of one option."""

    code: str
    title: str
    rows: tuple[CountRow, ...]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line that a reviewer typed about a fictional patient."""

    option: str
    reasons: str
    line: str
    version: str


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One thread in the list."""

    url: str
    about: str
    sentence: str
    opened: str
    state: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """The page of counts."""

    groups: tuple[CountGroup, ...]
    lines: tuple[ShownLine, ...]
    options: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    versions: tuple[Choice, ...]
    rule: str
    narrowed: bool


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One thread."""

    about: str
    rule_url: str
    rule_words: str
    reason: str
    version: str
    sentence: str
    opened: str
    steps: tuple[str, ...]
    state: str
    is_over: bool
    offered: str
    seen: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody is told: what was said, when, and what came of it."""

    thread_id: UUID
    said: str
    outcome: str
    review_url: str
    may_put_away: bool


class Titles:
    """Titles of options and rules, from the version in force, else as codes."""

    def __init__(self, ruleset: Ruleset | None) -> None:
        self.options = {option.code: option.title for option in ruleset.options} if ruleset else {}
        self.rules = {rule.code: rule.title or rule.rationale for rule in ruleset.rules} if ruleset else {}

    def option(self, code: str) -> str:
        return self.options.get(code, code)

    def about(self, thread: FeedbackThread) -> str:
        """PRRT with 177Lu-DOTATATE, rule “Progression” (PRRT-I1)."""
        title = self.rules.get(thread.rule, "")
        rule = f", rule “{title}” ({thread.rule})" if title else f", rule {thread.rule}"
        return f"{self.option(thread.option)}{rule if thread.rule else ''}"


def feedback_page(
    found: Sequence[Counted],
    said: Sequence[Line],
    wanted: Wanted,
    titles: Titles,
    published: Iterable[RulesetVersion],
) -> FeedbackPage:
    """The table, grouped by option, with its filters."""
    groups = by_option(found)
    return FeedbackPage(
        groups=tuple(_group(code, cells, titles) for code, cells in groups.items()),
        lines=tuple(_shown(one, titles) for one in said),
        options=tuple(Choice(code, title, code == wanted.option) for code, title in titles.options.items()),
        reasons=tuple(Choice(code, title, code == wanted.reason) for code, title in REASONS.items()),
        versions=tuple(Choice(str(v.version), f"v{v.version}", v.version == wanted.version) for v in published),
        rule=wanted.rule,
        narrowed=wanted != Wanted(),
    )


def thread_rows(threads: Sequence[FeedbackThread], titles: Titles) -> list[ThreadRow]:
    """The threads with their state."""
    rows = []
    for thread in threads:
        events = sorted(thread.events.all(), key=lambda event: event.number)
        state, is_over = state_of(events)
        url = reverse("pathways:feedback_thread", args=[thread.pk])
        opened = f"{thread.opened_by_name}, {show_date(thread.opened_at.date())}"
        rows.append(ThreadRow(url, titles.about(thread), thread.sentence, opened, state, is_over))
    return rows


def thread_page(
    thread: FeedbackThread,
    events: Sequence[FeedbackEvent],
    changed: Sequence[RulesetVersion],
    titles: Titles,
    then: Ruleset,
) -> ThreadPage:
    """One thread; `changed`: the later versions that changed its rule."""
    state, is_over = state_of(events)
    rule = next((one for one in then.rules if one.code == thread.rule), None)
    return ThreadPage(
        about=titles.about(thread),
        rule_url=reverse("pathways:rule", args=[thread.rule]) if thread.rule else "",
        rule_words=in_words(rule.when, then) if rule else "",
        reason=REASONS.get(thread.reason, ""),
        version=f"v{thread.version.version}",
        sentence=thread.sentence,
        opened=f"{thread.opened_by_name}, {show_instant(thread.opened_at)}",
        steps=tuple(_step(event) for event in events),
        state=state,
        is_over=is_over,
        offered=f"v{changed[-1].version} changed {'this rule' if thread.rule else 'this option'}" if changed else "",
        seen=len(events),
    )


def prewritten(thread: FeedbackThread, changed: RulesetVersion, now: Ruleset) -> str:
    """The sentence that the page offers after a version changed the rule; a person may alter it, and sends it."""
    rule = next((one for one in now.rules if one.code == thread.rule), None)
    if rule is not None:
        said = f"It reads now: {in_words(rule.when, now)}"
    elif thread.rule:
        said = f"Rule {thread.rule} is no longer there."
    else:
        said = f"{changed.note}" if changed.note else ""
    return f"Changed in v{changed.version}. {said}".strip()[:500]


def outcomes(found: Sequence[Told], actor: Actor, titles: Titles, linked: set[UUID]) -> list[Outcome]:
    """The notices: “You said “not available here” of …, on 3 Nov 2026.”"""
    return [_outcome(one, actor, titles, linked) for one in found]


def state_of(events: Sequence[FeedbackEvent]) -> tuple[str, bool]:
    """How far a thread is, in words, and whether it is over."""
    if not events:
        return "open", False
    last = events[-1]
    if last.kind == FeedbackStep.TAKEN_UP:
        return f"taken up in the draft “{_draft_title(last.draft)}”", False
    return f"answered: {_outcome_said(last)}", True


def _group(code: str, cells: Sequence[Counted], titles: Titles) -> CountGroup:
    return CountGroup(code, titles.option(code), tuple(_count_row(one, titles) for one in cells))


def _count_row(one: Counted, titles: Titles) -> CountRow:
    cell = one.cell
    return CountRow(
        rule=cell.rule,
        rule_title=titles.rules.get(cell.rule, "") if cell.rule else NO_RULE,
        rule_url=reverse("pathways:rule", args=[cell.rule]) if cell.rule else "",
        reason=REASONS.get(cell.reason, cell.reason),
        version=f"v{cell.version}",
        own=one.own,
        elsewhere=FEW if one.elsewhere is None else str(one.elsewhere),
        open_url=_open_url(cell),
    )


def _open_url(cell: Cell) -> str:
    asked = {"option": cell.option, "rule": cell.rule, "reason": cell.reason, "version": str(cell.version)}
    return f"{reverse('pathways:feedback_new')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _shown(line: Line, titles: Titles) -> ShownLine:
    reasons = "; ".join(REASONS.get(code, code) for code in line.reasons)
    return ShownLine(titles.option(line.option), reasons, line.line, f"v{line.version}")


def _draft_title(draft: str) -> str:
    try:
        known = UUID(draft)
    except ValueError:
        return draft
    return Draft.objects.filter(pk=known).values_list("title", flat=True).first() or draft


def _step(event: FeedbackEvent) -> str:
    what = (
        f"taken up in the draft “{_draft_title(event.draft)}”"
        if event.kind == FeedbackStep.TAKEN_UP
        else _answered(event)
    )
    return f"{show_instant(event.at)}, {event.by_name}: {what}"


def _answered(event: FeedbackEvent) -> str:
    return f"answered, {_outcome_said(event)}: {event.sentence}"


def _outcome_said(event: FeedbackEvent) -> str:
    if event.outcome == FeedbackOutcome.CHANGED and event.changed_in:
        return f"changed in v{event.changed_in.version}"
    return "not changed"


def _outcome(one: Told, actor: Actor, titles: Titles, linked: set[UUID]) -> Outcome:
    item, thread = one.items[0], one.answer.thread
    mine = item.review.signed_by_id == actor.id
    reasons = ", ".join(f"“{REASONS.get(code, code)}”" for code in item.reasons)
    more = f", and {count(len(one.items) - 1, 'more time', 'more times')}" if len(one.items) > 1 else ""
    who = "You" if mine else item.review.signed_by_name
    on = show_instant(item.review.signed_at).split(",")[0]
    patient = item.review.snapshot.tumor.patient_id
    url = reverse("pathways:review_signed", args=[patient, item.review_id]) if item.review_id in linked else ""
    return Outcome(
        thread_id=thread.pk,
        said=f"{who} said {reasons} of {titles.about(thread)}, on {on}{more}.",
        outcome=f"Outcome, {_outcome_said(one.answer)}: {one.answer.sentence}",
        review_url=url,
        may_put_away=mine and not one.seen,
    )
