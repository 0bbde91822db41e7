"""From a tumor on record to its packet: the presenters of the screen, asked once and put side by side.

What it refuses to do: say anything in words of its own about the assessment, or keep anything. Who calls it: the command
`packet`, the background job, the adapter that knows meetings. Who may have a packet is decided there.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone

from boards.packet.contents import BoardText, CasePacket, Record, Records, Slot, Who, overlay_said
from boards.packet.drawing import drawing_of
from boards.packet.masking import masked, without_stop_texts
from pathways.assessing import TumorAssessment, assess_facts, assess_tumor, facts_digest
from pathways.engine import Overlay, Ruleset
from pathways.knowledge.texts import KnowledgeTexts, Sentence
from pathways.models import Snapshot
from pathways.presenters.candidates import listed_said
from pathways.presenters.explanation import no_link
from pathways.presenters.missing import missing_view
from pathways.presenters.patient_page import fictional_tag, heads, line_of, stamp
from pathways.presenters.printed import PrintedSheet, printed_sheet
from pathways.presenters.readings import Disagreement, disagreements, reading_words, settled_words
from pathways.presenters.review_due import patient_notice
from pathways.presenters.timeline.entries import Entry
from pathways.presenters.timeline.page import Rows, rows_of, timeline_page
from pathways.presenters.was_excluded import was_excluded
from pathways.presenters.words import show_date
from pathways.reviews.expiry import OutOfDate, out_of_date
from pathways.selectors import InForce, ruleset_of
from patients.facts import age_on, facts_of
from patients.models import Settlement, Tumor

# The kinds of the timeline's entries, as the packet groups them: title, kinds, what is said where there are none.
_COURSE = "Course and board, free text not used by the rules"
_HISTORY = (
    ("Treatments", ("Treatment",), "No treatment is on record."),
    (_COURSE, (), "No note is on record."),
    ("Signed reviews", ("Signed review",), "No review is signed."),
)
_FINDINGS = (
    ("Pathology", ("Pathology",), "No pathology finding is on record."),
    ("Imaging", ("Imaging",), "No imaging finding is on record."),
    ("Laboratory and markers", ("Laboratory", "Marker"), "No laboratory value is on record."),
    ("Clinic and other reports", ("Visit", "Imported"), "No finding from clinic is on record."),
)
_LEFT_OUT = "Left out: free text."
# Everything that has no other place is told with the course.
_PLACED = tuple(kind for _, kinds, _ in (*_HISTORY, *_FINDINGS) for kind in kinds)


def case_packet(
    tumor: Tumor,
    *,
    at: datetime,
    slot: Slot | None = None,
    kept: Snapshot | None = None,
    deidentified: bool = False,
    attachments: Records | None = None,
) -> CasePacket:
    """The packet of one tumor as of today at its institution, or of the assessment that was kept for a meeting.

    `attachments` are named as they are handed in. Raises NoRulesetInForce.
    """
    zone = ZoneInfo(tumor.patient.institution.time_zone)
    with timezone.override(zone):
        done, rows = _kept(tumor, kept) if kept else _now(tumor, timezone.localtime(at, zone).date())
        settled = settled_words(_settlements(tumor, kept.taken_at if kept else at), tumor)
        found = out_of_date(done)
        valid, ends = _valid_until(found), found.on if found and not deidentified else None
        if deidentified:
            done, rows = masked(done, rows)
            settled = dict.fromkeys(settled, "A clinician settled which reading counts.")
            valid = "Newer facts or newer rules may change this list."
        slot = slot or Slot()
        shown_slot = replace(slot, question="", asked_by="") if deidentified else slot
        made = _packet(done, rows, settled, shown_slot, at, valid, deidentified=deidentified)
        made = replace(made, attachments=attachments, out_of_date_on=ends)
        return without_stop_texts(made, done.assessment).coded() if deidentified else made.coded()


def _now(tumor: Tumor, day: date) -> tuple[TumorAssessment, Rows]:
    return assess_tumor(tumor, as_of=day), rows_of(tumor)


def _kept(tumor: Tumor, kept: Snapshot) -> tuple[TumorAssessment, Rows]:
    """What the meeting sees: the facts that were known then, under the rules and emergency stops of then."""
    overlay = Overlay.from_text(kept.overlay) if kept.overlay else None
    rules = InForce(kept.ruleset_version, ruleset_of(kept.ruleset_version), overlay)
    facts = facts_of(tumor, as_of=kept.as_of, known_at=kept.taken_at)
    rows = rows_of(tumor)
    return assess_facts(tumor, facts, rules), replace(
        rows,
        treatments=[row for row in rows.treatments if row.entered_at <= kept.taken_at],
        markers=[row for row in rows.markers if row.entered_at <= kept.taken_at],
        notes=[row for row in rows.notes if row.entered_at <= kept.taken_at],
        reviews=[row for row in rows.reviews if row.signed_at <= kept.taken_at],
    )


def _packet(
    done: TumorAssessment,
    rows: Rows,
    settled: dict[str, str],
    slot: Slot,
    at: datetime,
    valid: str,
    *,
    deidentified: bool,
) -> CasePacket:
    assessment = done.assessment
    readings = reading_words(done.facts, done.stale, done.in_force.ruleset.dictionary)
    sheet = printed_sheet(assessment, readings)
    timeline = timeline_page(done, rows, {})
    overdue = patient_notice(assessment, done.as_of)
    return CasePacket(
        who=_who(done, deidentified=deidentified),
        line=line_of(assessment).text,
        slot=slot,
        heads=heads(done, no_link),
        overdue=overdue.sentence if overdue else "",
        disagreements=_forks(done, settled),
        listed_said=listed_said(sheet.page),
        sheet=sheet,
        missing=missing_view(assessment, no_link),
        was_excluded=was_excluded(done, no_link),
        history=tuple(_records(timeline.entries, *kind, deidentified=deidentified) for kind in _HISTORY),
        findings=tuple(_records(timeline.entries, *kind, deidentified=deidentified) for kind in _FINDINGS),
        drawing=drawing_of(timeline.drawing, timeline.undrawn_said.split(":")[0]),
        board_texts=tuple(_board_texts(done, sheet)),
        stamp=stamp(done, at),
        overlay=overlay_said(assessment.overlay),
        facts=facts_digest(done.facts.features),
        valid_until=valid,
        deidentified=deidentified,
    )


def _who(done: TumorAssessment, *, deidentified: bool) -> Who:
    patient = done.tumor.patient
    age = f"{age_on(patient.birth_on, done.as_of)} y" if patient.birth_on <= done.as_of else ""
    sex = f"sex {patient.get_sex_display()}" if patient.sex == "unknown" else patient.get_sex_display()
    if deidentified:
        return Who("De-identified patient", "", "", age, sex, fictional_tag(patient), f"Tumor {done.tumor.number}")
    return Who(
        str(patient), patient.mrn, show_date(patient.birth_on), age, sex, fictional_tag(patient), str(done.tumor)
    )


def _forks(done: TumorAssessment, settled: dict[str, str]) -> tuple[Disagreement, ...]:
    return tuple(replace(one, finding="") for one in disagreements(done, settled))


def _records(entries: Iterable[Entry], title: str, kinds: tuple[str, ...], none: str, *, deidentified: bool) -> Records:
    found = [one for one in entries if (one.kind.startswith(kinds) if kinds else not one.kind.startswith(_PLACED))]
    rows = tuple(Record(one.when, one.what, one.value, one.details, one.origin) for one in found)
    hidden = deidentified and title in (_COURSE, "Signed reviews")
    return Records(title, rows, _LEFT_OUT if hidden else none)


def _board_texts(done: TumorAssessment, sheet: PrintedSheet) -> Iterable[BoardText]:
    """What the sources say for the board: of every packet, then of each listed option."""
    texts = _texts(done.in_force.ruleset)
    yield _board_text("", texts.packet_for_every_option())
    for view in sheet.listed:
        section = next(one for one in texts.sections(view.row.code) if one.code == "packet")
        if section.sentences:
            yield _board_text(view.row.title, section.sentences)


@lru_cache(maxsize=2)
def _texts(ruleset: Ruleset) -> KnowledgeTexts:
    return KnowledgeTexts(ruleset.to_data())


def _board_text(option: str, sentences: Iterable[Sentence]) -> BoardText:
    told = tuple(sentences)
    bases = tuple(dict.fromkeys(basis.code for sentence in told for basis in sentence.bases))
    return BoardText(option, tuple(sentence.text for sentence in told), bases)


def _valid_until(found: OutOfDate | None) -> str:
    """When time alone makes the list another one, in the words of a signed review."""
    if found is None:
        return "Time alone changes nothing on this list within a year; new facts or new rules may."
    return f"Out of date from {show_date(found.on)} ({found.because}); earlier with new facts or rules."


def _settlements(tumor: Tumor, until: datetime) -> list[Settlement]:
    decided = Settlement.objects.filter(finding__patient=tumor.patient_id, settled_at__lte=until)
    decided = decided.select_related("finding", "settled_by")
    return list(decided.order_by("settled_at", "id"))
