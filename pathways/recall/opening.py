"""What a new version means for one tumor: an entry where the list that was looked at last would be another one.

What it refuses to do: ask twice. Differences that a person has closed for the same list stay closed while they are the
same; an open entry of an earlier version is replaced, and its owner and its earlier due date go along; where nothing
differs any more, open entries close by themselves. Who calls it: the job `recall_reviews`, in a transaction per tumor.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from netcare.access import Capability, User, actor_for_user, system_actor, today_for
from netcare.audit import record
from pathways.engine import Status
from pathways.models import RecallDifference, RecallEntry, RecallEvent, RecallKind, RulesetVersion
from pathways.recall.finding import Difference, differences
from pathways.recall.looked import Looked, last_looked_at
from pathways.recall.reasons import BY_PEOPLE, NO_LONGER_DIFFERS, REPLACED
from pathways.recall.standing import PROGRAM, Move, latest_events, move, one_at_a_time, open_of
from pathways.selectors import ruleset_of
from patients.models import Patient, Tumor
from patients.selectors import visible_patients


class Due:
    """How long somebody has to look again.

    `USUAL`: two weeks, so that every entry is seen before the second board of a center that meets weekly, with a week
    for whoever is away. `SOON`: one week, so that an option that was to be given or discussed and is now ruled out is known
    before the next board. Both are agreed here and not clinical limits; a person can move a date, and says so.
    """

    USUAL = timedelta(days=14)
    SOON = timedelta(days=7)


@transaction.atomic
def recall_tumor(*, tumor: Tumor, version: RulesetVersion, at: datetime) -> RecallEntry | None:
    """Bring the recall of one tumor in line with a version; the entry that was made, or None."""
    one_at_a_time(tumor)
    looked = last_looked_at(tumor)
    if looked is None or RecallEntry.objects.filter(version=version, tumor=tumor).exists():
        return None
    found = [] if looked.snapshot.ruleset_version_id == version.pk else differences(looked, ruleset_of(version))
    before = open_of(tumor)
    if not found:
        for event in before:
            close_by_program(event, NO_LONGER_DIFFERS, at=at)
        return None
    if not before and _closed_by_somebody(tumor, looked, found):
        return None
    entry = _entry(tumor, version, looked, found, at)
    first = _first(entry, looked, found, before, at)
    for event in before:
        close_by_program(event, REPLACED, line=f"v{version.version}", at=at)
    _audit(tumor, "recall.found", entry, {"options": len(found), "due": first.due_on.isoformat()}, at)
    return entry


def close_by_program(event: RecallEvent, reason: str, *, at: datetime, line: str = "") -> None:
    """Close an entry without a person."""
    what = Move(RecallKind.CLOSED, event.owner, event.due_on, reason, line)
    move(event, event.entry, what, by=None, name=PROGRAM, at=at)
    _audit(event.entry.tumor, "recall.close", event.entry, {"reason": reason}, at)


def due_on(found: list[Difference], wanted: frozenset[str], today: date) -> date:
    """Sooner where an option that was to be given or discussed is ruled out now."""
    ruled_out = any(one.option in wanted and one.after == Status.EXCLUDED for one in found)
    return today + (Due.SOON if ruled_out else Due.USUAL)


def may_own(user: User, patient: Patient) -> bool:
    """Whether this person has an account in use and may review this patient now."""
    return visible_patients(actor_for_user(user), Capability.PATIENT_REVIEW).filter(pk=patient.pk).exists()


def _entry(tumor: Tumor, version: RulesetVersion, looked: Looked, found: list[Difference], at: datetime) -> RecallEntry:
    entry = RecallEntry.objects.create(
        tumor=tumor, version=version, snapshot=looked.snapshot, review=looked.review, found_at=at
    )
    RecallDifference.objects.bulk_create(
        RecallDifference(
            entry=entry,
            place=place,
            option=one.option,
            before=one.before,
            after=one.after,
            rules=list(one.rules),
            verdict=one.verdict,
        )
        for place, one in enumerate(found)
    )
    return entry


def _first(
    entry: RecallEntry, looked: Looked, found: list[Difference], before: list[RecallEvent], at: datetime
) -> RecallEvent:
    """The first event: the owner and the date of what it replaces, else whoever had looked and the usual time."""
    patient = entry.tumor.patient
    due = min(
        [due_on(found, looked.wanted, today_for(patient.institution, at=at)), *(event.due_on for event in before)]
    )
    owners = [event.owner for event in before if event.owner] or list(looked.owners)
    owner = next((user for user in owners if may_own(user, patient)), None)
    return move(None, entry, Move(RecallKind.FOUND, owner, due), by=None, name=PROGRAM, at=at)


def _closed_by_somebody(tumor: Tumor, looked: Looked, found: list[Difference]) -> bool:
    """Whether a person has closed just these differences of just this list."""
    events = latest_events().filter(entry__tumor=tumor, entry__snapshot=looked.snapshot, is_open=False)
    last = events.order_by("-entry__version__version", "-id").first()
    if last is None or last.reason not in BY_PEOPLE:
        return False
    known = RecallDifference.objects.filter(entry=last.entry_id).values_list("option", "before", "after")
    return set(known) == {(one.option, one.before, one.after) for one in found}


def _audit(tumor: Tumor, action: str, entry: RecallEntry, detail: dict[str, object], at: datetime) -> None:
    institution = tumor.patient.institution
    record(
        actor=system_actor("recall_reviews", institution=institution, capabilities=frozenset()),
        action=action,
        patient_id=tumor.patient_id,
        institution_id=institution.pk,
        subject=str(entry.pk),
        detail={"tumor": tumor.number, "version": entry.version.version, **detail},
        at=at,
    )
