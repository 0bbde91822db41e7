"""The columns of the four kinds of rows, as they stand in the header of a file.

The header decides what kind of rows a file or sheet holds; the order of the columns does not matter. Called by the
readers, the templates and the pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass

PATIENTS, FINDINGS, TREATMENTS, MARKERS = "patients", "findings", "treatments", "markers"
KINDS = (PATIENTS, FINDINGS, TREATMENTS, MARKERS)
# What a list of refused rows carries beside the row itself, so that it can be corrected and sent again as it is.
NOTES_OF_EXPORT = ("netcare_row", "netcare_column", "netcare_reason")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the header, how pages call it, what it accepts, and an example."""

    name: str
    title: str
    accepts: str
    example: str
    needed: bool = False


_DAY = "a date such as 12 Nov 2026 or 2026-11-12"
_PARTIAL = "a date, a month such as Nov 2026, or a year; empty where not known"
_REFERENCE = "for laboratory values: a number in the unit of the value, as the laboratory prints it"
_MRN = Column("mrn", "MRN", "the institution's number of the patient, exactly", "N-1001", needed=True)
_BORN = Column("birth_date", "Birth date", _DAY, "1964-03-14", needed=True)
_REPORT = Column("report", "Report", "where it is written, in words", "pathology report, local")

COLUMNS: dict[str, tuple[Column, ...]] = {
    PATIENTS: (
        _MRN,
        Column("family_name", "Family name", "text", "Pretend", needed=True),
        Column("given_name", "Given name", "text", "Willow"),
        _BORN,
        Column("sex", "Sex", "female, male, other, not known", "female", needed=True),
        Column(
            "care_team",
            "Care team",
            "the name of a care team; several with ; between; needed for a new patient where there are several teams",
            "",
        ),
    ),
    FINDINGS: (
        _MRN,
        _BORN,
        Column("tumor", "Tumor", "the number of the tumor; empty where the patient has one", ""),
        Column(
            "feature", "Feature", "a feature of the data dictionary, by code or by name", "ki67_percent", needed=True
        ),
        Column(
            "value",
            "Value",
            "as on the report: a number or range, a word of the list, yes or no; for several, ; between; or: not known",
            "8 %",
            needed=True,
        ),
        Column("unit", "Unit", "where the feature is reported in several units", ""),
        Column("observed_on", "Observed on", _DAY, "2026-11-12", needed=True),
        Column(
            "source", "Source", "pathology, imaging, laboratory, clinic, import (the last where empty)", "pathology"
        ),
        _REPORT,
        Column("laboratory", "Laboratory", "laboratory or department", ""),
        Column("method", "Method", "text", ""),
        Column("specimen_or_study", "Specimen or study", "the specimen or study that was read", "biopsy of 2 Nov 2026"),
        Column("upper_limit", "Upper limit", "for bilirubin in mg/dL or µmol/L: the laboratory's own upper limit", ""),
        Column("area_mm2", "Area counted", "for mitoses counted in an area: the area in mm²", ""),
        Column("fields", "Fields counted", "for mitoses counted in high-power fields: how many", ""),
        Column(
            "field_area_mm2", "Area of one field", "for mitoses in high-power fields: the area of one field in mm²", ""
        ),
        Column("reference_low", "Reference range, from", _REFERENCE, ""),
        Column("reference_high", "Reference range, to", _REFERENCE, ""),
        Column("note", "Note", "text", ""),
    ),
    TREATMENTS: (
        _MRN,
        _BORN,
        Column("treatment", "Treatment", "an option of the catalogue, by code or by name", "lanreotide", needed=True),
        Column("started", "Started", _PARTIAL, "Mar 2025"),
        Column("course", "Still given?", "still given, stopped or done, not known", "still given", needed=True),
        Column("stopped", "Stopped", f"only with “stopped or done”: {_PARTIAL}", ""),
        Column(
            "intent",
            "Intent",
            "curative, disease control, symptom control, around a procedure, not known (where empty)",
            "disease control",
        ),
        Column("doses", "Doses or cycles", "text", "120 mg every 4 weeks"),
        Column(
            "outcomes",
            "How it went",
            "controlled, stable, responded, progressed on it, not tolerated, completed, not known; several with ; between",
            "stable",
        ),
        Column("outcome_text", "How it went, in words", "text", ""),
        Column("recorded_on", "Recorded on", f"{_DAY}; empty: the day of the import", ""),
        _REPORT,
    ),
    MARKERS: (
        _MRN,
        _BORN,
        Column("marker", "Marker", "a marker of the list, by code or by name", "chromogranin_a", needed=True),
        Column("name", "Name or circumstance", "needed for the marker “other”; else such as: fasting", ""),
        Column("value", "Value", "a number such as 61 or 7.5, or a limit such as <5", "61", needed=True),
        Column("unit", "Unit", "one of the marker's units; it may also stand behind the value", "ng/mL"),
        Column("observed_on", "Observed on", _DAY, "2026-11-12", needed=True),
        Column("reference_low", "Reference range, from", "a number", ""),
        Column("reference_high", "Reference range, to", "a number", "100"),
        Column(
            "source", "Source", "pathology, imaging, laboratory, clinic, import (laboratory where empty)", "laboratory"
        ),
        _REPORT,
        Column("laboratory", "Laboratory", "laboratory or department", ""),
        Column("method", "Method", "text", ""),
        Column("note", "Note", "text", ""),
    ),
}


def column_titles(kind: str) -> dict[str, str]:
    return {column.name: column.title for column in COLUMNS[kind]}


def names_of(kind: str) -> tuple[str, ...]:
    return tuple(column.name for column in COLUMNS[kind])


def normalized(header: Iterable[str]) -> list[str]:
    """Header cells as names: “Birth date” is birth_date."""
    return ["_".join(cell.strip().lower().replace("-", " ").replace("_", " ").split()) for cell in header]


def kind_of(header: list[str]) -> str | None:
    """The kind of rows that a header announces: all needed columns of exactly one kind."""
    names = set(header)
    found = [kind for kind in KINDS if {column.name for column in COLUMNS[kind] if column.needed} <= names]
    return found[0] if len(found) == 1 else None


def header_fault(kind: str, header: list[str]) -> str:
    """What is wrong with the header of a known kind; empty where nothing is."""
    known = {*names_of(kind), *NOTES_OF_EXPORT}
    twice = sorted({name for name in header if name and header.count(name) > 1})
    strange = sorted({name for name in header if name and name not in known})
    if twice:
        return f"The column {twice[0]} stands twice in the header. Leave one."
    if strange:
        listed = ", ".join(strange[:5])
        return f"No column of {kind} is called {listed}. Accepted are {', '.join(names_of(kind))}."
    return ""


def announced() -> str:
    """What headers are accepted, for the sentence that refuses another."""
    parts = [f"{kind} ({', '.join(c.name for c in COLUMNS[kind] if c.needed)}, …)" for kind in KINDS]
    return f"Accepted are the headers of the templates: {'; '.join(parts)}."
