"""The small forms of drafts: opening one, a reason for a change, a comment, a step, an acknowledgement."""

from typing import Any

from django import forms

from pathways.models import RulesetVersion, Step
from patients.actions.shared import Refused
from patients.forms.fields import PlainForm


class _Form(PlainForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)

    def add_refusal(self, refused: Refused) -> None:
        """The sentences of a refusal, beside their fields where they name one."""
        for fault in refused.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)


class NewDraftForm(_Form):
    """A draft of the next version: what it is about, and which version it begins with."""

    title = forms.CharField(label="What the draft is about", max_length=200, help_text="A few words: receptor imaging.")
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))
    version = forms.TypedChoiceField(label="Begins with", coerce=int)
    text = forms.CharField(
        label="Why it is rolled back",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text="For an earlier version alone: said once, it holds for every entry as it is there.",
    )
    source = forms.CharField(label="Source of the roll back", required=False, max_length=300)

    def __init__(self, data: Any, *, versions: list[RulesetVersion]) -> None:
        super().__init__(data)
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            (v.version, f"{v}{', in force' if n == 0 else ': roll back, as a new version'}")
            for n, v in enumerate(versions)
        ]


class FileForm(_Form):
    """A ruleset file to be made a draft of."""

    name = forms.CharField(label="What the file changes", max_length=200)
    file = forms.FileField(
        label="Ruleset file", help_text="YAML or JSON, as Versions and `manage.py ruleset export` write it; up to 5 MB."
    )


class ReasonForm(_Form):
    """Why an entry is changed, and from which source."""

    text = forms.CharField(label="Why", required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))
    source = forms.CharField(label="Source", required=False, max_length=300)


class CommentForm(_Form):
    """What somebody says of an entry or of the draft."""

    text = forms.CharField(label="Comment", required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))


class AcknowledgeForm(_Form):
    """Why a finding may stand."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=300)
    reason = forms.CharField(label="Why it may stand", required=False, max_length=1000)


class StepForm(_Form):
    """A step of the draft as a whole, on the content that was seen."""

    step = forms.ChoiceField(choices=Step.choices, widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=80)
    text = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))
    on = forms.DateField(label="On", required=False, widget=forms.DateInput({"type": "date"}))
