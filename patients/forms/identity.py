"""Forms about who the patient is: registering, correcting, one more tumor, giving a reason."""

from datetime import date
from typing import Any

from django import forms

from netcare.access import Team
from patients.forms.fields import DayField, PlainForm, SubmissionField, choices
from patients.models import Patient, Sex


class IdentityForm(PlainForm):
    mrn = forms.CharField(label="MRN", max_length=40)
    family_name = forms.CharField(label="Family name", max_length=100)
    given_name = forms.CharField(label="Given name", max_length=100, required=False)
    birth_on: forms.Field
    sex = forms.ChoiceField(label="Sex", choices=choices(Sex.choices, empty="Choose …"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["birth_on"] = DayField(label="Birth date", today=today)
        self.order_fields(["mrn", "family_name", "given_name", "birth_on", "sex"])
        for name in ("mrn", "family_name", "given_name", "birth_on"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class RegistrationForm(IdentityForm):
    teams = forms.MultipleChoiceField(
        label="Care team",
        widget=forms.CheckboxSelectMultiple,
        help_text="Who looks after the patient, and sees the record.",
    )
    another_person = forms.BooleanField(label="This is another person", required=False)
    submission = SubmissionField()

    def __init__(self, *args: Any, teams: list[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {str(team.pk): team for team in teams}
        self.fields["teams"].choices = [(key, team.name) for key, team in self.teams.items()]

    def chosen_teams(self) -> list[Team]:
        return [self.teams[key] for key in self.cleaned_data["teams"]]


class CorrectionForm(IdentityForm):
    """The identity as it should read, with the reason; ``version`` is that of the row that was shown."""

    reason = forms.CharField(label="Reason", max_length=300, help_text="Why it is corrected. What it said is kept.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, patient: Patient) -> dict[str, Any]:
        names = ("mrn", "family_name", "given_name", "birth_on", "sex", "version")
        return {name: getattr(patient, name) for name in names}


class TumorForm(PlainForm):
    label = forms.CharField(
        label="Name of the tumor",
        max_length=80,
        required=False,
        help_text="How you tell it from the others, such as “ileum, 2021”. Left empty, it is called by its number.",
    )
    submission = SubmissionField()


class ReasonForm(PlainForm):
    """One sentence, for entries in error and for settling a reading."""

    reason = forms.CharField(label="Reason", max_length=300)
