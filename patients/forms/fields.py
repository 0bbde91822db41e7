"""Fields that several forms share: a day, a partial date, the origin of a value, the key of one sending."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from patients.actions import Fault, Refused
from patients.entry import EntryRefused, parse_day, parse_partial
from patients.entry.dates import PartialDate
from patients.forms.plainly import say_plainly
from patients.models import Source


class PlainForm(forms.Form):
    """A form that says of an answer which it cannot take, in the words of the label, what is accepted."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            say_plainly(field)
        super().full_clean()


class DayInput(forms.DateInput):
    """The browser's own date input; a text input where the text is not a date that the browser could show again."""

    input_type = "date"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not _is_iso(shown):
            context["widget"]["type"] = "text"
        return context

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else value


def _is_iso(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class DayField(forms.CharField):
    """A day, not in the future: typed as 2026-11-12 or 12 Nov 2026, or picked."""

    widget = DayInput

    def __init__(self, *, today: date, born: date | None = None, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.today, self.born = today, born
        self.widget.attrs |= {"max": today.isoformat()}

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        return _understood(lambda: parse_day(self.label or "Date", text, today=self.today, born=self.born))


class PartialDateField(forms.CharField):
    """A day, a month or a year; empty where it is not known."""

    def __init__(self, *, today: date, born: date | None = None, **options: Any) -> None:
        super().__init__(max_length=40, required=False, **options)
        self.today, self.born = today, born
        self.widget.attrs |= {"placeholder": "12 Nov 2026, Nov 2026 or 2026", "autocomplete": "off"}

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(value)
        if not text:
            return None
        return _understood(lambda: parse_partial(self.label or "Date", text, today=self.today, born=self.born))


def _understood(read: Any) -> Any:
    try:
        return read()
    except EntryRefused as problem:
        raise forms.ValidationError(problem.sentence) from None


class SubmissionField(forms.UUIDField):
    """The key of one sending: a second click sends the same key, and changes nothing."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)


class OriginForm(PlainForm):
    """When and where something was observed. Shared by findings and markers."""

    observed_on: forms.Field
    source = forms.ChoiceField(label="Source", choices=[(s.value, s.label) for s in Source if s != Source.IMPORT])
    source_text = forms.CharField(label="Report", max_length=200, required=False)
    laboratory = forms.CharField(label="Laboratory or department", max_length=120, required=False)
    method = forms.CharField(label="Method", max_length=120, required=False)
    submission = SubmissionField()

    def __init__(self, *args: Any, today: date, born: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["observed_on"] = DayField(label="Observed on", today=today, born=born)
        self.order_fields(["observed_on", "source", "source_text", "laboratory", "method"])


def attach(form: forms.Form, refused: Refused, *, rename: dict[str, str] | None = None) -> list[Fault]:
    """Put each sentence of a refusal beside its field; those of other fields come back to the caller."""
    rest = []
    for fault in refused.faults:
        name = (rename or {}).get(fault.field, fault.field)
        if name in form.fields:
            form.add_error(name, fault.sentence)
        elif not name:
            form.add_error(None, fault.sentence)
        else:
            rest.append(fault)
    return rest


def choices(pairs: Iterable[tuple[str, str]], *, empty: str) -> list[tuple[str, str]]:
    """With a first entry that chooses nothing: no answer is chosen beforehand."""
    return [("", empty), *pairs]
