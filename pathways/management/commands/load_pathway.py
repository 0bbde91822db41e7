"""`manage.py load_pathway`: the starter pathway into the database, as version 1, published. Can be run again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from netcare.access import system_actor
from pathways.actions.publishing import load_starter
from pathways.engine import RulesetError
from pathways.knowledge import STARTER, KnowledgeError, load


class Command(BaseCommand):
    """Loads the knowledge files, checks them whole, and publishes or says what differs."""

    help = "Load the starter pathway: publish it as version 1, or say what differs from the version in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--directory", type=Path, default=STARTER, help="where the knowledge files are")
        parser.add_argument(
            "--as-new-version", action="store_true", help="publish files that differ from the version in force"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = load(options["directory"]).as_ruleset_data()
            loaded = load_starter(
                data=data,
                actor=system_actor("load_pathway", capabilities=frozenset()),
                at=timezone.now(),
                as_new_version=options["as_new_version"],
            )
        except (KnowledgeError, RulesetError) as error:
            raise CommandError(f"The pathway was not loaded, and nothing was changed.\n{error}") from error
        for line in loaded.differences:
            self.stdout.write(f"  {line}")
        if loaded.version is None:
            self.stdout.write(
                "The files differ from the version in force as listed; nothing was changed. "
                "To publish them as the next version, add --as-new-version."
            )
        elif loaded.published:
            self.stdout.write(f"Published {loaded.version}, {loaded.version.digest}.")
        else:
            self.stdout.write(f"Unchanged: {loaded.version} holds these files already.")
