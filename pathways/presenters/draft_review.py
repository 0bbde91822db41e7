"""A draft as a whole on its review page: the bar, who contributed, what happened to it, what was said."""

from dataclasses import dataclass
from datetime import datetime

from netcare.access import Actor, Capability
from pathways.drafts.policies import contributors
from pathways.models import Draft, Step
from pathways.presenters.draft_gate import GateBar, gate_bar
from pathways.presenters.words import capital, short_digest


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the draft or was said of it."""

    at: datetime
    by: str
    what: str
    text: str
    place: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The page."""

    bar: GateBar
    contributors: tuple[str, ...]
    events: tuple[Event, ...]
    may_comment: bool
    publish_on: str


def review_page(draft: Draft, actor: Actor, now: datetime) -> ReviewPage:
    """The review page of a draft, with everything said in the order in which it was said."""
    events = [
        Event(one.at, one.by_name, capital(Step(one.step).label), one.text, "", short_digest(one.digest))
        for one in draft.steps.order_by("id")
    ]
    events += [
        Event(one.at, one.by_name, "Comment", one.text, one.place, "") for one in draft.comments.order_by("at", "id")
    ]
    return ReviewPage(
        bar=gate_bar(draft, actor, now),
        contributors=tuple(contributors(draft).values()),
        events=tuple(sorted(events, key=lambda event: event.at)),
        may_comment=actor.may(Capability.DRAFT_COMMENT).allowed,
        publish_on=draft.publish_on.isoformat() if draft.publish_on else "",
    )
