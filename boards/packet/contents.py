"""What a packet holds, as frozen values that every form of it (PDF, HTML, plain text) reads and none adds to.

Pure: no record, no clock. What stands in the fields of the assessment are the screen's own presenters. Made by `making`
from a tumor on record; a meeting's packet by whoever knows meetings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from boards.packet.codes import code_of
from pathways.engine import Overlay
from pathways.presenters.explanation import Explanation
from pathways.presenters.missing import MissingView
from pathways.presenters.patient_page import Heads, Stamp
from pathways.presenters.printed import PrintedSheet
from pathways.presenters.readings import Disagreement
from pathways.presenters.was_excluded import WasExcluded

DEIDENTIFIED = (
    "De-identified: name, MRN, birth date and all free text are left out. It is not anonymous: dates of reports and "
    "treatments, age and sex are in it."
)


@dataclass(frozen=True, slots=True)
class Who:
    """The patient in two identifiers; without them when de-identified."""

    name: str
    mrn: str
    birth: str
    age: str
    sex: str
    tag: str
    tumor: str = ""

    @property
    def known_as(self) -> str:
        """'PRETEND, Willow · DEMO-021' for the head of a page."""
        return " · ".join(part for part in (self.name, self.mrn) if part)


@dataclass(frozen=True, slots=True)
class Record:
    """One thing on record with its date and where it stands."""

    when: str
    what: str
    value: str
    details: str
    origin: str


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one kind: treatments, pathology, imaging and so on. `none` is said where there are none."""

    title: str
    rows: tuple[Record, ...]
    none: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One panel of the timeline as SVG of its own, black on white, with its words for those who hear the page."""

    svg: str
    said: str
    texts: tuple[str, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LegendSign:
    """A sign of the drawing and what it means."""

    svg: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The timeline: panels, signs, and what found no room."""

    panels: tuple[Picture, ...]
    legend: tuple[LegendSign, ...]
    said: str


@dataclass(frozen=True, slots=True)
class BoardText:
    """What the sources say of an option for the tumor board; no option where it holds for every packet."""

    option: str
    sentences: tuple[str, ...]
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where and when a case is spoken of; empty for a packet made outside a meeting."""

    meeting: str = ""
    number: int = 0
    of: int = 0
    presenter: str = ""
    question: str = ""
    asked_by: str = ""

    @property
    def case_said(self) -> str:
        """'case 3 of 7'."""
        return f"case {self.number} of {self.of}" if self.of else ""


@dataclass(frozen=True, slots=True)
class CasePacket:
    """Everything about one tumor that the board gets. `code` names the content; `facts` and the digests what it rests on.

    `out_of_date_on` is for whoever looks the code up, and printed in words alone; a de-identified packet has none.
    """

    who: Who
    line: str
    slot: Slot
    heads: Heads
    overdue: str
    disagreements: tuple[Disagreement, ...]
    listed_said: str
    sheet: PrintedSheet
    missing: MissingView
    was_excluded: tuple[WasExcluded, ...]
    history: tuple[Records, ...]
    findings: tuple[Records, ...]
    drawing: Drawing
    board_texts: tuple[BoardText, ...]
    stamp: Stamp
    overlay: str
    facts: str
    valid_until: str
    deidentified: bool
    attachments: Records | None = None
    out_of_date_on: date | None = None
    code: str = ""

    @property
    def explained(self) -> tuple[Explanation, ...]:
        """The options of which the screen shows the whole explanation, in its order."""
        return (*self.sheet.page.suspended, *self.sheet.listed, *self.sheet.page.excluded)

    def coded(self) -> "CasePacket":
        """The same packet with its check code: of everything in it but its place on an agenda and the time of day."""
        bare = replace(self, slot=Slot(question=self.slot.question), stamp=replace(self.stamp, assessed=""), code="")
        return replace(self, code=code_of(bare))

    def placed(self, slot: Slot) -> "CasePacket":
        """The same case at its place on an agenda."""
        return replace(self, slot=slot).coded()


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One line of the agenda, breaks included; `case` is 0 for what is no case."""

    time: str
    case: int
    what: str
    question: str
    presenter: str
    minutes: str
    line: str = ""
    readiness: str = ""


@dataclass(frozen=True, slots=True)
class MeetingPacket:
    """The packet of one meeting: front page, agenda, then every case."""

    title: str
    when: str
    place: str
    chair: str
    members: tuple[str, ...]
    agenda: tuple[AgendaRow, ...]
    cases: tuple[CasePacket, ...]
    note: str = ""
    deidentified: bool = False

    @property
    def code(self) -> str:
        """The check code of the whole: of its front page and of the codes of its cases in their order."""
        return code_of([self.title, self.when, self.agenda, [case.code for case in self.cases]])


@dataclass(frozen=True, slots=True)
class Printing:
    """Who has the packet made, and when, in words; `at` is the instant for the file's own date (ISO 8601, UTC)."""

    by: str
    when: str
    at: str


def overlay_said(overlay: Overlay | None) -> str:
    """Which emergency stops an assessment was made under; '' where nothing was stopped."""
    return f"Emergency stops: overlay {overlay.number}, {overlay.digest}" if overlay else ""


def numbered(meeting: str, cases: Sequence[CasePacket]) -> tuple[CasePacket, ...]:
    """The cases with 'case n of m' in the order given."""
    return tuple(
        case.placed(replace(case.slot, meeting=meeting, number=number, of=len(cases)))
        for number, case in enumerate(cases, start=1)
    )
