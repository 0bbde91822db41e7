"""What happens to a draft as a whole: submit, take back, send back, approve, date, publish, discard.

What it refuses to do: let anything pass that the gate holds back, or let a contributor stand in for the second person.
Each step is bound to the digest of the content it was about. Who calls it: the draft pages, the daily job that
publishes what is due.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from netcare.access import Actor, Capability, require
from netcare.audit import record
from pathways.actions.publishing import publish
from pathways.drafts.editing import UNSHOWABLE
from pathways.drafts.effects import ensure_effect
from pathways.drafts.gate import blockers, gates_said
from pathways.drafts.policies import APPROVAL_LASTS, last_day_of_approval, require_step
from pathways.drafts.states import TRANSITIONS
from pathways.engine import Ruleset, read_json
from pathways.models import Draft, DraftComment, DraftState, DraftStep, RulesetVersion, Step
from pathways.selectors import version_in_force
from patients.actions.shared import Fault, Refused

SAYS_WHY = {
    Step.REJECT: "Say what has to change before you would approve it.",
    Step.DISCARD: "Say why it is discarded.",
}


@transaction.atomic
def take_step(
    *, actor: Actor, draft: Draft, step: Step, digest: str, text: str = "", on: date | None = None, now: datetime
) -> DraftStep:
    """Take a step on the content with this digest. Raises NotAllowed, or Refused with what stands in the way.

    `on`: the day of publication, for `Step.SCHEDULE`. Publishing has an action of its own.
    """
    fresh = Draft.objects.get(pk=draft.pk)
    require_step(actor, fresh, step)
    faults = [*_seen(fresh, digest), *_text(step, text), *_day(fresh, step, on, now)]
    faults += [Fault("", blocker.sentence) for blocker in blockers(fresh, step, now)]
    if faults:
        raise Refused(faults)
    _move(fresh, step, publish_on=on)
    if step is Step.SUBMIT:
        ensure_effect(actor=actor, draft=fresh, now=now)
    return _note(actor, fresh, step, text if on is None else f"on {on.isoformat()}", now)


@transaction.atomic
def publish_draft(*, actor: Actor, draft: Draft, digest: str, now: datetime) -> RulesetVersion:
    """Publish an approved draft as the next version. Raises NotAllowed, Refused.

    Of two people who publish at once one finds the draft already published, or the version in force another one than
    the draft stands on, and is told so: the draft's row and the unique number of versions let only one through.
    """
    fresh = Draft.objects.get(pk=draft.pk)
    require_step(actor, fresh, Step.PUBLISH)
    faults = [*_seen(fresh, digest), *(Fault("", b.sentence) for b in blockers(fresh, Step.PUBLISH, now))]
    if faults:
        raise Refused(faults)
    ruleset = Ruleset.from_data(read_json(fresh.content))
    note = f"{fresh.title}. {fresh.note}".strip()
    try:
        with transaction.atomic():
            gates = gates_said(fresh, actor.name)
            version = publish(ruleset=ruleset, note=note, actor=actor, by=actor.user, at=now, gates=gates)
            updated = Draft.objects.filter(pk=fresh.pk, revision=fresh.revision, state=DraftState.APPROVED).update(
                state=DraftState.PUBLISHED, published=version
            )
            if not updated or version.version != fresh.base.version + 1:
                raise IntegrityError("somebody else was first")
    except IntegrityError:
        current = version_in_force()
        raise Refused(
            [Fault("", f"Somebody else published at the same moment: {current} is in force now. Look at it, and bring "
                       "the draft up to date if it still stands.")]
        ) from None  # fmt: skip
    fresh.refresh_from_db()
    _note(actor, fresh, Step.PUBLISH, str(version), now)
    return version


def _seen(draft: Draft, digest: str) -> list[Fault]:
    if digest == draft.digest:
        return []
    return [Fault("", "The draft changed since you opened this page. Look at it as it is now, then decide again.")]


def _text(step: Step, text: str) -> list[Fault]:
    if step in SAYS_WHY and not text.strip():
        return [Fault("text", SAYS_WHY[step])]
    if len(text) > 2000:
        return [Fault("text", f"It has {len(text)} characters; 2000 are kept.")]
    return []


def _day(draft: Draft, step: Step, on: date | None, now: datetime) -> list[Fault]:
    """A day of publication lies ahead, and before the approval that carries it is too old to carry anything."""
    if step is not Step.SCHEDULE:
        return []
    if on is None or on <= now.date():
        return [Fault("on", "Choose a day after today; to publish today, use Publish now.")]
    last = last_day_of_approval(draft)
    if last is not None and on > last:
        return [
            Fault(
                "on",
                f"{on.isoformat()} is too late: an approval carries a publication for {APPROVAL_LASTS.days} days, "
                f"this one until {last.isoformat()}. Choose a day up to then.",
            )
        ]
    return []


def _move(draft: Draft, step: Step, publish_on: date | None) -> None:
    _, to = TRANSITIONS[step]
    updated = Draft.objects.filter(pk=draft.pk, revision=draft.revision, state=draft.state).update(
        state=to, publish_on=publish_on
    )
    if not updated:
        raise Refused([Fault("", "Somebody else changed the draft at the same moment. Look at it as it is now.")])
    draft.refresh_from_db()


def _note(actor: Actor, draft: Draft, step: Step, text: str, now: datetime) -> DraftStep:
    made = DraftStep.objects.create(
        draft=draft, step=step, digest=draft.digest, text=text.strip(), by=actor.user, by_name=actor.name, at=now
    )
    record(
        actor=actor,
        action=f"draft.{step.value}",
        subject=f"draft {draft.id}",
        detail={"digest": draft.digest, "revision": draft.revision},
        at=now,
    )
    return made


@transaction.atomic
def comment(*, actor: Actor, draft: Draft, place: str, text: str, now: datetime) -> DraftComment:
    """Say something of an entry, or of the draft as a whole. Raises NotAllowed, Refused."""
    require(actor, Capability.DRAFT_COMMENT)
    if not text.strip():
        raise Refused([Fault("text", "Write a comment first.")])
    if len(text) > 2000:
        raise Refused([Fault("text", f"It has {len(text)} characters; 2000 are kept.")])
    if "\0" in text + place:
        raise Refused([Fault("text", UNSHOWABLE)])
    made = DraftComment.objects.create(
        draft=draft, place=place[:100], text=text.strip(), by=actor.person, by_name=actor.name, at=now
    )
    record(actor=actor, action="draft.comment", subject=f"draft {draft.id}", detail={"place": place[:100]}, at=now)
    return made
