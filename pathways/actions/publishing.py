"""Publishing a ruleset version: numbered without gaps, immutable, audited, and followed by a refresh of all lists
and by the recall of the reviews that it would give otherwise.

What it refuses to do: alter a version, or publish content that the engine does not accept.
Who calls it: the loader of the starter pathway; later the approval of a draft.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from netcare.access import Actor
from netcare.access.models import Institution, User
from netcare.audit import record
from netcare.jobs.actions import enqueue
from pathways.drafting.change_lines import change_lines, counted
from pathways.drafting.changes import changes_between
from pathways.engine import Ruleset, read_json
from pathways.models import RulesetVersion
from pathways.treatment_words import forget


@dataclass(frozen=True)
class Loaded:
    """What loading the starter pathway came to: the version that holds it (if any), and what differs from before."""

    version: RulesetVersion | None
    published: bool
    differences: list[str]


@transaction.atomic
def load_starter(*, data: Mapping[str, Any], actor: Actor, at: datetime, as_new_version: bool = False) -> Loaded:
    """Publish the starter pathway as version 1 where nothing is published; otherwise only say what differs.

    With `as_new_version` different content is published under the next number. Raises RulesetError.
    """
    ruleset = Ruleset.from_data(data)
    latest = RulesetVersion.objects.filter(code=ruleset.code).order_by("-version").first()
    if latest is not None and latest.digest == ruleset.digest:
        return Loaded(latest, False, [])
    changed = change_lines(changes_between(read_json(latest.content), data)) if latest else counted(data)
    if latest is not None and not as_new_version:
        return Loaded(None, False, changed)
    version = publish(ruleset=ruleset, note="The starter pathway.", actor=actor, by=None, at=at)
    return Loaded(version, True, changed)


@transaction.atomic
def publish(
    *, ruleset: Ruleset, note: str, actor: Actor, by: User | None, at: datetime, gates: str = ""
) -> RulesetVersion:
    """Store a ruleset as the next version of its pathway, and have every institution's statuses refreshed and reviews
    recalled."""
    last = RulesetVersion.objects.filter(code=ruleset.code).aggregate(last=Max("version"))["last"] or 0
    numbered = ruleset.numbered(last + 1)
    version = RulesetVersion.objects.create(
        code=numbered.code,
        version=numbered.version,
        title=numbered.title,
        digest=numbered.digest,
        content=numbered.canonical,
        note=note,
        gates=gates,
        published_at=at,
        published_by=by,
        published_by_name=actor.name,
    )
    record(
        actor=actor,
        action="ruleset.publish",
        subject=f"{version.code} v{version.version}",
        detail={"digest": version.digest},
        at=at,
    )
    forget()
    for institution in Institution.objects.order_by("name", "id"):
        enqueue(kind="refresh_statuses", payload={"all": True}, institution=institution)
        if version.version > 1:  # before the first one nobody had reviewed anything
            enqueue(kind="recall_reviews", payload={"version": str(version.pk)}, institution=institution)
    return version
