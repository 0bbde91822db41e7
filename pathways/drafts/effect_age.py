"""When the effect of a draft is too old to be relied on: days went by, a list was signed, a stop came or went, or data of
patients were recorded since.

Where data are entered all day, some are always newer than the run; those of its first hour do not count, so that an
approver can look, acknowledge and let pass. What it refuses to do: let groups that changed pass for those that were
acknowledged; that is for the keys of the groups. Who calls it: the gate, the page of the effect, the daily publication.
"""

from datetime import datetime, timedelta

from pathways.models import EffectRun, Snapshot, StopOverlay
from pathways.presenters.words import show_instant
from patients.selectors import recorded_since

LASTS = timedelta(days=7)
SETTLES = timedelta(hours=1)
AGAIN = "compute it again. Groups that stay as they are stay acknowledged."


def grown_old(run: EffectRun, now: datetime) -> str:
    """Why a finished run does not count any more, as a sentence; empty where it does."""
    at = show_instant(run.asked_at)
    if now - run.asked_at > LASTS:
        return f"Its effect was computed on {at}, more than {LASTS.days} days ago: {AGAIN}"
    if StopOverlay.objects.filter(made_at__gt=run.asked_at).exists():
        return f"An emergency stop was placed or lifted since its effect was computed on {at}: {AGAIN}"
    if now - run.asked_at > SETTLES and has_news(run):
        return f"Data of patients were recorded since its effect was computed on {at}: {AGAIN}"
    return ""


def has_news(run: EffectRun) -> bool:
    """Whether anything that the run would compare was recorded or signed since."""
    return recorded_since(run.asked_at) or Snapshot.objects.filter(taken_at__gt=run.asked_at).exists()
