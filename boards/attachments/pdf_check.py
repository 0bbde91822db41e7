"""Whether a PDF opens without a password, how many pages it has, and whether it carries a program or other files.

It walks the tree of pages with a budget, so that a file that points at itself, or promises a million pages, ends in a
sentence. No page is drawn and no stream of a page is unpacked. Pure. Called by `checking`.
"""

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import DictionaryObject, IndirectObject

from boards.attachments.problems import AttachmentRefused

# A file with this many pages is none that a board reads in a meeting.
TOO_MANY_PAGES = 300
_MOST_NODES = 3_000
_DEEPEST = 60
_READING = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError)
_PROGRAMS = {"/JavaScript": "a program (JavaScript)", "/Launch": "a command to start another program"}

# What pypdf says of odd files is for programmers; the sentence says what matters.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def pdf_pages(shown: str, data: bytes) -> int:
    """How many pages. Raises AttachmentRefused."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise AttachmentRefused(f"The PDF {shown} is protected by a password. Save it without one first.")
        root = _dictionary(reader.trailer["/Root"])
        _no_programs(shown, root)
        pages = sum(1 for _ in _pages(shown, _dictionary(root["/Pages"])))
    except AttachmentRefused:
        raise
    except DependencyError as error:
        raise AttachmentRefused(f"The PDF {shown} is protected in a way that cannot be opened here.") from error
    except _READING as error:
        raise AttachmentRefused(f"The PDF {shown} is damaged and cannot be opened. Save it again first.") from error
    if pages == 0:
        raise AttachmentRefused(f"The PDF {shown} has no pages.")
    return pages


def _dictionary(found: Any) -> DictionaryObject:
    whole = found.get_object() if isinstance(found, IndirectObject) else found
    if not isinstance(whole, DictionaryObject):
        raise ValueError("a dictionary was expected")
    return whole


def _pages(shown: str, top: DictionaryObject) -> Iterator[DictionaryObject]:
    """The pages of the tree, each node once. Raises AttachmentRefused at the page that is one too many."""
    waiting: list[tuple[Any, int]] = [(top, 0)]
    seen: set[tuple[int, int]] = set()
    found = nodes = 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if isinstance(node, IndirectObject):
            key = (node.idnum, node.generation)
            if key in seen:
                raise ValueError("the tree of pages points at itself")
            seen.add(key)
        if depth > _DEEPEST or nodes > _MOST_NODES:
            raise ValueError("the tree of pages has no end")
        page = _dictionary(node)
        if "/Kids" in page:
            kids = page["/Kids"].get_object()
            waiting.extend((kid, depth + 1) for kid in list(kids)[: TOO_MANY_PAGES + 1])
            continue
        found += 1
        if found >= TOO_MANY_PAGES:
            raise AttachmentRefused(
                f"The PDF {shown} has {TOO_MANY_PAGES} pages or more. Attach only those that the board reads."
            )
        yield page


def _no_programs(shown: str, root: DictionaryObject) -> None:
    """What the document itself would start, or carries along."""
    names = _dictionary(root["/Names"]) if "/Names" in root else DictionaryObject()
    found = [words for key, words in _PROGRAMS.items() if key in names]
    if "/OpenAction" in root:
        action = root["/OpenAction"].get_object()
        kind = str(action.get("/S", "")) if isinstance(action, DictionaryObject) else ""
        found += [words for key, words in _PROGRAMS.items() if kind == key]
    if "/EmbeddedFiles" in names:
        found.append("other files inside it")
    if found:
        raise AttachmentRefused(f"The PDF {shown} contains {found[0]}. Print it to a new PDF, and attach that.")
