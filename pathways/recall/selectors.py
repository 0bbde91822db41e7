"""Reads of the recall list: what somebody may see, narrowed to what was asked for.

Every read begins with `visible_patients`. A word of the filter that is not known narrows nothing. Who calls it: views,
the frame of every page (how many are mine), and presenters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from netcare.access import Actor, Capability, Role, RoleGrant, TeamMembership, User
from pathways.models import RecallEntry, RecallEvent
from pathways.recall.standing import latest_events, open_of
from patients.models import Patient, PatientTeam, Referral, Tumor
from patients.selectors import matching, visible_patients

SHOWS = ("open", "mine", "unassigned", "overdue", "closed")


@dataclass(frozen=True, slots=True)
class RecallFilter:
    """What the list is narrowed to."""

    show: str = "open"
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "RecallFilter":
        """From the address of the page."""
        show = query.get("show", "")
        return cls(show if show in SHOWS else "open", query.get("q", "").strip()[:200])


def standings(actor: Actor, *, text: str = "") -> QuerySet[RecallEvent]:
    """Where every entry stands whose patient this actor may see on the list."""
    patients = visible_patients(actor, Capability.RECALL_READ)
    if text:
        patients = matching(patients, text)
    return latest_events().filter(entry__tumor__patient__in=patients)


def narrowed(found: QuerySet[RecallEvent], show: str, actor: Actor, today: date) -> QuerySet[RecallEvent]:
    """Those of one kind, what is due first; of the closed, the last closed first."""
    conditions = {
        "open": Q(is_open=True),
        "mine": Q(is_open=True, owner_id=actor.id),
        "unassigned": Q(is_open=True, owner__isnull=True),
        "overdue": Q(is_open=True, due_on__lt=today),
        "closed": Q(is_open=False),
    }
    order = ("-at", "id") if show == "closed" else ("due_on", "entry__found_at", "id")
    return found.filter(conditions[show]).order_by(*order)


def with_everything(found: QuerySet[RecallEvent]) -> QuerySet[RecallEvent]:
    """With what a row shows, in a constant number of queries."""
    along = (
        "owner", "entry__version", "entry__review", "entry__snapshot__ruleset_version",
        "entry__tumor__patient__institution",
    )  # fmt: skip
    return found.select_related(*along).prefetch_related("entry__differences")


def how_many_mine(actor: Actor) -> int:
    """How many open entries are this person's."""
    if actor.user is None or not actor.may(Capability.RECALL_READ).allowed:
        return 0
    return standings(actor).filter(is_open=True, owner_id=actor.id).count()


def entry_of(patient: Patient, entry_id: UUID) -> RecallEntry | None:
    """One entry of a patient, or None."""
    found = RecallEntry.objects.filter(tumor__patient=patient, id=entry_id)
    along = ("version", "review", "snapshot__ruleset_version", "tumor__patient__institution")
    return found.select_related(*along).prefetch_related("differences").order_by("id").first()


def events_of(entry: RecallEntry) -> list[RecallEvent]:
    """What happened to an entry, in order."""
    return list(RecallEvent.objects.filter(entry=entry).select_related("owner", "by").order_by("number"))


def open_entry(actor: Actor, tumor: Tumor) -> RecallEntry | None:
    """The open entry of a tumor for somebody who may see it, the latest version's first."""
    if not actor.may(Capability.RECALL_READ).allowed or not (found := open_of(tumor)):
        return None
    if not visible_patients(actor, Capability.RECALL_READ).filter(pk=tumor.patient_id).exists():
        return None
    return entry_of(tumor.patient, found[-1].entry_id)


def possible_owners(patient: Patient) -> list[User]:
    """Who may be given an entry of this patient, by name: whoever may review the patient. The action asks the policy."""
    teams = PatientTeam.objects.filter(patient=patient, ended_at__isnull=True).values("team_id")
    members = TeamMembership.objects.in_force().filter(team_id__in=teams).values("user_id")
    roles = RoleGrant.objects.in_force()
    reviewers = roles.filter(role__in=[Role.VIEWER, Role.CLINICIAN]).values("user_id")
    reach = Q(id__in=members) & Q(id__in=reviewers)
    if Referral.objects.filter(patient=patient, withdrawn_at__isnull=True).exists():
        reach |= Q(id__in=roles.filter(role=Role.COORDINATOR).values("user_id"))
    active = User.objects.filter(institution_id=patient.institution_id, is_active=True)
    return list(active.filter(reach).order_by("display_name", "id"))
