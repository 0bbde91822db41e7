"""The forms of test patients and of a rule's cases: an invented patient as lines, and what is expected of it."""

from typing import Any

from django import forms

from pathways.drafting.content import Data, entry_digest
from pathways.drafting.feature_lines import from_lines, titled_lines
from pathways.drafts.editing import EditConflict
from pathways.engine import DataDictionary, Ruleset, plain, statuses
from pathways.engine.values import PartialSet, Value
from patients.actions.shared import Refused
from patients.forms.fields import PlainForm

TRUTHS = ("true", "false", "unknown")


class _WithLines(PlainForm):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, ruleset: Ruleset, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.ruleset = ruleset

    def met(self, conflict: EditConflict, theirs: str) -> None:
        """Say what somebody else saved meanwhile; what was typed stays, and the next save is about that wording."""
        self.add_error(None, f"{conflict} It reads now: {theirs}. What you typed is below; saved again, yours stands.")
        self.data = self.data.copy()
        self.data["seen"] = entry_digest(conflict.theirs)

    def read(self, name: str) -> dict[str, Value]:
        """The features that the lines of a field describe; what is wrong stands at the field."""
        found = from_lines(self.cleaned_data.get(name) or "", self.ruleset.dictionary)
        for problem in found.problems:
            self.add_error(name, problem)
        for feature, value in found.features.items():
            if isinstance(value, PartialSet):
                self.add_error(name, f"{feature}: a test patient's set is known whole; leave out the “…”.")
        return found.features

    def add_refusal(self, refused: Refused) -> None:
        """The sentences of a refusal, at the head of the form."""
        for fault in refused.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)


class TestPatientForm(_WithLines):
    """A test patient: who it is, and whether the list is confirmed as the draft has it or as it was."""

    __test__ = False

    code = forms.CharField(label="Code", max_length=30, help_text="Capital letters, digits and -, such as TP-PRRT-1.")
    title = forms.CharField(label="Title", max_length=200, help_text="What this patient is there to show.")
    features = forms.CharField(
        label="Features",
        widget=forms.Textarea({"rows": 12, "spellcheck": "false"}),
        help_text="One a line: Primary site: small bowel. Several values by comma. What is left out is unknown.",
    )
    note = forms.CharField(label="Note", required=False, max_length=1000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.features = self.read("features")
        return cleaned

    def statuses(self) -> dict[str, str]:
        """The list that the draft gives this patient, for the expert to confirm."""
        return {option: status.value for option, status in statuses(self.ruleset, self.features).items()}

    def entry(self, expected: dict[str, str], confirmed_by: str, confirmed_on: str) -> Data:
        """The test patient in its plain form."""
        cleaned = self.cleaned_data
        entry = {
            "code": cleaned["code"].strip(),
            "title": cleaned["title"].strip(),
            "features": {name: plain(value) for name, value in self.features.items()},
            "expected": expected,
            "confirmed_by": confirmed_by,
            "confirmed_on": confirmed_on,
        }
        return {**entry, "note": cleaned["note"].strip()} if cleaned["note"].strip() else entry


class CasesForm(_WithLines):
    """The cases of one rule: a patient for whom it is true, one for whom it is false, one for whom it is unknown."""

    def __init__(self, data: Any, *, ruleset: Ruleset, initial: dict[str, Any]) -> None:
        super().__init__(data, ruleset=ruleset, initial=initial)
        for truth in TRUTHS:
            self.fields[f"has_{truth}"] = forms.BooleanField(
                label=f"There is a patient for whom it is {truth}", required=False
            )
            self.fields[truth] = forms.CharField(
                label=f"{truth.capitalize()} for a patient with",
                required=False,
                widget=forms.Textarea({"rows": 5, "spellcheck": "false"}),
                help_text="One a line: Ki-67: 10. Several values by comma. What is left out is unknown.",
            )

    @staticmethod
    def values_of(entry: Data | None, dictionary: DataDictionary) -> dict[str, Any]:
        """Field values of the cases of a rule."""
        values: dict[str, Any] = {}
        for truth in TRUTHS:
            held = (entry or {}).get(truth)
            values[f"has_{truth}"] = held is not None
            values[truth] = titled_lines(held or {}, dictionary)
        return values

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.cases = {}
        for truth in TRUTHS:
            features = self.read(truth)
            if cleaned.get(f"has_{truth}"):
                self.cases[truth] = {name: plain(value) for name, value in features.items()}
            elif features:
                self.add_error(
                    f"has_{truth}", "Features are typed here; tick that there is such a patient, or empty them."
                )
        return cleaned

    def entry(self) -> Data | None:
        """The cases in their plain form; None where there is none."""
        return self.cases or None
