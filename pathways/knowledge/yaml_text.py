"""YAML read as plain data and nothing more: text, exact numbers, true and false, lists and objects.

What it is: a builder over the parser's events, so that what is not wanted never comes into being.
What it refuses to do: follow aliases (a few lines of them can fill the memory), obey tags, guess which of two equal
keys was meant, read "no" as false, take NaN for a number, keep a binary float, read a second document.
Who calls it: the loader of the knowledge files and the demo patients.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml

LARGEST_BYTES = 5_000_000
LARGEST_DEPTH = 40

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+$")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(nan|inf)$|[-+]?(nan|inf|infinity)$", re.IGNORECASE)
_LOOKS_LIKE_A_NUMBER = re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9_]*)?[eE][-+]?[0-9]+$|[-+]?0[0-9xob][0-9a-fA-F_]*$")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_LONGEST_NUMBER = 30


class YamlRefused(ValueError):
    """Text that is not the plain YAML accepted here; `line` counts from 1, 0 for the text as a whole."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        self.sentence = sentence
        super().__init__(f"line {line}: {sentence}" if line else sentence)


def read_yaml(content: bytes, *, deepest: int = LARGEST_DEPTH) -> Any:
    """The data of one YAML document: dict, list, str, int, Decimal, bool, None. Raises YamlRefused."""
    text = _text(content)
    try:
        return _Builder(yaml.parse(text, Loader=_Parser), deepest).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        if "nesting" in str(error.problem):
            raise YamlRefused(line, f"The data are nested more than {deepest} deep.") from error
        raise YamlRefused(
            line, "This is not YAML: check brackets, quotes and indentation here and just above."
        ) from error
    except yaml.YAMLError as error:
        raise YamlRefused(0, "This is not YAML that can be read.") from error


def _text(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise YamlRefused(0, f"The file has more than 5 MB; at most {LARGEST_BYTES:,} bytes are read.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise YamlRefused(line, "This is not UTF-8 text; save the file as UTF-8.") from error
    for number, row in enumerate(text.split("\n"), 1):
        if "\t" in row:
            raise YamlRefused(number, "A tab character stands here; indent with spaces.")
        if any(ord(sign) < 32 and sign != "\r" for sign in row) or "\x7f" in row:
            raise YamlRefused(number, "A control character stands here; remove it.")
    return text


class _Builder:
    """Builds plain data from the parser's events, one document, bounded in depth."""

    def __init__(self, events: Iterator[Any], deepest: int) -> None:
        self.events = events
        self.deepest = deepest

    def document(self) -> Any:
        self._next()  # the start of the stream
        if not isinstance(self._next(), yaml.DocumentStartEvent):
            raise YamlRefused(0, "The file is empty.")
        data = self._node(self._next(), 1)
        self._next()  # the end of the document
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise YamlRefused(_line(event), "A second document begins here; a file holds one.")
        return data

    def _next(self) -> Any:
        return next(self.events)

    def _node(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise YamlRefused(_line(event), "Anchors and aliases (& and *) are not read; write the value out.")
        if event.tag is not None:
            raise YamlRefused(_line(event), f"Tags are not read; leave {event.tag!r} out.")
        if depth > self.deepest:
            raise YamlRefused(_line(event), f"The data are nested more than {self.deepest} deep.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(depth)
        return _scalar(event)

    def _mapping(self, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise YamlRefused(_line(event), "A key is a word, not a list or an object.")
            key = self._node(event, depth + 1)
            if key != event.value or not isinstance(key, str):
                raise YamlRefused(_line(event), f"The key {event.value} is not a word; put it in quotes.")
            if key in data:
                raise YamlRefused(_line(event), f"The key {key} stands twice in one object; which one is meant?")
            data[key] = self._node(self._next(), depth + 1)
        return data

    def _sequence(self, depth: int) -> list[Any]:
        data = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            data.append(self._node(event, depth + 1))
        return data


def _scalar(event: Any) -> Any:
    text: str = event.value
    if any(ord(sign) < 32 and sign != "\n" for sign in text):
        raise YamlRefused(_line(event), "A control character stands in this text; remove it.")
    if event.style:  # quoted or a text block: always text
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _NOT_A_NUMBER.match(text):
        raise YamlRefused(_line(event), f"{text} is not a number; leave the entry out if the value is unknown.")
    if _LOOKS_LIKE_A_NUMBER.match(text):
        raise YamlRefused(_line(event), f"{text} can be read in two ways; write the number out in digits.")
    if (_WHOLE.match(text) or _DECIMAL.match(text)) and len(text) > _LONGEST_NUMBER:
        raise YamlRefused(_line(event), f"A number has at most {_LONGEST_NUMBER} digits.")
    if _WHOLE.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return Decimal(text)
    return text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
