"""What the board's forms share: a day still to come, a choice of people, and sentences of a refusal beside their fields."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from netcare.access import User
from patients.actions.shared import Refused
from patients.forms.fields import DayInput, PlainForm


class ComingDay(forms.CharField):
    """A day, picked or typed as year-month-day; whether it may lie ahead is the action's to say."""

    widget = DayInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(
                f"“{text[:40]}” is not a day. Accepted is year-month-day, such as 2026-12-03."
            ) from None


class PersonField(forms.ChoiceField):
    """One of some people, by name; the cleaned value is the account or None."""

    def __init__(self, people: Iterable[User], *, empty: str, **options: Any) -> None:
        self.people = {str(user.pk): user for user in people}
        pairs = [("", empty), *((key, user.display_name) for key, user in self.people.items())]
        unknown = {"invalid_choice": "This is nobody of the list. Choose somebody listed, or type the name of a guest."}
        super().__init__(choices=pairs, error_messages=unknown, **options)

    def clean(self, value: Any) -> User | None:
        return self.people.get(super().clean(value))


class BoardForm(PlainForm):
    """A form that takes the sentences of a refusal."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)

    def add_refusal(self, refused: Refused) -> None:
        """Each sentence beside its field; those of no field at the head."""
        for fault in refused.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)
