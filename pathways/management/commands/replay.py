"""`manage.py replay`: make signed assessments again from their snapshots and compare the bytes."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pathways.models import Review, Snapshot
from pathways.reviews.check_code import as_typed
from pathways.reviews.snapshots import NotReplayable, replay


class Command(BaseCommand):
    """Says of each snapshot whether the same facts and rules still give the same bytes."""

    help = "Replay signed assessments byte for byte: all of them, or the one of a check code. Exit 1 if one differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help="the check code of one review")

    def handle(self, *args: Any, **options: Any) -> None:
        snapshots = Snapshot.objects.select_related("ruleset_version", "review").order_by("taken_at", "id")
        if options["code"]:
            review = Review.objects.filter(check_code=as_typed(options["code"])).order_by("id").first()
            if review is None:
                raise CommandError(f"There is no signed review with the code {options['code']}.")
            snapshots = snapshots.filter(review=review)
        same = differ = 0
        for snapshot in snapshots.iterator():
            try:
                replay(snapshot)
                same += 1
            except NotReplayable as reason:
                differ += 1
                self.stderr.write(f"{snapshot.review.check_code}: {reason}")
        self.stdout.write(f"{same} replayed byte for byte, {differ} differ.")
        sys.exit(1 if differ else 0)
