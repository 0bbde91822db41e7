"""The forms of emergency stops: which option, why, and the one confirmation; and a reason for everything that follows.

What it refuses to do: choose an option beforehand, unless the page was opened for one. Who calls it: the views of stops.
"""

from typing import Any

from django import forms

from pathways.actions.stopping import LONGEST_REASON
from pathways.engine import Ruleset
from patients.forms.fields import PlainForm, SubmissionField, choices


class ReasonForm(PlainForm):
    """Why; a longer text reaches the action, which says how long it is."""

    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON * 4,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="At least 20 characters. Everybody who meets the stop reads it: name no patient.",
    )


class StopForm(ReasonForm):
    """The option to stop, or one of its rules. `confirmed` is set by the button that says what will happen."""

    option = forms.ChoiceField(label="Option", required=False)
    rule = forms.CharField(
        label="Or one of its rules",
        required=False,
        max_length=60,
        help_text="A code such as SURV-I1. The whole option of the rule is stopped; no rule is switched off alone.",
    )
    submission = SubmissionField()
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ruleset: Ruleset, **options: Any) -> None:
        super().__init__(*args, **options)
        pairs = [(option.code, option.title) for option in ruleset.options]
        field = self.fields["option"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices(pairs, empty="Choose an option")
        self.order_fields(["option", "rule", "reason"])
