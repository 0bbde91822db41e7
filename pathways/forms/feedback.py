"""The forms of feedback: what is proposed, in which draft it is worked on, and what came of it.

Who calls it: the feedback views.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from pathways.feedback.threads import LONGEST, Answer
from pathways.models import FeedbackOutcome, RulesetVersion
from patients.actions.shared import Refused
from patients.forms.fields import PlainForm

NO_NAMES = "Everybody who works on the pathway reads it: no name and no number of a patient."


class FeedbackForm(PlainForm):
    """What the forms share."""

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, initial=initial, label_suffix="", **options)

    def add_refusal(self, refused: Refused) -> None:
        """The sentences of a refusal, each beside the field it is about."""
        for fault in refused.faults:
            visible = fault.field in self.fields and not self[fault.field].is_hidden
            self.add_error(fault.field if visible else None, fault.sentence)


class OpenForm(FeedbackForm):
    option = forms.CharField(max_length=60, widget=forms.HiddenInput)
    rule = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)
    sentence = forms.CharField(
        label="What is proposed", max_length=LONGEST, widget=forms.Textarea({"rows": 3}), help_text=NO_NAMES
    )


class TakeUpForm(FeedbackForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    draft = forms.ChoiceField(label="Draft", help_text="The draft in which it is worked on.")

    def __init__(self, *args: Any, drafts: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["draft"].choices = [("", "a new draft, opened now"), *drafts]  # type: ignore[attr-defined]
        self.fields["draft"].required = False


class AnswerForm(FeedbackForm):
    """`changed`: the versions that changed the rule; only these can be named."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    outcome = forms.ChoiceField(
        label="What came of it",
        choices=FeedbackOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it was changed or not."},
    )
    version = forms.CharField(label="Changed in", required=False, max_length=8, widget=forms.Select)
    sentence = forms.CharField(
        label="The sentence for the reviewers",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        help_text="Whoever had called it not suitable reads it, at every institution.",
    )

    def __init__(self, data: Any = None, *, changed: Sequence[RulesetVersion] = (), **options: Any) -> None:
        super().__init__(data, auto_id="id_answer_%s", **options)
        self.versions = {str(version.version): version for version in changed}
        names = [(number, f"v{number}") for number in self.versions]
        self.fields["version"].widget.choices = [("", "no version" if not names else "choose"), *names]  # type: ignore[attr-defined]

    def given(self) -> Answer:
        cleaned = self.cleaned_data
        return Answer(cleaned["outcome"], cleaned["sentence"], self.versions.get(cleaned["version"].strip()))
