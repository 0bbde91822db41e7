"""Attachments in words: as records for the packet, and as lines for pages.

It opens no file. Who calls it: the packet, the pages of cases and the meeting screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from boards.models import Attachment, Case
from boards.packet.contents import Record, Records
from boards.selectors import attachments_of
from pathways.presenters.words import count, show_date, show_instant

TITLE = "Attachments"
_TYPES = {"application/pdf": "PDF", "image/png": "PNG image", "image/jpeg": "JPEG image"}


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """One attachment. `withdrawn` says by whom, when and why; such a file has no `url`."""

    id: str
    title: str
    kind: str
    day: str
    what: str
    attached: str
    url: str
    withdraw_url: str
    withdrawn: str


def attached_records(rows: Sequence[Attachment], *, deidentified: bool) -> Records:
    """What the packet names; the titles that somebody typed are left out when de-identified."""
    return Records(TITLE, tuple(_record(one, deidentified) for one in rows), "Nothing is attached to this case.")


def _record(one: Attachment, deidentified: bool) -> Record:
    kind = one.get_kind_display()
    said = kind if deidentified else one.title
    return Record(show_date(one.document_on), kind.capitalize(), said, file_words(one), "attached to the case")


def attachment_lines(case: Case) -> list[AttachmentLine]:
    """What of a case can be opened now."""
    return [attachment_line(case, one) for one in attachments_of([case]).get(case.pk, [])]


def attachment_line(case: Case, one: Attachment) -> AttachmentLine:
    """A line of the list; whether somebody may withdraw it is the page's question."""
    gone = getattr(one, "withdrawal", None)
    place = [case.tumor.patient_id, case.pk, one.pk]
    return AttachmentLine(
        id=str(one.pk),
        title=one.title,
        kind=one.get_kind_display(),
        day=show_date(one.document_on),
        what=file_words(one),
        attached=f"{one.by_name}, {show_instant(one.at)}",
        url="" if gone else reverse("boards:attachment", args=place),
        withdraw_url="" if gone else reverse("boards:withdraw_attachment", args=place),
        withdrawn=f"{gone.by_name}, {show_instant(gone.at)}: {gone.reason}" if gone else "",
    )


def file_words(one: Attachment) -> str:
    """'PDF, 3 pages, 214 KB'."""
    pages = count(one.pages, "page") if one.pages else ""
    return ", ".join(part for part in (_TYPES.get(one.content_type, "file"), pages, size_words(one.size)) if part)


def size_words(size: int) -> str:
    """'214 KB', '2.4 MB'."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"
