"""`manage.py ruleset export|verify`: a published version as a file that `assess --ruleset` and others can read."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pathways.engine import RulesetError
from pathways.models import RulesetVersion
from pathways.selectors import (
    NoRulesetInForce,
    VersionDamaged,
    ruleset_of,
    version_in_force,
    version_numbered,
    versions,
)


class Command(BaseCommand):
    """Exports a version, or checks that every published version still is what was published."""

    help = "Export a published version of the pathway, or verify all of them against their digests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="print a version in its canonical form")
        export.add_argument("--number", type=int, help="the version's number; the one in force if left out")
        verbs.add_parser("verify", help="check every version's content against its digest")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "export":
            self.stdout.write(_version(options["number"]).content)
            return
        damaged = 0
        for version in versions():
            try:
                ruleset_of(version)
                self.stdout.write(f"{version}: {version.digest} holds.")
            except (VersionDamaged, RulesetError, ValueError) as error:
                damaged += 1
                self.stderr.write(f"{version}: {error}")
        sys.exit(1 if damaged else 0)


def _version(number: int | None) -> RulesetVersion:
    try:
        found = version_in_force() if number is None else version_numbered(number)
    except NoRulesetInForce as reason:
        raise CommandError(str(reason)) from reason
    if found is None:
        raise CommandError(
            f"There is no version {number}. Published are {', '.join(str(v.version) for v in versions())}."
        )
    return found
