"""What waits for somebody on the page where their work begins: recalled lists that are theirs, and outcomes of feedback.

Nothing is shown where nothing waits. Who calls it: the patient list, to which the start page leads clinicians and
coordinators, and the page of a signed review.
"""

from dataclasses import dataclass
from datetime import date

from netcare.access import Actor, Capability
from pathways.engine import Ruleset
from pathways.feedback.selectors import told, told_on, visible_reviews
from pathways.models import RecallEvent, Review
from pathways.presenters.feedback import Outcome, Titles, outcomes
from pathways.presenters.words import count, show_date
from pathways.recall.selectors import narrowed, standings
from pathways.selectors import NoRulesetInForce, ruleset_in_force

MOST_OUTCOMES = 5


@dataclass(frozen=True, slots=True)
class ForYou:
    """The panel: a sentence on the recall list, and outcomes."""

    recall: str
    overdue: str
    outcomes: tuple[Outcome, ...]

    @property
    def any(self) -> bool:
        return bool(self.recall or self.outcomes)


def for_you(actor: Actor, today: date, ruleset: Ruleset | None) -> ForYou:
    """What waits for this person today."""
    mine = _mine(actor, today)
    late = sum(event.due_on < today for event in mine)
    recall = ""
    if mine:
        lists = count(len(mine), "list that you reviewed or took over", "lists that you reviewed or took over")
        recall = (
            f"{lists} would be another one under rules published since; the first is due {show_date(mine[0].due_on)}."
        )
    found = told(actor.user)[:MOST_OUTCOMES] if actor.user and actor.may(Capability.FEEDBACK_OWN).allowed else []
    said = outcomes(found, actor, Titles(ruleset), visible_reviews(actor, found)) if found else []
    return ForYou(recall, f"{late} overdue" if late else "", tuple(said))


def outcomes_of(review: Review, actor: Actor) -> list[Outcome]:
    """What came of what was said in one review; for whoever may read the review."""
    found = told_on(review, actor)
    if not found:
        return []
    try:
        ruleset = ruleset_in_force().ruleset
    except NoRulesetInForce:
        ruleset = None
    return outcomes(found, actor, Titles(ruleset), set())


def _mine(actor: Actor, today: date) -> list[RecallEvent]:
    if not actor.may(Capability.RECALL_READ).allowed:
        return []
    return list(narrowed(standings(actor), "mine", actor, today))
