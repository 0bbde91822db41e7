"""Signing a review: the list that was seen, a word on each option, frozen together.

What it refuses to do: sign a list that changed since it was opened, an incomplete one, or an empty review; the caller
shows the sentence and keeps what was typed. Who calls it: the review page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction

from netcare.access import Actor, Capability, today_for
from netcare.audit import record
from pathways.assessing import TumorAssessment, assess_tumor, facts_digest
from pathways.models import Review, ReviewItem, SharedDecision, Verdict
from pathways.recall.actions import reviewed_again
from pathways.reviews.check_code import check_code
from pathways.reviews.expiry import out_of_date
from pathways.reviews.reasons import REASONS
from pathways.reviews.snapshots import freeze
from patients.actions.shared import Fault, Refused, first_result, person
from patients.models import Tumor
from patients.policies import require_patient

STOPPED_WORDS = "it can be discussed, or be not suitable, but is not brought to the board while it is stopped."


@dataclass(frozen=True)
class Word:
    """What the reviewer says of one option."""

    option: str
    verdict: str
    reasons: tuple[str, ...] = ()
    line: str = ""


@dataclass(frozen=True)
class Draft:
    """A review before it is signed."""

    words: Sequence[Word]
    shared_decision: str
    preferences: str = ""
    remark: str = ""


def seen_token(done: TumorAssessment) -> str:
    """Names the list that a page shows: the same facts, rules, emergency stops and day give the same token."""
    text = f"{facts_digest(dict(done.assessment.record.recorded))} {done.assessment.ruleset.digest} {done.as_of}"
    if done.assessment.overlay:
        text += f" {done.assessment.overlay.digest}"
    return sha256(text.encode()).hexdigest()[:24]


@transaction.atomic
def sign_review(
    *, actor: Actor, tumor: Tumor, seen: str, draft: Draft, now: datetime, submission: UUID | None = None
) -> Review:
    """Sign a review of the list that was seen. Raises NotAllowed, or Refused with what stands in the way.

    `submission` is the key of the form that was sent: a second click finds the review that the first one signed.
    """
    require_patient(actor, Capability.PATIENT_REVIEW, tumor.patient)
    user = person(actor, Capability.PATIENT_REVIEW)
    review_id = uuid4()
    signed = first_result(submission, action="review.sign", user=user, now=now, result=str(review_id))
    if signed is not None:
        return Review.objects.get(id=signed)
    done = assess_tumor(tumor, as_of=today_for(tumor.patient.institution, at=now))
    faults = [*_list_faults(done, seen), *_word_faults(done, draft)]
    if faults:
        raise Refused(faults)
    snapshot = freeze(done, at=now)
    expiry = out_of_date(done)
    review = Review(
        id=review_id,
        snapshot=snapshot,
        signed_by=user,
        signed_by_name=actor.name,
        signed_role=actor.role_titles,
        signed_at=now,
        preferences=draft.preferences.strip(),
        shared_decision=draft.shared_decision,
        remark=draft.remark.strip(),
        out_of_date_on=expiry.on if expiry else None,
        out_of_date_because=expiry.because if expiry else "",
    )
    items = [
        ReviewItem(
            review=review,
            option=word.option,
            status=done.assessment.option(word.option).status.value,
            verdict=word.verdict,
            reasons=list(word.reasons),
            line=word.line.strip(),
        )
        for word in draft.words
    ]
    review.check_code = check_code(review, items, snapshot.digest)
    review.save()
    ReviewItem.objects.bulk_create(items)
    reviewed_again(review, tumor, at=now)
    record(
        actor=actor,
        action="review.sign",
        patient_id=tumor.patient_id,
        institution_id=tumor.patient.institution_id,
        subject=review.check_code,
        detail={"tumor": tumor.number, "options": len(items), "ruleset": snapshot.ruleset_digest},
        at=now,
    )
    return review


def _list_faults(done: TumorAssessment, seen: str) -> list[Fault]:
    if not done.assessment.complete:
        return [
            Fault("", "An option could not be assessed because of a fault in the program; nothing is signed on it.")
        ]
    if seen != seen_token(done):
        return [Fault("", "The list changed since you opened this page: other facts, other rules, or another day. "
                          "What you typed is kept; look at the list again and sign.")]  # fmt: skip
    return []


def _word_faults(done: TumorAssessment, draft: Draft) -> list[Fault]:
    faults = []
    if not draft.words:
        faults.append(Fault("", "Nothing is reviewed yet: say of at least one option what you think of it."))
    if draft.shared_decision not in SharedDecision.values:
        faults.append(
            Fault("shared_decision", "Say whether it was discussed with the patient, or that this is not recorded.")
        )
    for word in draft.words:
        title = done.assessment.ruleset.option(word.option).title if word.option in done.assessment.by_code else ""
        if not title or word.verdict not in Verdict.values or not set(word.reasons) <= set(REASONS):
            faults.append(Fault(word.option, "This is not one of the choices of the page; open it again."))
        elif word.verdict == Verdict.BRING_TO_BOARD and done.assessment.option(word.option).stop:
            faults.append(Fault(word.option, f"{title} is suspended by an emergency stop: {STOPPED_WORDS}"))
        elif word.verdict == Verdict.NOT_SUITABLE and not word.reasons:
            faults.append(Fault(word.option, f"{title}: choose why it is not suitable."))
        elif "other" in word.reasons and not word.line.strip():
            faults.append(Fault(word.option, f"{title}: say in a line what the other reason is."))
        elif len(word.line) > 300:
            faults.append(Fault(word.option, f"{title}: the line has {len(word.line)} characters; 300 are kept."))
    return faults
