"""What changed since a paper was made: on record, in the rules, on the agenda. Says what, never what it means.

It compares times and digests, and assesses nobody; everything is read once for all papers together. Who calls it: the list
of packets of a meeting, and the page that looks a check code up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Model
from django.utils import timezone

from boards.models import Attachment, AttachmentWithdrawal, Case, CaseEvent, CaseKind, Meeting, Paper, PaperCase
from boards.packet.contents import overlay_said
from netcare.access import today_for
from pathways.assessing import facts_digest
from pathways.models import Review
from pathways.selectors import overlay_in_force, version_in_force
from patients.facts import facts_of_many
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
    ("name, MRN, birth date or sex", PatientChange, "patient_id", "changed_at"),
)
_ATTACHED = "the attachments"
_CASE: tuple[tuple[str, type[Model], str, str], ...] = (
    (_ATTACHED, Attachment, "case_id", "at"),
    (_ATTACHED, AttachmentWithdrawal, "attachment__case_id", "at"),
)
_EVENTS = {
    CaseKind.EDITED: "the question or the presenter",
    CaseKind.POSTPONED: "the case (postponed)",
    CaseKind.WITHDRAWN: "the case (withdrawn)",
    CaseKind.DECIDED: "the case (decided)",
    CaseKind.SNAPSHOT: "the assessment kept for the meeting",
}
# What happens to a case at the meeting itself changes nothing that its packet shows.
_ON_PAPER = frozenset({_ATTACHED, _EVENTS[CaseKind.EDITED]})
BY_TIME = "what the rules read, by time alone"
Written = dict[UUID, dict[str, datetime]]


@dataclass(frozen=True)
class Standing:
    """How things are now for some papers: when what was last written, the facts of today, the rules, the agenda."""

    record: Written
    cases: Written
    facts: dict[UUID, str]
    kept: dict[UUID, UUID | None]
    agenda: Sequence[UUID]
    rules: str
    rules_digest: str
    overlay: str
    today: date

    def record_words(self, row: PaperCase, since: datetime) -> list[str]:
        """Which parts of the patient's record were written after this instant; failing that, whether time changed facts."""
        words = _after(self.record.get(row.tumor.patient_id, {}), since)
        aged = row.out_of_date_on is not None and row.out_of_date_on <= self.today
        by_time = not words and bool(row.facts) and (aged or self.facts[row.tumor_id] != row.facts)
        return [BY_TIME] if by_time else words

    def case_words(self, row: PaperCase, since: datetime) -> list[str]:
        """What happened to the case and its attachments after this instant."""
        return _after(self.cases.get(row.case_id, {}), since) if row.case_id else []

    def other_rules(self, row: PaperCase) -> str:
        """'NET pathway v2 is in force', or that the emergency stops are other ones; '' where the rules are the same."""
        if not row.ruleset_digest:
            return ""
        if self.rules_digest != row.ruleset_digest:
            return f"{self.rules} is in force"
        return "the emergency stops are other ones" if self.overlay != row.overlay else ""


def standing_of(rows: Sequence[PaperCase], meeting: Meeting | None = None) -> Standing:
    """How things are now for these rows of one institution, whatever their number from the same number of queries."""
    tumors = list({row.tumor_id: row.tumor for row in rows}.values())
    cases = {row.case_id for row in rows if row.case_id}
    day = today_for(tumors[0].patient.institution) if tumors else timezone.localdate()
    version, overlay = version_in_force(), overlay_in_force()
    agenda = Case.objects.filter(meeting=meeting).order_by("position", "id") if meeting else Case.objects.none()
    return Standing(
        record=_written(_RECORD, [tumor.patient_id for tumor in tumors]),
        cases=_happened(cases),
        facts=_facts_of(tumors, day),
        kept=dict(Case.objects.filter(pk__in=cases).values_list("pk", "snapshot_id")),
        agenda=list(agenda.values_list("pk", flat=True)),
        rules=f"{version.title} v{version.version}",
        rules_digest=version.digest,
        overlay=overlay_said(overlay),
        today=day,
    )


def stale_because(paper: Paper, rows: Sequence[PaperCase], now: Standing) -> tuple[str, ...]:
    """Why making a meeting's packet again would give another one; nothing where it would give the same.

    A case whose assessment was kept is shown as it was kept, so what was recorded since does not reach its sheet.
    """
    because = [*_agenda_changes(paper, rows, now)]
    if any(row.case_id and now.kept.get(row.case_id) != row.snapshot_id for row in rows):
        because.append("the assessments kept for the meeting")
    for row in rows:
        if row.snapshot_id is None:
            because += [*now.record_words(row, paper.made_at), now.other_rules(row)]
        because += [word for word in now.case_words(row, paper.made_at) if word in _ON_PAPER]
    return tuple(word for word in dict.fromkeys(because) if word)


def _agenda_changes(paper: Paper, rows: Sequence[PaperCase], now: Standing) -> Iterator[str]:
    meeting: Any = paper.meeting
    shown = [row.case_id for row in rows]
    if len(now.agenda) != len(shown) + paper.left_out or [one for one in now.agenda if one in set(shown)] != shown:
        yield "the agenda"
    if meeting.begins_at != paper.begins_at:
        yield "the hour of the meeting"


def _after(written: dict[str, datetime], since: datetime) -> list[str]:
    return [word for word, at in written.items() if at > since]


def _written(tables: Iterable[tuple[str, type[Model], str, str]], ids: Iterable[UUID]) -> Written:
    """By patient or case and word, when it was last written."""
    wanted = list(set(ids))
    found: Written = {}
    for word, table, way, when in tables if wanted else ():
        rows = table._default_manager.filter(**{f"{way}__in": wanted}).order_by()
        for one, at in rows.values_list(way).annotate(last=Max(when)):
            known = found.setdefault(one, {})
            known[word] = max(at, known.get(word, at))
    return found


def _happened(cases: Iterable[UUID]) -> Written:
    found = _written(_CASE, cases)
    events = CaseEvent.objects.filter(case_id__in=list(cases), kind__in=list(_EVENTS)).order_by("id")
    for case, kind, at in events.values_list("case_id", "kind", "at"):
        found.setdefault(case, {})[_EVENTS[CaseKind(kind)]] = at
    return found


def _facts_of(tumors: Sequence[Any], day: date) -> dict[UUID, str]:
    """By tumor, the digest of the facts as the rules would read them on this day."""
    facts = facts_of_many(tumors, as_of=day) if tumors else {}
    return {tumor.pk: facts_digest(facts[tumor.pk].features) for tumor in tumors}
