"""The effect of a draft on the patients on record in one line beside a rule: who gains and who loses its option.

What it refuses to do: compute; or show a run of another wording. Counts are of the reader's own institution alone.
Called by the page of an entry.
"""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from netcare.access import Actor
from pathways.drafts.effect_reads import run_for
from pathways.models import Draft
from pathways.presenters.draft_effect import EffectFilter, effect_page
from pathways.presenters.words import show_instant


@dataclass(frozen=True, slots=True)
class ShortEffect:
    """The line, with when it was computed, and the page that says the whole of it."""

    sentence: str
    about: str
    url: str


def short_effect(draft: Draft, actor: Actor, option: str, title: str, now: datetime) -> ShortEffect | None:
    """The line for one option; None where no finished run is of the draft as it was saved last."""
    run = run_for(draft)
    if run is None or run.finished_at is None:
        return None
    page = effect_page(draft, actor, EffectFilter(), now)
    lines = zip(page.option_choices, page.options, strict=True)
    line = next((line for (code, _), line in lines if code == option), None)
    return ShortEffect(
        sentence=f"{line.sentence}."
        if line
        else f"{title or 'The option'} has the same status for everybody compared.",
        about=" ".join(filter(None, (f"The draft as saved, computed {show_instant(run.asked_at)}.", page.old))),
        url=reverse("pathways:draft_effect", args=[draft.id]),
    )
