"""The history of one feature, and what can be done with one reading: correct it, take it out, settle on it."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from netcare.access import Capability
from pathways.engine import Feature
from pathways.knowledge import dictionary
from patients.actions import Refused, correct_finding, mark_finding_in_error, settle_reading
from patients.entry import reference
from patients.entry.prefill import raw_entry
from patients.entry.reading import can_be_entered
from patients.facts import reading_of
from patients.forms.findings import FindingsForm, findings_form
from patients.forms.identity import ReasonForm
from patients.links import field_url, history_url
from patients.models import Finding, Patient, Tumor
from patients.policies import NOT_FOUND, patient_policy
from patients.presenters.entry import entry_page
from patients.presenters.history import decisions, history_rows
from patients.selectors import finding_of, findings_of_feature, report_of, settlements_of_feature
from patients.topics import topic_of
from patients.views.common import Place, at, saved, show, standing


@require_safe
@patient_policy(Capability.PATIENT_READ)
def feature(request: HttpRequest, patient: Patient, number: int, feature: str) -> HttpResponse:
    place, asked = at(request, patient, number), _feature(feature)
    tumor = place.tumor if asked.group == "tumor" else None
    findings, facts = findings_of_feature(patient, tumor, asked.name), place.facts
    return show(
        place,
        "patients/feature.html",
        feature=asked,
        rows=history_rows(asked, findings, facts, patient=patient, today=place.today),
        decisions=decisions(asked, settlements_of_feature(patient, tumor, asked.name), patient),
        field_url=field_url(patient, place.tumor, asked.name),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def correct(request: HttpRequest, patient: Patient, finding_id: UUID) -> HttpResponse:
    place, finding, asked = _reading(request, patient, finding_id)
    form = _correction_form(place, finding, asked)
    if form.is_bound and form.is_valid() and _corrected(place, finding, form):
        messages.success(request, f"{asked.title} was corrected. The old value is in its history.")
        return redirect(history_url(patient, place.tumor, asked.name))
    page = entry_page(form, topic_of(asked), place.facts)
    context = {"feature": asked, "finding": reading_of(finding), "form": form, "page": page}
    return show(place, "patients/correct_finding.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def in_error(request: HttpRequest, patient: Patient, finding_id: UUID) -> HttpResponse:
    place, finding, asked = _reading(request, patient, finding_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and saved(form, lambda: _taken_out(place, finding, form)):
        messages.success(
            request, f"{asked.title}: the reading no longer counts. It stays in the history, with the reason."
        )
        return redirect(history_url(patient, place.tumor, asked.name))
    return _question(place, finding, asked, form, "in_error")


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_SETTLE)
def settle(request: HttpRequest, patient: Patient, finding_id: UUID) -> HttpResponse:
    place, finding, asked = _reading(request, patient, finding_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and saved(form, lambda: _settled(place, finding, form)):
        messages.success(request, f"{asked.title}: this reading is in force. The others stay on record.")
        return redirect(history_url(patient, place.tumor, asked.name))
    return _question(place, finding, asked, form, "settle")


def _in_words(finding: Finding) -> str:
    feature, reading = dictionary().features[finding.feature], reading_of(finding)
    return f"{feature.title} {feature.show(reading.value)}"


def _feature(name: str) -> Feature:
    known = dictionary().features.get(name)
    if known is None or not can_be_entered(known):
        raise Http404(NOT_FOUND)
    return known


def _reading(request: HttpRequest, patient: Patient, finding_id: UUID) -> tuple[Place, Finding, Feature]:
    """A reading of this patient; one that was corrected is shown, and not corrected again."""
    finding: Finding = standing(request, finding_of(patient, finding_id), "reading")
    tumor: Tumor | None = finding.tumor
    return at(request, patient, tumor.number if tumor else 1), finding, _feature(finding.feature)


def _correction_form(place: Place, finding: Finding, asked: Feature) -> FindingsForm:
    reading = reading_of(finding)
    names = ("observed_on", "source", "source_text", "laboratory", "method", "specimen_or_study", "note")
    raw = raw_entry(asked, value=reading.value, as_written=reading.as_written)
    return findings_form(
        topic_of(asked),
        [asked],
        place.tumor,
        today=place.today,
        data=place.request.POST or None,
        initial={asked.name: replace(raw, **{part: getattr(finding, part) for part in reference.PARTS})},
        origin_initial={name: getattr(finding, name) for name in names},
        correcting=True,
    )


def _corrected(place: Place, finding: Finding, form: FindingsForm) -> bool:
    replacements = form.findings()
    if not replacements:
        form.origin.add_error(None, "No value was entered. To take the reading out, mark it as entered in error.")
        return False
    try:
        correct_finding(
            actor=place.actor,
            patient=place.patient,
            finding=finding,
            replacement=replacements[0],
            reason=form.origin.cleaned_data["reason"],
            submission=form.submission,
        )
    except Refused as refusal:
        form.attach(refusal)
        return False
    return True


def _taken_out(place: Place, finding: Finding, form: ReasonForm) -> bool:
    mark_finding_in_error(actor=place.actor, patient=place.patient, finding=finding, reason=form.cleaned_data["reason"])
    return True


def _settled(place: Place, finding: Finding, form: ReasonForm) -> bool:
    settle_reading(actor=place.actor, patient=place.patient, finding=finding, reason=form.cleaned_data["reason"])
    return True


def _question(place: Place, finding: Finding, asked: Feature, form: ReasonForm, what: str) -> HttpResponse:
    rows = history_rows(asked, [finding], place.facts, patient=place.patient, today=place.today)
    context = {"feature": asked, "row": rows[0], "form": form, "what": what}
    if what == "settle":
        context["along"] = [_in_words(one) for one in report_of(finding)[1:]]
    back = history_url(place.patient, place.tumor, asked.name)
    return show(place, "patients/reading_question.html", back=back, **context)
