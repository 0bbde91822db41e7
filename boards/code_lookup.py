"""What a check code on a packet, a case sheet or minutes belongs to, and whether what it shows is still what is on record.

It answers from rows; no paper is made anew. Whoever may not read every patient of the paper gets no answer, as if there were
no such code. Registered with `pathways.reviews.papers`, whose page asks.
"""

from django.urls import reverse

from boards.minutes import content_of, digest_of
from boards.models import CaseState, MinutesSignature, Paper, PaperCase, PaperKind
from boards.selectors import within_reach
from boards.standing import standing_of
from netcare.access import Actor, Capability
from pathways.presenters.words import count, listing, show_instant
from pathways.reviews.papers import FoundPaper


def look_up(actor: Actor, code: str) -> FoundPaper | None:
    """The latest paper with this code, as a whole or of one case on it."""
    if not actor.may(Capability.BOARD_READ).allowed or actor.institution_id is None:
        return None
    related = ("tumor__patient__institution", "case__meeting", "snapshot")
    rows = PaperCase.objects.select_related(*related)
    papers = Paper.objects.filter(institution_id=actor.institution_id).select_related(
        "meeting__chair", "meeting__institution"
    )
    whole = papers.filter(code=code).order_by("kind", "-made_at", "-id").first()
    if whole is not None:
        return _answer(actor, whole, list(rows.filter(paper=whole).order_by("number")))
    part = papers.filter(cases__code=code).order_by("-made_at", "-id").first()
    return _answer(actor, part, list(rows.filter(paper=part, code=code).order_by("number")[:1])) if part else None


def _answer(actor: Actor, paper: Paper, rows: list[PaperCase]) -> FoundPaper | None:
    patients = {row.tumor.patient_id for row in rows}
    if patients - within_reach(actor, rows):
        return None
    changed = _minutes_changed(paper) if paper.kind == PaperKind.MINUTES else _sheets_changed(rows, paper)
    return FoundPaper(
        title=_title(paper, rows),
        url=_url(paper, rows),
        made=f"Made by {paper.made_by_name} on {show_instant(paper.made_at)}",
        rests_on=_rests_on(rows),
        holds=tuple(dict.fromkeys(_case_said(row) for row in rows)),
        superseded=_superseded(paper, rows),
        changed=tuple(changed),
        subject=f"paper {paper.pk}",
        patient_ids=tuple(patients),
    )


def _title(paper: Paper, rows: list[PaperCase]) -> str:
    what = paper.get_kind_display().capitalize()
    if _is_part(paper, rows):
        what = f"Case {rows[0].number} of {paper.cases.count()} of the packet"
    if paper.kind == PaperKind.MINUTES:
        what = "Signed minutes" if paper.signed else "Draft of the minutes"
    about = f" of {paper.meeting.title}, {show_instant(paper.begins_at)}" if paper.meeting and paper.begins_at else ""
    more = ", de-identified" if paper.deidentified else ""
    return f"{what}{about} ({paper.get_form_display()}{more})"


def _url(paper: Paper, rows: list[PaperCase]) -> str:
    if paper.kind == PaperKind.MINUTES:
        return reverse("boards:minutes", args=[paper.meeting_id])
    if paper.kind == PaperKind.PACKET and len(rows) != 1:
        return reverse("boards:packets", args=[paper.meeting_id])
    row = rows[0]
    if row.case_id:
        return reverse("boards:case", args=[row.tumor.patient_id, row.case_id])
    return reverse("pathways:patient", args=[row.tumor.patient_id])


def _case_said(row: PaperCase) -> str:
    patient = row.tumor.patient
    return f"{patient} ({patient.mrn})"


def _rests_on(rows: list[PaperCase]) -> str:
    said = dict.fromkeys(f"{row.ruleset}, facts of {row.facts_of}" for row in rows if row.ruleset)
    return "; ".join(said)


def _superseded(paper: Paper, rows: list[PaperCase]) -> str:
    """That a later paper says something else: of one tumor any sheet of it, else the same kind of the same meeting."""
    later = Paper.objects.filter(made_at__gt=paper.made_at, deidentified=paper.deidentified)
    if paper.kind in (PaperKind.SHEET, PaperKind.TEXT) or _is_part(paper, rows):
        other = PaperCase.objects.filter(tumor=rows[0].tumor_id).exclude(code__in=["", rows[0].code])
        later = later.filter(pk__in=other.values("paper_id"))
    else:
        later = later.filter(meeting=paper.meeting, kind=paper.kind).exclude(code=paper.code)
    found = later.prefetch_related("cases").order_by("-made_at", "-id")
    part = paper.kind in (PaperKind.SHEET, PaperKind.TEXT) or _is_part(paper, rows)
    newest = next((one for one in found if part or _replaces(one, paper, rows)), None)
    if newest is None:
        return ""
    return f"Another was made on {show_instant(newest.made_at)} by {newest.made_by_name}, with other content."


def _replaces(later: Paper, paper: Paper, rows: list[PaperCase]) -> bool:
    """Whether a later paper with another code says something else of the same, not just more or less of it.

    Two that leave nothing out are the whole each; of the same cases a paper of the same reach; whoever reaches more replaces
    a smaller packet only where one of its sheets is another. One of less reach replaces nothing.
    """
    if later.left_out > paper.left_out:
        return False
    old, new = ({row.case_id: row.code for row in some} for some in (rows, later.cases.all()))
    if later.left_out == paper.left_out and (paper.left_out == 0 or old.keys() == new.keys()):
        return True
    return any(new.get(case, code) != code for case, code in old.items())


def _is_part(paper: Paper, rows: list[PaperCase]) -> bool:
    """Whether the code was that of one case on a packet, not of the whole."""
    return paper.kind == PaperKind.PACKET and len(rows) == 1 and paper.cases.count() > 1


def _sheets_changed(rows: list[PaperCase], paper: Paper) -> list[str]:
    """Case by case what is otherwise now, with the reasons that concern all of them once."""
    now = standing_of(rows)
    rules = dict.fromkeys(sentence for row in rows if (sentence := now.other_rules(row)))
    said = [f"It was made under other rules: {sentence}." for sentence in rules]
    for row in rows:
        since = row.snapshot.taken_at if row.snapshot else paper.made_at
        words = [*now.record_words(row, since), *now.case_words(row, paper.made_at)]
        if words:
            who = f"{_case_said(row)}: " if len(rows) > 1 else ""
            said.append(f"{who}changed since: {listing(words)}.")
    return said


def _minutes_changed(paper: Paper) -> list[str]:
    meeting = paper.meeting
    assert meeting is not None  # a constraint of the table: minutes name their meeting
    signature = MinutesSignature.objects.filter(meeting=meeting).order_by("pk").first()
    if signature is None:
        open_cases = meeting.cases.filter(state=CaseState.SCHEDULED).count()
        left = f"; {count(open_cases, 'case')} not decided yet" if open_cases else ""
        return [f"It is a draft: the chair has not signed{left}. It may still change."]
    if digest_of(signature.content) != signature.digest or content_of(meeting) != signature.content:
        return ["What is stored is not what was signed. Do not rely on the paper; tell those who run netcare."]
    said = (
        []
        if paper.signed
        else [f"The minutes were signed on {show_instant(signature.signed_at)}; this is a draft of before."]
    )
    added = meeting.addenda.filter(at__gt=paper.made_at).count()
    return [*said, *([f"{count(added, 'addendum', 'addenda')} made since."] if added else [])]
