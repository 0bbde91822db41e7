"""The inputs of a what-if: every feature of the dictionary, by topic, as the record has it and as it was typed.

What bears on something (one other value alone would change the status of an option, or something follows from it that
does) comes first, the rest is folded; nothing is left out. Histories are one table of options. Called by the what-if view.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from pathways.engine import Assessment, Feature, comparisons_in
from pathways.engine.network import network_of
from pathways.what_if import Hypothesis
from patients.entry import EntryRefused
from patients.entry.reading import NOT_KNOWN
from patients.history import HISTORY_SETS
from patients.links import anchor
from patients.presenters.inputs import FeatureInput, feature_input
from patients.topics import TOPICS, topic_of

IDENTITY = ("age_years", "sex")
_IN_A_WORD = {
    "prior_treatments": "Given",
    "progressed_on": "Grew on it",
    "intolerant_to": "Not tolerated",
    "current_treatments": "In use",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands under an input and is renewed while one types: the sentence of a refusal, or what is assumed."""

    anchor: str
    error: str
    assumed: str
    on_record: str


@dataclass(frozen=True, slots=True)
class WhatIfField:
    """One feature."""

    input: FeatureInput
    slot: Slot
    note: str


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The features of one topic: those that bear on something, and the others."""

    code: str
    title: str
    fields: tuple[WhatIfField, ...]
    folded: tuple[WhatIfField, ...]


@dataclass(frozen=True, slots=True)
class HistoryColumn:
    """One history set."""

    feature: str
    title: str
    word: str
    rest_not_known: bool
    slot: Slot


@dataclass(frozen=True, slots=True)
class HistoryCell:
    """Whether an option belongs to a set."""

    feature: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One option, or one class of drugs, with a box for each set."""

    code: str
    title: str
    cells: tuple[HistoryCell, ...]


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """The four histories: options that rules ask for or that are on record, and the others."""

    columns: tuple[HistoryColumn, ...]
    rows: tuple[HistoryRow, ...]
    folded: tuple[HistoryRow, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class WhatIfForm:
    """All inputs."""

    groups: tuple[FieldGroup, ...]
    history: HistoryTable


def what_if_form(present: Assessment, changes: Hypothesis) -> WhatIfForm:
    """The inputs over the present assessment."""
    features = present.ruleset.dictionary.features
    first = _bearing(present) | changes.changed.keys() | changes.refused.keys()
    identity = [features[name] for name in IDENTITY if name in features]
    groups = [_group(present, changes, first, "identity", "Age and sex", identity)]
    for code, topic in TOPICS.items():
        of_topic = [one for one in features.values() if _topic(one) == code]
        groups.append(_group(present, changes, first, code, topic.title, of_topic))
    return WhatIfForm(tuple(group for group in groups if group.fields or group.folded), _history(present, changes))


def slots(present: Assessment, changes: Hypothesis) -> tuple[Slot, ...]:
    """What stands under every input, in the order of the dictionary."""
    return tuple(_slot(feature, changes) for feature in present.ruleset.dictionary.features.values())


def _topic(feature: Feature) -> str:
    return "" if feature.name in (*IDENTITY, *HISTORY_SETS) else topic_of(feature).code


def _group(
    present: Assessment, changes: Hypothesis, first: Set[str], code: str, title: str, features: Sequence[Feature]
) -> FieldGroup:
    shown = [one for one in features if one.name in first]
    folded = [one for one in features if one not in shown]
    return FieldGroup(code, title, _fields(present, changes, shown), _fields(present, changes, folded))


def _bearing(present: Assessment) -> frozenset[str]:
    """The features of which one other value alone would change the status of an option, and those from which these
    follow (Ki-67 where the grade decides)."""
    inapplicable, dictionary = present.record.inapplicable, present.ruleset.dictionary
    found = {
        name
        for name in dictionary.features
        if name not in inapplicable and any(trial.changed for trial in present.trials(name))
    }
    leading = {
        comparison.feature.name
        for entry in dictionary.implications
        if entry.feature.name in found
        for comparison in comparisons_in(entry.when)
    }
    return frozenset(found | (leading - inapplicable))


def _fields(present: Assessment, changes: Hypothesis, features: Iterable[Feature]) -> tuple[WhatIfField, ...]:
    return tuple(
        WhatIfField(
            feature_input(one, changes.raw[one.name], refused=changes.refused.get(one.name)),
            _slot(one, changes),
            _note(present, one),
        )
        for one in features
    )


def _note(present: Assessment, feature: Feature) -> str:
    """What is read in place of a value that nobody recorded."""
    for entry in present.implied:
        if entry.feature == feature.name:
            return f"Not recorded; {feature.show(entry.value)} follows from the record."
    if feature.name in present.record.inapplicable:
        return "Does not apply to this tumor as recorded."
    return ""


def _slot(feature: Feature, changes: Hypothesis) -> Slot:
    refused: EntryRefused | None = changes.refused.get(feature.name)
    return Slot(
        anchor=anchor(feature.name),
        error=refused.sentence if refused else "",
        assumed=changes.echoes.get(feature.name, ""),
        on_record=feature.show(changes.present.get(feature.name)),
    )


def _history(present: Assessment, changes: Hypothesis) -> HistoryTable:
    features = present.ruleset.dictionary.features
    sets = [features[name] for name in HISTORY_SETS if name in features]
    codes = list(dict.fromkeys(code for one in sets for code in one.values))
    asked = _asked_for(present, sets)
    ticked = {code for one in sets for code in changes.raw[one.name].chosen}
    first = [code for code in codes if code in asked or code in ticked]
    return HistoryTable(
        columns=tuple(
            HistoryColumn(
                one.name,
                one.title,
                _IN_A_WORD[one.name],
                NOT_KNOWN in changes.raw[one.name].chosen,
                _slot(one, changes),
            )
            for one in sets
        ),
        rows=tuple(_history_row(code, present, sets, changes) for code in first),
        folded=tuple(_history_row(code, present, sets, changes) for code in codes if code not in first),
        changed=any(one.name in changes.changed | changes.refused for one in sets),
    )


def _asked_for(present: Assessment, sets: Iterable[Feature]) -> set[str]:
    """The codes that a rule or the dictionary compares a history with."""
    found: set[str] = set()
    for feature in sets:
        for value in network_of(present.ruleset).compared_with(feature.name):
            found.update((value,) if isinstance(value, str) else value if isinstance(value, tuple) else ())
    return found


def _history_row(code: str, present: Assessment, sets: Sequence[Feature], changes: Hypothesis) -> HistoryRow:
    catalogue = {option.code: option.title for option in present.ruleset.options}
    title = catalogue.get(code) or next(one.label(code) for one in sets if code in one.values)
    cells = tuple(
        HistoryCell(one.name, f"{_IN_A_WORD[one.name]}: {title}", code in changes.raw[one.name].chosen) for one in sets
    )
    return HistoryRow(code, title, cells)
