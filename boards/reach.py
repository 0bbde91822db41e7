"""How far a meeting reaches: its members read its cases from the locking of the agenda until 14 days after it began.

Its cases are those on its agenda, those put off from it after locking, and those whose earlier decision it looked at: all
that its minutes name, so that nobody signs what cannot be read. Registered with ``patients.reach``;
docs/adr/a-meeting-reaches-its-cases.md says why.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from boards.models import Case, CaseEvent, CaseKind, FollowUpEvent, Member
from netcare.access import Actor, Capability

READ_AFTER = timedelta(days=14)
# What members of a meeting may do with its cases. Writing, reviewing and referring stay with the care team.
READS = frozenset(
    {
        Capability.PATIENT_READ,
        Capability.EXPLAIN,
        Capability.ASSESS,
        Capability.BOARD_READ,
        Capability.BOARD_DRAFT,
        Capability.BOARD_DECIDE,
    }
)


def meeting_reach(actor: Actor, capability: Capability) -> Q | None:
    """The patients whose cases this member may read now."""
    if actor.user is None or capability not in READS:
        return None
    meetings = Member.objects.filter(
        user_id=actor.user.pk,
        removed_at__isnull=True,
        meeting__locked_at__isnull=False,
        meeting__begins_at__gt=timezone.now() - READ_AFTER,
    )
    ids = meetings.values("meeting_id")
    of_patient = {"institution_id": actor.institution_id, "tumor__patient_id": OuterRef("pk")}
    on_agenda = Case.objects.filter(**of_patient, meeting_id__in=ids)
    put_off = CaseEvent.objects.filter(
        kind=CaseKind.POSTPONED, snapshot__isnull=False, meeting_id__in=ids, case__tumor__patient_id=OuterRef("pk")
    )
    looked_at = FollowUpEvent.objects.filter(meeting_id__in=ids, item__decision__case__tumor__patient_id=OuterRef("pk"))
    return Q(Exists(on_agenda)) | Q(Exists(put_off)) | Q(Exists(looked_at))
