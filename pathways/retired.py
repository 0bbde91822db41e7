"""Entries of the pathway that are no longer in force: the last version that had them, when they went, and why.

Signed reviews, recalls and what changed since last time name rules and options of their day, and their pages stay.
What it refuses to do: bring an entry back; its page shows what was in force, and offers nothing to do.
Who calls it: the pages of options, rules, definitions and sources.
"""

from dataclasses import dataclass

from pathways.drafting.content import Place, changed_places, entry_at
from pathways.drafting.going_with import going_with
from pathways.engine import read_json
from pathways.models import DraftReason, RulesetVersion
from pathways.selectors import PATHWAY


@dataclass(frozen=True)
class Retired:
    """An entry that is gone: the last version that had it, the first without it, and the reason that was given."""

    last: RulesetVersion
    since: RulesetVersion
    why: str
    source: str


def retired(place: Place, pathway: str = PATHWAY) -> Retired | None:
    """When and why an entry went; None for one that is in force or never was."""
    last = _last_with(place, pathway)
    if last is None or entry_at(read_json(last.content), place) is None:
        return None
    since = RulesetVersion.objects.filter(code=pathway, version__gt=last.version).order_by("version").first()
    if since is None:
        return None
    reason = _reason(place, last, since)
    return Retired(last, since, reason.text if reason else since.note, reason.source if reason else "")


def _last_with(place: Place, pathway: str) -> RulesetVersion | None:
    """The latest version with the entry; the database finds those in which the code stands anywhere."""
    key = "id" if place.part in ("sources", "facts") else "code"
    named = RulesetVersion.objects.filter(code=pathway, content__contains=f'"{key}":"{place.code}"')
    return named.order_by("-version").first()


def _reason(place: Place, last: RulesetVersion, since: RulesetVersion) -> DraftReason | None:
    """Why it was taken out, as the draft of the version without it says: of the entry itself, or of what it went with."""
    before = read_json(last.content)
    changes = changed_places(before, read_json(since.content))
    places = [place, *going_with(before, changes).get(place, ())]
    given = DraftReason.objects.filter(draft__published=since, place__in=[str(one) for one in places])
    by_place = {reason.place: reason for reason in given.order_by("id")}
    return next((by_place[str(one)] for one in places if str(one) in by_place), None)
