"""What changed since a paper was made: on record, in the rules, on the agenda. Says what, never what it means.

It compares times and digests, in a handful of queries for all cases together, and assesses nobody. Who calls it: the list
of a meeting's packets, and the page that looks a check code up.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from boards.models import Attachment, Case, CaseEvent, CaseKind, Paper, PaperCase
from boards.packet.contents import overlay_said
from pathways.models import Review
from pathways.selectors import overlay_in_force, version_in_force
from patients.models import (
    Finding,
    FindingCorrection,
    Marker,
    MarkerCorrection,
    PatientChange,
    PatientNote,
    PatientNoteCorrection,
    Settlement,
    Treatment,
    TreatmentCorrection,
)

# What a sheet shows of a patient's record: word, table, way to the patient, when it was written.
_RECORD: tuple[tuple[str, type[Model], str, str], ...] = (
    ("findings", Finding, "patient_id", "entered_at"),
    ("findings", FindingCorrection, "finding__patient_id", "at"),
    ("findings", Settlement, "finding__patient_id", "settled_at"),
    ("treatments", Treatment, "patient_id", "entered_at"),
    ("treatments", TreatmentCorrection, "treatment__patient_id", "at"),
    ("markers", Marker, "patient_id", "entered_at"),
    ("markers", MarkerCorrection, "marker_row__patient_id", "at"),
    ("notes", PatientNote, "patient_id", "entered_at"),
    ("notes", PatientNoteCorrection, "note__patient_id", "at"),
    ("signed reviews", Review, "snapshot__tumor__patient_id", "signed_at"),
    ("name, birth date or sex", PatientChange, "patient_id", "changed_at"),
)
_EVENTS = {
    CaseKind.EDITED: "the question or the presenter",
    CaseKind.POSTPONED: "the meeting (postponed)",
    CaseKind.WITHDRAWN: "the case (withdrawn)",
    CaseKind.DECIDED: "the case (decided)",
    CaseKind.SNAPSHOT: "the assessment kept for the meeting",
}
Changes = dict[UUID, tuple[str, ...]]


def record_changes(patients: Iterable[UUID], since: datetime) -> Changes:
    """By patient, which parts of the record were written after this instant."""
    ids = list(set(patients))
    found: dict[UUID, dict[str, None]] = {}
    for word, table, way, when in _RECORD if ids else ():
        rows = table._default_manager.filter(**{f"{way}__in": ids, f"{when}__gt": since})
        for patient in set(rows.values_list(way, flat=True)):
            found.setdefault(patient, {})[word] = None
    return {patient: tuple(words) for patient, words in found.items()}


def case_changes(cases: Iterable[UUID], since: datetime) -> Changes:
    """By case, what happened to it and to its attachments after this instant."""
    ids = list(set(cases))
    found: dict[UUID, dict[str, None]] = {}
    events = CaseEvent.objects.filter(case_id__in=ids, at__gt=since, kind__in=list(_EVENTS))
    for case, kind in events.order_by("id").values_list("case_id", "kind"):
        found.setdefault(case, {})[_EVENTS[CaseKind(kind)]] = None
    attached = Attachment.objects.filter(Q(at__gt=since) | Q(withdrawal__at__gt=since), case_id__in=ids)
    for case in set(attached.values_list("case_id", flat=True)):
        found.setdefault(case, {})["the attachments"] = None
    return {case: tuple(words) for case, words in found.items()}


def rules_changed(row: PaperCase) -> str:
    """'NET pathway v2 is in force', or that the emergency stops are other ones; '' where the rules are the same."""
    if not row.ruleset_digest:
        return ""
    version, overlay = version_in_force(), overlay_in_force()
    if version.digest != row.ruleset_digest:
        return f"{version.title} v{version.version} is in force"
    if overlay_said(overlay) != row.overlay:
        return "the emergency stops are other ones"
    return ""


def stale_because(paper: Paper, rows: list[PaperCase]) -> tuple[str, ...]:
    """Why making a meeting's packet again would give another one; nothing where it would give the same.

    A case whose assessment was kept is shown as it was kept, so what was recorded since does not reach its sheet.
    """
    because = list(_agenda_changes(paper, rows))
    cases = {one.pk: one for one in Case.objects.filter(pk__in=[row.case_id for row in rows if row.case_id])}
    live = [row for row in rows if row.snapshot_id is None]
    kept_since = any(row.case_id in cases and cases[row.case_id].snapshot_id != row.snapshot_id for row in rows)
    if kept_since:
        because.append("the assessments kept for the meeting")
    tumors = {row.tumor_id: row.tumor.patient_id for row in live}
    because += [word for words in record_changes(tumors.values(), paper.made_at).values() for word in words]
    for words in case_changes([row.case_id for row in rows if row.case_id], paper.made_at).values():
        because += [word for word in words if "assessment kept" not in word and "decided" not in word]
    because += [sentence for sentence in {rules_changed(row) for row in live} if sentence]
    return tuple(dict.fromkeys(because))


def _agenda_changes(paper: Paper, rows: list[PaperCase]) -> Iterable[str]:
    meeting: Any = paper.meeting
    agenda = list(Case.objects.filter(meeting=meeting).order_by("position", "id").values_list("pk", flat=True))
    shown = [row.case_id for row in rows]
    if len(agenda) != len(shown) + paper.left_out or [one for one in agenda if one in set(shown)] != shown:
        yield "the agenda"
    if meeting.begins_at != paper.begins_at:
        yield "the hour of the meeting"
