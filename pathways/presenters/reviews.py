"""Signed reviews for the page: who said what of which option, on which list, and whether it still holds.

What it refuses to do: read the record for what was signed; a signed page shows the snapshot. Who calls it: review views.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pathways.engine import LISTED, Assessment, OptionAssessment, Ruleset, Truth, compare
from pathways.forms.reviews import OptionFields, ReviewForm
from pathways.models import Review, ReviewItem
from pathways.presenters.stops import stop_said
from pathways.presenters.words import STATUS_WORDS, count, listing, show_date, show_instant
from pathways.reviews.reasons import REASONS
from pathways.reviews.snapshots import stored_features, stored_readings


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One option in the form."""

    code: str
    title: str
    status: str
    fields: OptionFields


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One option in a signed review."""

    code: str
    title: str
    status: str
    verdict: str
    reasons: str
    line: str


@dataclass(frozen=True, slots=True)
class WholeRow:
    """One option of the list as it was signed: its status, and the rules that were TRUE or unknown."""

    title: str
    status: str
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One value as the rules read it when it was signed."""

    title: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class SignedReview:
    """A signed review as it is shown and printed."""

    id: str
    tumor_number: int
    signed: str
    as_of: str
    ruleset: str
    digest: str
    code: str
    shared_decision: str
    preferences: str
    remark: str
    validity: str
    expired: bool
    rows: tuple[SaidRow, ...]
    whole: tuple[WholeRow, ...]
    facts: tuple[FactRow, ...]
    # The emergency stops that the list was made under, and the overlay that held them.
    stops: tuple[str, ...]
    overlay: str


def review_options(assessment: Assessment, also: Sequence[str]) -> list[str]:
    """The options of the form: what is known first, then catalogue order; then those somebody asked for."""
    order = list(STATUS_WORDS)
    listed = [o for o in assessment.options if o.status in LISTED]
    listed.sort(key=lambda option: order.index(option.status.value))
    asked = [o for o in assessment.options if o.code in also and o.status not in LISTED]
    return [o.code for o in (*listed, *asked)]


def review_rows(assessment: Assessment, form: ReviewForm) -> list[ReviewRow]:
    """The form's rows."""
    return [
        ReviewRow(
            code, assessment.ruleset.option(code).title, assessment.option(code).status.value, form.of_option(code)
        )
        for code in form.options
    ]


def other_options(assessment: Assessment, shown: Sequence[str]) -> list[tuple[str, str]]:
    """Options that can be added to the form: code, and title with status."""
    return [
        (o.code, f"{assessment.ruleset.option(o.code).title} ({STATUS_WORDS[o.status.value].lower()})")
        for o in assessment.options
        if o.code not in shown
    ]


def signed_review(review: Review, items: Sequence[ReviewItem], assessment: Assessment, today: date) -> SignedReview:
    """What a signed review says, from its snapshot alone."""
    ruleset, snapshot = assessment.ruleset, review.snapshot
    said = {item.option: item for item in items}
    return SignedReview(
        id=str(review.id),
        tumor_number=snapshot.tumor.number,
        signed=f"{review.signed_by_name}, {review.signed_role}, {show_instant(review.signed_at)}",
        as_of=show_date(snapshot.as_of),
        ruleset=str(snapshot.ruleset_version),
        digest=snapshot.ruleset_digest,
        code=review.check_code,
        shared_decision=review.get_shared_decision_display(),
        preferences=review.preferences,
        remark=review.remark,
        validity=validity(review, today),
        expired=review.out_of_date_on is not None and review.out_of_date_on <= today,
        rows=tuple(_said(said[o.code], ruleset) for o in assessment.options if o.code in said),
        whole=tuple(_whole(o, ruleset) for o in assessment.options),
        facts=tuple(_facts(review, ruleset)),
        stops=tuple(
            f"{ruleset.option(o.code).title}. {stop_said(o.stop)}" for o in assessment.options if o.stop is not None
        ),
        overlay=f"Overlay {assessment.overlay.number}, {assessment.overlay.digest}" if assessment.overlay else "",
    )


def differs_today(then: Assessment, now: Assessment) -> str:
    """How many options have another status today and by what, or nothing."""
    changed = compare(then, now).options
    if not changed:
        return ""
    causes = listing(sorted({entry.cause for entry in changed}))
    return f"{count(len(changed), 'option')} with another status, by {causes}"


def validity(review: Review, today: date) -> str:
    """When the list that was signed is or was out of date."""
    if review.out_of_date_on is None:
        return "Time alone changes nothing on this list within a year; new facts or new rules may."
    verb = "Out of date since" if review.out_of_date_on <= today else "Out of date from"
    return f"{verb} {show_date(review.out_of_date_on)} ({review.out_of_date_because}); earlier with new facts or rules."


def _said(item: ReviewItem, ruleset: Ruleset) -> SaidRow:
    reasons = "; ".join(REASONS.get(code, code) for code in item.reasons)
    title = ruleset.option(item.option).title
    return SaidRow(item.option, title, item.status, item.get_verdict_display(), reasons, item.line)


def _whole(option: OptionAssessment, ruleset: Ruleset) -> WholeRow:
    rules = tuple((r.code, r.rule.title) for r in option.rules if r.value is not Truth.FALSE)
    return WholeRow(ruleset.option(option.code).title, option.status.value, rules)


def _facts(review: Review, ruleset: Ruleset) -> list[FactRow]:
    readings, features = stored_readings(review.snapshot), ruleset.dictionary.features
    rows = []
    for name, value in stored_features(review.snapshot).items():
        reading = readings.get(name, {})
        origin = reading.get("source_text") or reading.get("source", "")
        day = show_date(date.fromisoformat(reading["observed_on"])) if reading else ""
        by = f"entered by {reading['entered_by']}" if reading else "derived from the record"
        where = ", ".join(part for part in (origin, day, by) if part)
        rows.append(FactRow(features[name].title, features[name].show(value), where))
    return rows
