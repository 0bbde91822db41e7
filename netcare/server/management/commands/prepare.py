"""Bring the database up to date and load what netcare begins with; safe to run at every start.

Called by `make setup` and `make demo`. With `--demo` it also loads the fictional people and patients, unless they are
there already: what somebody entered or corrected stays.
"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Migrate, load the starter pathway and, with --demo, the fictional people and patients."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="also load the fictional people and patients")
        parser.add_argument("--patients", type=int, default=0, help="have this many invented patients (default 0)")

    def handle(self, *args: Any, demo: bool, patients: int, verbosity: int, **options: Any) -> None:
        if patients < 0:
            raise CommandError(f"The number of invented patients is {patients}. Accepted is 0 or more.")
        self._migrate()
        call_command("load_pathway", verbosity=verbosity, stdout=self.stdout)
        if demo:
            call_command("load_demo", verbosity=verbosity, stdout=self.stdout)
        if patients:
            call_command("invent_patients", count=patients, verbosity=verbosity, stdout=self.stdout)

    def _migrate(self) -> None:
        """As the owner where the application's role owns nothing; migrating gives the role exactly what it needs."""
        owner = "owner" if "owner" in settings.DATABASES else "default"
        call_command("migrate", database=owner, interactive=False, verbosity=0)
