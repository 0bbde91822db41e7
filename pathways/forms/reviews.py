"""The review form: per option a word, reasons and a line; then the patient's part, and the signature.

What it refuses to do: tick anything beforehand. Who calls it: the review view.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from pathways.models import SharedDecision, Verdict
from pathways.reviews.reasons import REASONS
from pathways.reviews.signing import Draft, Word
from patients.actions.shared import Refused


@dataclass(frozen=True)
class OptionFields:
    """The three fields of one option."""

    code: str
    verdict: BoundField
    reasons: BoundField
    line: BoundField

    @property
    def errors(self) -> list[str]:
        return [*self.verdict.errors, *self.reasons.errors, *self.line.errors]

    @property
    def chosen(self) -> bool:
        """Whether something was chosen or typed already: the reasons are then shown open."""
        return bool(self.reasons.value() or self.line.value() or self.verdict.value() == Verdict.NOT_SUITABLE)


def options_typed(data: QueryDict) -> set[str]:
    """The options of which something was said: they stay on the form, also where the list no longer has them."""
    parts = [key.partition("-") for key, values in data.lists() if any(value.strip() for value in values)]
    return {code for part, dash, code in parts if dash and part in ("verdict", "reasons", "line")}


class ReviewForm(forms.Form):
    """Built for the options that the page shows; what an emergency stop suspends cannot be brought to the board."""

    seen = forms.CharField(widget=forms.HiddenInput)
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    preferences = forms.CharField(
        label="What the patient wants", required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    shared_decision = forms.ChoiceField(
        label="Shared decision",
        choices=SharedDecision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it was discussed with the patient, or that this is not recorded."},
    )
    remark = forms.CharField(label="Remark", required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, data: Any, *, options: Sequence[str], seen: str, stopped: Collection[str] = ()) -> None:
        super().__init__(data, initial={"seen": seen}, label_suffix="")
        self.options = options
        for code in options:
            words = [one for one in Verdict.choices if code not in stopped or one[0] != Verdict.BRING_TO_BOARD]
            self.fields[f"verdict-{code}"] = forms.ChoiceField(
                label="Your word", required=False, choices=words, widget=forms.RadioSelect
            )
            self.fields[f"reasons-{code}"] = forms.MultipleChoiceField(
                label="Why not suitable", required=False, choices=REASONS.items(), widget=forms.CheckboxSelectMultiple
            )
            self.fields[f"line-{code}"] = forms.CharField(label="In a line", required=False, max_length=300)

    def of_option(self, code: str) -> OptionFields:
        """The fields of one option, for the template."""
        return OptionFields(code, self[f"verdict-{code}"], self[f"reasons-{code}"], self[f"line-{code}"])

    def draft(self) -> Draft:
        """What was said; options without a word are left out, but a reason or a line without a word is kept as one."""
        words = []
        for code in self.options:
            verdict, reasons, line = (self.cleaned_data[f"{part}-{code}"] for part in ("verdict", "reasons", "line"))
            if verdict or reasons or line:
                words.append(Word(code, verdict, tuple(reasons), line))
        cleaned = self.cleaned_data
        return Draft(words, cleaned["shared_decision"], cleaned["preferences"], cleaned["remark"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in self.options:
            said = cleaned.get(f"reasons-{code}") or cleaned.get(f"line-{code}")
            if said and not cleaned.get(f"verdict-{code}"):
                self.add_error(f"verdict-{code}", "Choose what you think of it; a reason or a line is given.")
        return cleaned

    def add_refusal(self, refused: Refused, titles: Iterable[str]) -> None:
        """The sentences of a refusal, each beside the field it is about."""
        known = set(titles)
        for fault in refused.faults:
            field = f"verdict-{fault.field}" if fault.field in known else fault.field
            self.add_error(field if field in self.fields else None, fault.sentence)
