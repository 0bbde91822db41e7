"""The pages of imports: sending a file, the preview, the report with progress, and what can be downloaded.

Every page that shows rows leaves an audit row with the patients on record whom it shows.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netcare import audit
from netcare.access import Capability, actor_of, policy
from netcare.jobs.selectors import shown, visible_job
from netcare.uploads import was_too_large
from patients.actions import Refused
from patients.imports import actions, downloads, presenters, selectors
from patients.imports.columns import KINDS
from patients.imports.files import TOO_LARGE
from patients.imports.forms import SendForm
from patients.imports.problems import FileRefused
from patients.models import ImportedFile, ImportedRow, ImportState, Verdict
from patients.policies import NOT_FOUND

ROWS_PER_PAGE = 100
IMPORTS_PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.PATIENT_IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """Sending a file, the templates, and the imports there were."""
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else SendForm()
    file = _sent(request, form) if request.method == "POST" else None
    if file is not None:
        return redirect("patients:import_preview", import_id=file.id)
    page = Paginator(selectors.visible_imports(actor_of(request)), IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "templates": downloads.TEMPLATES, "page": page}
    context["imports"] = [presenters.file_line(one) for one in page]
    return render(request, "patients/imports.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest, form: SendForm) -> ImportedFile | None:
    """The staged import, or None with the sentence beside the field."""
    if was_too_large(request):
        form.full_clean()
        form.errors.clear()
        form.add_error("file", TOO_LARGE)
        return None
    if not form.is_valid():
        return None
    upload = form.cleaned_data["file"]
    try:
        return actions.stage_import(actor=actor_of(request), file_name=upload.name, stream=upload)
    except FileRefused as refusal:
        form.add_error("file", refusal.sentence)
        return None


@require_safe
@policy(Capability.PATIENT_IMPORT)
def import_template(request: HttpRequest, name: str) -> HttpResponse:
    if name not in downloads.TEMPLATES:
        raise Http404(NOT_FOUND)
    return _download(*downloads.template(name))


@require_safe
@policy(Capability.PATIENT_IMPORT)
def import_preview(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What each row would do, before anything is in the record."""
    file = _import_or_404(request, import_id)
    if file.state in (ImportState.APPLYING, ImportState.APPLIED):
        return redirect("patients:import_report", import_id=file.id)
    chosen = request.GET.get("verdict", "")
    rows = selectors.rows_of(file)
    rows = rows.filter(verdict=chosen) if chosen in Verdict.values else rows
    context = _page_of_rows(request, file, rows, "import.preview")
    context["counts"] = presenters.verdict_filter(file, chosen)
    context["to_apply"] = sum(count.number for count in context["counts"] if count.code in ("new", "changed"))
    context["patients"] = len(actions.applicable(file))
    return render(request, "patients/import_preview.html", context)


@require_safe
@policy(Capability.PATIENT_IMPORT)
def import_report(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far the job is, and what became of the rows; what was not applied stays listed with its reason."""
    file = _import_or_404(request, import_id)
    if file.state in (ImportState.STAGED, ImportState.DISCARDED):
        return redirect("patients:import_preview", import_id=file.id)
    job = visible_job(actor_of(request), file.job_id) if file.job_id else None
    if request.headers.get("HX-Target") == "import-progress":
        return _progress(request, file, job)
    chosen = request.GET.get("standing", "")
    rows = selectors.rows_of(file)
    rows = rows.filter(selectors.STANDINGS[chosen]) if chosen in selectors.STANDINGS else rows
    context = _page_of_rows(request, file, rows, "import.report")
    context["counts"] = presenters.standing_filter(file, chosen)
    context["job"] = shown(job) if job else None
    return render(request, "patients/import_report.html", context)


def _progress(request: HttpRequest, file: ImportedFile, job: Any) -> HttpResponse:
    """The part of the report that changes; once the job is over, the browser is told to show the whole report."""
    context = {"file": presenters.file_line(file), "job": shown(job) if job else None}
    response = render(request, "patients/_import_progress.html", context)
    if file.state == ImportState.APPLIED:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@policy(Capability.PATIENT_IMPORT)
def import_apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    file = _import_or_404(request, import_id)
    try:
        actions.apply_import(actor=actor_of(request), file=file)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("patients:import_preview", import_id=file.id)
    return redirect("patients:import_report", import_id=file.id)


@require_POST
@policy(Capability.PATIENT_IMPORT)
def import_discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    file = _import_or_404(request, import_id)
    try:
        actions.discard_import(actor=actor_of(request), file=file)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("patients:import_report", import_id=file.id)
    messages.success(request, f"{file.file_name} is discarded: its rows are forgotten, and nothing was entered.")
    return redirect("patients:imports")


@require_safe
@policy(Capability.PATIENT_IMPORT)
def import_left_out(request: HttpRequest, import_id: UUID, kind: str) -> HttpResponse:
    """The rows that were not taken, to correct and send again."""
    file = _import_or_404(request, import_id)
    if kind not in KINDS:
        raise Http404(NOT_FOUND)
    rows = list(selectors.left_out(file, kind))
    _record(request, file, "import.left_out", rows)
    return _download(f"not-taken-{kind}.csv", downloads.CSV_TYPE, downloads.left_out_rows(rows, kind))


def _page_of_rows(request: HttpRequest, file: ImportedFile, rows: Any, action: str) -> dict[str, Any]:
    """One page of rows, patient by patient, narrowed by kind and MRN."""
    kind, text = request.GET.get("kind", ""), " ".join(request.GET.get("q", "").split())
    rows = rows.filter(kind=kind) if kind in KINDS else rows
    rows = rows.filter(mrn__icontains=text) if text else rows
    page: Page = Paginator(rows.order_by("patient_place", "number", "id"), ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    listed = list(page.object_list)
    _record(request, file, action, listed)
    return {
        "file": presenters.file_line(file),
        "page": page,
        "blocks": presenters.patient_blocks(listed),
        "kinds": presenters.KIND_TITLES,
        "kind": kind,
        "text": text,
        "left_out": [(one, presenters.KIND_TITLES[one]) for one in selectors.kinds_left_out(file)],
    }


def _record(request: HttpRequest, file: ImportedFile, action: str, rows: list[ImportedRow]) -> None:
    audit.record(
        actor=actor_of(request),
        action=action,
        patient_ids=sorted({str(row.patient_id) for row in rows if row.patient_id}),
        subject=str(file.id),
        detail={"rows": len(rows)},
        request=request,
    )


def _import_or_404(request: HttpRequest, import_id: UUID) -> ImportedFile:
    file = selectors.visible_import(actor_of(request), import_id)
    if file is None:
        raise Http404(NOT_FOUND)
    return file


def _download(name: str, content_type: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
