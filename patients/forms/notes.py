"""The form for a note: free text with the day that it speaks of. Nobody's status depends on it."""

from datetime import date
from typing import Any

from django import forms

from patients.actions import NewNote
from patients.actions.notes import LONGEST
from patients.forms.fields import DayField, PlainForm, SubmissionField


class NoteForm(PlainForm):
    text = forms.CharField(
        label="Note",
        # Longer text reaches the action, which says how long it is.
        max_length=LONGEST * 4,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="No rule reads it. What a rule should read is entered in its own field.",
    )
    observed_on: forms.Field
    source_text = forms.CharField(
        label="Where it stands", max_length=200, required=False, help_text="A letter or visit."
    )
    submission = SubmissionField()

    def __init__(self, *args: Any, today: date, born: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["observed_on"] = DayField(label="Day that it speaks of", today=today, born=born, initial=today)
        self.order_fields(["text", "observed_on", "source_text"])

    def new_note(self) -> NewNote:
        given = self.cleaned_data
        return NewNote(text=given["text"], observed_on=given["observed_on"], source_text=given["source_text"])
