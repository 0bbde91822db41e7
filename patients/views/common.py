"""What the views of one patient share: the tumor asked for, today at the institution, and the frame of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from netcare.access import Actor, Capability, actor_of, today_for
from patients.actions import Refused
from patients.facts import Facts, facts_of
from patients.forms.fields import attach
from patients.models import Patient, Tumor
from patients.policies import NOT_FOUND
from patients.selectors import tumors_of


@dataclass(frozen=True)
class Place:
    """Where a request is: the actor, the patient, the tumor whose data are shown, and the day."""

    request: HttpRequest
    actor: Actor
    patient: Patient
    tumors: list[Tumor]
    tumor: Tumor
    today: date

    @property
    def facts(self) -> Facts:
        return facts_of(self.tumor, as_of=self.today)

    @property
    def may_write(self) -> bool:
        return self.actor.may(Capability.PATIENT_WRITE).allowed and not self.patient.reached_through


def at(request: HttpRequest, patient: Patient, number: int = 1) -> Place:
    """The place of a tumor of the patient. A number that there is not is a page that there is not."""
    tumors = tumors_of(patient)
    tumor = next((one for one in tumors if one.number == number), None)
    if tumor is None:
        raise Http404(NOT_FOUND)
    return Place(request, actor_of(request), patient, tumors, tumor, today_for(patient.institution))


def found(row: Any) -> Any:
    """The row, or the page that there is not."""
    if row is None:
        raise Http404(NOT_FOUND)
    return row


def standing(request: HttpRequest, row: Any, what: str) -> Any:
    """The row, also where somebody corrected it meanwhile: what is sent for it is refused by the action, beside what was
    typed, and a second click is answered like the first. Opening such a page says so.
    """
    if hasattr(found(row), "correction") and request.method != "POST":
        messages.warning(
            request,
            f"This {what} was corrected or marked as an error meanwhile, and cannot be changed any more. "
            "Open the record again.",
        )
    return row


def show(place: Place, template: str, **context: Any) -> HttpResponse:
    """Render a page of the patient."""
    frame = {"patient": place.patient, "tumor": place.tumor, "tumors": place.tumors, "may_write": place.may_write}
    return render(place.request, template, frame | context)


def saved(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the action gives, or None with its sentences beside the fields of the form."""
    try:
        return act()
    except Refused as refusal:
        for fault in attach(form, refusal):
            form.add_error(None, fault.sentence)
        return None
