"""The form for one marker measurement, kept as the laboratory wrote it, in one of the units that the marker has."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from patients.actions import NewMarker
from patients.entry import EntryRefused
from patients.entry.marker_units import choices_of_units, units_of_marker
from patients.entry.markers import MarkerValue, read_bound, read_value
from patients.forms.fields import OriginForm, choices
from patients.models import Marker, MarkerName, Source


class MarkerForm(OriginForm):
    marker = forms.ChoiceField(label="Marker", choices=choices(MarkerName.choices, empty="Choose …"))
    name_text = forms.CharField(
        label="Name or circumstance",
        max_length=80,
        required=False,
        help_text="Needed for “other”; else such as “fasting”.",
    )
    value = forms.CharField(label="Value", max_length=60, help_text="As the laboratory writes it: 61, 7.5, <5.")
    unit = forms.ChoiceField(
        label="Unit",
        required=False,
        help_text="As on the report; the unit may also stand behind the value.",
        error_messages={"invalid_choice": "“%(value)s” is not a unit of the list. Choose one of them."},
    )
    unit_text = forms.CharField(
        label="Unit of another marker", max_length=40, required=False, help_text="Only for “other”, as on the report."
    )
    reference_low = forms.CharField(label="Reference range, from", max_length=24, required=False)
    reference_high = forms.CharField(label="Reference range, to", max_length=24, required=False)
    note = forms.CharField(label="Note", max_length=300, required=False)
    reason: forms.Field

    def __init__(self, *args: Any, today: date, born: date, correcting: bool = False, **options: Any) -> None:
        super().__init__(*args, today=today, born=born, **options)
        if correcting:
            self.fields["reason"] = forms.CharField(label="Reason of the correction", max_length=300, required=False)
        self.kept = str(self.initial.get("unit", ""))
        self.fields["unit"].choices = _unit_choices(self.kept)
        names = ("marker", "name_text", "value", "unit", "unit_text", "reference_low", "reference_high")
        self.order_fields([*names, "observed_on", "source", "source_text", "laboratory", "method", "note", "reason"])
        self.fields["source"].initial = Source.LAB
        self.read: MarkerValue | None = None
        self.bounds: dict[str, Decimal | None] = {}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("value"):
            self._attempt(lambda: self._keep(self._value(given)))
        for name in ("reference_low", "reference_high"):
            text = given.get(name, "")
            self._attempt(lambda name=name, text=text: self.bounds.update({name: self._bound(name, text)}))
        return given

    def _value(self, given: dict[str, Any]) -> MarkerValue:
        marker, chosen, written = given.get("marker", ""), given.get("unit", ""), given.get("unit_text", "")
        title = MarkerName(marker).label if marker else ""
        if written and units_of_marker(marker):
            raise EntryRefused(
                f"Unit of another marker: {title} has units of its own. Choose one of them.", "unit_text"
            )
        return read_value(given["value"], chosen or written, marker=marker, title=title, kept=self.kept)

    def _keep(self, value: MarkerValue) -> None:
        self.read = value

    def _bound(self, name: str, text: str) -> Decimal | None:
        return read_bound(str(self.fields[name].label), text, name)

    def _attempt(self, read: Any) -> None:
        try:
            read()
        except EntryRefused as problem:
            self.add_error(problem.part if problem.part in self.fields else "value", problem.sentence)

    def new_marker(self) -> NewMarker:
        given = self.cleaned_data
        if self.read is None:
            raise ValueError("The form was not checked, or its value was refused.")
        return NewMarker(
            marker=given["marker"],
            name_text=given["name_text"],
            value=self.read.value,
            as_written=self.read.as_written,
            unit=self.read.unit,
            reference_low=self.bounds.get("reference_low"),
            reference_high=self.bounds.get("reference_high"),
            observed_on=given["observed_on"],
            source=given["source"],
            source_text=given["source_text"],
            laboratory=given["laboratory"],
            method=given["method"],
            note=given["note"],
        )

    @staticmethod
    def initial_of(row: Marker) -> dict[str, Any]:
        names = (
            "marker",
            "name_text",
            "unit",
            "reference_low",
            "reference_high",
            "observed_on",
            "source",
            "source_text",
        )
        initial = {name: getattr(row, name) for name in (*names, "laboratory", "method", "note")}
        return initial | {"value": row.as_written}


def _unit_choices(kept: str) -> list[tuple[str, str]]:
    """The units of all markers; first the one on record, where it is none of them and a measurement is corrected."""
    known = list(choices_of_units(dict(MarkerName.choices)))
    own = [(kept, f"{kept} (as on record)")] if kept and kept not in dict(known) else []
    return [("", "Choose …"), *own, *known]
