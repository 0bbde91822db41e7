"""The form of one topic: many features at once, with one date and one origin.

Everything typed comes back when anything is refused. A field left blank records nothing. Called by the entry and
correction views; ``patients.presenters.inputs`` shows it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from pathways.engine import Feature
from patients.actions import NewFinding, Refused
from patients.entry import EntryRefused, RawEntry, Understood, understand
from patients.forms.fields import OriginForm, attach
from patients.models import Tumor
from patients.topics import Topic

# The inputs of a number beside its text, as they are called in the form.
PARTS = ("text", "unit", "upper_limit", "area", "fields", "field_area", "reference_low", "reference_high")


class FindingOriginForm(OriginForm):
    specimen_or_study = forms.CharField(
        max_length=120,
        required=False,
        help_text="Readings of the same one are compared with each other: give it the same name each time.",
    )
    note = forms.CharField(label="Note", max_length=300, required=False)

    def __init__(self, *args: Any, topic: Topic, correcting: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["specimen_or_study"].label = topic.specimen
        self.fields["source"].initial = topic.source
        self.fields["source_text"].widget.attrs["placeholder"] = topic.report
        if correcting:
            self.fields["reason"] = forms.CharField(
                label="Reason of the correction", max_length=300, required=False, help_text="The old value is kept."
            )


@dataclass
class FindingsForm:
    """The features of a topic as typed. ``refused`` holds a sentence per feature, with the input it belongs to."""

    features: Sequence[Feature]
    origin: FindingOriginForm
    tumor: Tumor
    raw: Mapping[str, RawEntry]
    understood: dict[str, Understood] = field(default_factory=dict)
    refused: dict[str, EntryRefused] = field(default_factory=dict)

    @property
    def is_bound(self) -> bool:
        return self.origin.is_bound

    @property
    def submission(self) -> uuid.UUID | None:
        return self.origin.cleaned_data.get("submission")

    def is_valid(self) -> bool:
        """Understand every field; True if nothing was refused."""
        valid = self.origin.is_valid()
        for feature in self.features:
            try:
                understood = understand(feature, self.raw[feature.name])
            except EntryRefused as problem:
                self.refused[feature.name] = problem
            else:
                if understood is not None:
                    self.understood[feature.name] = understood
        return valid and not self.refused

    def findings(self) -> list[NewFinding]:
        """What was understood, ready for the action, in the order of the form."""
        given = self.origin.cleaned_data
        names = ("observed_on", "source", "source_text", "laboratory", "method", "specimen_or_study", "note")
        origin = {name: given[name] for name in names}
        return [self._finding(understood, origin) for understood in self.understood.values()]

    def _finding(self, understood: Understood, origin: dict[str, Any]) -> NewFinding:
        return NewFinding(
            feature=understood.feature.name,
            tumor=self.tumor if understood.feature.group == "tumor" else None,
            known=understood.known,
            value=understood.value,
            as_written=understood.as_written,
            unit=understood.unit,
            reference_low=understood.reference_low,
            reference_high=understood.reference_high,
            **origin,
        )

    def attach(self, refusal: Refused) -> None:
        """Show the sentences of an action's refusal beside the fields they belong to."""
        for fault in attach(self.origin, refusal):
            if fault.field in self.raw:
                self.refused[fault.field] = EntryRefused(fault.sentence)
            else:
                self.origin.add_error(None, fault.sentence)


def findings_form(
    topic: Topic,
    features: Sequence[Feature],
    tumor: Tumor,
    *,
    today: date,
    data: QueryDict | None = None,
    initial: Mapping[str, RawEntry] | None = None,
    origin_initial: Mapping[str, Any] | None = None,
    correcting: bool = False,
) -> FindingsForm:
    """The form, empty, filled from ``initial``, or as it was sent."""
    origin = FindingOriginForm(
        data,
        topic=topic,
        today=today,
        born=tumor.patient.birth_on,
        correcting=correcting,
        initial=dict(origin_initial or {}),
    )
    blank = RawEntry()
    raw = {f.name: raw_from(data, f.name) if data is not None else (initial or {}).get(f.name, blank) for f in features}
    return FindingsForm(features, origin, tumor, raw)


def raw_from(data: QueryDict, name: str) -> RawEntry:
    """The inputs of one feature, character for character; a choice of nothing is no choice."""
    parts = {part: data.get(f"{name}-{part}", "")[:200] for part in PARTS}
    return RawEntry(chosen=tuple(code for code in data.getlist(name) if code), **parts)
