"""Reads of signed reviews. Patients are checked by the caller's policy before. Who calls it: views and presenters."""

from uuid import UUID

from pathways.models import Review, ReviewItem
from patients.models import Patient, Tumor

_WITH = ("snapshot__ruleset_version", "snapshot__tumor__patient__institution")


def reviews_of(tumor: Tumor) -> list[Review]:
    """The signed reviews of a tumor, the latest first."""
    rows = Review.objects.filter(snapshot__tumor=tumor).select_related(*_WITH)
    return list(rows.order_by("-signed_at", "-id"))


def latest_review(tumor: Tumor) -> Review | None:
    """The review signed last, or None."""
    return Review.objects.filter(snapshot__tumor=tumor).select_related(*_WITH).order_by("-signed_at", "-id").first()


def review_of(patient: Patient, review_id: UUID) -> Review | None:
    """One signed review of a patient, or None."""
    rows = Review.objects.filter(snapshot__tumor__patient=patient, id=review_id).select_related(*_WITH)
    return rows.order_by("id").first()


def review_with_code(code: str) -> Review | None:
    """The signed review with a check code, or None."""
    return Review.objects.filter(check_code=code).select_related(*_WITH).order_by("id").first()


def items_of(review: Review) -> list[ReviewItem]:
    """What was said of each option."""
    return list(ReviewItem.objects.filter(review=review).order_by("option"))
