"""A packet as one PDF: tagged for screen readers (PDF/UA-1), fonts inside, made offline, equal input giving equal bytes.

The template is a file of ours; what varies goes in as JSON values and is never read as source. Only the fonts of one locked
package are used, never those of the machine; the file's date is the one it is given. Called by the command, the job, and
whoever streams a packet.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from boards.packet.codes import plain_values
from boards.packet.contents import DEIDENTIFIED, CasePacket, MeetingPacket, Printing
from boards.packet.drawing import signs
from pathways.presenters.words import STATUS_WORDS

HERE = Path(__file__).resolve().parent
STANDARD = "ua-1"


class NotMade(RuntimeError):
    """The PDF could not be made; the sentence says why. Nothing half-made is handed out."""


def case_pdf(case: CasePacket, printing: Printing) -> bytes:
    """The packet of one case."""
    title = f"Case sheet: {case.who.known_as}"
    return _made("packet.typ", {"title": title, "meeting": None, "cases": plain_values([case])}, printing)


def meeting_pdf(meeting: MeetingPacket, printing: Printing) -> bytes:
    """The packet of a meeting: front page, agenda, every case."""
    front = plain_values(meeting) | {"code": meeting.code}
    cases = front.pop("cases")
    content = {"title": f"Packet: {meeting.title}, {meeting.when}", "meeting": front | {"cases": cases}, "cases": cases}
    return _made("packet.typ", content, printing)


def made_from(template: str, content: dict[str, Any], printing: Printing) -> bytes:
    """The PDF of another template of this folder (the minutes)."""
    return _made(template, content, printing)


def font_folders() -> Sequence[Path]:
    """Where the locked package keeps its typeface."""
    spec = find_spec("fontpkg_inter")
    if spec is None or not spec.submodule_search_locations:
        raise NotMade(
            "The package fontpkg-inter is not installed, so no PDF can be made. Install requirements/base.txt."
        )
    return [Path(spec.submodule_search_locations[0]) / "files"]


def _made(template: str, content: dict[str, Any], printing: Printing) -> bytes:
    at = datetime.fromisoformat(printing.at)
    made = {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")}
    common = {
        "signs": signs(),
        "statuses": STATUS_WORDS,
        "deidentified": DEIDENTIFIED,
        "printing": plain_values(printing),
        "made": made,
    }
    values = {"data": json.dumps(content | common, ensure_ascii=False)}
    compiler = typst.Compiler(root=HERE, font_paths=list(font_folders()), ignore_system_fonts=True, sys_inputs=values)
    try:
        return bytes(
            compiler.compile(HERE / template, format="pdf", pdf_standards=STANDARD, timestamp=int(at.timestamp()))
        )
    except typst.TypstError as error:
        raise NotMade(f"The PDF could not be made: {error}") from error
