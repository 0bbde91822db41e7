"""Registering a patient."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from netcare.access import Actor, Capability, actor_of, policy, today_for
from patients.actions import register_patient
from patients.forms.identity import RegistrationForm
from patients.links import data_url
from patients.selectors import teams_for_registration
from patients.views.common import saved


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.PATIENT_REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = _form(request, actor)
    if form.is_valid():
        names = ("mrn", "family_name", "given_name", "birth_on", "sex", "submission")
        given = {name: form.cleaned_data[name] for name in names}
        patient = saved(form, lambda: register_patient(actor=actor, teams=form.chosen_teams(), **given))
        if patient is not None:
            return redirect(data_url(patient))
    return render(request, "patients/register.html", {"form": form})


def _form(request: HttpRequest, actor: Actor) -> RegistrationForm:
    teams = teams_for_registration(actor)
    initial = {"teams": [str(teams[0].pk)]} if len(teams) == 1 else {}
    today = today_for(actor.home)
    return RegistrationForm(request.POST or None, today=today, teams=list(teams), initial=initial)
