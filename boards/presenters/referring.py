"""What the form of a referral begins with: who asks presents, and what a signed review brought to the board is the question.

It proposes words that the clinician changes or sends; it refers nobody. Called by the view of a patient's cases.
"""

from typing import Any

from boards.selectors import people_of
from netcare.access import Actor
from pathways.models import Review, Verdict
from pathways.presenters.words import count, listing, show_date
from pathways.reviews.selectors import items_of
from pathways.selectors import ruleset_of
from patients.models import Patient

MOST_NAMED = 4


def referral_begins(actor: Actor, patient: Patient, review: Review | None) -> dict[str, Any]:
    """The initial values of the form: question, presenter, and the tumor of the review."""
    begins: dict[str, Any] = {}
    if people_of(patient.institution).filter(pk=actor.id).exists():
        begins["presenter"] = str(actor.id)
    if review is not None:
        begins |= {"question": question_of(review), "tumor": str(review.snapshot.tumor.number)}
    return begins


def question_of(review: Review) -> str:
    """What the review brings to the board, as a question to be changed; empty where it brings nothing."""
    ruleset = ruleset_of(review.snapshot.ruleset_version)
    codes = [item.option for item in items_of(review) if item.verdict == Verdict.BRING_TO_BOARD]
    titles = [option.title for option in ruleset.options if option.code in codes]
    if not titles:
        return ""
    more = len(titles) - MOST_NAMED
    named = [*titles[:MOST_NAMED], *([count(more, "more option")] if more > 0 else [])]
    return f"Brought to the board by the review of {show_date(review.signed_at.date())}: {listing(named)}?"[:500]
