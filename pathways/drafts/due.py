"""Publishing the approved drafts whose day has come, with the rights that whoever set the day has now.

What it refuses to do: publish past a gate. A draft that something stands in the way of loses its date, and a step says
why; it is never tried again by itself. One whose effect has grown old waits until it is computed anew.
Called by the daily job `publish_due_drafts`, and by the job that computes an effect.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from netcare.access import Institution, NotAllowed, actor_for_user, system_actor, today_for
from netcare.audit import record
from netcare.jobs.actions import enqueue
from netcare.jobs.batches import for_each
from netcare.jobs.leases import RunningJob
from pathways.drafts.effect_age import grown_old
from pathways.drafts.effect_reads import Standing, job_of, run_for, standing
from pathways.drafts.effects import start_effect
from pathways.drafts.policies import Overtaken
from pathways.drafts.steps import publish_draft
from pathways.models import Draft, DraftState, DraftStep, EffectRun, Step
from patients.actions.shared import Refused

NAME = "the daily publication"


def publish_due(job: RunningJob) -> None:
    """Publish what is due at the job's institution: each draft belongs to that of the person who set its date."""
    institution = Institution.objects.get(pk=job.institution_id)
    today = today_for(institution, at=timezone.now())
    due = Draft.objects.filter(state=DraftState.APPROVED, publish_on__lte=today).order_by("id")
    mine = [draft for draft in due if _set_by(draft).by.institution_id == institution.id]
    for_each(job, [str(draft.id) for draft in mine], lambda key: publish_one(key, timezone.now()), noun="draft")


def _set_by(draft: Draft) -> DraftStep:
    """The step that gave the draft its date."""
    steps = DraftStep.objects.filter(draft=draft, step=Step.SCHEDULE).select_related("by__institution")
    return steps.order_by("-id")[0]


@transaction.atomic
def publish_one(draft_id: str, now: datetime) -> None:
    """Publish one draft, or take its date away and say why."""
    draft = Draft.objects.get(pk=draft_id)
    if draft.state != DraftState.APPROVED or draft.publish_on is None:
        return
    step = _set_by(draft)
    if _effect_comes_first(draft, step, now):
        return
    try:
        publish_draft(actor=actor_for_user(step.by), draft=draft, digest=draft.digest, now=now)
    except Overtaken:
        return
    except Refused as refused:
        _date_lost(draft, " ".join(fault.sentence for fault in refused.faults), now)
    except NotAllowed:
        _date_lost(draft, f"{step.by_name}, who set the date, may not publish it any more.", now)


def _effect_comes_first(draft: Draft, step: DraftStep, now: datetime) -> bool:
    """Whether the draft waits for its effect, computed anew where it is too old; `publish_after` goes on from there."""
    run = run_for(draft)
    if run is not None and standing(run, job_of(run)) in (Standing.WAITING, Standing.RUNNING):
        return True
    if run is None or run.finished_at is None or not grown_old(run, now):
        return False
    try:
        start_effect(actor=actor_for_user(step.by), draft=draft, now=now)
    except NotAllowed:
        return False  # publishing is refused for the same reason, which is then said
    return True


def publish_after(run: EffectRun) -> None:
    """Once the effect of a draft is computed whose day has come: ask for its publication again."""
    draft = Draft.objects.filter(pk=run.draft_id, state=DraftState.APPROVED, publish_on__isnull=False).first()
    institution = _set_by(draft).by.institution if draft else None
    if draft and institution and draft.publish_on <= today_for(institution, at=timezone.now()):
        enqueue(kind="publish_due_drafts", payload={}, institution=institution)


def _date_lost(draft: Draft, why: str, now: datetime) -> None:
    day = draft.publish_on.isoformat() if draft.publish_on else ""
    updated = Draft.objects.filter(pk=draft.pk, revision=draft.revision, state=DraftState.APPROVED).update(
        publish_on=None
    )
    if not updated:
        return
    text = f"It was to be published on {day} and was not: {why} Set a date again once this is resolved."
    DraftStep.objects.create(
        draft=draft, step=Step.UNSCHEDULE, digest=draft.digest, text=text[:2000], by=None, by_name=NAME, at=now
    )
    record(
        actor=system_actor(NAME, capabilities=frozenset()),
        action=f"draft.{Step.UNSCHEDULE.value}",
        subject=f"draft {draft.id}",
        detail={"digest": draft.digest, "why": why[:500]},
        at=now,
    )
