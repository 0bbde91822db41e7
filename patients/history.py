"""The four history sets of the data dictionary, derived from the treatments on record; nobody types them.

``prior_treatments``, ``progressed_on``, ``intolerant_to`` and ``current_treatments`` are known only when somebody has
confirmed, on a date, that the treatment history is complete. Until then a treatment on record makes its own comparison
TRUE and says nothing about any other. Called by ``patients.facts``.
"""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pathways.engine import PartialSet
from patients.entry.dates import PartialDate
from patients.models import Course, Outcome, Treatment

HISTORY_SETS = ("prior_treatments", "progressed_on", "intolerant_to", "current_treatments")
# A dated finding of its own, beside the features of the dictionary: value true, or "not known" to take it back.
COMPLETE = "treatment_history_complete"


def history_sets(
    treatments: Iterable[Treatment], *, complete: bool, as_of: date, zone: ZoneInfo
) -> dict[str, tuple[str, ...] | PartialSet]:
    """The history sets as of a date at the institution, whose time zone tells on which day a row was entered.

    A set about which nothing is known is left out.
    """
    members: dict[str, list[str]] = {name: [] for name in HISTORY_SETS}
    doubtful: set[str] = set()
    for treatment in treatments:
        given = had_started(treatment, as_of, zone)
        if given is None:
            doubtful.update(HISTORY_SETS)
        elif given:
            _place(treatment, as_of, zone, members, doubtful)
    sets: dict[str, tuple[str, ...] | PartialSet] = {}
    for name, codes in members.items():
        unique = tuple(dict.fromkeys(codes))
        if complete and name not in doubtful:
            sets[name] = unique
        elif unique:
            sets[name] = PartialSet(unique)
    return sets


def disproved_by(treatments: Iterable[Treatment], confirmed_on: date, confirmed_at: datetime) -> Treatment | None:
    """A treatment that was entered after the history was confirmed complete, and began, or may have begun, before.

    A correction of a treatment that was on record then disproves nothing.
    """
    for treatment in treatments:
        is_new = not hasattr(treatment, "corrects") and treatment.entered_at > confirmed_at
        if is_new and (treatment.started_on is None or treatment.started_on < confirmed_on):
            return treatment
    return None


def _place(
    treatment: Treatment, as_of: date, zone: ZoneInfo, members: dict[str, list[str]], doubtful: set[str]
) -> None:
    members["prior_treatments"].append(treatment.option)
    if Outcome.PROGRESSED in treatment.outcome_codes:
        members["progressed_on"].append(treatment.option)
    if Outcome.NOT_TOLERATED in treatment.outcome_codes:
        members["intolerant_to"].append(treatment.option)
    current = is_current(treatment, as_of, zone)
    if current is None:
        doubtful.add("current_treatments")
    elif current:
        members["current_treatments"].append(treatment.option)


def had_started(treatment: Treatment, as_of: date, zone: ZoneInfo) -> bool | None:
    """Whether it had begun by that date; None where the dates do not tell."""
    if _entered_by(treatment, as_of, zone):
        return True
    if treatment.started_on is None:
        return None
    return _past(PartialDate(treatment.started_on, treatment.started_precision), as_of)


def is_current(treatment: Treatment, as_of: date, zone: ZoneInfo) -> bool | None:
    """Whether a treatment that had begun was still given on that date; None where the record does not tell."""
    if treatment.course == Course.UNKNOWN:
        return None
    if treatment.course == Course.STILL_GIVEN or _entered_by(treatment, as_of, zone):
        return bool(treatment.course == Course.STILL_GIVEN)
    if treatment.stopped_on is None:
        return None
    ended = _past(PartialDate(treatment.stopped_on, treatment.stopped_precision), as_of)
    return None if ended is None else not ended


def _entered_by(treatment: Treatment, as_of: date, zone: ZoneInfo) -> bool:
    """Nothing is recorded before it happens: a row entered by that day tells of something that had happened by then."""
    return bool(treatment.entered_at.astimezone(zone).date() <= as_of)


def _past(when: PartialDate, as_of: date) -> bool | None:
    if when.last <= as_of:
        return True
    return False if when.first > as_of else None
