"""`manage.py ruleset export|import|verify|diff|schema`: rulesets as files, checked and compared in sentences.

Exit status 0: all well; 1: it cannot run, or something does not hold; 2: the file given is refused. Nothing comes into
force by it.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from netcare.access import NotAllowed
from pathways import exchange
from pathways.drafts.from_file import draft_from_file
from pathways.engine import RulesetError
from pathways.knowledge import KnowledgeError
from pathways.knowledge.exported import json_schema
from pathways.knowledge.one_file import to_yaml
from pathways.knowledge.ruleset_files import read_ruleset_file
from pathways.selectors import VersionDamaged, ruleset_of
from patients.actions.shared import Refused

CANNOT_RUN, BAD_INPUT = 1, 2
CHECKED = "The file was checked and nothing was changed."


class Command(BaseCommand):
    """Exports a version, checks a file or a version, and says what differs between two of them."""

    help = "Export a published version as one file, check a file or a version, or say what differs between two."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="write a version as one file")
        export.add_argument("--number", type=int, help="the version's number; the one in force if left out")
        export.add_argument("--format", choices=["yaml", "json"], default="yaml", help="json is the canonical form")
        export.add_argument("--out", type=Path, help="the file to write; standard output if left out")
        taken = verbs.add_parser(
            "import", help="check a file whole and say what it would change; with --as-draft, open a draft of it"
        )
        taken.add_argument("file", help="a ruleset file, YAML or JSON")
        taken.add_argument("--as-draft", metavar="TITLE", help="open a draft with its content")
        taken.add_argument("--by", metavar="USERNAME", help="the pathway editor in whose name the draft is opened")
        verify = verbs.add_parser("verify", help="digests, test patients and proofs")
        which = verify.add_mutually_exclusive_group()
        which.add_argument("which", nargs="?", help="a file or a version's number; without it, all that is published")
        which.add_argument("--number", type=int, help="one published version")
        diff = verbs.add_parser("diff", help="what differs between two, each a version's number or a file")
        diff.add_argument("before")
        diff.add_argument("after")
        verbs.add_parser("schema", help="print the JSON Schema of a ruleset file")

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        try:
            status = getattr(self, f"_{options['verb']}")(options)
        except KnowledgeError as error:
            status = self._say_why(BAD_INPUT, f"The file is refused, and nothing was changed.\n{error}")
        except (exchange.NotThere, VersionDamaged, RulesetError) as error:
            status = self._say_why(CANNOT_RUN, str(error))
        except OSError as error:
            status = self._say_why(CANNOT_RUN, f"{error.filename}: {error.strerror}.")
        except DatabaseError:
            status = self._say_why(CANNOT_RUN, "The database cannot be read. Prepare it with: python manage.py migrate")
        if status:
            sys.exit(status)

    def _say_why(self, status: int, text: str) -> int:
        self.stderr.write(text)
        return status

    def _export(self, options: dict[str, Any]) -> int:
        version = exchange.version_for(options["number"])
        ruleset = ruleset_of(version)
        text = to_yaml(ruleset) if options["format"] == "yaml" else f"{ruleset.canonical}\n"
        if options["out"] is None:
            self.stdout.write(text, ending="")
        else:
            options["out"].write_text(text, encoding="utf-8", newline="\n")
            self.stdout.write(f"{version} was written to {options['out']}, {version.digest}.")
        return 0

    def _import(self, options: dict[str, Any]) -> int:
        ruleset = read_ruleset_file(options["file"])
        told = exchange.compared_with_force(ruleset)
        if not options["as_draft"]:
            self._print([*told, f"{ruleset.digest}. {CHECKED}"])
            return 0
        actor = exchange.editor_named(options["by"])
        try:
            draft = draft_from_file(actor=actor, ruleset=ruleset, title=options["as_draft"], now=timezone.now())
        except (Refused, NotAllowed) as refused:
            return self._say_why(BAD_INPUT, f"No draft was opened. {refused}")
        self._print([*told, f"The draft “{draft.title}” holds it; nothing of it is in force. {draft.digest}."])
        return 0

    def _verify(self, options: dict[str, Any]) -> int:
        lines: list[exchange.Line] = []
        which = options["which"]
        number = int(which) if which and exchange.is_number(which) else options["number"]
        if which and number is None:
            ruleset = exchange.ruleset_named(which)
            lines = [exchange.Line(f"{which}: {ruleset.digest}, every entry has its shape.")]
        else:
            lines = list(exchange.digests())
            ruleset = ruleset_of(exchange.version_for(number))
        lines += exchange.checked(ruleset)
        for line in lines:
            (self.stderr if line.fault else self.stdout).write(line.text)
        return CANNOT_RUN if any(line.fault for line in lines) else 0

    def _diff(self, options: dict[str, Any]) -> int:
        before, after = (exchange.ruleset_named(options[name]) for name in ("before", "after"))
        self._print(exchange.differences(before, after))
        return 0

    def _schema(self, options: dict[str, Any]) -> int:
        self._print([json.dumps(json_schema(), indent=2, ensure_ascii=False, sort_keys=False)])
        return 0

    def _print(self, lines: Iterable[str]) -> None:
        self.stdout.write("\n".join(lines))
