"""Asking what a draft changes for the patients on record, and acknowledging it, group by group.

What it refuses to do: let somebody who wrote of the draft acknowledge its effect, or acknowledge anything of a wording
that is not the draft's. Who calls it: the page of the effect, and the step of submission.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from netcare.access import Actor, Capability, Decision, NotAllowed, require, today_for
from netcare.audit import record
from netcare.jobs.actions import enqueue, try_again
from netcare.jobs.models import JobState
from pathways.drafts.editing import UNSHOWABLE
from pathways.drafts.effect_reads import (
    Standing,
    acknowledged_effects,
    groups_from,
    job_of,
    keys_of,
    not_compared,
    not_compared_key,
    run_for,
    standing,
    tallies_of,
)
from pathways.drafts.policies import contributors
from pathways.drafts.states import EDITABLE
from pathways.models import Acknowledgement, Draft, DraftState, EffectRun
from patients.actions.shared import Fault, Refused

KIND_OF_JOB = "draft_effect"
SHORTEST = 10
LONGEST = 1000


@transaction.atomic
def start_effect(*, actor: Actor, draft: Draft, now: datetime) -> EffectRun:
    """Have the effect of the draft's wording computed in the background. Raises NotAllowed, Refused.

    Where that is going on already, it is that run; one that was set aside goes on where it stopped; one that is done
    is done anew, on the facts of today.
    """
    require(actor, Capability.DRAFT_COMMENT)
    fresh = Draft.objects.select_related("base").get(pk=draft.pk)
    if fresh.state not in EDITABLE:
        raise Refused([Fault("", f"The draft is {DraftState(fresh.state).label}; its effect is not computed again.")])
    run = run_for(fresh)
    if run is None or run.finished_at is not None:
        run = _new_run(actor, fresh, now)
    job = job_of(run)
    if job is None or job.state == JobState.DONE:
        run.job_id = enqueue(kind=KIND_OF_JOB, payload={"run": str(run.id)}, requested_by=actor.user).id
        run.save(update_fields=["job_id"])
        detail = {"digest": run.digest, "run": str(run.id)}
        record(actor=actor, action="draft.effect_start", subject=f"draft {draft.id}", detail=detail, at=now)
    elif job.state == JobState.FAILED:
        try_again(job=job, now=now)
    return run


def ensure_effect(*, actor: Actor, draft: Draft, now: datetime) -> EffectRun:
    """The run of this wording, asked for where nobody has."""
    return run_for(draft) or start_effect(actor=actor, draft=draft, now=now)


def _new_run(actor: Actor, draft: Draft, now: datetime) -> EffectRun:
    """A run. Of two people who ask at once, both get the one that was first."""
    try:
        with transaction.atomic():
            return EffectRun.objects.create(
                draft=draft,
                digest=draft.digest,
                base=draft.base,
                as_of=today_for(actor.institution, at=now) if actor.institution else now.date(),
                asked_by=actor.user,
                asked_by_name=actor.name,
                asked_at=now,
            )
    except IntegrityError:
        run = run_for(draft)
        assert run is not None  # the constraint that was met is the one on running runs of this wording
        return run


def may_acknowledge_effect(actor: Actor, draft: Draft) -> Decision:
    """Whether the actor may say that the effect may stand: an approver who wrote nothing of the draft."""
    decision = actor.may(Capability.DRAFT_APPROVE)
    if decision.allowed and draft.state not in EDITABLE:
        return Decision(False, f"The draft is {DraftState(draft.state).label}.")
    if decision.allowed and actor.kind == "user" and actor.id in contributors(draft):
        return Decision(
            False, "You contributed to this draft, so somebody else has to see its effect: a second person sees more."
        )
    return decision


@transaction.atomic
def acknowledge_effects(
    *, actor: Actor, draft: Draft, digest: str, keys: Iterable[str], reason: str, now: datetime
) -> int:
    """Acknowledge groups of changes with one reason; how many were new. Raises NotAllowed, Refused."""
    fresh = Draft.objects.select_related("base").get(pk=draft.pk)
    decision = may_acknowledge_effect(actor, fresh)
    if not decision.allowed:
        raise NotAllowed(decision, Capability.DRAFT_APPROVE)
    wanted, run = list(dict.fromkeys(keys)), run_for(fresh)
    faults = _faults(fresh, digest, run, wanted, reason)
    if faults or run is None:
        raise Refused(faults)
    sentences, known = _sentences(run), acknowledged_effects(fresh, fresh.digest)
    new = [key for key in wanted if key not in known]
    for key in new:
        Acknowledgement.objects.get_or_create(
            draft=fresh,
            kind=Acknowledgement.EFFECT,
            key=key,
            digest=fresh.digest,
            defaults={
                "sentence": sentences[key][:1000],
                "reason": reason.strip(),
                "by": actor.person,
                "by_name": actor.name,
                "at": now,
            },
        )
    detail = {"keys": new[:200], "digest": fresh.digest, "run": str(run.id)}
    record(actor=actor, action="draft.acknowledge_effect", subject=f"draft {fresh.id}", detail=detail, at=now)
    return len(new)


def _faults(draft: Draft, digest: str, run: EffectRun | None, keys: list[str], reason: str) -> list[Fault]:
    if digest != draft.digest:
        return [Fault("", "The draft changed since you opened this page. Look at its effect as it is now.")]
    if run is None or standing(run, job_of(run)) is not Standing.DONE:
        return [Fault("", "The effect of this wording is not computed yet; nothing can be acknowledged.")]
    if not keys:
        return [Fault("keys", "Tick the groups of changes that your reason is about.")]
    if set(keys) - keys_of(run):
        return [Fault("keys", "A group that was sent is not among the changes any more. Look again.")]
    if len(reason.strip()) < SHORTEST:
        return [Fault("reason", f"Say in {SHORTEST} characters or more why these changes are right.")]
    if "\0" in reason:
        return [Fault("reason", UNSHOWABLE)]
    if len(reason) > LONGEST:
        return [Fault("reason", f"The reason has {len(reason)} characters; {LONGEST} are kept.")]
    return []


def _sentences(run: EffectRun) -> dict[str, str]:
    """What is acknowledged, in words and without counts: those of other institutions are nobody's here."""
    found = {
        one.key: (
            f"{one.option}: {one.before or 'not in the catalogue'} → {one.after or 'not in the catalogue'}"
            + (f", because of {', '.join(one.rules)}" if one.rules else "")
        )
        for one in groups_from(tallies_of(run), run.base)
    }
    return found | {not_compared_key(run.base, not_compared(run)): "Tumors or reviews that could not be compared."}
