"""What is noted on a day beside reports and measurements: the course, referrals to the board, signed reviews.

Each has a lane of its own. Days are those of the patient's institution. Called by the presenter of the page.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from pathways.drawing.timeline import Glyph
from pathways.models import Review
from pathways.presenters.timeline.entries import Noted, day_entry
from patients.links import data_url
from patients.models import Patient, PatientNote, Referral


def notes_noted(patient: Patient, notes: Sequence[PatientNote]) -> list[Noted]:
    """The notes, each on the day that it speaks of."""
    url = f"{data_url(patient)}#notes"
    found = []
    for note in sorted(notes, key=lambda one: (one.observed_on, one.entered_at, one.sequence)):
        origin = note.source_text or note.get_source_display()
        kind = f"Note: {note.get_kind_display()}"
        entry = day_entry(f"note-{note.id}", kind, note.observed_on, note.text, origin=origin, url=url)
        found.append(Noted("course", Glyph.NOTE, " ".join(note.text.split()), entry))
    return found


def referrals_noted(
    patient: Patient, referrals: Sequence[Referral], *, known_at: datetime | None = None
) -> list[Noted]:
    """When the patient was brought to the board, with the question."""
    found = []
    for referral in referrals:
        entry = day_entry(
            f"referral-{referral.id}",
            "Board",
            _day(referral.referred_at, patient),
            "Referred to the board",
            value=referral.question,
            details="withdrawn later" if _withdrawn(referral, known_at) else "",
            origin=f"referred by {referral.referred_by.display_name}",
        )
        found.append(Noted("board", Glyph.BOARD, "referred", entry))
    return found


def _withdrawn(referral: Referral, known_at: datetime | None) -> bool:
    return referral.withdrawn_at is not None and (known_at is None or referral.withdrawn_at <= known_at)


def reviews_noted(patient: Patient, reviews: Sequence[Review]) -> list[Noted]:
    """The signed reviews, each a link to what was signed."""
    found = []
    for review in reviews:
        version = review.snapshot.ruleset_version
        rules = f"{version.title} v{version.version}"
        entry = day_entry(
            f"review-{review.id}",
            "Signed review",
            _day(review.signed_at, patient),
            f"Signed by {review.signed_by_name}",
            value=review.signed_role,
            details=rules,
            url=reverse("pathways:review_signed", args=[patient.id, review.id]),
        )
        found.append(Noted("review", Glyph.REVIEW, f"{review.signed_by_name}, v{version.version}", entry))
    return found


def _day(at: datetime, patient: Patient) -> date:
    return at.astimezone(ZoneInfo(patient.institution.time_zone)).date()
