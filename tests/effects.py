"""Drafts with an effect, for tests: an edit that moves somebody, the run done at once, the groups acknowledged."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from netcare.access import Actor
from netcare.jobs import runner
from pathways.drafting.content import Place, entry_at, entry_digest
from pathways.drafts.editing import Edit, open_draft, save_entry
from pathways.drafts.effect_reads import keys_of, run_for
from pathways.drafts.effects import acknowledge_effects, start_effect
from pathways.drafts.reasons import give_reason
from pathways.engine import read_json
from pathways.models import Draft, EffectRun
from pathways.selectors import version_in_force

REASON = "The board of 3 November decided so."


def a_draft(actor: Actor, title: str = "Receptor imaging", now: datetime | None = None) -> Draft:
    """A draft on the version in force."""
    base = version_in_force()
    base.refresh_from_db()
    return open_draft(actor=actor, title=title, note="", base=base, taken_from=None, now=now or timezone.now())


def edited(draft: Draft, actor: Actor, place: Place, make: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Draft:
    """The draft after one entry was changed by `make`, with the reason for it."""
    draft.refresh_from_db()
    entry = entry_at(read_json(draft.content), place)
    edit = Edit(place, make(deepcopy(entry or {})), entry_digest(entry))
    now = timezone.now()
    save_entry(actor=actor, draft=draft, edit=edit, now=now)
    give_reason(actor=actor, draft=draft, place=str(place), text=REASON, source="Board, 3 Nov 2026", now=now)
    draft.refresh_from_db()
    return draft


def computed(draft: Draft, actor: Actor) -> EffectRun:
    """The effect of the draft as it is, computed here and now."""
    run = start_effect(actor=actor, draft=draft, now=timezone.now() + timedelta(seconds=1))
    assert run.job_id is not None
    runner.run(run.job_id)
    run.refresh_from_db()
    return run


def acknowledge_all(draft: Draft, approver: Actor) -> None:
    """Every group of the computed effect acknowledged, where there is one."""
    draft.refresh_from_db()
    run = run_for(draft)
    assert run is not None
    keys = keys_of(run)
    if keys:
        acknowledge_effects(
            actor=approver, draft=draft, digest=draft.digest, keys=sorted(keys), reason=REASON, now=timezone.now()
        )
