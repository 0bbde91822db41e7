"""How often an option was called not suitable, by the reasons that held then, by why, and by version.

What counts is the signed review, and the indications that were TRUE on its own list; an option without one is counted
under no rule. What it refuses to do: tell an editor about another institution's few. A number of fewer than five from
elsewhere is not told, nor is any sum from which it could be reckoned. Lines that reviewers typed can name a patient:
they are shown for fictional patients of the editor's own institution alone. Who calls it: the feedback pages.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet

from netcare.access import Actor, Capability
from pathways.models import ReviewItem, Snapshot, Verdict
from patients.selectors import visible_patients

# Fewer than this many from other institutions are not told: so few could be known patients.
FEWEST_TOLD = 5
MOST_LINES = 200


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What is counted: an option, a rule that held ('' where none did), a reason, a version."""

    option: str
    rule: str
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Counted:
    """One cell with the editor's own number, and that from elsewhere where it may be told (else None)."""

    cell: Cell
    own: int
    elsewhere: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """What a reviewer typed about a fictional patient."""

    option: str
    reasons: tuple[str, ...]
    line: str
    version: int
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the counts are narrowed to; empty narrows nothing."""

    option: str = ""
    rule: str = ""
    reason: str = ""
    version: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Wanted":
        """From the address of the page."""
        version = query.get("version", "")
        number = int(version) if version.isascii() and version.isdigit() and len(version) < 7 else None
        return cls(*(query.get(name, "").strip()[:60] for name in ("option", "rule", "reason")), number)

    def holds(self, cell: Cell) -> bool:
        """Whether a cell is among what is asked for."""
        asked = ((self.option, cell.option), (self.rule, cell.rule), (self.reason, cell.reason))
        return all(not wish or wish == value for wish, value in asked) and self.version in (None, cell.version)


def said_not_suitable() -> QuerySet[ReviewItem]:
    """Every "not suitable" of a signed review, with the version and the institution it came from."""
    along = ("review__snapshot__ruleset_version", "review__snapshot__tumor__patient")
    found = ReviewItem.objects.filter(verdict=Verdict.NOT_SUITABLE).select_related(*along)
    heavy = ("result", "features", "readings")
    return found.defer(
        *(f"review__snapshot__{name}" for name in heavy), "review__snapshot__ruleset_version__content"
    ).order_by("review__signed_at", "id")


def cells_of(item: ReviewItem) -> Iterator[Cell]:
    """The cells to which one item counts: each of its reasons for each rule that held."""
    snapshot = item.review.snapshot
    for rule in reasons_that_held(snapshot.pk).get(item.option, ()) or ("",):
        for reason in item.reasons:
            yield Cell(item.option, rule, reason, snapshot.ruleset_version.version)


@lru_cache(maxsize=20_000)
def reasons_that_held(snapshot_id: UUID) -> dict[str, tuple[str, ...]]:
    """For each option the indications that were TRUE on a signed list. A snapshot never changes, so it is read once."""
    result = json.loads(Snapshot.objects.values_list("result", flat=True).get(pk=snapshot_id))
    return {option["code"]: held for option in result["options"] if (held := tuple(_held(option)))}


def _held(option: Mapping[str, object]) -> Iterator[str]:
    for rule in option.get("rules") or ():  # type: ignore[attr-defined]
        if rule["effect"] == "indication" and rule["value"] == "true":
            yield rule["code"]


def counts(actor: Actor, wanted: Wanted) -> list[Counted]:
    """The cells that may be told, those of the most own numbers first. Cells are never added up."""
    own: Counter[Cell] = Counter()
    elsewhere: Counter[Cell] = Counter()
    for item in said_not_suitable():
        here = item.review.snapshot.tumor.patient.institution_id == actor.institution_id
        (own if here else elsewhere).update(cell for cell in cells_of(item) if wanted.holds(cell))
    told = [
        Counted(cell, own[cell], elsewhere[cell] if elsewhere[cell] >= FEWEST_TOLD else None)
        for cell in {*own, *elsewhere}
        if own[cell] or elsewhere[cell] >= FEWEST_TOLD
    ]
    return sorted(told, key=lambda one: (-one.own, -(one.elsewhere or 0), one.cell))


def lines(actor: Actor, wanted: Wanted) -> list[Line]:
    """What was typed about fictional patients of the actor's own institution, the latest first; nothing of real ones."""
    fictional = visible_patients(actor, Capability.PATIENT_LIST).filter(fictional=True)
    items = said_not_suitable().filter(review__snapshot__tumor__patient__in=fictional).exclude(line="")
    found = [_line(item) for item in items if any(wanted.holds(cell) for cell in cells_of(item))]
    return found[::-1][:MOST_LINES]


def _line(item: ReviewItem) -> Line:
    snapshot = item.review.snapshot
    return Line(
        item.option, tuple(item.reasons), item.line, snapshot.ruleset_version.version, snapshot.tumor.patient_id
    )


def by_option(found: Iterable[Counted]) -> dict[str, list[Counted]]:
    """The cells of each option, in the order in which options first come."""
    groups: dict[str, list[Counted]] = defaultdict(list)
    for one in found:
        groups[one.cell.option].append(one)
    return dict(groups)
