"""The attached files that go with a folder to be opened offline, as far as there is room for them.

A file that is not enclosed is named with the reason. Who calls it: the meeting of a packet.
"""

from collections.abc import Sequence

from boards import files
from boards.attaching import size_words
from boards.models import Attachment
from boards.packet.html import Enclosed

# Together; a folder is made in memory, and has to be carried.
MOST_BYTES = 100 * 1024 * 1024
ENDINGS = {files.PDF: "pdf", "image/png": "png", "image/jpeg": "jpg"}


def enclosed_of(attached: Sequence[Sequence[Attachment]]) -> list[list[Enclosed]]:
    """For each case its files, in order, until the room is used up."""
    room, found = MOST_BYTES, []
    for rows in attached:
        found.append([])
        for row in rows:
            one = _left_out(row) if row.size > room else _enclosed(row)
            room -= len(one.data)
            found[-1].append(one)
    return found


def _left_out(row: Attachment) -> Enclosed:
    return Enclosed(row.title, "", why_not=f"left out, since the folder would pass {size_words(MOST_BYTES)}.")


def _enclosed(row: Attachment) -> Enclosed:
    try:
        stored = files.StoredFile(row.key, row.content_type, row.size, row.digest)
        return Enclosed(row.title, ENDINGS[row.content_type], files.read(files.ATTACHMENTS, stored))
    except files.FileGone as gone:
        return Enclosed(row.title, "", why_not=str(gone))
