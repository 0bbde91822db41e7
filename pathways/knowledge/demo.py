"""The fictional patients of the demo, read and checked like the rest of the knowledge; nobody here is real.

What it is: one strict model per entry of `demo/demo-patients.yaml`. Days are relative to the day of loading.
What it refuses to do: load a patient whose values the data dictionary does not allow. Who calls it: the demo's loader,
and the tests that hold the expected statuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from pathways.engine import DataDictionary, ValueRefused, did_you_mean
from pathways.knowledge.files import starter_files
from pathways.knowledge.problems import FileProblem, KnowledgeError
from pathways.knowledge.reading import Reader
from pathways.knowledge.shapes import Code, Entry, Text, Word

DEMO = Path(__file__).parent / "demo"
FILE = "demo-patients.yaml"

Day = Annotated[int, Field(le=0, ge=-36500)]
Recorded = str | bool | int | Decimal | list[str]
Expected = Literal["candidate", "conditional", "possible", "excluded", "not_indicated"]
OutcomeCode = Literal["controlled", "stable", "responded", "progressed", "not_tolerated", "completed", "not_known"]


class Birth(Entry):
    """The patient is `age_years` old and had the birthday so many days ago."""

    age_years: Annotated[int, Field(ge=0, le=120)]
    days_since_birthday: Annotated[int, Field(ge=0, le=365)]


class DemoFinding(Entry):
    """One dated reading. `not_used`: a valid reading, but another one of the same feature is in force."""

    feature: Word
    value: Recorded
    unit: Text | None = None
    day: Day
    source: Text
    not_used: bool = False


class DemoTreatment(Entry):
    """One treatment; without `stop_day` it is still given."""

    option: Word
    start_day: Day
    stop_day: Day | None
    outcome: Text
    outcome_code: Annotated[list[OutcomeCode], Field(min_length=1)]


class DemoEvent(Entry):
    """One line of the timeline."""

    day: Day
    when: Text
    what: Text


class DemoMarker(Entry):
    """A marker beside the features; no rule reads it."""

    marker: Text
    value: int | Decimal
    unit: Text
    day: Day
    note: Text | None = None


class DemoDisagreement(Entry):
    """Two reports on one specimen or study that differ: which is used, and what the other would change."""

    feature: Word
    used: Text
    other: Text
    matters: Text


class DemoPatient(Entry):
    """One invented patient with the record, and the statuses that the starter pathway gives."""

    mrn: Annotated[str, StringConstraints(pattern=r"^DEMO-[0-9]{3}$")]
    name: Text
    sex: Literal["female", "male", "other"]
    birth: Birth
    history: Text
    note: Text | None = None
    findings: list[DemoFinding]
    treatments: list[DemoTreatment]
    treatment_history: Literal["recorded", "unknown"]
    timeline: list[DemoEvent]
    biomarkers: list[DemoMarker]
    features: dict[str, Recorded]
    expected: dict[Expected, list[Word]]
    true_cautions: list[Code]
    disagreements: list[DemoDisagreement] | None = None
    stale: list[Word] | None = None
    expected_if_stale_is_unknown: dict[Word, Expected] | None = None

    @property
    def expected_statuses(self) -> dict[str, str]:
        """Option → status under the starter pathway, without any limit on age."""
        return {option: status for status, options in self.expected.items() for option in options}


def demo_patients(directory: Path = DEMO) -> tuple[DemoPatient, ...]:
    """The demo's patients, in the order of the file. Raises KnowledgeError naming patient and reason of every fault."""
    reader = Reader(directory)
    content = reader.content(FILE, ("patients",))
    patients = tuple(reader.several(FILE, "patient", DemoPatient, content.get("patients"), "mrn"))
    knowledge = starter_files()
    for patient in patients:
        reader.problems += _checks(patient, knowledge.dictionary(), set(knowledge.option_titles()))
    if reader.problems:
        raise KnowledgeError(dict.fromkeys(reader.problems))
    return patients


def _checks(patient: DemoPatient, dictionary: DataDictionary, options: set[str]) -> Iterator[FileProblem]:
    place = f"patient {patient.mrn}"
    recorded: list[tuple[str, Any]] = [*patient.features.items(), *((f.feature, f.value) for f in patient.findings)]
    for name, value in recorded:
        try:
            dictionary.check(name, value)
        except ValueRefused as refusal:
            yield FileProblem(FILE, place, str(refusal))
    expected = [option for several in patient.expected.values() for option in several]
    named = [*(t.option for t in patient.treatments), *expected, *(patient.expected_if_stale_is_unknown or ())]
    for option in dict.fromkeys(named):
        if option not in options:
            yield FileProblem(FILE, place, f"There is no option {option}.{did_you_mean(option, options)}")
    for option in sorted(options):
        if expected.count(option) != 1:
            sentence = f"expected names {option} {expected.count(option)} times; every option has one status."
            yield FileProblem(FILE, place, sentence)
    for treatment in patient.treatments:
        if treatment.stop_day is not None and treatment.stop_day < treatment.start_day:
            yield FileProblem(FILE, place, f"{treatment.option} ends before it begins.")
