"""Figures of the board over time: cases per meeting, what was postponed and why, what was put into practice, trials.

It counts rows and names no patient. Called by the page of figures and its CSV.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from boards.models import CaseEvent, CaseKind, Decision, FollowUp, FollowUpKind, Meeting, MeetingState, Outcome, Trial
from boards.reasons import POSTPONED
from boards.selectors import meetings_of, with_standing
from netcare.access import Actor
from pathways.drawing.shapes import Item, Line, Mark, Panel, Rect, Text
from pathways.presenters.words import count, show_date

MOST_MEETINGS = 12
_WIDTH, _LABEL, _ROW, _TOP = 640.0, 230.0, 26.0, 6.0


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """One meeting in numbers."""

    day: str
    title: str
    decided: int
    postponed: int
    trials: int
    options: int
    done: int
    partly: int
    not_done: int

    @property
    def still_open(self) -> int:
        return self.options - self.done - self.partly - self.not_done


@dataclass(frozen=True, slots=True)
class Figures:
    """The page: a row per meeting, totals by reason and outcome, and the drawings."""

    meetings: tuple[MeetingFigures, ...]
    reasons: tuple[tuple[str, int], ...]
    trials: tuple[tuple[str, int], ...]
    outcomes: tuple[tuple[str, int], ...]
    panels: tuple[Panel, ...]


def figures(actor: Actor) -> Figures:
    """The last meetings that took place, oldest first."""
    rows = meetings_of(actor).filter(state__in=[MeetingState.HELD, MeetingState.CLOSED]).order_by("-begins_at", "-id")
    meetings = list(rows[:MOST_MEETINGS])[::-1]
    decisions = list(Decision.objects.filter(meeting__in=meetings))
    postponed = list(CaseEvent.objects.filter(kind=CaseKind.POSTPONED, meeting__in=meetings))
    items = list(
        with_standing(FollowUp.objects.filter(decision__meeting__in=meetings, kind=FollowUpKind.OPTION)).select_related(
            "decision"
        )
    )
    lines = tuple(_meeting(meeting, decisions, postponed, items) for meeting in meetings)
    reasons = _counted([event.reason for event in postponed], POSTPONED)
    trials = _counted([decision.trial for decision in decisions], dict(Trial.choices))
    outcomes = _counted([item.outcome or Outcome.OPEN for item in items], dict(Outcome.choices))  # type: ignore[attr-defined]
    cases = tuple((line.day, line.decided) for line in lines)
    panels = (
        bars("cases", "Cases decided per meeting", cases, "case"),
        bars("postponed", "Postponed, and why", reasons, "case"),
        bars("outcomes", "Options taken forward, and what became of them", outcomes, "option"),
        bars("trials", "Clinical trials considered", trials, "decision"),
    )
    return Figures(lines, reasons, trials, outcomes, panels)


def _meeting(
    meeting: Meeting, decisions: Sequence[Decision], postponed: Sequence[CaseEvent], items: Sequence[FollowUp]
) -> MeetingFigures:
    mine = [decision for decision in decisions if decision.meeting_id == meeting.pk]
    outcomes = Counter(item.outcome for item in items if item.decision.meeting_id == meeting.pk)  # type: ignore[attr-defined]
    return MeetingFigures(
        day=show_date(meeting.begins_at.date()),
        title=meeting.title,
        decided=len(mine),
        postponed=sum(event.meeting_id == meeting.pk for event in postponed),
        trials=sum(decision.trial in (Trial.OFFERED, Trial.NONE_FITS) for decision in mine),
        options=sum(outcomes.values()),
        done=outcomes[Outcome.DONE],
        partly=outcomes[Outcome.PARTLY],
        not_done=outcomes[Outcome.NOT_DONE],
    )


def _counted(codes: Sequence[str], words: dict[str, str]) -> tuple[tuple[str, int], ...]:
    """How often each code occurs, in the order of the words; those that do not occur are left out."""
    numbers = Counter(codes)
    return tuple((word, numbers[code]) for code, word in words.items() if numbers[code])


def bars(name: str, title: str, rows: Sequence[tuple[str, int]], what: str) -> Panel:
    """Bars side by side with their numbers; said in words as well."""
    most = max((number for _, number in rows), default=0)
    items: list[Item] = [Line(_LABEL, _TOP, _LABEL, _TOP + _ROW * max(1, len(rows)), "fig-axis")]
    for place, (label, number) in enumerate(rows):
        top = _TOP + place * _ROW
        long = (_WIDTH - _LABEL - 60) * number / most if most else 0.0
        items.append(
            Mark(
                title=f"{label}: {count(number, what)}",
                shapes=(
                    Text(_LABEL - 8, top + 16, label, size=13, anchor="end"),
                    Rect(_LABEL, top + 4, long, _ROW - 9, "fig-bar", 2),
                    Text(_LABEL + long + 6, top + 16, str(number), size=13, bold=True),
                ),
            )
        )
    said = "; ".join(f"{label}: {number}" for label, number in rows) or "nothing yet"
    return Panel(_WIDTH, _TOP * 2 + _ROW * max(1, len(rows)), title, said, tuple(items), f"fig-{name}")


def figures_table(found: Figures) -> list[list[str]]:
    """The same numbers as rows of a CSV: one per meeting, then the totals."""
    head = ["meeting", "title", "decided", "postponed", "trials considered", "options taken", "done", "partly", "not done",
            "open"]  # fmt: skip
    rows = [
        [line.day, line.title, *(str(n) for n in (line.decided, line.postponed, line.trials, line.options, line.done,
                                                   line.partly, line.not_done, line.still_open))]
        for line in found.meetings
    ]  # fmt: skip
    totals = [
        [kind, word, str(number)]
        for kind, pairs in (("postponed", found.reasons), ("trial", found.trials), ("outcome", found.outcomes))
        for word, number in pairs
    ]
    return [head, *rows, *totals]
