"""A ruleset file from somebody else's hands: YAML or JSON, read whole or refused with every fault.

What it is: the one door for ruleset files, for the commands and for whoever makes a draft of one.
What it refuses to do: trust a file's own digest, read more than 5 MB, or give out a part.
Who calls it: `manage.py ruleset`, `manage.py assess --ruleset`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pathways.engine import Ruleset, RulesetError, read_json
from pathways.knowledge.one_file import DEEPEST, checked_ruleset, from_yaml
from pathways.knowledge.problems import FileProblem, KnowledgeError
from pathways.knowledge.yaml_text import LARGEST_BYTES, YamlRefused, read_yaml

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def read_ruleset_file(path: Path | str) -> Ruleset:
    """The ruleset of a file, every entry in its shape. Raises KnowledgeError, or OSError where it cannot be opened."""
    content, name = _content(path)
    return read_ruleset_text(content, name)


def read_ruleset_text(content: bytes, name: str) -> Ruleset:
    """The same for the bytes of an upload; `name` is what the sentences call it."""
    if _is_json(content):
        return checked_ruleset(_json(content, name), name)
    return from_yaml(content, name)


def read_for_assessing(path: Path | str) -> Ruleset:
    """The ruleset of a file that only has to be assessed under: what the engine accepts, whatever else is in it.

    Raises KnowledgeError, RulesetError or OSError.
    """
    content, name = _content(path)
    if _is_json(content):
        return Ruleset.from_data(_json(content, name))
    try:
        return Ruleset.from_data(read_yaml(content, deepest=DEEPEST))
    except YamlRefused as refusal:
        raise KnowledgeError([FileProblem(name, f"line {refusal.line}", refusal.sentence)]) from refusal


def _content(path: Path | str) -> tuple[bytes, str]:
    """The bytes of a file, one more than are read at most, so that the reader can say that it is too large."""
    with Path(path).open("rb") as file:
        return file.read(LARGEST_BYTES + 1), Path(path).name


def _is_json(content: bytes) -> bool:
    """Whether the text is one line of JSON or an object in braces over several; YAML files begin otherwise."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _json(content: bytes, name: str) -> Any:
    if len(content) > LARGEST_BYTES:
        raise KnowledgeError([FileProblem(name, "", f"The file is larger than the {LARGEST_BYTES:,} bytes accepted.")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise KnowledgeError([FileProblem(name, f"line {line}", "This is not UTF-8 text.")]) from error
    depth = 0
    for found in _BRACKETS.finditer(text):
        sign = found.group()
        depth += (sign in "[{") - (sign in "]}") if len(sign) == 1 else 0
        if depth > DEEPEST:
            line = text.count("\n", 0, found.start()) + 1
            raise KnowledgeError([FileProblem(name, f"line {line}", f"The data are nested more than {DEEPEST} deep.")])
    try:
        return read_json(text)
    except ValueError as error:
        raise KnowledgeError([FileProblem(name, "", f"This is not JSON that can be read: {error}")]) from error


__all__ = ["RulesetError", "read_for_assessing", "read_ruleset_file", "read_ruleset_text"]
