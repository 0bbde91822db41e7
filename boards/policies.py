"""Which meeting and which case an actor may reach: the matrix of `netcare.access` bound to the board.

A meeting is its institution's; what a reader sees of its cases are those whose patients are within reach, for members by
`boards.reach`. A foreign meeting and a missing one answer the same. Actions call `require_*`: they hold on their own.
"""

from uuid import UUID

from django.http import Http404

from boards.models import Case, FollowUp, Meeting
from netcare.access import Actor, Capability, User, refuse, require
from patients.models import Patient
from patients.policies import NOT_FOUND, require_patient


def meeting_or_404(actor: Actor, meeting_id: UUID) -> Meeting:
    """A meeting of the actor's institution."""
    found = Meeting.objects.filter(institution_id=actor.institution_id, id=meeting_id)
    meeting = found.select_related("institution", "chair", "series").order_by("id").first()
    if meeting is None:
        raise Http404(NOT_FOUND)
    return meeting


def chaired_or_404(actor: Actor, meeting_id: UUID) -> Meeting:
    """A meeting that the actor chairs; for everybody else there is nothing to sign."""
    meeting = meeting_or_404(actor, meeting_id)
    if actor.id != meeting.chair_id:
        raise Http404(NOT_FOUND)
    return meeting


def case_or_404(patient: Patient, case_id: UUID) -> Case:
    """A case of this patient, whose reach the caller's policy has checked."""
    related = (
        "tumor__patient__institution",
        "meeting__chair",
        "meeting__institution",
        "presenter",
        "snapshot",
        "referral",
    )
    case = Case.objects.filter(tumor__patient=patient, id=case_id).select_related(*related).order_by("id").first()
    if case is None:
        raise Http404(NOT_FOUND)
    case.tumor.patient = patient  # the one that knows by which way it was reached
    return case


def item_or_404(patient: Patient, item_id: UUID) -> FollowUp:
    """A tracked item of a decision on this patient."""
    found = FollowUp.objects.filter(decision__case__tumor__patient=patient, id=item_id)
    item = (
        found.select_related("decision__case__tumor__patient__institution", "decision__meeting").order_by("id").first()
    )
    if item is None:
        raise Http404(NOT_FOUND)
    return item


def require_meeting(actor: Actor, capability: Capability, meeting: Meeting) -> User:
    """For actions: the person, who has the capability at this meeting's institution. Raises NotAllowed."""
    require(actor, capability)
    if actor.institution_id != meeting.institution_id:
        raise refuse(f"This meeting is not one for which you may {capability.what}.", capability)
    return actor.person


def require_case(actor: Actor, capability: Capability, case: Case) -> User:
    """For actions: the person, within whose reach the case's patient is. Raises NotAllowed."""
    require_patient(actor, capability, case.tumor.patient)
    return actor.person


def require_chair(actor: Actor, capability: Capability, meeting: Meeting) -> User:
    """For actions: the chair named on the meeting, and nobody else. Raises NotAllowed."""
    user = require_meeting(actor, capability, meeting)
    if user.pk != meeting.chair_id:
        raise refuse(f"Only the chair of this meeting, {meeting.chair.display_name}, may do this.", capability)
    return user
