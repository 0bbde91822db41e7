"""`manage.py invent_patients`: invented patients in any number, marked as invented, from a seed."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from netcare.access import NotAllowed
from netcare.demo import people
from netcare.demo.inventing import enter_invented
from patients.actions import Refused

MOST = 99_999


class Command(BaseCommand):
    """Adds what is missing up to the number asked for; progress is printed."""

    help = "Have so many invented patients, marked as such; run again with the same number, it adds none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, required=True, help="how many invented patients there are to be")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other patients (default 1)")

    def handle(self, *args: Any, count: int, seed: int, verbosity: int, **options: Any) -> None:
        if not 1 <= count <= MOST:
            raise CommandError(f"The number of invented patients is {count}. Accepted is 1 to {MOST}.")
        if settings.BEYOND_LOOPBACK:
            raise CommandError(
                "Invented patients are not loaded where ALLOWED_HOSTS names a host beyond this machine: they do not "
                "belong among real ones."
            )
        try:
            self._enter(count, seed, verbosity)
        except (Refused, people.DemoRefused, NotAllowed) as problem:
            raise CommandError(
                f"The invented patients could not all be entered. {problem} Those entered before stay."
            ) from problem

    def _enter(self, count: int, seed: int, verbosity: int) -> None:
        actor, began, done = people.clinician(), time.monotonic(), 0
        teams = [people.team_named(actor, name) for name in (people.NET_TEAM, people.SURGERY_TEAM)]
        for done, total in enter_invented(count=count, seed=seed, actor=actor, teams=teams, now=timezone.now()):
            if verbosity and (done == total or done % 200 == 0):
                self.stdout.write(f"  {done} of {total} invented patients, {time.monotonic() - began:.0f} s")
                self.stdout.flush()
        if verbosity and not done:
            self.stdout.write(f"Invented patients: {count} are there already; nothing was changed.")
        elif verbosity:
            self.stdout.write("Invented patients: their statuses are computed in the background once netcare runs.")
