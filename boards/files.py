"""Files that belong to the board: packets made beforehand, and what was attached to a case.

They lie below the data directory, outside everything a web server hands out, under a name that is a random number alone;
what they are called and what they are is kept with their row. They are written whole or not at all, never executed, and
leave only as a download that a browser neither guesses at nor runs. Called by the packet's job and the attachments' actions;
who may have one is decided by the view before it asks here.
"""

import os
import tempfile
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

Response = TypeVar("Response", bound=HttpResponseBase)
PACKETS, ATTACHMENTS = "packets", "attachments"
PDF, ZIP = "application/pdf", "application/zip"
TYPES = frozenset({PDF, ZIP, "image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What a row keeps of a file: its number, its type by content, its size and its sha256."""

    key: UUID
    content_type: str
    size: int
    digest: str


class FileGone(LookupError):
    """The file is not there, or is not what was stored."""


def keep(folder: str, data: bytes, content_type: str) -> StoredFile:
    """Stores the bytes under a new number. Only types of `TYPES` are kept."""
    if content_type not in TYPES:
        raise ValueError(f"Files of the type {content_type} are not kept. Accepted: {', '.join(sorted(TYPES))}.")
    key, home = uuid.uuid4(), _home(folder)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, unfinished = tempfile.mkstemp(dir=home, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(unfinished, 0o600)
        os.replace(unfinished, home / str(key))
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return StoredFile(key, content_type, len(data), sha256(data).hexdigest())


def path_of(folder: str, key: UUID) -> Path:
    """Where a file lies. The number is a UUID, so no text of a request becomes part of a path."""
    return _home(folder) / str(UUID(str(key)))


def read(folder: str, stored: StoredFile) -> bytes:
    """The bytes, compared with what was stored. Raises FileGone."""
    try:
        data = path_of(folder, stored.key).read_bytes()
    except OSError as error:
        raise FileGone(
            "The file is not where it was stored. It may have been removed; make or attach it again."
        ) from error
    if len(data) != stored.size or sha256(data).hexdigest() != stored.digest:
        raise FileGone(
            "The file is not what was stored: its sha256 differs. Restore it from a backup, or make it again."
        )
    return data


def remove(folder: str, key: UUID) -> None:
    """Takes a file away; one that is gone already is no error."""
    path_of(folder, key).unlink(missing_ok=True)


def lying(folder: str) -> list[tuple[Path, datetime]]:
    """Every file of a folder, unfinished ones as well, with when it was written."""
    home = _home(folder)
    found = [path for path in home.iterdir() if path.is_file()] if home.is_dir() else []
    return [(path, datetime.fromtimestamp(path.stat().st_mtime, UTC)) for path in sorted(found)]


def download(folder: str, stored: StoredFile, name: str) -> FileResponse:
    """The file as a download: never shown inside a page, never guessed at, kept in no cache. Raises FileGone."""
    path = path_of(folder, stored.key)
    try:
        content = path.open("rb")
    except OSError as error:
        raise FileGone(
            "The file is not where it was stored. It may have been removed; make or attach it again."
        ) from error
    return _guarded(FileResponse(content, as_attachment=True, filename=name, content_type=stored.content_type))


def handed_out(data: bytes, content_type: str, name: str) -> HttpResponse:
    """The same for what was just made and is not kept."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return _guarded(response)


def _guarded(response: Response) -> Response:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _home(folder: str) -> Path:
    if folder not in (PACKETS, ATTACHMENTS):
        raise ValueError(f"There is no folder {folder!r} of files. There are: {PACKETS}, {ATTACHMENTS}.")
    return Path(settings.DATA_DIR) / folder
