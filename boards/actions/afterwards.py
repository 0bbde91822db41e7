"""Afterwards: what became of each item, and the chair's signature under the minutes.

What it refuses to do: sign while a case is neither decided nor postponed, or minutes that changed since they were read.
After signing nothing changes; addenda stand beside. Who calls it: the pages of minutes and decisions, and the demo.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from boards.actions.shared import hold_agenda, step_noted, told
from boards.minutes import content_of, digest_of
from boards.models import (
    Case,
    CaseState,
    FollowUp,
    FollowUpEvent,
    Meeting,
    MeetingState,
    MinutesSignature,
    Outcome,
    Step,
)  # fmt: skip
from boards.policies import require_case, require_chair
from boards.reasons import NOT_DONE
from boards.states import ATTENDED_IN, TRANSITIONS, wrong_state
from netcare.access import Actor, Capability
from netcare.audit import record
from patients.actions.shared import Fault, Refused, one_line


@transaction.atomic
def say_outcome(
    *,
    actor: Actor,
    item: FollowUp,
    outcome: str,
    reason: str,
    line: str,
    seen: int,
    meeting: Meeting | None,
    now: datetime,
) -> FollowUpEvent:
    """Say what became of an item; `meeting`: the one that looked at it, None where none did.

    `seen`: the number of its last event on the page. Raises NotAllowed, Refused.
    """
    user = require_case(actor, Capability.BOARD_FOLLOW, item.decision.case)
    if meeting is not None and (sentence := _not_looked_at(item, meeting)):
        raise Refused([Fault("meeting", sentence)])
    if outcome not in Outcome.values:
        raise Refused([Fault("outcome", "Choose what became of it.")])
    if outcome in (Outcome.PARTLY, Outcome.NOT_DONE) and reason not in NOT_DONE:
        raise Refused([Fault("reason", "Choose why it was not done, or only in part.")])
    reason = reason if outcome in (Outcome.PARTLY, Outcome.NOT_DONE) else ""
    line = one_line("line", "The other reason in a line", line, longest=300, needed=reason == "other")
    said = {"outcome": outcome, "reason": reason, "line": line, "meeting": meeting, **told(user, actor, now)}
    try:
        with transaction.atomic():
            last = item.events.order_by("-number").first()
            if (last.number if last else 0) != seen:
                raise IntegrityError("somebody was faster")
            event = FollowUpEvent.objects.create(item=item, number=seen + 1, **said)
    except IntegrityError:
        raise Refused(
            [Fault("", "Somebody else said what became of it meanwhile. Look again; nothing of yours was saved.")]
        ) from None
    patient = item.decision.case.tumor.patient
    record(
        actor=actor, action="follow_up.say", patient_id=patient.pk, institution_id=patient.institution_id,
        subject=f"follow-up {item.pk}", detail={"outcome": outcome, "reason": reason}, at=now,
    )  # fmt: skip
    return event


@transaction.atomic
def sign_minutes(*, actor: Actor, meeting: Meeting, digest: str, remark: str, now: datetime) -> MinutesSignature:
    """The chair signs the minutes as read (`digest`), and the meeting is closed. Raises NotAllowed, Refused."""
    user = require_chair(actor, Capability.BOARD_SIGN, meeting)
    if sentence := wrong_state(Step.CLOSE, Meeting.objects.values_list("state", flat=True).get(pk=meeting.pk)):
        raise Refused([Fault("", sentence)])
    fresh = hold_agenda(meeting, states=TRANSITIONS[Step.CLOSE][0])
    left = Case.objects.filter(meeting=fresh, state=CaseState.SCHEDULED).count()
    if left:
        said = f"{left} case{'s are' if left > 1 else ' is'} neither decided nor postponed. Do one of both first."
        raise Refused([Fault("", said)])
    content = content_of(fresh)
    if digest_of(content) != digest:
        raise Refused([Fault("", "The minutes changed since you opened them. Read them as they are now, then sign.")])
    if len(remark) > 1000:
        raise Refused([Fault("remark", f"It has {len(remark)} characters. Accepted are up to 1000.")])
    signature = MinutesSignature.objects.create(
        meeting=fresh, content=content, digest=digest, remark=remark.strip(), signed_by=user, signed_by_name=actor.name,
        signed_role=actor.role_titles, signed_at=now,
    )  # fmt: skip
    Meeting.objects.filter(pk=fresh.pk).update(state=MeetingState.CLOSED)
    step_noted(actor, fresh, Step.CLOSE, now=now, text=digest)
    return signature


def _not_looked_at(item: FollowUp, meeting: Meeting) -> str:
    """Why this meeting cannot have looked at the item; empty where it can."""
    if meeting.institution_id != item.decision.case.institution_id or meeting.pk == item.decision.meeting_id:
        return "Choose a later meeting of your institution than the one that decided it."
    state = Meeting.objects.values_list("state", flat=True).get(pk=meeting.pk)
    if state not in ATTENDED_IN:
        word = MeetingState(state).label
        return f"“{meeting.title}” is {word}. An item is looked at between the locking of its agenda and the signature."
    return ""
