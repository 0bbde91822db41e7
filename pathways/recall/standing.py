"""Where an entry of the recall list stands, and the one way to move it: its last event, and the next number.

What it refuses to do: decide who may; the actions do. Who calls it: the actions and the selectors of recall, and the job.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from netcare.access import User
from pathways.models import RecallEntry, RecallEvent, RecallKind
from patients.actions.shared import Fault, Refused
from patients.models import Tumor

PROGRAM = "netcare"


@dataclass(frozen=True)
class Move:
    """What one event does: its kind, the state it leaves, and why."""

    kind: RecallKind
    owner: User | None
    due_on: date
    reason: str = ""
    line: str = ""

    def is_what(self, event: RecallEvent) -> bool:
        """Whether the event did just this: a second click changes nothing and is no mistake."""
        mine = (self.kind, self.owner.pk if self.owner else None, self.due_on, self.reason, self.line)
        return mine == (event.kind, event.owner_id, event.due_on, event.reason, event.line)


def latest_events() -> QuerySet[RecallEvent]:
    """The last event of every entry: where it stands."""
    later = RecallEvent.objects.filter(entry=OuterRef("entry"), number__gt=OuterRef("number"))
    return RecallEvent.objects.filter(~Exists(later))


def standing_of(entry: RecallEntry) -> RecallEvent:
    """The last event of one entry."""
    return RecallEvent.objects.filter(entry=entry).select_related("owner", "by").order_by("-number")[0]


def open_of(tumor: Tumor) -> list[RecallEvent]:
    """The last events of the entries of a tumor that are open, the latest version's last."""
    found = latest_events().filter(entry__tumor=tumor, is_open=True)
    return list(found.select_related("entry__version", "owner").order_by("entry__version__version", "id"))


def one_at_a_time(tumor: Tumor) -> None:
    """Hold the tumor until the transaction ends, so that signing and recalling take turns."""
    Tumor.objects.select_for_update().get(pk=tumor.pk)


@transaction.atomic
def move(
    standing: RecallEvent | None, entry: RecallEntry, what: Move, *, by: User | None, name: str, at: datetime
) -> RecallEvent:
    """Append the next event after `standing`. Raises Refused where somebody else was faster."""
    event = RecallEvent(
        entry=entry,
        number=standing.number + 1 if standing else 1,
        kind=what.kind,
        is_open=what.kind != RecallKind.CLOSED,
        owner=what.owner,
        due_on=what.due_on,
        reason=what.reason,
        line=what.line,
        by=by,
        by_name=name,
        at=at,
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        raise meanwhile(standing_of(entry)) from None
    return event


def meanwhile(event: RecallEvent) -> Refused:
    """The sentence for whoever acted on a state that is no longer so."""
    return Refused(
        [
            Fault(
                "",
                f"This entry was {event.get_kind_display()} by {event.by_name} meanwhile. Nothing was saved; look again.",
            )
        ]
    )
