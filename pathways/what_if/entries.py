"""The entries of a what-if: the record put back into inputs, and what was typed over it, understood or refused.

Pure but for the shape of a form's data. An input that still says what the record says is no change; one that was emptied,
or set to "not known", takes the value away. It guesses nothing: what entry refuses is refused here with the same sentence.
Called by the what-if view.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from pathways.engine import DataDictionary, Feature, NumberRange, PartialSet, Value, number_text
from patients.entry import EntryRefused, RawEntry
from patients.entry.prefill import raw_entry
from patients.entry.reading import NONE_OF_THESE, NOT_KNOWN, read_entry
from patients.facts import Reading
from patients.forms.findings import raw_from
from patients.history import HISTORY_SETS

# Sent with a form that holds every feature: there, a box that is not ticked says something.
WHOLE_FORM = "whole"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What is changed over `present` (what the rules read of the record). `raw` is what the inputs show.

    `changed` holds the other value of a feature, None for not known; `typed` the entries behind it; `refused` a sentence
    for each entry that was not understood: such a feature stays as it is on record.
    """

    present: Mapping[str, Value]
    raw: Mapping[str, RawEntry]
    typed: Mapping[str, RawEntry]
    changed: Mapping[str, Value | None]
    refused: Mapping[str, EntryRefused]
    echoes: Mapping[str, str]

    @property
    def features(self) -> dict[str, Value]:
        """The hypothetical record."""
        together = {**self.present, **self.changed}
        return {name: value for name, value in together.items() if value is not None}


def recorded_entries(
    dictionary: DataDictionary, present: Mapping[str, Value], readings: Mapping[str, Reading]
) -> dict[str, RawEntry]:
    """The inputs of every feature as the record would fill them, in the words in which it was written."""
    return {
        name: _recorded_entry(feature, present.get(name), readings.get(name))
        for name, feature in dictionary.features.items()
    }


def _recorded_entry(feature: Feature, value: Value | None, reading: Reading | None) -> RawEntry:
    match value:
        case None:
            return RawEntry() if feature.kind == "number" else RawEntry(chosen=(NOT_KNOWN,))
        case PartialSet():
            return RawEntry(chosen=(*value.members, NOT_KNOWN))
        case tuple() if feature.name in HISTORY_SETS:
            return RawEntry(chosen=value)
    written = reading.as_written if reading is not None and reading.value == value else ""
    entry = raw_entry(feature, value=value, as_written=written or _written(value))
    bare = entry.text.removesuffix(feature.unit_text).strip() if feature.unit else entry.text
    return replace(entry, text=bare or entry.text)


def _written(value: Value) -> str:
    match value:
        case bool() | str() | tuple():
            return ""
        case NumberRange():
            return value.text
        case _:
            return number_text(value)  # type: ignore[arg-type]  # what is recorded is no implied alternative


def typed_entries(data: QueryDict, recorded: Mapping[str, RawEntry]) -> dict[str, RawEntry]:
    """The entries of a sent form that are not as the record fills them."""
    whole = WHOLE_FORM in data
    sent = {key.partition("-")[0] for key in data}
    typed = {}
    for name, entry in recorded.items():
        if whole or name in sent:
            raw = raw_from(data, name)
            if not _same(raw, entry):
                typed[name] = raw
    return typed


def _same(one: RawEntry, other: RawEntry) -> bool:
    if one.is_blank and other.is_blank:
        return True
    return set(one.chosen) == set(other.chosen) and _texts(one) == _texts(other)


def _texts(raw: RawEntry) -> tuple[str, ...]:
    unit = raw.unit if raw.text.strip() else ""
    return tuple(part.strip() for part in (raw.text, unit, raw.upper_limit, raw.area, raw.fields, raw.field_area))


def hypothesis(
    dictionary: DataDictionary,
    present: Mapping[str, Value],
    recorded: Mapping[str, RawEntry],
    typed: Mapping[str, RawEntry],
) -> Hypothesis:
    """What the typed entries would change. A feature that the dictionary does not know is left out."""
    kept: dict[str, RawEntry] = {}
    changed: dict[str, Value | None] = {}
    refused: dict[str, EntryRefused] = {}
    echoes: dict[str, str] = {}
    typed = {name: typed[name] for name in dictionary.features if name in typed}
    for name, raw in typed.items():
        try:
            value, echo = _understood(dictionary.features[name], raw)
        except EntryRefused as problem:
            refused[name] = problem
            continue
        if value != present.get(name):
            kept[name], changed[name], echoes[name] = raw, value, echo
    return Hypothesis(present, {**recorded, **typed}, kept, changed, refused, echoes)


def _understood(feature: Feature, raw: RawEntry) -> tuple[Value | None, str]:
    """The value, None for not known, and the echo. Raises EntryRefused."""
    if feature.kind == "set":
        return _understood_set(feature, raw)
    if raw.is_blank:
        return None, f"{feature.title}: not known"
    understood = read_entry(feature, raw)
    return understood.value, understood.sentence


def _understood_set(feature: Feature, raw: RawEntry) -> tuple[Value | None, str]:
    members = tuple(code for code in raw.chosen if code != NOT_KNOWN)
    if NOT_KNOWN in raw.chosen:
        if NONE_OF_THESE in members:
            raise EntryRefused(f"{feature.title}: “none of these” was ticked together with “not known”. Leave one.")
        if not members:
            return None, f"{feature.title}: not known"
        known = read_entry(feature, RawEntry(chosen=members)).value
        assert isinstance(known, tuple)
        partial = PartialSet(known)
        return partial, f"{feature.title}: {feature.show(partial)}"
    if not members and feature.name in HISTORY_SETS:
        return (), f"{feature.title}: none"
    if not members:
        raise EntryRefused(f"{feature.title}: nothing is ticked. Tick what there is, “none of these” or “not known”.")
    understood = read_entry(feature, RawEntry(chosen=members))
    return understood.value, understood.sentence
