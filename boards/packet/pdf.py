"""A packet as one PDF: tagged for screen readers (PDF/UA-1), fonts inside, made offline, equal input giving equal bytes.

The template is a file of ours; what varies goes in as JSON values and is never read as source. Only the fonts of one locked
package are used, never those of the machine; the file's date is the one it is given. Called by the command, the job, and
whoever streams a packet.
"""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from boards.packet.codes import plain_values
from boards.packet.contents import DEIDENTIFIED, CasePacket, MeetingPacket, Printing
from boards.packet.drawing import signs
from boards.packet.typeface import NoTypeface, all_written, font_folder
from boards.packet.typesetting import typeset
from pathways.presenters.words import STATUS_WORDS

HERE = Path(__file__).resolve().parent
# With more cases than these, the work is done in a process of its own.
MOST_CASES_HERE = 3
LONGEST_SECONDS = 300


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


def _made(template: str, content: dict[str, Any], printing: Printing) -> bytes:
    at = datetime.fromisoformat(printing.at)
    made = {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")}
    common = {
        "signs": signs(),
        "statuses": STATUS_WORDS,
        "deidentified": DEIDENTIFIED,
        "printing": all_written(plain_values(printing)),
        "made": made,
    }
    values = json.dumps(all_written(content) | common, ensure_ascii=False)
    if len(content.get("cases", ())) > MOST_CASES_HERE:
        return _apart(template, values, at)
    try:
        return typeset(template, values, int(at.timestamp()), font_folder())
    except (typst.TypstError, NoTypeface) as error:
        raise NotMade(f"The PDF could not be made: {error}") from error


def _apart(template: str, values: str, at: datetime) -> bytes:
    """In a process of its own, which gives back what it took: a packet of 300 pages needs more than half a gigabyte."""
    script, stamp = str(HERE / "typesetting.py"), str(int(at.timestamp()))
    command = [sys.executable, script, template, stamp, str(font_folder())]
    try:
        done = subprocess.run(command, input=values.encode(), capture_output=True, timeout=LONGEST_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise NotMade(
            f"The PDF was not made within {LONGEST_SECONDS} seconds. Make the packet of fewer cases."
        ) from error
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it ended without a word"]
        raise NotMade(f"The PDF could not be made: {said[-1][:300]}")
    return done.stdout
