"""Papers: a meeting's packets with their making, one case as sheet or text, the minutes as PDF.

What holds patients is handed out to those alone who reach every one of them; each handing out leaves an audit row.
"""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from boards import files
from boards.actions.papers import About, Shown, ask_for_packet, note_paper
from boards.models import Case, Meeting, Paper, PaperForm, PaperKind
from boards.packet.contents import CasePacket
from boards.packet.from_minutes import minutes_of, minutes_shown
from boards.packet.from_models import sheet_of
from boards.packet.job import printing_now
from boards.packet.minutes import minutes_pdf
from boards.packet.pdf import NotMade, case_pdf
from boards.packet.text import case_text as text_of
from boards.policies import case_or_404, meeting_or_404
from boards.presenters.papers import beyond_reach, file_name, not_kept, packet_panel
from boards.selectors import attachments_of, papers_of
from boards.views.common import done, local_begin, meeting_context
from netcare import audit
from netcare.access import Capability, actor_of, policy, today_for
from pathways.presenters.patient_page import banner
from pathways.selectors import NoRulesetInForce
from patients.models import Patient
from patients.policies import NOT_FOUND, patient_policy
from patients.selectors import tumors_of


@require_safe
@policy(Capability.BOARD_READ)
def packets(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The packets that were made, those that are being made, and the form that has one made."""
    actor, found = actor_of(request), meeting_or_404(actor_of(request), meeting_id)
    panel = {"packets": packet_panel(actor, found, timezone.now())}
    if request.headers.get("HX-Target") == "packets":
        return render(request, "boards/_packets.html", panel | {"meeting": found})
    return render(request, "boards/packets.html", meeting_context(request, found, "packets") | panel)


@require_POST
@policy(Capability.BOARD_READ)
def make_packet(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Have a packet made in the background."""
    actor, found = actor_of(request), meeting_or_404(actor_of(request), meeting_id)
    said = {"form": request.POST.get("form", ""), "deidentified": request.POST.get("deidentified") == "yes"}
    done(request, None, lambda: ask_for_packet(actor=actor, meeting=found, now=timezone.now(), **said), "")
    return redirect("boards:packets", meeting_id=found.pk)


@require_safe
@policy(Capability.BOARD_READ)
def packet(request: HttpRequest, meeting_id: UUID, paper_id: UUID) -> HttpResponseBase:
    """The file of a packet, for those who reach every patient in it."""
    actor, found = actor_of(request), meeting_or_404(actor_of(request), meeting_id)
    paper = papers_of(found, PaperKind.PACKET).filter(pk=paper_id).first()
    rows = list(paper.cases.all()) if paper else []
    if paper is None or beyond_reach(actor, rows):
        audit.record(
            actor=actor, action="packet.download", outcome="denied", subject=f"paper {paper_id}", request=request
        )
        raise Http404(NOT_FOUND)
    patients = list(dict.fromkeys(row.tumor.patient_id for row in rows))
    audit.record(
        actor=actor, action="packet.download", patient_ids=patients, subject=f"paper {paper.pk}", request=request,
        detail={"meeting": str(found.pk), "code": paper.code},
    )  # fmt: skip
    return _handed_out(request, paper)


@require_safe
@policy(Capability.BOARD_READ)
def minutes_file(request: HttpRequest, meeting_id: UUID) -> HttpResponseBase:
    """The minutes as PDF, marked as a draft until the chair has signed."""
    actor, found = actor_of(request), meeting_or_404(actor_of(request), meeting_id)
    said, shown = minutes_of(found, actor), minutes_shown(found, actor)
    about = About(PaperKind.MINUTES, PaperForm.PDF, said.code, found, signed=bool(said.signed), left_out=said.left_out)
    try:
        with timezone.override(ZoneInfo(found.time_zone)):
            data = minutes_pdf(said, printing_now(actor.name))
    except NotMade as problem:
        messages.error(request, str(problem))
        return redirect("boards:minutes", meeting_id=found.pk)
    note_paper(actor=actor, institution=found.institution, about=about, shown=shown, now=timezone.now())
    draft = "" if said.signed else "-draft"
    return files.handed_out(data, files.PDF, f"minutes-{local_begin(found):%Y-%m-%d}{draft}.pdf")


@require_safe
@patient_policy(Capability.BOARD_READ)
def case_sheet(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponseBase:
    """The packet of one case as PDF."""
    found, hidden = case_or_404(patient, case_id), request.GET.get("deidentified") == "yes"
    try:
        sheet, printed = _sheet(found, deidentified=hidden), actor_of(request).name
        with timezone.override(ZoneInfo(patient.institution.time_zone)):
            data = case_pdf(sheet, printing_now(printed))
    except (NotMade, NoRulesetInForce) as problem:
        messages.error(request, f"No case sheet was made. {problem}")
        return redirect("boards:case", patient_id=patient.pk, case_id=found.pk)
    _note_sheet(request, found, sheet, PaperKind.SHEET, PaperForm.PDF)
    return files.handed_out(data, files.PDF, f"case-sheet-{sheet.code.lower()}.pdf")


@require_safe
@patient_policy(Capability.BOARD_READ)
def case_text(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """One case as text to paste into the record."""
    found, actor, tumors = case_or_404(patient, case_id), actor_of(request), tumors_of(patient)
    hidden, today = request.GET.get("deidentified") == "yes", today_for(patient.institution)
    try:
        sheet = _sheet(found, deidentified=hidden)
    except NoRulesetInForce as problem:
        messages.error(request, str(problem))
        return redirect("boards:case", patient_id=patient.pk, case_id=found.pk)
    _note_sheet(request, found, sheet, PaperKind.TEXT, PaperForm.TEXT)
    shown = banner(patient, actor=actor, as_of=today, current="board", tumors=tumors, tumor=found.tumor)
    context = {"banner": shown, "patient": patient, "case": found, "text": text_of(sheet), "deidentified": hidden}
    return render(request, "boards/case_text.html", context)


def _handed_out(request: HttpRequest, paper: Paper) -> HttpResponseBase:
    """The file, or its page with the sentence why there is none."""
    why = not_kept(paper, timezone.now())
    try:
        if why or paper.key is None:
            raise files.FileGone(why)
        stored = files.StoredFile(paper.key, paper.content_type, paper.size, paper.digest)
        files.read(files.PACKETS, stored)
        return files.download(files.PACKETS, stored, file_name(paper))
    except files.FileGone as gone:
        messages.error(request, str(gone))
        return redirect("boards:packets", meeting_id=paper.meeting_id)


def _sheet(found: Case, *, deidentified: bool) -> CasePacket:
    attached = attachments_of([found]).get(found.pk, [])
    return sheet_of(found, attached, at=timezone.now(), deidentified=deidentified)


def _note_sheet(request: HttpRequest, found: Case, sheet: CasePacket, kind: PaperKind, form: PaperForm) -> None:
    meeting: Meeting | None = found.meeting
    about = About(kind, form, sheet.code, meeting, deidentified=sheet.deidentified)
    shown = [Shown(found.tumor, found, sheet, found.snapshot_id)]
    note_paper(actor=actor_of(request), institution=found.institution, about=about, shown=shown, now=timezone.now())
