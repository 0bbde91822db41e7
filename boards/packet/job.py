"""Making a meeting's packet in the background: case by case with progress, then one file, kept outside the web root.

It knows no meetings: whoever does tells it with `wire` how to open one and where to note the file. A worker that dies leaves
no file that counts; the next one begins again. Registered as the job kind `make_packet` when this module is imported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from boards import files
from boards.packet.contents import CasePacket, MeetingPacket, Printing
from boards.packet.html import Enclosed, meeting_files, zipped
from boards.packet.pdf import NotMade, meeting_pdf
from netcare.jobs.handlers import handler
from netcare.jobs.leases import JobFailed, RunningJob
from pathways.presenters.words import show_instant
from pathways.selectors import NoRulesetInForce

KIND = "make_packet"
FORMS = {"pdf": (files.PDF, "pdf"), "html": (files.ZIP, "zip")}


class OpenedMeeting(Protocol):
    """A meeting whose packet is made: its cases one at a time, so that progress can be told."""

    @property
    def requested_by(self) -> str:
        """Who asked for the packet, as it stands on every page."""
        ...

    @property
    def time_zone(self) -> str:
        """The zone in which the hour of making is told."""
        ...

    def cases(self) -> Sequence[Callable[[], CasePacket]]:
        """One call for each case, in the order of the agenda."""
        ...

    def packet(self, cases: Sequence[CasePacket]) -> MeetingPacket:
        """The whole, from its cases."""
        ...

    def enclosed(self) -> Sequence[Sequence[Enclosed]]:
        """For each case the files that are attached to it, for a folder."""
        ...


Load = Callable[[RunningJob], OpenedMeeting]
# Gets the meeting back as `load` opened it; only whoever wires both knows what it is.
Recorded = Callable[[RunningJob, Any, files.StoredFile, MeetingPacket], None]


@dataclass(slots=True)
class _Wiring:
    load: Load | None = None
    recorded: Recorded | None = None


_wiring = _Wiring()


def wire(load: Load, recorded: Recorded) -> None:
    """`load(job)` opens the meeting that its payload names, within the reach of who asked; `recorded` notes its file."""
    _wiring.load, _wiring.recorded = load, recorded


@handler(KIND, title="Make a packet for the tumor board", coalesce=True)
def make_packet(job: RunningJob) -> None:
    """The payload: `meeting` (id), `form` (pdf or html), `deidentified`."""
    if _wiring.load is None or _wiring.recorded is None:
        raise JobFailed("No application knows meetings here, so no packet was made.")
    make(job, _wiring.load, _wiring.recorded)


def make(job: RunningJob, load: Load, recorded: Recorded) -> None:
    """One packet: every case, the file, its note. Raises JobFailed with a sentence."""
    form = str(job.payload.get("form", "pdf"))
    if form not in FORMS:
        raise JobFailed(f"There is no form {form!r} of a packet. Accepted: {', '.join(FORMS)}.")
    try:
        meeting = load(job)
        whole = meeting.packet(_cases(job, meeting))
        stored = files.keep(files.PACKETS, _made(whole, form, meeting), FORMS[form][0])
    except (LookupError, NoRulesetInForce, NotMade) as problem:
        raise JobFailed(f"No packet was made. {problem}") from problem
    try:
        with transaction.atomic():
            recorded(job, meeting, stored, whole)
            total = len(whole.cases) + 1
            job.progress(total, total, f"packet of {len(whole.cases)} cases made, {stored.size // 1024} KB")
    except BaseException:
        files.remove(files.PACKETS, stored.key)
        raise


def _cases(job: RunningJob, meeting: OpenedMeeting) -> list[CasePacket]:
    calls = meeting.cases()
    made = []
    for number, call in enumerate(calls, start=1):
        made.append(call())
        job.progress(number, len(calls) + 1, f"{number} of {len(calls)} cases")
    return made


def _made(packet: MeetingPacket, form: str, meeting: OpenedMeeting) -> bytes:
    with timezone.override(ZoneInfo(meeting.time_zone)):
        printing = printing_now(meeting.requested_by)
    if form == "pdf":
        return meeting_pdf(packet, printing)
    return zipped(meeting_files(packet, printing, meeting.enclosed()), printing)


def printing_now(by: str) -> Printing:
    """Who makes it and when: now, in the time zone in force."""
    now = timezone.now().replace(microsecond=0)
    return Printing(by, show_instant(now), now.astimezone(UTC).isoformat())
