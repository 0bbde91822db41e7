"""Forms for treatments and for confirming that the treatment history is complete."""

from datetime import date
from typing import Any

from django import forms

from patients.actions import NewTreatment
from patients.catalogue import catalogue
from patients.entry.dates import PartialDate
from patients.forms.fields import DayField, PartialDateField, PlainForm, SubmissionField, choices
from patients.models import Course, Intent, Outcome, Treatment


class TreatmentForm(PlainForm):
    """One course of one option. How it went is asked apart from whether it is still given."""

    option = forms.ChoiceField(label="Treatment")
    started: forms.Field
    course = forms.ChoiceField(label="Still given?", widget=forms.RadioSelect, choices=Course.choices)
    stopped: forms.Field
    intent = forms.ChoiceField(label="Intent", required=False, choices=choices(Intent.choices, empty="No entry"))
    doses = forms.CharField(label="Doses or cycles", max_length=200, required=False)
    outcomes = forms.MultipleChoiceField(
        label="How it went",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=Outcome.choices,
        help_text="Several may hold. “Progressed on it” and “not tolerated” are read by the rules.",
    )
    outcome_text = forms.CharField(label="In words", max_length=300, required=False)
    source_text = forms.CharField(label="Where this is written", max_length=200, required=False)
    reason: forms.Field
    submission = SubmissionField()

    def __init__(self, *args: Any, today: date, born: date, correcting: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        feature = catalogue()
        self.fields["option"].choices = choices([(c, feature.label(c)) for c in feature.values], empty="Choose …")
        self.fields["started"] = PartialDateField(
            label="Started on", today=today, born=born, help_text="As exactly as it is known. Empty: not known."
        )
        self.fields["stopped"] = PartialDateField(
            label="Stopped on", today=today, born=born, help_text="Only if it was stopped or done. Empty: not known."
        )
        if correcting:
            self.fields["reason"] = forms.CharField(label="Reason of the correction", max_length=300, required=False)
        names = ("option", "started", "course", "stopped", "outcomes", "outcome_text", "intent", "doses", "source_text")
        self.order_fields([*names, "reason"])

    def new_treatment(self) -> NewTreatment:
        given = self.cleaned_data
        return NewTreatment(
            option=given["option"],
            course=given["course"],
            started=given["started"],
            stopped=given["stopped"],
            intent=given["intent"] or Intent.UNKNOWN,
            doses=given["doses"],
            outcomes=tuple(given["outcomes"]),
            outcome_text=given["outcome_text"],
            source_text=given["source_text"],
        )

    @staticmethod
    def initial_of(row: Treatment) -> dict[str, Any]:
        return {
            "option": row.option,
            "started": _date_text(row.started_on, row.started_precision),
            "course": row.course,
            "stopped": _date_text(row.stopped_on, row.stopped_precision),
            "intent": row.intent,
            "doses": row.doses,
            "outcomes": row.outcome_codes,
            "outcome_text": row.outcome_text,
            "source_text": row.source_text,
        }


def _date_text(first: date | None, precision: str) -> str:
    return PartialDate(first, precision).show() if first else ""


class HistoryForm(PlainForm):
    """Whether the treatments on record are all there were. Nothing is ticked beforehand."""

    COMPLETE, NONE, NOT_KNOWN = "complete", "none", "not_known"
    answer = forms.ChoiceField(label="Is the treatment history complete?", widget=forms.RadioSelect)
    confirmed_on: forms.Field
    source_text = forms.CharField(label="Where this is written", max_length=200, required=False)
    submission = SubmissionField()

    def __init__(self, *args: Any, today: date, born: date, on_record: int, **options: Any) -> None:
        super().__init__(*args, **options)
        first = (
            (
                self.COMPLETE,
                f"Yes: the {on_record} on record are all there were"
                if on_record > 1
                else "Yes: the one on record is all there was",
            )
            if on_record
            else (self.NONE, "Yes: no treatment was given so far")
        )
        self.fields["answer"].choices = [first, (self.NOT_KNOWN, "Not known (any more)")]
        self.fields["confirmed_on"] = DayField(label="As of", today=today, born=born)
        self.order_fields(["answer", "confirmed_on", "source_text"])

    def answer_arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "complete": given["answer"] != self.NOT_KNOWN,
            "none_so_far": given["answer"] == self.NONE,
            "confirmed_on": given["confirmed_on"],
            "source_text": given["source_text"],
        }
