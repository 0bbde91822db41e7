"""The agenda of a meeting: its cases with their readiness, the time, conflicts of presenters, and the chase list.

It reads assessments that are made here afresh and decides nothing. Called by the views of meetings and of the board's
start page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.urls import reverse

from boards.models import Case, CaseState, Meeting, Member
from boards.readiness import AT_RISK, NOT_READY, READY, Gap, Readiness, readiness
from boards.selectors import attachments_of, live_members
from boards.states import OVER
from pathways.assessing import assess_facts
from pathways.engine import Assessment
from pathways.models import Review
from pathways.presenters.patient_page import fictional_tag, line_of
from pathways.presenters.words import count, listing, show_date
from pathways.recall.finding import signed_statuses
from pathways.selectors import ruleset_in_force
from patients.facts import facts_of_many

LEVELS = (READY, AT_RISK, NOT_READY)


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in one line."""

    id: str
    title: str
    day: str
    time: str
    ends: str
    zone: str
    where: str
    link: str
    chair: str
    state: str
    state_word: str
    url: str
    cases: int = 0


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of an agenda."""

    id: str
    position: int
    name: str
    mrn: str
    tag: str
    tumor: str
    line: str
    question: str
    presenter: str
    minutes: int
    priority: str
    decided: bool
    readiness: Readiness
    version: int
    url: str
    screen_url: str
    proposal: str
    differs: str

    @property
    def said(self) -> str:
        """Readiness in words: 'ready', '2 lacking'."""
        return "ready" if not self.readiness.failed else f"{count(len(self.readiness.gaps), 'thing')} lacking"


@dataclass(frozen=True, slots=True)
class AgendaPage:
    """The whole agenda. `hidden`: cases of patients whom the reader may not read."""

    rows: tuple[CaseRow, ...]
    levels: tuple[tuple[str, int], ...]
    minutes: int
    planned: int
    conflicts: tuple[str, ...]
    hidden: int

    @property
    def screen_url(self) -> str:
        """Where the meeting goes on: the first case that is not decided yet."""
        waiting = [row for row in self.rows if not row.decided]
        return (waiting or list(self.rows))[0].screen_url if self.rows else ""

    @property
    def ready(self) -> int:
        return dict(self.levels)[READY]

    @property
    def time_said(self) -> str:
        """What is left, or by how much it is too long."""
        left = self.planned - self.minutes
        return f"{left} min in hand" if left >= 0 else f"{-left} min too long"

    @property
    def too_long(self) -> bool:
        return self.minutes > self.planned


@dataclass(frozen=True, slots=True)
class ChaseLine:
    """One gap of one case, as a department reads it."""

    case_id: str
    patient: str
    mrn: str
    url: str
    gap: Gap
    late: bool

    @property
    def text(self) -> str:
        """The line of the copied text."""
        parts = [f"- {self.patient} ({self.mrn}): {self.gap.title}; {self.gap.detail}"]
        parts += [f"owner {self.gap.owner}"] if self.gap.owner else []
        parts += [f"due {show_date(self.gap.due_on)}"] if self.gap.due_on else []
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class ChaseList:
    """What one department owes for a meeting."""

    department: str
    lines: tuple[ChaseLine, ...]

    @property
    def text(self) -> str:
        """The list as text to copy."""
        return "\n".join([self.department, *(line.text for line in self.lines)])


def meeting_line(meeting: Meeting, cases: int = 0) -> MeetingLine:
    """A meeting in the time of its own place."""
    local = meeting.begins_at.astimezone(ZoneInfo(meeting.time_zone))
    ends = local + timedelta(minutes=meeting.minutes)
    return MeetingLine(
        id=str(meeting.pk),
        title=meeting.title,
        day=f"{local:%a} {show_date(local.date())}",
        time=f"{local:%H:%M}",
        ends=f"{ends:%H:%M}",
        zone=f"{meeting.time_zone} ({local:%Z})",
        where=meeting.place,
        link=meeting.link,
        chair=meeting.chair.display_name,
        state=meeting.state,
        state_word=meeting.get_state_display(),
        url=reverse("boards:meeting", args=[meeting.pk]),
        cases=cases,
    )


def agenda_page(meeting: Meeting, cases: Sequence[Case], *, total: int, today: date) -> AgendaPage:
    """The agenda; `total` counts all its cases, `cases` are those within the reader's reach."""
    rows = tuple(case_rows(cases, today))
    levels = tuple((level, sum(row.readiness.level == level for row in rows)) for level in LEVELS)
    conflicts = tuple(presenter_conflicts(meeting, cases))
    minutes = sum(case.minutes for case in cases)
    return AgendaPage(rows, levels, minutes, meeting.minutes, conflicts, total - len(rows))


def case_rows(cases: Sequence[Case], today: date) -> list[CaseRow]:
    """Every case with its readiness, from a constant number of queries."""
    if not cases:
        return []
    in_force = ruleset_in_force()
    facts = facts_of_many([case.tumor for case in cases], as_of=today)
    reviews: dict[object, Review] = {}
    signed = Review.objects.filter(snapshot__tumor__in=[case.tumor_id for case in cases]).select_related("snapshot")
    for review in signed.order_by("signed_at", "id"):
        reviews[review.snapshot.tumor_id] = review
    rows, files = [], attachments_of(cases)
    for case in cases:
        done = assess_facts(case.tumor, facts[case.tumor_id], in_force)
        attached = [one.kind for one in files.get(case.pk, [])]
        lacks = readiness(case, done, reviews.get(case.tumor_id), list(case.chase_items.all()), today, attached)
        rows.append(_row(case, lacks, done.assessment))
    return rows


def proposal_said(failed: int, missing: int) -> str:
    """What coordinators may do with a case that is not ready."""
    settle = f", and {count(missing, 'fact')} would settle more options" if missing else ""
    return f"{failed} of six checks are not met{settle}. Keep it to agree on the work-up, or postpone it."


def _row(case: Case, lacks: Readiness, now: Assessment) -> CaseRow:
    patient, missing = case.tumor.patient, len(now.missing)
    place = [patient.pk, case.pk]
    proposal = ""
    if lacks.level == NOT_READY and case.state == CaseState.SCHEDULED:
        proposal = proposal_said(len(lacks.failed), missing)
    return CaseRow(
        id=str(case.pk),
        position=case.position or 0,
        name=str(patient),
        mrn=patient.mrn,
        tag=fictional_tag(patient),
        tumor="" if case.tumor.number == 1 and not case.tumor.label else str(case.tumor),
        line=line_of(now).text,
        question=case.question,
        presenter=case.presenter_name,
        minutes=case.minutes,
        priority="" if case.priority == "routine" else case.get_priority_display(),
        decided=case.state == CaseState.DECIDED,
        readiness=lacks,
        version=case.version,
        url=reverse("boards:case", args=place),
        screen_url=reverse("boards:screen", args=place),
        proposal=proposal,
        differs=_differs(case, now),
    )


def _differs(case: Case, now: Assessment) -> str:
    """How many options have another status than the list that was kept; only while the case is to be decided."""
    if case.snapshot is None or case.state != CaseState.SCHEDULED:
        return ""
    kept = signed_statuses(case.snapshot)
    today = {option.code: option.status.value for option in now.options}
    number = sum(kept.get(code) != today.get(code) for code in {**kept, **today})
    return f"{count(number, 'option differs', 'options differ')} since the agenda was locked" if number else ""


def presenter_conflicts(meeting: Meeting, cases: Sequence[Case]) -> list[str]:
    """Who is asked to be in two places: presenting here and at an overlapping meeting, or chairing that one."""
    ends = meeting.begins_at + timedelta(minutes=meeting.minutes)
    near = (meeting.begins_at - timedelta(hours=8), ends)
    others = [
        other
        for other in Meeting.objects.filter(
            institution_id=meeting.institution_id, begins_at__gt=near[0], begins_at__lt=near[1]
        )
        .exclude(pk=meeting.pk)
        .exclude(state__in=OVER)
        if other.begins_at + timedelta(minutes=other.minutes) > meeting.begins_at
    ]
    presenters = {case.presenter_id: case.presenter_name for case in cases if case.presenter_id}
    found = []
    for other in others:
        there = set(Case.objects.filter(meeting=other, presenter__isnull=False).values_list("presenter_id", flat=True))
        there.add(other.chair_id)
        names = sorted(name for user, name in presenters.items() if user in there)
        found += [f"{name} presents here and is needed at “{other.title}”, which overlaps." for name in names]
    invited = set(live_members(meeting).values_list("user_id", flat=True))
    away = sorted(name for user, name in presenters.items() if user not in invited)
    if away:
        verb = "presents" if len(away) == 1 else "present"
        found.append(f"{listing(away)} {verb} a case and {'is' if len(away) == 1 else 'are'} not among the members.")
    chaired = sum(case.presenter_id == meeting.chair_id for case in cases)
    if chaired:
        found.append(f"{meeting.chair.display_name} chairs and presents {count(chaired, 'case')}.")
    return found


def chase_lists(rows: Sequence[CaseRow], today: date) -> list[ChaseList]:
    """What lacks, by the department that owes it; what is due first leads."""
    lines = [
        ChaseLine(row.id, row.name, row.mrn, row.url, gap, gap.late(today))
        for row in rows
        for gap in row.readiness.gaps
    ]
    lines.sort(key=lambda line: (line.gap.department, line.gap.due_on or date.max, line.patient, line.gap.title))
    return [
        ChaseList(department, tuple(found))
        for department, found in groupby(lines, key=lambda line: line.gap.department)
    ]


def attendance_said(members: Sequence[Member]) -> str:
    """'8 of 9 present'; nothing while nobody recorded it."""
    known = [member.attendance for member in members if hasattr(member, "attendance")]
    if not known:
        return ""
    came = sum(one.presence in ("present", "remote") for one in known)
    return f"{came} of {len(members)} present"


def is_over(meeting: Meeting, now: datetime) -> bool:
    """Whether the time planned has passed."""
    return meeting.begins_at + timedelta(minutes=meeting.minutes) < now
