"""The forms of an entry of the recall list: to whom, until when, why it is closed, why it is opened again.

Each carries the number of the last event that its page showed. Who calls it: the recall views.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from netcare.access import User
from pathways.recall.reasons import BY_PEOPLE
from patients.actions.shared import Refused
from patients.forms.fields import DayInput, PlainForm


class RecallForm(PlainForm):
    """What the four forms share."""

    verb = ""
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def __init__(self, data: Any = None, *, seen: int) -> None:
        super().__init__(data, initial={"seen": seen}, label_suffix="", auto_id=f"id_{self.verb}_%s")

    def add_refusal(self, refused: Refused) -> None:
        """The sentences of a refusal, each beside the field it is about."""
        for fault in refused.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)


class AssignForm(RecallForm):
    verb = "assign"
    owner = forms.ChoiceField(
        label="Owner",
        required=False,
        error_messages={"invalid_choice": "This person may not review this patient. Choose somebody listed."},
    )

    def __init__(self, data: Any = None, *, seen: int, owners: Sequence[User] = (), chosen: str = "") -> None:
        super().__init__(data, seen=seen)
        self.people = {str(user.pk): user for user in owners}
        names = [(key, user.display_name) for key, user in self.people.items()]
        self.fields["owner"] = forms.ChoiceField(
            label="Owner",
            required=False,
            choices=[("", "nobody yet"), *names],
            initial=chosen,
            error_messages={"invalid_choice": "This person may not review this patient. Choose somebody listed."},
        )

    def asked(self) -> dict[str, Any]:
        return {"owner": self.people.get(self.cleaned_data["owner"])}


class DueForm(RecallForm):
    verb = "due"
    due_on = forms.CharField(label="Due on", max_length=40, widget=DayInput)
    line = forms.CharField(label="Why, in a line", required=False, max_length=300)

    def clean_due_on(self) -> date:
        typed = self.cleaned_data["due_on"].strip()
        try:
            return date.fromisoformat(typed)
        except ValueError:
            raise forms.ValidationError(
                f"“{typed[:40]}” is not a day. Accepted is year-month-day, such as 2026-11-30."
            ) from None

    def asked(self) -> dict[str, Any]:
        return {"due_on": self.cleaned_data["due_on"], "line": self.cleaned_data["line"]}


class CloseForm(RecallForm):
    verb = "close"
    reason = forms.ChoiceField(
        label="Why it is closed",
        choices=list(BY_PEOPLE.items()),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the reasons listed."},
    )
    line = forms.CharField(label="In a line", required=False, max_length=300)

    def asked(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"], "line": self.cleaned_data["line"]}


class ReopenForm(RecallForm):
    verb = "reopen"
    line = forms.CharField(label="Why it is opened again", max_length=300)

    def asked(self) -> dict[str, Any]:
        return {"line": self.cleaned_data["line"]}
