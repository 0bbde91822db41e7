"""The files of a case: listed, attached, handed out as downloads alone, withdrawn with a reason."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from boards import files
from boards.actions.attachments import Sent, attach, closed_for_files, withdraw_attachment
from boards.attaching import attachment_line
from boards.attachments.checking import ACCEPTED
from boards.forms.papers import AttachForm, WithdrawAttachmentForm
from boards.models import Attachment, Case
from boards.policies import case_or_404
from boards.selectors import attachments_of
from boards.views.common import done
from netcare import audit
from netcare.access import Capability, actor_of, today_for
from netcare.uploads import was_too_large
from pathways.presenters.patient_page import banner
from patients.models import Patient
from patients.policies import NOT_FOUND, patient_policy
from patients.selectors import tumors_of


@require_safe
@patient_policy(Capability.BOARD_READ)
def attachments(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """What is attached, what was withdrawn and why, and for those who may write the form."""
    return _page(request, case_or_404(patient, case_id))


@require_POST
@patient_policy(Capability.PATIENT_WRITE)
def attach_file(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """Attach a file to the case."""
    found = case_or_404(patient, case_id)
    form = _form(found, request.POST, request.FILES)
    if was_too_large(request):
        form.full_clean()
        form.errors.pop("file", None)
        form.add_error("file", f"The file is larger than what is read. Accepted are {ACCEPTED}.")
    elif form.is_valid() and _attached(request, found, form):
        return redirect("boards:attachments", patient_id=patient.pk, case_id=found.pk)
    return _page(request, found, form=form)


@require_safe
@patient_policy(Capability.BOARD_READ)
def attachment(request: HttpRequest, patient: Patient, case_id: UUID, attachment_id: UUID) -> HttpResponseBase:
    """The file, as a download that nothing opens by itself."""
    found = case_or_404(patient, case_id)
    row = _row_or_404(found, attachment_id)
    gone = getattr(row, "withdrawal", None)
    audit.record(
        actor=actor_of(request), action="attachment.download", outcome="denied" if gone else "allowed",
        patient_id=patient.pk, institution_id=patient.institution_id, subject=f"attachment {row.pk}", request=request,
    )  # fmt: skip
    try:
        if gone:
            raise files.FileGone(f"“{row.title}” was withdrawn: {gone.reason}")
        stored = files.StoredFile(row.key, row.content_type, row.size, row.digest)
        files.read(files.ATTACHMENTS, stored)
        return files.download(files.ATTACHMENTS, stored, row.file_name)
    except files.FileGone as problem:
        messages.error(request, str(problem))
        return redirect("boards:attachments", patient_id=patient.pk, case_id=found.pk)


@require_POST
@patient_policy(Capability.PATIENT_WRITE)
def withdraw(request: HttpRequest, patient: Patient, case_id: UUID, attachment_id: UUID) -> HttpResponse:
    """From now on the file is not handed out; that it was attached stays."""
    found, actor = case_or_404(patient, case_id), actor_of(request)
    row, form = _row_or_404(found, attachment_id), WithdrawAttachmentForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        act = lambda: withdraw_attachment(actor=actor, attachment=row, reason=reason, now=timezone.now())  # noqa: E731
        if done(request, form, act, f"“{row.title}” is withdrawn. That it was attached stays on record."):
            return redirect("boards:attachments", patient_id=patient.pk, case_id=found.pk)
    return _page(request, found, refused=(str(row.pk), form))


def _attached(request: HttpRequest, found: Case, form: AttachForm) -> Any:
    upload = form.cleaned_data["file"]
    names = ("title", "kind", "document_on")
    sent = Sent(upload.name, upload.read(), **{name: form.cleaned_data[name] for name in names})
    act = lambda: attach(actor=actor_of(request), case=found, sent=sent, now=timezone.now())  # noqa: E731
    return done(request, form, act, f"“{sent.title}” is attached.")


def _form(found: Case, data: Any = None, sent: Any = None) -> AttachForm:
    patient = found.tumor.patient
    return AttachForm(data, sent, today=today_for(patient.institution), born=patient.birth_on)


def _row_or_404(found: Case, attachment_id: UUID) -> Attachment:
    rows = Attachment.objects.filter(case=found, pk=attachment_id)
    row = rows.select_related("case__tumor__patient__institution", "withdrawal").order_by("id").first()
    if row is None:
        raise Http404(NOT_FOUND)
    return row


def _page(
    request: HttpRequest,
    found: Case,
    form: AttachForm | None = None,
    refused: tuple[str, WithdrawAttachmentForm] | None = None,
) -> HttpResponse:
    actor, patient, tumors = actor_of(request), found.tumor.patient, tumors_of(found.tumor.patient)
    rows = attachments_of([found], withdrawn=True).get(found.pk, [])
    lines = [attachment_line(found, row) for row in rows]
    writes = actor.may(Capability.PATIENT_WRITE).allowed and not patient.reached_through
    bad, closed = refused or ("", None), closed_for_files(found)
    today = today_for(patient.institution)
    context = {
        "banner": banner(patient, actor=actor, as_of=today, current="board", tumors=tumors, tumor=found.tumor),
        "patient": patient, "case": found, "form": form or _form(found), "writes": writes, "closed": closed,
        "lines": [(line, bad[1] if line.id == bad[0] else WithdrawAttachmentForm()) for line in lines],
    }  # fmt: skip
    return render(request, "boards/attachments.html", context, status=400 if form or refused else 200)
