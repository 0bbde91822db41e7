"""How long files of the board are kept: a packet's until 30 days after its meeting; what was attached to a case for ever.

A packet can be made again, and its row with the check codes stays. What it refuses to do: take away an attachment, known to
the database or not; a file of which no row tells may be one that a restored backup still misses. Runs once a day.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from boards import files
from boards.models import Attachment, Paper
from netcare.jobs.handlers import handler
from netcare.jobs.leases import RunningJob
from pathways.presenters.words import count

KEPT_AFTER = timedelta(days=30)
# A file without a row may be one that is just being noted.
UNNOTED = timedelta(days=1)


def kept_until(paper: Paper) -> datetime:
    """Until when the file of a packet is handed out."""
    begins = paper.meeting.begins_at if paper.meeting else paper.made_at
    return max(paper.made_at, begins) + KEPT_AFTER


@handler("tidy_board_files", title="Take away old files of packets", daily={"folder": files.PACKETS})
def tidy_files(job: RunningJob) -> None:
    """Remove the packets' files that are kept no longer, and those of which no row tells. Safe to run again."""
    removed, strays = tidy(timezone.now())
    said = f"{count(removed, 'packet file')} taken away"
    if strays:
        said += (
            f"; {count(strays, 'file')} among the attachments belong to no row and were left: see docs/production.md"
        )
    job.progress(1, 1, said)


def tidy(now: datetime) -> tuple[int, int]:
    """How many files of packets were removed, and how many of attachments have no row."""
    rows = Paper.objects.filter(key__isnull=False).select_related("meeting").order_by("made_at", "id")
    wanted = {str(paper.key) for paper in rows.iterator() if kept_until(paper) >= now}
    removed = 0
    for path, written in files.lying(files.PACKETS):
        if path.name not in wanted and written < now - UNNOTED:
            path.unlink(missing_ok=True)
            removed += 1
    return removed, len(_strays(now))


def _strays(now: datetime) -> list[str]:
    known: set[UUID] = set(Attachment.objects.values_list("key", flat=True))
    names = {str(key) for key in known}
    return [
        path.name
        for path, written in files.lying(files.ATTACHMENTS)
        if path.name not in names and written < now - UNNOTED
    ]
