"""Reads of the board: meetings, their cases within the reader's reach, referrals that wait, items that are open.

What it refuses to do: hand out a case whose patient the actor may not read. Who calls it: views, presenters and actions.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from boards.models import (
    CLOSING,
    Attachment,
    Case,
    CaseEvent,
    CaseState,
    Decision,
    DecisionDraft,
    DecisionOption,
    FollowUp,
    FollowUpEvent,
    Meeting,
    MeetingState,
    Member,
    Paper,
    PaperCase,
    PaperKind,
)  # fmt: skip
from netcare.access import Actor, Capability, Institution, Role, RoleGrant, User
from patients.models import Referral
from patients.selectors import visible_patients

_CASE = ("tumor__patient__institution", "meeting", "presenter", "snapshot__ruleset_version")


def people_of(institution: Institution) -> QuerySet[User]:
    """The active accounts that can be named presenter or member: clinicians, viewers and coordinators."""
    held = RoleGrant.objects.in_force().filter(role__in=[Role.CLINICIAN, Role.VIEWER, Role.COORDINATOR])
    return User.objects.filter(institution=institution, is_active=True, id__in=held.values("user_id")).order_by(
        "display_name", "id"
    )


def chairs_of(institution: Institution) -> QuerySet[User]:
    """The clinicians who can chair."""
    held = RoleGrant.objects.in_force().filter(role=Role.CLINICIAN)
    return User.objects.filter(institution=institution, is_active=True, id__in=held.values("user_id")).order_by(
        "display_name", "id"
    )


def meetings_of(actor: Actor) -> QuerySet[Meeting]:
    """Every meeting of the actor's institution."""
    return Meeting.objects.filter(institution_id=actor.institution_id).select_related("chair", "institution", "series")


def next_meeting(actor: Actor, now: datetime) -> Meeting | None:
    """The first meeting that is not over: running, or still to come."""
    return coming_meetings(actor, now).first()


def coming_meetings(actor: Actor, now: datetime) -> QuerySet[Meeting]:
    """Those that are not over, running or still to come, the next one first."""
    rows = meetings_of(actor).exclude(state__in=[MeetingState.CLOSED, MeetingState.HELD, MeetingState.OFF])
    return rows.filter(begins_at__gt=now - timedelta(hours=8)).order_by("begins_at", "id")


def planned_meetings(actor: Actor, now: datetime) -> list[Meeting]:
    """Those on whose agenda a case can still be put."""
    rows = meetings_of(actor).filter(state=MeetingState.PLANNED, begins_at__gt=now)
    return list(rows.order_by("begins_at", "id"))


def running_meetings(actor: Actor) -> list[Meeting]:
    """Those whose agenda is locked and whose minutes are not signed, the latest first."""
    rows = meetings_of(actor).filter(state__in=[MeetingState.LOCKED, MeetingState.HELD])
    return list(rows.order_by("-begins_at", "-id"))


def live_members(meeting: Meeting) -> QuerySet[Member]:
    """Who is invited, with the attendance, by discipline and name."""
    rows = Member.objects.filter(meeting=meeting, removed_at__isnull=True).select_related("user", "attendance")
    return rows.order_by("discipline", "name", "id")


def visible_cases(actor: Actor, capability: Capability = Capability.BOARD_READ) -> QuerySet[Case]:
    """The cases of the patients whom this capability of this actor reaches."""
    patients = visible_patients(actor, capability).values("pk")
    return Case.objects.filter(tumor__patient_id__in=patients).select_related(*_CASE)


def agenda_of(actor: Actor, meeting: Meeting) -> list[Case]:
    """The cases of a meeting within the actor's reach, in their order."""
    rows = visible_cases(actor).filter(meeting=meeting).prefetch_related("chase_items")
    return list(rows.order_by("position", "id"))


def next_open_case(actor: Actor, meeting_id: UUID) -> Case | None:
    """The first case of a meeting that is neither decided nor postponed and that this actor may draft on."""
    rows = visible_cases(actor, Capability.BOARD_DRAFT).filter(meeting_id=meeting_id, state=CaseState.SCHEDULED)
    return rows.order_by("position", "id").first()


def waiting_cases(actor: Actor) -> list[Case]:
    """The cases that wait for a meeting: urgent ones first, then in the order in which they were referred."""
    rank = {"urgent": 0, "soon": 1, "routine": 2}
    rows = visible_cases(actor).filter(state=CaseState.REFERRED).order_by("referred_at", "id")
    return sorted(rows, key=lambda case: (rank[case.priority], case.referred_at))


def referrals_without_case(actor: Actor) -> list[Referral]:
    """Open referrals of which nobody has made a case yet."""
    cases = Case.objects.filter(referral=OuterRef("pk"))
    rows = Referral.objects.filter(
        ~Exists(cases),
        withdrawn_at__isnull=True,
        patient__in=visible_patients(actor, Capability.BOARD_MANAGE).values("pk"),
    )
    return list(rows.select_related("patient__institution", "referred_by").order_by("referred_at", "id"))


def cases_of_tumors(tumor_ids: Sequence[object]) -> list[Case]:
    """Every case of some tumors, latest first."""
    rows = Case.objects.filter(tumor_id__in=tumor_ids).select_related("meeting", "tumor__patient")
    return list(rows.order_by("-referred_at", "-id"))


def events_of(case: Case) -> list[CaseEvent]:
    """What happened to a case, in order."""
    return list(CaseEvent.objects.filter(case=case).select_related("meeting", "snapshot").order_by("number"))


def drafts_of_others(actor: Actor, case: Case) -> list[DecisionDraft]:
    """What other people typed of a case's decision, for those who may draft on it; nothing for everybody else."""
    rows = _drafts(actor, case).exclude(by_id=actor.id).select_related("by")
    return list(rows.order_by("by__display_name", "id"))


def own_draft(actor: Actor, case: Case) -> DecisionDraft | None:
    """What this actor typed of it."""
    return _drafts(actor, case).filter(by_id=actor.id).order_by("id").first()


def _drafts(actor: Actor, case: Case) -> QuerySet[DecisionDraft]:
    reached = visible_cases(actor, Capability.BOARD_DRAFT).filter(pk=case.pk).values("pk")
    return DecisionDraft.objects.filter(case__in=reached)


def decisions_of(meeting: Meeting) -> list[Decision]:
    """The decisions of a meeting in the order of its agenda, with options, items and addenda."""
    related = (
        Prefetch("options", DecisionOption.objects.order_by("id")),
        Prefetch("follow_ups", with_standing().order_by("number")),
        "addenda",
    )
    rows = Decision.objects.filter(meeting=meeting).select_related("case__tumor__patient__institution", "snapshot")
    return list(rows.prefetch_related(*related).order_by("case__position", "id"))


def with_standing(rows: QuerySet[FollowUp] | None = None) -> QuerySet[FollowUp]:
    """Items with `outcome` and `seen`, the outcome and number of their last event (None: nobody said anything yet)."""
    last = FollowUpEvent.objects.filter(item=OuterRef("pk")).order_by("-number")
    found = FollowUp.objects.all() if rows is None else rows
    return found.annotate(
        outcome=Subquery(last.values("outcome")[:1]),
        seen=Subquery(last.values("number")[:1]),
        reason=Subquery(last.values("reason")[:1]),
        line=Subquery(last.values("line")[:1]),
        said_at=Subquery(last.values("at")[:1]),
        said_by=Subquery(last.values("by_name")[:1]),
    )


def items_within(actor: Actor) -> QuerySet[FollowUp]:
    """Every tracked item of the patients within reach, with where it stands."""
    rows = with_standing(FollowUp.objects.filter(decision__case__in=visible_cases(actor).values("pk")))
    return rows.select_related("decision__case__tumor__patient__institution", "decision__meeting")


def reviewed_at(meeting: Meeting) -> list[FollowUpEvent]:
    """What this meeting said of items of earlier ones: the last word on each, in the order of the decisions."""
    later = FollowUpEvent.objects.filter(item=OuterRef("item"), meeting=meeting, number__gt=OuterRef("number"))
    rows = FollowUpEvent.objects.filter(~Exists(later), meeting=meeting)
    related = ("item__decision__case__tumor__patient", "item__decision__meeting")
    order = ("item__decision__meeting__begins_at", "item__decision_id", "item__number")
    return list(rows.select_related(*related).order_by(*order))


def said_since(meeting: Meeting) -> list[FollowUp]:
    """What was said after its meeting: of its own items, and of earlier ones after it had looked at them."""
    looked = FollowUpEvent.objects.filter(item=OuterRef("pk"), meeting=meeting).order_by("-number")
    rows = with_standing().annotate(looked=Subquery(looked.values("number")[:1])).filter(
        Q(decision__meeting=meeting, seen__isnull=False) | Q(looked__lt=F("seen"))
    )  # fmt: skip
    related = ("decision__case__tumor__patient__institution", "decision__meeting")
    return list(rows.select_related(*related).order_by("decision__meeting__begins_at", "decision_id", "number"))


def items_before(actor: Actor, meeting: Meeting) -> list[FollowUp]:
    """The items of earlier decisions: all of the meeting before, and of others what is open or was looked at here."""
    earlier = meetings_of(actor).filter(begins_at__lt=meeting.begins_at, decisions__isnull=False)
    before = earlier.order_by("-begins_at", "-id").first()
    looked = FollowUpEvent.objects.filter(item=OuterRef("pk"), meeting=meeting)
    rows = (
        items_within(actor).filter(decision__meeting__begins_at__lt=meeting.begins_at).annotate(looked=Exists(looked))
    )
    rows = rows.order_by("decision__meeting__begins_at", "decision_id", "number")
    return [
        item
        for item in rows
        if (before is not None and item.decision.meeting_id == before.pk) or item.outcome not in CLOSING or item.looked  # type: ignore[attr-defined]
    ]


def attachments_of(cases: Sequence[Case], *, withdrawn: bool = False) -> dict[UUID, list[Attachment]]:
    """The attachments of each case by the date on the document; those that were withdrawn only when asked for."""
    rows = Attachment.objects.filter(case__in=[case.pk for case in cases]).select_related("withdrawal")
    if not withdrawn:
        rows = rows.filter(withdrawal__isnull=True)
    found: dict[UUID, list[Attachment]] = {}
    for one in rows.order_by("document_on", "at", "id"):
        found.setdefault(one.case_id, []).append(one)
    return found


def papers_of(meeting: Meeting, kind: PaperKind) -> QuerySet[Paper]:
    """The papers of a meeting, the latest first, each with its cases in their order."""
    rows = Prefetch("cases", PaperCase.objects.select_related("tumor__patient__institution").order_by("number"))
    found = Paper.objects.filter(meeting=meeting, kind=kind).select_related("meeting").prefetch_related(rows)
    return found.order_by("-made_at", "-id")


def within_reach(actor: Actor, rows: Iterable[PaperCase]) -> set[UUID]:
    """Which of the patients on a paper this actor may read on the board."""
    ids = {row.tumor.patient_id for row in rows}
    return set(visible_patients(actor, Capability.BOARD_READ).filter(pk__in=ids).values_list("pk", flat=True))
