"""The inputs of one feature: every kind of feature is asked for by one component, ``patients/_feature_input.html``.

Nothing is ticked beforehand; what was typed is shown again; the value on record, its date and whatever contradicts it
stand beside the input. Called by the entry and correction views, and by the what-if.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pathways.engine import Contradiction, Feature
from patients.entry import EntryRefused, RawEntry, Understood
from patients.entry import units as known_units
from patients.entry.dates import show_day
from patients.entry.reading import NONE_OF_THESE, NOT_KNOWN
from patients.entry.reference import LABELS, PARTS, has_reference
from patients.facts import Facts
from patients.forms.findings import FindingsForm
from patients.links import anchor, history_url
from patients.models import Tumor
from patients.presenters.reading_text import origin_text, value_text

# More values than this are a list to open, not a row of buttons.
MOST_RADIOS = 6


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    checked: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One text input of a number."""

    name: str
    id: str
    label: str
    value: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What is in force now, beside the input."""

    value: str
    observed: str
    origin: str
    url: str


@dataclass(frozen=True, slots=True)
class FeatureInput:
    name: str
    anchor: str
    title: str
    help: str
    widget: str
    choices: tuple[Choice, ...]
    text: Part | None
    units: tuple[Choice, ...]
    unit_id: str
    unit_refused: bool
    unit_text: str
    helpers: tuple[Part, ...]
    error: str
    error_target: str
    understood: str
    on_record: OnRecord | None
    contradictions: tuple[str, ...]

    @property
    def is_group(self) -> bool:
        return self.widget in ("radios", "checks")

    @property
    def described_by(self) -> str:
        parts = (("help", self.help), ("record", self.on_record), ("warn", self.contradictions), ("error", self.error))
        return " ".join(f"{self.anchor}-{part}" for part, shown in parts if shown)


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the summary at the head of the form, linked to its input."""

    target: str
    sentence: str


def feature_inputs(form: FindingsForm, facts: Facts, contradictions: Iterable[Contradiction]) -> list[FeatureInput]:
    """The inputs of the whole form, in order."""
    by_feature: dict[str, list[str]] = {}
    for contradiction in contradictions:
        for name in contradiction.features:
            by_feature.setdefault(name, []).append(contradiction.sentence)
    return [
        feature_input(
            feature,
            form.raw[feature.name],
            refused=form.refused.get(feature.name),
            understood=form.understood.get(feature.name),
            on_record=_on_record(feature, facts, form.tumor),
            contradictions=tuple(by_feature.get(feature.name, ())),
            with_reference=has_reference(feature),
        )
        for feature in form.features
    ]


def problems(inputs: Sequence[FeatureInput], errors: Mapping[str, Sequence[str]], prefix: str = "id_") -> list[Problem]:
    """Everything that was refused: the whole form first, then its head, then the features."""
    listed = [
        Problem("" if name == "__all__" else f"{prefix}{name}", text)
        for name, texts in errors.items()
        for text in texts
    ]
    return [*listed, *(Problem(one.error_target, one.error) for one in inputs if one.error)]


def feature_input(
    feature: Feature,
    raw: RawEntry,
    *,
    refused: EntryRefused | None = None,
    understood: Understood | None = None,
    on_record: OnRecord | None = None,
    contradictions: tuple[str, ...] = (),
    with_reference: bool = False,
) -> FeatureInput:
    """The inputs of one feature, filled with what was typed or is on record; a what-if asks for no reference range."""
    base = anchor(feature.name)
    widget = _widget(feature)
    part = refused.part if refused else ""
    helpers = _helpers(feature, raw, part, with_reference)
    target = base if widget != "number" or part in ("", "text") else f"{base}-{part}"
    return FeatureInput(
        name=feature.name,
        anchor=base,
        title=feature.title,
        help=_help(feature),
        widget=widget,
        choices=_choices(feature, raw),
        text=Part(f"{feature.name}-text", base, feature.title, raw.text, part == "text")
        if widget == "number"
        else None,
        units=_units(feature, raw),
        unit_id=f"{base}-unit",
        unit_refused=part == "unit",
        unit_text=feature.unit_text if not known_units.units_of(feature.name) else "",
        helpers=helpers,
        error=refused.sentence if refused else "",
        error_target=target,
        understood=understood.sentence if understood and not refused else "",
        on_record=on_record,
        contradictions=contradictions,
    )


def _widget(feature: Feature) -> str:
    match feature.kind:
        case "number":
            return "number"
        case "set":
            return "checks"
        case "bool":
            return "radios"
        case "enum":
            return "radios" if len(feature.values) <= MOST_RADIOS else "select"


def _help(feature: Feature) -> str:
    term = feature.term if feature.term != feature.title else ""
    parts = [part for part in (term, _in_words(feature, feature.note)) if part]
    if feature.name == "ki67_percent":
        parts.append("As reported: 8 %, <1 % or 2–3 %")
    return "; ".join(parts)


def _in_words(feature: Feature, note: str) -> str:
    """The note with the labels of values in place of their codes."""
    for code in feature.values:
        label = feature.label(code)
        if "_" in code or label.lower() == code:
            note = re.sub(rf"\b{re.escape(code)}\b", label, note)
    return note


def _choices(feature: Feature, raw: RawEntry) -> tuple[Choice, ...]:
    unknown = Choice(NOT_KNOWN, "not known", NOT_KNOWN in raw.chosen)
    match feature.kind:
        case "number":
            return (unknown,)
        case "bool":
            values = [Choice(code, code, code in raw.chosen) for code in ("yes", "no")]
        case _:
            values = [Choice(c, feature.label(c), c in raw.chosen, feature.notes.get(c, "")) for c in feature.values]
    if feature.kind == "set":
        return (*values, Choice(NONE_OF_THESE, "none of these", NONE_OF_THESE in raw.chosen), unknown)
    return (*values, unknown)


def _units(feature: Feature, raw: RawEntry) -> tuple[Choice, ...]:
    selected = known_units.unit_named(feature.name, raw.unit) if raw.unit else None
    return tuple(Choice(unit.code, unit.text, unit is selected) for unit in known_units.units_of(feature.name))


def _helpers(feature: Feature, raw: RawEntry, refused: str, with_reference: bool) -> tuple[Part, ...]:
    wanted = {
        "bilirubin_x_uln": (("upper_limit", "Laboratory's upper limit (for mg/dL or µmol/L)", raw.upper_limit),),
        "mitoses_per_2mm2": (
            ("area", "Area counted, mm²", raw.area),
            ("fields", "or number of fields", raw.fields),
            ("field_area", "and area of one field, mm²", raw.field_area),
        ),
    }.get(feature.name, ())
    if with_reference:
        wanted += tuple((part, LABELS[part], getattr(raw, part)) for part in PARTS)
    base = anchor(feature.name)
    return tuple(
        Part(f"{feature.name}-{name}", f"{base}-{name}", label, value, name == refused) for name, label, value in wanted
    )


def _on_record(feature: Feature, facts: Facts, tumor: Tumor) -> OnRecord | None:
    reading = facts.readings.get(feature.name)
    if reading is None:
        return None
    return OnRecord(
        value=value_text(feature, reading),
        observed=show_day(reading.observed_on),
        origin=origin_text(reading),
        url=history_url(tumor.patient, tumor, feature.name),
    )
