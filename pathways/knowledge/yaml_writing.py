"""Plain data written as YAML that people read and `yaml_text` reads back exactly; equal data always give equal text.

What it is: short conditions and lists on one line, long texts folded, everything else one key per line.
What it refuses to do: use anchors, tags or a second way to write a value. Who calls it: `one_file.py`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from pathways.engine import canonical_json

WIDTH = 120
# Texts that stay without quotation marks: they begin with a letter or digit and hold no sign that YAML reads.
_SAFE = re.compile(r"[^\W_][\w .,;()/%+≤≥<>=²³⁹×µ–—…’“”*-]*")
_SAFE_IN_LINE = re.compile(r"[^\W_][\w .()/%+≤≥<>=²³⁹×µ–—…’“”-]*")
_CONSTANT = re.compile(r"(true|false|null|yes|no|on|off|y|n|nan|inf|infinity)", re.IGNORECASE)
_NUMBER_LIKE = re.compile(r"[-+]?[0-9.][0-9_.,a-fxobA-FXOB]*([eE][-+]?[0-9]+)?")
_FOLDS = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+( [^\s\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+)+")


def block(data: Any, indent: int) -> Iterator[str]:
    """The lines of an object or a list that is not empty."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from entry(f"{' ' * indent}{scalar(key)}:", value, indent)
    else:
        for value in data:
            yield from item(value, indent)


def entry(head: str, value: Any, indent: int) -> Iterator[str]:
    """'key: value', on one line where it fits."""
    line = f"{head} {inline(value)}"
    if _is_plain(value) or (len(line) <= WIDTH and _flat_enough(value)):
        if len(line) > WIDTH and isinstance(value, str) and _FOLDS.fullmatch(value):
            yield f"{head} >-"
            yield from (f"{' ' * (indent + 2)}{part}" for part in _folded(value, WIDTH - indent - 2))
        else:
            yield line
    else:
        yield head
        yield from block(value, indent if isinstance(value, list | tuple) else indent + 2)


def item(value: Any, indent: int) -> Iterator[str]:
    """'- value': an object's first key stands behind the dash."""
    dash = f"{' ' * indent}- "
    line = f"{dash}{inline(value)}"
    if isinstance(value, Mapping) and value and not (len(line) <= WIDTH and len(value) <= 3 and _flat_enough(value)):
        lines = block(value, indent + 2)
        yield dash + next(lines)[indent + 2 :]
        yield from lines
    elif isinstance(value, list | tuple) and value and len(line) > WIDTH:
        yield dash.rstrip()
        yield from block(value, indent + 2)
    elif len(line) > WIDTH and isinstance(value, str) and _FOLDS.fullmatch(value):
        yield f"{dash}>-"
        yield from (f"{' ' * (indent + 2)}{part}" for part in _folded(value, WIDTH - indent - 2))
    else:
        yield line


def inline(value: Any) -> str:
    """The value on one line, in flow style."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key, inside=True)}: {_inside(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inside, value)) + "]"
    return scalar(value)


def _inside(value: Any) -> str:
    return scalar(value, inside=True) if _is_plain(value) else inline(value)


def scalar(value: Any, *, inside: bool = False) -> str:
    """One value; `inside` brackets more texts need quotation marks."""
    if not isinstance(value, str):
        return canonical_json(value)
    safe = (_SAFE_IN_LINE if inside else _SAFE).fullmatch(value)
    if safe and not value.endswith(" ") and not _CONSTANT.fullmatch(value) and not _NUMBER_LIKE.fullmatch(value):
        return value
    if value.isprintable() and "\u2028" not in value:
        return f"'{value.replace(chr(39), chr(39) * 2)}'"
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if sign.isprintable():
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def _is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list | tuple) or not value


def _flat_enough(value: Any) -> bool:
    """Whether it is read at a glance on one line: no brackets in brackets in brackets."""
    return _depth(value) <= 4


def _depth(value: Any) -> int:
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return 1 + max(map(_depth, parts), default=0) if isinstance(value, Mapping | list | tuple) else 0


def _folded(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 40), break_long_words=False, break_on_hyphens=False)
