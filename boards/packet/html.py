"""A packet as a folder of plain HTML that opens from a disk when no server answers: agenda, cases, drawings, signs.

Nothing in it is fetched from elsewhere, runs, or needs a font that is not there; no file name holds a patient's name. Equal
input gives equal bytes. Called by the job and the command.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.template.loader import render_to_string

from boards.packet.contents import DEIDENTIFIED, CasePacket, MeetingPacket, Printing
from boards.packet.drawing import signs

STYLE = Path(__file__).resolve().parent / "packet.css"
INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An attachment that goes with the folder: title, ending of its name, bytes; without bytes, why it is not there."""

    title: str
    ending: str
    data: bytes = b""
    why_not: str = ""


def meeting_files(
    meeting: MeetingPacket, printing: Printing, enclosed: Sequence[Sequence[Enclosed]] = ()
) -> dict[str, bytes]:
    """Every file of a meeting's folder by its name. `enclosed`: for each case what is attached to it."""
    names = [_name(number) for number in range(1, len(meeting.cases) + 1)]
    agenda = [asdict(row) | {"file": _name(row.case)} for row in meeting.agenda]
    front = {"meeting": {**_shallow(meeting), "agenda": agenda}, "printing": printing, "code": meeting.code}
    files = _common() | {INDEX: _page("packet/index.html", front | {"deidentified": DEIDENTIFIED})}
    for number, case in enumerate(meeting.cases, start=1):
        ways = {
            "index": INDEX,
            "before": names[number - 2] if number > 1 else "",
            "after": names[number] if number < len(names) else "",
        }
        files |= _case_files(case, number, printing, ways, enclosed[number - 1] if enclosed else ())
    return files


def case_files(case: CasePacket, printing: Printing) -> dict[str, bytes]:
    """Every file of a single case's folder; it begins at index.html."""
    files = _common() | _case_files(case, 1, printing, {})
    files[INDEX] = files.pop(_name(1))
    return files


def zipped(files: Mapping[str, bytes], printing: Printing) -> bytes:
    """The folder as one file to carry, the same bytes for the same content and date."""
    moment = datetime.fromisoformat(printing.at).astimezone(UTC)
    day = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, max(day, (1980, 1, 1, 0, 0, 0)))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def _name(number: int) -> str:
    return f"case-{number:02}.html"


def _shallow(meeting: MeetingPacket) -> dict[str, object]:
    names = ("title", "when", "place", "chair", "members", "note", "deidentified")
    return {name: getattr(meeting, name) for name in names}


def _common() -> dict[str, bytes]:
    return {"packet.css": STYLE.read_bytes()} | {f"signs/{name}.svg": svg.encode() for name, svg in signs().items()}


def _case_files(
    case: CasePacket, number: int, printing: Printing, ways: Mapping[str, str], enclosed: Sequence[Enclosed] = ()
) -> dict[str, bytes]:
    drawn = f"drawings/case-{number:02}"
    pictures = [
        {"file": f"{drawn}-{n}.svg", "said": picture.said} for n, picture in enumerate(case.drawing.panels, start=1)
    ]
    legend = [
        {"file": f"{drawn}-sign-{n}.svg", "words": sign.words} for n, sign in enumerate(case.drawing.legend, start=1)
    ]
    beside = [
        {"one": one, "file": f"attachments/case-{number:02}-{n}.{one.ending}"}
        for n, one in enumerate(enclosed, start=1)
    ]
    context = {"case": case, "pictures": pictures, "legend": legend, "printing": printing, "code": case.code, **ways}
    context["enclosed"] = beside
    drawings = [*(p.svg for p in case.drawing.panels), *(s.svg for s in case.drawing.legend)]
    return {
        _name(number): _page("packet/case.html", context | {"deidentified": DEIDENTIFIED}),
        **{shown["file"]: svg.encode() for shown, svg in zip([*pictures, *legend], drawings, strict=True)},
        **{str(place["file"]): one.data for place, one in zip(beside, enclosed, strict=True) if one.data},
    }


def _page(template: str, context: Mapping[str, object]) -> bytes:
    return render_to_string(template, dict(context)).encode()
