"""`manage.py assess FILE`: the machine door on the command line.

Exit status 0: all well; 1: it cannot run; 2: bad input; 3: something was not assessed. Errors stand on standard error.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from pathways.doors import Answer, NotReadable, Refusal, decoded, handle, read
from pathways.engine import Overlay, Ruleset, RulesetError
from pathways.knowledge import KnowledgeError
from pathways.knowledge.ruleset_files import read_for_assessing
from pathways.selectors import NoRulesetInForce, VersionDamaged, ruleset_in_force

CANNOT_RUN, BAD_INPUT, NOT_ASSESSED = 1, 2, 3


class CannotRun(Exception):
    """The command cannot run at all; the text says why and what to do."""


class Command(BaseCommand):
    """Reads objects {"id", "features"}, prints one assessment per line."""

    help = "Assess features given as JSON: one assessment per line on standard output, errors on standard error."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a JSON file with one object or a list of them, or - for standard input")
        parser.add_argument("--jsonl", action="store_true", help="the input has one object per line")
        parser.add_argument(
            "--ruleset", type=Path, help="an exported ruleset, YAML or JSON, instead of the published one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                # The bytes are UTF-8 with one line feed, whatever the locale of the machine is.
                stream.reconfigure(encoding="utf-8", newline="\n")
        try:
            data = _data(options["file"])
            ruleset, overlay = _ruleset(options["ruleset"])
        except CannotRun as reason:
            self.stderr.write(str(reason))
            sys.exit(CANNOT_RUN)
        sys.exit(self._assess(_outcomes(data, ruleset, overlay, lines=options["jsonl"])))

    def _assess(self, outcomes: Iterator[Answer | Refusal | NotReadable]) -> int:
        refused = incomplete = False
        for outcome in outcomes:
            match outcome:
                case Answer():
                    self.stdout.write(outcome.text())
                    incomplete = incomplete or not outcome.complete
                case Refusal():
                    refused = True
                    self.stderr.write("\n".join(outcome.lines()))
                case NotReadable():
                    refused = True
                    self.stderr.write(str(outcome))
        return BAD_INPUT if refused else NOT_ASSESSED if incomplete else 0


def _outcomes(
    data: bytes, ruleset: Ruleset, overlay: Overlay | None, *, lines: bool
) -> Iterator[Answer | Refusal | NotReadable]:
    if not lines:
        try:
            found = read(decoded(data))
        except NotReadable as error:
            yield error
            return
        items = found if isinstance(found, list) else [found]
        for number, item in enumerate(items, 1):
            yield handle(item, ruleset, f"object {number}", overlay)
        return
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            try:
                yield handle(read(decoded(line)), ruleset, f"line {number}", overlay)
            except NotReadable as error:
                yield NotReadable(f"line {number}: {error}")


def _data(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CannotRun(f"{name} cannot be read: {error.strerror}.") from error


def _ruleset(path: Path | None) -> tuple[Ruleset, Overlay | None]:
    """The ruleset and the emergency stops over it: those of the database are over its own version, not over a file."""
    try:
        if path is None:
            in_force = ruleset_in_force()
            return in_force.ruleset, in_force.overlay
        return read_for_assessing(path), None
    except (NoRulesetInForce, VersionDamaged) as reason:
        raise CannotRun(str(reason)) from reason
    except DatabaseError as error:
        raise CannotRun(
            "The database has no netcare tables yet or cannot be reached. Prepare it with: python manage.py migrate "
            "and python manage.py load_pathway"
        ) from error
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.") from error
    except (KnowledgeError, RulesetError) as error:
        raise CannotRun(f"{path} is not a ruleset: {error}") from error
