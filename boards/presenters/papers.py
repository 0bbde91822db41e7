"""The packets of a meeting as its page lists them: what each is, whether it still is what would be made now, and the work
that goes on.

A packet that holds a patient beyond the reader's reach is named and cannot be had. Called by the views of meetings and
papers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from boards.actions.papers import KIND_OF_JOB
from boards.attaching import size_words
from boards.models import Meeting, Paper, PaperCase, PaperForm, PaperKind
from boards.retention import kept_until
from boards.selectors import papers_of, within_reach
from boards.standing import Standing, stale_because, standing_of
from netcare.access import Actor
from netcare.jobs.models import Job, JobState
from netcare.jobs.selectors import ShownJob, shown
from pathways.presenters.words import count, listing, show_date, show_instant

MOST_LISTED = 12
FAILURES_SHOWN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One packet. `url` is empty where it cannot be had; `not_had` then says why. `stale`: what changed since."""

    what: str
    holds: str
    left_out: str
    made: str
    by: str
    order: int
    code: str
    size: str
    url: str
    not_had: str
    stale: str


@dataclass(frozen=True, slots=True)
class PacketPanel:
    """The packets of a meeting, the latest first, and the jobs that make more."""

    lines: tuple[PaperLine, ...]
    jobs: tuple[ShownJob, ...]
    failed: tuple[ShownJob, ...]

    @property
    def working(self) -> bool:
        return bool(self.jobs)


def packet_panel(actor: Actor, meeting: Meeting, now: datetime) -> PacketPanel:
    """What this reader sees of the meeting's packets."""
    papers = list(papers_of(meeting, PaperKind.PACKET)[:MOST_LISTED])
    jobs = Job.objects.filter(kind=KIND_OF_JOB, payload__meeting=str(meeting.pk)).select_related("requested_by")
    going = jobs.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).order_by("created_at", "id")
    mine = jobs.filter(state=JobState.FAILED, requested_by=actor.user, finished_at__gt=now - FAILURES_SHOWN)
    since = max((paper.made_at for paper in papers), default=now - FAILURES_SHOWN)
    failed = mine.filter(finished_at__gt=since).order_by("-finished_at", "id")[:1]
    rows = [row for paper in papers for row in paper.cases.all()]
    mine, stand = within_reach(actor, rows), standing_of(rows, meeting) if rows else None
    lines = tuple(_line(paper, mine, stand, now) for paper in papers)
    return PacketPanel(lines, tuple(shown(job) for job in going), tuple(shown(job) for job in failed))


def _line(paper: Paper, mine: set[UUID], stand: Standing | None, now: datetime) -> PaperLine:
    rows = list(paper.cases.all())
    beyond = len({row.tumor.patient_id for row in rows} - mine)
    not_had = f"It holds {count(beyond, 'patient')} beyond your reach." if beyond else not_kept(paper, now)
    stale = () if not_had or stand is None else stale_because(paper, rows, stand)
    names = [f"Packet, {paper.get_form_display()}", "de-identified" if paper.deidentified else ""]
    assert paper.meeting is not None  # a constraint of the table: a packet names its meeting
    return PaperLine(
        what=", ".join(name for name in names if name),
        holds=count(len(rows), "case"),
        left_out=f"{count(paper.left_out, 'case')} left out, beyond the reach of {paper.made_by_name}"
        if paper.left_out
        else "",
        made=show_instant(paper.made_at),
        by=paper.made_by_name,
        order=paper.order_version,
        code=paper.code,
        size=size_words(paper.size),
        url="" if not_had else paper_url(paper),
        not_had=not_had,
        stale=f"Changed since: {listing(stale)}. Make it again." if stale else "",
    )


def beyond_reach(actor: Actor, rows: list[PaperCase]) -> int:
    """How many patients on a paper this reader may not read on the board."""
    return len({row.tumor.patient_id for row in rows} - within_reach(actor, rows))


def not_kept(paper: Paper, now: datetime) -> str:
    """Why there is no file any more, as a sentence; empty where there is one."""
    if paper.key is None:
        return "It was handed out at once, and no file was kept."
    if kept_until(paper) < now:
        return f"Its file was kept until {show_date(kept_until(paper).date())}. Make it again."
    return ""


def paper_url(paper: Paper) -> str:
    """Where the file is had."""
    return reverse("boards:packet", args=[paper.meeting_id, paper.pk])


def file_name(paper: Paper) -> str:
    """What a download is called: no patient's name, the day of the meeting."""
    day = f"{(paper.begins_at or paper.made_at):%Y-%m-%d}"
    parts = [paper.kind, day, "deidentified" if paper.deidentified else "", paper.code[:4].lower()]
    ending = "zip" if paper.form == PaperForm.HTML else "pdf"
    return f"{'-'.join(part for part in parts if part)}.{ending}"
