"""What follows from decisions, over all meetings: the list of items with how many are open, late, conditional or closed.

An item without a due date is listed as such and never as done. Called by the views of follow-up and of the start page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import F, Q

from boards.models import CLOSING, FollowUp, FollowUpKind, Outcome
from boards.presenters.decided import ItemLine, item_line
from boards.selectors import items_within
from netcare.access import Actor

SHOWS = {
    "open": "Open",
    "late": "Late",
    "conditions": "Conditional, open",
    "undated": "Open without a date",
    "closed": "Closed",
}
STILL_OPEN = Q(outcome__isnull=True) | Q(outcome=Outcome.OPEN)
PER_PAGE = 50
SEARCHED = (
    "decision__case__tumor__patient__family_name", "decision__case__tumor__patient__given_name",
    "decision__case__tumor__patient__mrn", "owner_name", "what",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FollowUpCount:
    """One filter with how many it holds."""

    code: str
    title: str
    number: int
    current: bool


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """The list as it is narrowed."""

    page: Page[FollowUp]
    rows: tuple[ItemLine, ...]
    counts: tuple[FollowUpCount, ...]
    show: str
    text: str

    @property
    def any(self) -> bool:
        return any(one.number for one in self.counts)

    @property
    def patients(self) -> list[object]:
        """Whose data the page holds, for its audit row."""
        return list(dict.fromkeys(item.decision.case.tumor.patient_id for item in self.page))


def follow_up_page(actor: Actor, query: Mapping[str, str], today: date) -> FollowUpPage:
    """The items within reach; `show` and `q` of the address narrow them, a word that is not known narrows nothing."""
    show = query.get("show", "")
    show, text = show if show in SHOWS else "open", query.get("q", "").strip()[:200].replace("\x00", "")
    found = items_within(actor).filter(_named(text))
    counts = tuple(
        FollowUpCount(code, title, found.filter(_is(code, today)).count(), code == show)
        for code, title in SHOWS.items()
    )
    order = (F("due_on").asc(nulls_last=True), "decision__meeting__begins_at", "decision_id", "number")
    page = Paginator(found.filter(_is(show, today)).order_by(*order), PER_PAGE).get_page(query.get("page"))
    rows = tuple(item_line(item, item.decision, today) for item in page)
    return FollowUpPage(page, rows, counts, show, text)


def follow_up_said(actor: Actor, today: date) -> str:
    """'5 open, 2 late'; nothing where nothing follows from any decision within reach."""
    found = items_within(actor)
    still, late = (found.filter(_is(show, today)).count() for show in ("open", "late"))
    return f"{still} open, {late} late" if still or found.exists() else ""


def _is(show: str, today: date) -> Q:
    """The condition of a filter on items with where they stand."""
    match show:
        case "late":
            return STILL_OPEN & Q(due_on__lt=today)
        case "conditions":
            return STILL_OPEN & Q(kind=FollowUpKind.CONDITION)
        case "undated":
            return STILL_OPEN & Q(due_on__isnull=True)
        case "closed":
            return Q(outcome__in=CLOSING)
        case _:
            return STILL_OPEN


def _named(text: str) -> Q:
    condition = Q()
    for word in text.split():
        one = Q()
        for name in SEARCHED:
            one |= Q(**{f"{name}__icontains": word})
        condition &= one
    return condition
