"""`manage.py load_demo`: the fictional people and patients of the demo. Run again, it adds only what is missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from netcare.access import NotAllowed
from netcare.demo import people
from netcare.demo.board import load_board
from netcare.demo.elsewhere import load_patient_elsewhere
from netcare.demo.records import load_patients
from netcare.demo.refreshing import refresh_now
from pathways.knowledge import KnowledgeError
from pathways.knowledge.demo import demo_patients
from pathways.selectors import NoRulesetInForce, version_in_force
from patients.actions import Refused


class Command(BaseCommand):
    """Loads people first, then patients in the name of the demo's clinicians, then refreshes their statuses."""

    help = "Load the fictional people and patients of the demo; what is there already, and was changed, stays."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        if settings.BEYOND_LOOPBACK:
            raise CommandError(
                "The demo is not loaded: its people have passwords that everybody knows, and ALLOWED_HOSTS names a "
                "host beyond this machine. Load it into a database that is served to this machine alone."
            )
        try:
            version_in_force()
            self._load(verbosity)
        except (KnowledgeError, NoRulesetInForce, Refused, people.DemoRefused) as problem:
            raise CommandError(f"The demo could not be loaded whole. {problem}") from problem
        except NotAllowed as denial:
            raise CommandError(
                f"The demo could not be loaded whole. {denial} The demo's clinicians need the role and the teams "
                "that they were made with."
            ) from denial

    def _load(self, verbosity: int) -> None:
        now, entries = timezone.now(), demo_patients()
        lines = list(people.load_people(now=now))
        self._say(lines, verbosity)
        here, elsewhere = people.clinician(), people.clinician("outsider")
        added = 0
        team = people.team_named(here, people.NET_TEAM)
        for entered in load_patients(entries, actor=here, teams=[team], now=now):
            self._say([f"  {entered}"], verbosity)
            added += 1
        self._say([f"  {line}" for line in load_board(now=now)], verbosity)
        other = people.team_named(elsewhere, people.OTHER_TEAM)
        if line := load_patient_elsewhere(actor=elsewhere, team=other, now=now):
            self._say([f"  {line}"], verbosity)
        refreshed = refresh_now(here.home) + refresh_now(elsewhere.home)
        if added or lines:
            self._say([f"Demo: {added} fictional patients loaded, the statuses of {refreshed} refreshed."], verbosity)
        else:
            self._say(
                [f"Demo: its {len(entries)} fictional patients are there already; nothing was changed."], verbosity
            )

    def _say(self, lines: list[str], verbosity: int) -> None:
        if verbosity:
            for line in lines:
                self.stdout.write(line)
            self.stdout.flush()
