"""Which lists a board looked at: those it decided on. Registered with ``pathways.recall.looked``.

A list that was kept for a meeting and postponed is none of them: nobody has decided on it. Who calls it: the recall.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from boards.models import Decision, Word
from pathways.recall.looked import Credit, Looked, Way
from patients.models import Tumor

HOW = "decided at the board"


def latest_decision(tumor: Tumor) -> Looked | None:
    """The list that a board decided on last; it goes back to who referred the case, else to who recorded the decision."""
    related = ("snapshot__ruleset_version", "case__referred_by__institution", "recorded_by__institution")
    found = Decision.objects.filter(case__tumor=tumor).select_related(*related)
    decision = found.order_by("-recorded_at", "-id").first()
    if decision is None:
        return None
    said = dict(decision.options.values_list("option", "word"))
    wanted = frozenset(option for option, word in said.items() if word in (Word.TAKEN, Word.DEFERRED))
    owners = (decision.case.referred_by, decision.recorded_by)
    return Looked(decision.snapshot, decision.recorded_at, owners, said, wanted)


def decided_tumors() -> Q:
    """The tumors on which a board has decided."""
    return Q(pk__in=Decision.objects.values("case__tumor_id"))


def credits(snapshots: Sequence[UUID]) -> Mapping[UUID, Credit]:
    """At which meeting each of these lists was decided on."""
    rows = Decision.objects.filter(snapshot__in=snapshots).select_related("meeting", "case__tumor")
    return {decision.snapshot_id: _credit(decision) for decision in rows}


def _credit(decision: Decision) -> Credit:
    url = reverse("boards:decision", args=[decision.case.tumor.patient_id, decision.case_id])
    return Credit(HOW, decision.meeting.title, decision.recorded_at, url, "The decision of the board")


WAY = Way(latest_decision, decided_tumors, credits, dict(Word.choices))
