"""The minutes as canonical text: who came, what was decided and postponed, what became of earlier decisions. It is signed.

What it refuses to do: hold anything that changes later; outcomes of items and addenda stand beside the minutes. Who calls
it: the page of the minutes, signing, and whoever makes a document of them.
"""

from hashlib import sha256
from typing import Any
from uuid import UUID

from boards.models import CaseEvent, CaseKind, Decision, FollowUpEvent, Meeting
from boards.selectors import decisions_of, live_members, reviewed_at
from pathways.engine import canonical_json


def content_of(meeting: Meeting) -> str:
    """Everything that the chair signs, as canonical JSON."""
    return canonical_json(
        {
            "meeting": str(meeting.pk),
            "title": meeting.title,
            "begins_at": meeting.begins_at.isoformat(),
            "chair": meeting.chair.display_name,
            "members": [_member(member) for member in live_members(meeting)],
            "decisions": [_decision(decision) for decision in decisions_of(meeting)],
            "postponed": [_postponed(event) for event in postponed_from(meeting)],
            "earlier": [_reviewed(event) for event in reviewed_at(meeting)],
        }
    )


def digest_of(content: str) -> str:
    """sha256 of the minutes' text."""
    return "sha256:" + sha256(content.encode()).hexdigest()


def postponed_from(meeting: Meeting) -> list[CaseEvent]:
    """The cases that were put off at this meeting, after its agenda was locked."""
    rows = CaseEvent.objects.filter(meeting=meeting, kind=CaseKind.POSTPONED, snapshot__isnull=False)
    return list(rows.select_related("case__tumor__patient", "snapshot").order_by("at", "id"))


def put_on(events: list[CaseEvent]) -> dict[UUID, Meeting]:
    """By case, the meeting onto which it was put in the same step; what happened to the case later tells nothing here."""
    steps = {(event.case_id, event.at) for event in events}
    rows = CaseEvent.objects.filter(
        kind=CaseKind.SCHEDULED, case__in={case for case, _ in steps}, at__in={at for _, at in steps}
    )
    return {
        row.case_id: row.meeting
        for row in rows.select_related("meeting")
        if row.meeting and (row.case_id, row.at) in steps
    }


def _member(member: Any) -> dict[str, str]:
    attendance = getattr(member, "attendance", None)
    return {
        "name": member.name,
        "discipline": member.discipline,
        "presence": attendance.presence if attendance else "",
    }


def _postponed(event: CaseEvent) -> dict[str, str]:
    return {"case": str(event.case_id), "reason": event.reason, "line": event.line, "by": event.by_name}


def _reviewed(event: FollowUpEvent) -> dict[str, str]:
    return {"item": str(event.item_id), "outcome": event.outcome, "reason": event.reason, "line": event.line}


def _decision(decision: Decision) -> dict[str, Any]:
    plain = ("note", "trial", "trial_line", "preference", "informs", "departs", "departure_reasons", "departure_line")
    return {
        "case": str(decision.case_id),
        "question": decision.case.question,
        "snapshot": decision.snapshot.digest,
        **{name: getattr(decision, name) for name in plain},
        "recorded_by": decision.recorded_by_name,
        "recorded_at": decision.recorded_at.isoformat(),
        "options": [
            {"option": one.option, "status": one.status, "word": one.word, "reasons": one.reasons, "line": one.line}
            for one in decision.options.all()
        ],
        "items": [
            {
                "kind": item.kind, "what": item.what, "then": item.then, "otherwise": item.otherwise,
                "owner": item.owner_name, "due_on": item.due_on.isoformat() if item.due_on else "",
            }
            for item in decision.follow_ups.all()
        ],
    }  # fmt: skip
