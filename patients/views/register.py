"""Registering a patient."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from netcare.access import Actor, Capability, actor_of, policy, today_for
from patients.actions import register_patient
from patients.forms.identity import RegistrationForm
from patients.links import data_url
from patients.selectors import namesakes, person_key, teams_for_registration, visible_patients
from patients.views.common import saved


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.PATIENT_REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = _form(request, actor)
    if form.is_valid():
        names = ("mrn", "family_name", "given_name", "birth_on", "sex", "another_person", "submission")
        given = {name: form.cleaned_data[name] for name in names}
        patient = saved(form, lambda: register_patient(actor=actor, teams=form.chosen_teams(), **given))
        if patient is not None:
            return redirect(data_url(patient))
    return render(request, "patients/register.html", {"form": form, "same": _same(form, actor)})


def _same(form: RegistrationForm, actor: Actor) -> list[tuple[str, str]]:
    """Who is on record with this name and birth date, each with the way to the record, while that is asked."""
    if "another_person" not in form.errors:
        return []
    given = form.cleaned_data
    person = person_key(given["family_name"], given["given_name"], given["birth_on"])
    found = namesakes(visible_patients(actor, Capability.PATIENT_READ), person)
    return [(f"{one}, MRN {one.mrn}", data_url(one)) for one in found]


def _form(request: HttpRequest, actor: Actor) -> RegistrationForm:
    teams = teams_for_registration(actor)
    initial = {"teams": [str(teams[0].pk)]} if len(teams) == 1 else {}
    today = today_for(actor.home)
    return RegistrationForm(request.POST or None, today=today, teams=list(teams), initial=initial)
