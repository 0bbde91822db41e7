"""Forms of the safety file: a report, and the step an approver takes. They read what was typed; actions decide."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

from django import forms

from netcare.safety.actions import LONGEST
from netcare.safety.hazards import hazards
from netcare.safety.models import Severity

PAGE = re.compile(r"[a-z_]{1,30}:[a-z_]{1,40}")
NO_PATIENT = "Nothing that tells who a patient is: no name, no MRN, no birth date."


class DayInput(forms.DateInput):
    """The browser's own date input; a text input where the text is no day that the browser could show again."""

    input_type = "date"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if value and _day(str(value)) is None:
            context["widget"]["type"] = "text"
        return context


class DayField(forms.CharField):
    """A day as year-month-day."""

    widget = DayInput(format="%Y-%m-%d")

    def clean(self, value: Any) -> date:
        text = super().clean(value)
        day = _day(text)
        if day is None:
            raise forms.ValidationError(f"“{text[:40]}” is not a day. Accepted is year-month-day, such as 2026-11-26.")
        return day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


class SafetyForm(forms.Form):
    """A form whose missing answers are said in the words of their labels."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            field.error_messages["required"] = f"{field.label} is missing."
        super().full_clean()


class ReportForm(SafetyForm):
    what_happened = forms.CharField(
        label="What happened, or could have",
        max_length=LONGEST * 4,  # longer text reaches the action, which says how long it is
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=NO_PATIENT,
    )
    happened_on = DayField(label="On which day", max_length=40)
    severity = forms.ChoiceField(
        label="How bad it could be for a patient", choices=Severity.choices, widget=forms.RadioSelect
    )
    immediate_control = forms.CharField(
        label="What was done at once",
        required=False,
        max_length=LONGEST * 4,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: the list was not used, colleagues were told.",
    )
    page = forms.RegexField(PAGE, max_length=80, required=False, widget=forms.HiddenInput)
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def page_named(text: str) -> str:
    """The name of the address that somebody came from; nothing for anything else."""
    return text if PAGE.fullmatch(text) else ""


class AssessForm(SafetyForm):
    severity = forms.ChoiceField(
        label="How bad it is",
        choices=[one for one in Severity.choices if one[0] != Severity.NOT_KNOWN],
        widget=forms.RadioSelect,
    )
    hazard = forms.ChoiceField(label="Hazard of the log", required=False)
    text = forms.CharField(
        label="What keeps patients safe meanwhile",
        max_length=LONGEST * 4,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_PATIENT,
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["hazard"].choices = [  # type: ignore[attr-defined]
            ("", "none of them, or not clear yet"),
            *((one.id, f"{one.id}: {one.hazard}") for one in hazards()),
        ]


class ReasonForm(SafetyForm):
    text = forms.CharField(
        label="Reason",
        max_length=LONGEST * 4,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"What was found and done. {NO_PATIENT}",
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
