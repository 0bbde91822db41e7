"""De-identification: the record as it is, without name, number, birth date and without any text that somebody typed.

It works before the presenters, on copies of the rows, so that no form of a packet can bring back what was left out. What
stays are codes, numbers and dates; reports and specimens that must be told apart get numbers. It writes nothing. Called by
`making`.
"""

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from pathways.assessing import TumorAssessment
from pathways.engine import Assessment
from pathways.presenters.stops import stop_said
from pathways.presenters.timeline.page import Rows
from pathways.presenters.words import show_instant
from patients.facts import Facts, Reading
from patients.models import Marker, MarkerName, Treatment, Tumor

T = TypeVar("T")
_NUMBER = re.compile(r"[<>≤≥~≈ ]*[0-9][0-9 .,–-]*")
# What units are made of; a unit with anything else in it was typed by somebody and is left out.
_UNIT_PART = re.compile(
    "[mnpµμu]?g|mcg|kg|[md]?l|d|day|h|hr|[mnpµμu]?mol|[mk]?i?u|units|x|uln|[mc]m|s|sec|min|creatinine", re.IGNORECASE
)


class _Numbers:
    """Names for texts that must be told apart and not read: 'specimen 1', 'specimen 2'."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def name(self, kind: str, text: str) -> str:
        key = (kind, text.strip().casefold())
        if not key[1]:
            return ""
        if key not in self._known:
            number = sum(one[0] == kind for one in self._known) + 1
            self._known[key] = f"{kind} {number}"
        return self._known[key]


def masked(done: TumorAssessment, rows: Rows) -> tuple[TumorAssessment, Rows]:
    """The assessment and the rows of the record without anything that names the patient; the statuses are the same."""
    numbers = _Numbers()
    tumor = _masked_tumor(done.tumor)
    bare = replace(done, tumor=tumor, facts=_masked_facts(done.facts, numbers, _titles(done)))
    return bare, Rows(
        treatments=[_masked_treatment(row) for row in rows.treatments],
        markers=[_masked_marker(row, numbers) for row in rows.markers],
        notes=[],
        referrals=[],
        reviews=[],
        others=False,
    )


def _titles(done: TumorAssessment) -> Callable[[str], str]:
    features = done.in_force.ruleset.dictionary.features
    return lambda name: features[name].title if name in features else "A value"


def _masked_tumor(tumor: Tumor) -> Tumor:
    bare, patient = copy.copy(tumor), copy.copy(tumor.patient)
    patient.family_name, patient.given_name, patient.mrn = "de-identified", "", ""
    bare.label, bare.patient = "", patient
    return bare


def _masked_facts(facts: Facts, numbers: _Numbers, title: Callable[[str], str]) -> Facts:
    def one(reading: Reading) -> Reading:
        source = numbers.name(f"{reading.source} report", reading.source_text)
        return replace(
            reading,
            as_written="",
            source_text=source,
            laboratory=numbers.name("laboratory", reading.laboratory),
            method="",
            specimen_or_study=numbers.name("specimen or study", reading.specimen_or_study),
            note="",
            entered_by="",
        )

    def several(readings: Iterable[Reading]) -> tuple[Reading, ...]:
        return tuple(one(reading) for reading in readings)

    return replace(
        facts,
        readings={name: one(reading) for name, reading in facts.readings.items()},
        others={name: several(readings) for name, readings in facts.others.items()},
        disagreements={name: several(readings) for name, readings in facts.disagreements.items()},
        unusable={name: f"{title(name)}: what is recorded cannot be read by the rules." for name in facts.unusable},
        history_confirmed=one(facts.history_confirmed) if facts.history_confirmed else None,
    )


def _masked_treatment(row: Treatment) -> Treatment:
    bare = copy.copy(row)
    bare.doses = bare.outcome_text = bare.source_text = bare.laboratory = bare.method = ""
    return bare


def _masked_marker(row: Marker, numbers: _Numbers) -> Marker:
    bare = copy.copy(row)
    bare.name_text = numbers.name("other marker", row.name_text) if row.marker == MarkerName.OTHER else ""
    bare.unit = row.unit if _is_unit(row.unit) else numbers.name("unit", row.unit)
    typed = row.as_written.removesuffix(row.unit).strip()
    bare.as_written = typed if _NUMBER.fullmatch(typed) else "value as typed left out"
    bare.note = bare.source_text = bare.laboratory = bare.method = ""
    return bare


def _is_unit(text: str) -> bool:
    return all(_UNIT_PART.fullmatch(part) for part in re.findall(r"[^\W\d_]+", text.casefold()))


def without_stop_texts(content: T, assessment: Assessment) -> T:
    """The content with each emergency stop named by its day alone: its reason and its author are somebody's words."""
    said = {stop_said(o.stop): _stop_alone(o.stop.at) for o in assessment.options if o.stop}
    return _mapped(content, lambda text: said.get(text, text)) if said else content


def _stop_alone(at: str) -> str:
    return f"Suspended by an emergency stop since {show_instant(datetime.fromisoformat(at))}."


def _mapped(content: Any, change: Callable[[str], str]) -> Any:
    """Frozen values with every text in them changed."""
    if isinstance(content, str):
        return change(content)
    if isinstance(content, tuple):
        return tuple(_mapped(one, change) for one in content)
    if is_dataclass(content) and not isinstance(content, type):
        return replace(content, **{f.name: _mapped(getattr(content, f.name), change) for f in fields(content)})
    return content
