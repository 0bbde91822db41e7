"""The filter of the audit page."""

from __future__ import annotations

from django import forms

from netcare.audit.models import Outcome


class AuditFilter(forms.Form):
    who = forms.CharField(required=False, max_length=200, label="Person")
    action = forms.CharField(required=False, max_length=80, label="Action begins with")
    outcome = forms.ChoiceField(required=False, label="Outcome", choices=[("", "any"), *Outcome.choices])
    patient = forms.UUIDField(required=False, label="Patient's identifier")
    first_on = forms.DateField(required=False, label="From day", widget=forms.DateInput(attrs={"type": "date"}))
    last_on = forms.DateField(required=False, label="To day", widget=forms.DateInput(attrs={"type": "date"}))
