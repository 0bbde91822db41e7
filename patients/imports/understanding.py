"""One row of text understood as values, through the same parsers as data entry; or refused, with row and column.

What is understood is kept as text (``Content``): it is what the preview shows, what is compared with the record, and
what is applied later, so that nobody applies another value than the one that was shown. Pure but for the data
dictionary; today and the names of the care teams are arguments. Called by the action that stages an import.
"""

from datetime import date
from decimal import Decimal

from pathways.engine import Feature, NumberRange, number_text
from patients.entry import EntryRefused, PartialDate, RawEntry, parse_partial, understand
from patients.entry.markers import read_bound, read_value
from patients.entry.problems import quoted
from patients.entry.reading import NONE_OF_THESE, NOT_KNOWN
from patients.entry.reference import PARTS as REFERENCE
from patients.entry.units import unit_named, units_of
from patients.imports.cells import Field, Reading, UnderstoodRow, Words, bare, labels
from patients.imports.columns import COLUMNS
from patients.imports.problems import CellFault
from patients.imports.tables import RawRow
from patients.models import Course, Intent, MarkerName, Outcome, Sex, Source
from patients.values import to_text

_NOT_KNOWN = {"not known", "not_known", "unknown"}
_NONE = {"none of these", "none_of_these"}
_YES_NO = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}


def understood(raw: RawRow, words: Words) -> UnderstoodRow:
    """The row with its values, or with everything that is wrong with it."""
    row = UnderstoodRow(raw, faults=list(raw.faults))
    if row.faults or not raw.kind:
        row.fields = [Field(name, text, "") for name, text in raw.cells.items() if text]
        return row
    for column in COLUMNS[raw.kind]:
        if column.needed and not raw.cells.get(column.name):
            row.faults.append(CellFault(column.name, f"{column.title} is missing. Accepted is {column.accepts}."))
    reading = Reading(row, words)
    match raw.kind:
        case "patients":
            _patient(reading)
        case "findings":
            _finding(reading)
        case "treatments":
            _treatment(reading)
        case "markers":
            _marker(reading)
    return row


def _patient(reading: Reading) -> None:
    reading.identity()
    reading.line("family_name", 100)
    reading.line("given_name", 100)
    reading.word("sex", labels(Sex))
    reading.take("care_team", lambda title, text: _teams(title, text, reading.words))


def _teams(title: str, text: str, words: Words) -> tuple[str, str]:
    names = [part for part in (part.strip() for part in text.split(";")) if part]
    for name in names:
        if bare(name) not in words.teams:
            listed = ", ".join(sorted(words.teams.values()))
            raise EntryRefused(f"{title}: {quoted(name)} is not a care team. Accepted is {listed}.")
    chosen = sorted({words.teams[bare(name)] for name in names})
    return ";".join(chosen), ", ".join(chosen)


def _finding(reading: Reading) -> None:
    reading.identity()
    reading.take("tumor", _tumor_number)
    reading.take("feature", lambda title, text: _feature(title, text, reading.words))
    reading.day("observed_on", "observed_on")
    reading.word("source", labels(Source))
    for name, longest in (("laboratory", 120), ("method", 120), ("specimen_or_study", 120), ("note", 300)):
        reading.line(name, longest)
    reading.line("report", 200, key="source_text")
    code = reading.row.content.get("feature")
    if code and reading.text("value"):
        _value(reading, reading.words.dictionary.features[code])
    if code and reading.words.dictionary.features[code].group != "tumor" and reading.text("tumor"):
        reading.fault("tumor", "The feature belongs to the patient, not to one tumor. Leave the cell empty.")


def _tumor_number(title: str, text: str) -> tuple[str, str]:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 20 or len(text) > 2:
        raise EntryRefused(f"{title}: {quoted(text)} is not the number of a tumor. Accepted is a whole number from 1.")
    return str(int(text)), str(int(text))


def _feature(title: str, text: str, words: Words) -> tuple[str, str]:
    feature = words.features.get(bare(text))
    if feature is None:
        raise EntryRefused(
            f"{title}: {quoted(text)} is not a feature that is entered. Accepted are those of the accepted values."
        )
    return feature.name, feature.title


# The parts of an entry and the columns that they come from, so that a sentence stands beside its cell.
_PARTS = {
    "text": "value",
    "unit": "unit",
    "upper_limit": "upper_limit",
    "area": "area_mm2",
    "fields": "fields",
    "field_area": "field_area_mm2",
    "reference_low": "reference_low",
    "reference_high": "reference_high",
}


def _value(reading: Reading, feature: Feature) -> None:
    """The value of the feature, through the parser of data entry."""
    try:
        found = understand(feature, _entry(reading, feature))
    except EntryRefused as problem:
        part = _PARTS.get(problem.part, "value")
        reading.fault(part, problem.sentence)
        if part != "value":
            reading.row.fields.append(Field("value", reading.text("value"), ""))
        return
    if found is None:  # every cell of the value is blank: said already
        return
    reading.row.content |= {
        "value": to_text(found.value) if found.value is not None else "",
        "as_written": found.as_written,
        "unit": found.unit,
        "reference_low": found.reference_low,
        "reference_high": found.reference_high,
    }
    shown = found.sentence.removeprefix(f"{feature.title}: ")
    reading.row.fields.append(Field("value", _written(reading), shown))


def _written(reading: Reading) -> str:
    """The cells that the value came from, as they stand in the row."""
    parts = [reading.text("value"), reading.text("unit")]
    for name in ("upper_limit", "area_mm2", "fields", "field_area_mm2", *REFERENCE):
        if name in reading.titles and (text := reading.text(name)):
            parts.append(f"({reading.titles[name].lower()} {text})")
    return " ".join(part for part in parts if part)


def _entry(reading: Reading, feature: Feature) -> RawEntry:
    text = reading.text("value")
    if bare(text) in {bare(one) for one in _NOT_KNOWN}:
        return RawEntry(chosen=(NOT_KNOWN,))
    if feature.kind == "number":
        return _number_entry(reading, feature, text)
    for name in ("unit", "upper_limit", "area_mm2", "fields", "field_area_mm2", *REFERENCE):
        if reading.text(name):
            raise EntryRefused(f"{feature.title} has no {reading.titles[name].lower()}. Leave the cell empty.", name)
    match feature.kind:
        case "bool":
            return RawEntry(chosen=(_YES_NO.get(bare(text), text),))
        case "set" if bare(text) in {bare(one) for one in _NONE}:
            return RawEntry(chosen=(NONE_OF_THESE,))
        case "set":
            return RawEntry(chosen=tuple(_code(feature, part) for part in text.split(";") if part.strip()))
        case _:
            return RawEntry(chosen=(_code(feature, text),))


def _number_entry(reading: Reading, feature: Feature, text: str) -> RawEntry:
    unit = reading.text("unit")
    # A feature with one unit alone has no choice of units: what stands in the column is read behind the number.
    if unit and not unit_named(feature.name, unit) and not units_of(feature.name):
        text, unit = f"{text} {unit}" if unit not in text else text, ""
    helpers = {
        "upper_limit": reading.text("upper_limit"),
        "area": reading.text("area_mm2"),
        "fields": reading.text("fields"),
        "field_area": reading.text("field_area_mm2"),
        "reference_low": reading.text("reference_low"),
        "reference_high": reading.text("reference_high"),
    }
    if feature.name != "bilirubin_x_uln" and helpers["upper_limit"]:
        raise EntryRefused(f"{feature.title} needs no upper limit. Leave the cell empty.", "upper_limit")
    if feature.name != "mitoses_per_2mm2":
        for part in ("area", "fields", "field_area"):
            if helpers[part]:
                raise EntryRefused(f"{feature.title} is not counted in an area. Leave the cell empty.", part)
    return RawEntry(text=text, unit=unit, **helpers)


def _code(feature: Feature, text: str) -> str:
    """The code that a word names, by code or label; the word itself where it names none."""
    wanted = bare(text)
    found = [code for code in feature.values if wanted in (bare(code), bare(feature.label(code)))]
    return found[0] if len(found) == 1 else text.strip()


def _treatment(reading: Reading) -> None:
    reading.identity()
    reading.take("treatment", lambda title, text: _option(title, text, reading.words), key="option")
    for name in ("started", "stopped"):
        reading.take(name, lambda title, text: _partial(title, text, reading))
    reading.word("course", labels(Course))
    reading.word("intent", labels(Intent), empty=Intent.UNKNOWN)
    reading.take("outcomes", _outcomes)
    reading.line("doses", 200)
    reading.line("outcome_text", 300)
    reading.day("recorded_on", "observed_on")
    reading.line("report", 200, key="source_text")
    content = reading.row.content
    if content.get("stopped") and content.get("course") not in (None, Course.STOPPED):
        reading.fault("stopped", "A date of stopping goes with “stopped or done” alone.")
    started, stopped = (partial_date(content.get(name, "")) for name in ("started", "stopped"))
    if started and stopped and stopped.last < started.first:
        reading.fault("stopped", f"It was stopped ({stopped.show()}) before it started ({started.show()}).")


def _marker(reading: Reading) -> None:
    reading.identity()
    reading.word("marker", labels(MarkerName))
    reading.line("name", 80, key="name_text")
    reading.day("observed_on", "observed_on")
    reading.word("source", labels(Source))
    for name, longest in (("laboratory", 120), ("method", 120), ("note", 300)):
        reading.line(name, longest)
    reading.line("report", 200, key="source_text")
    for name in ("reference_low", "reference_high"):
        reading.take(name, lambda title, text, name=name: _bound(title, text, name))
    content = reading.row.content
    if content.get("marker") == MarkerName.OTHER and not reading.text("name"):
        reading.fault("name", "Say which marker was measured.")
    low, high = content.get("reference_low", ""), content.get("reference_high", "")
    if low and high and Decimal(low) > Decimal(high):
        reading.fault("reference_high", f"The reference range from {low} to {high} runs backwards.")
    if content.get("marker") and reading.text("value"):
        _measured(reading, content["marker"])


def _measured(reading: Reading, marker: str) -> None:
    """The value with its unit, through the parser of data entry."""
    try:
        found = read_value(reading.text("value"), reading.text("unit"), marker=marker, title=MarkerName(marker).label)
    except EntryRefused as problem:
        reading.fault("unit" if problem.part == "unit" else "value", problem.sentence)
        return
    reading.row.content |= {"value": to_text(found.value), "as_written": found.as_written, "unit": found.unit}
    number = found.value.text if isinstance(found.value, NumberRange) else number_text(found.value)
    reading.row.fields.append(
        Field("value", _written(reading), f"{number.removesuffix(found.unit).strip()} {found.unit}")
    )


def _bound(title: str, text: str, part: str) -> tuple[str, str]:
    found = read_bound(title, text, part)
    assert found is not None  # an empty cell is not read
    return number_text(found), number_text(found)


def _option(title: str, text: str, words: Words) -> tuple[str, str]:
    code = words.options.get(bare(text))
    if code is None:
        raise EntryRefused(
            f"{title}: {quoted(text)} is not a treatment of the catalogue. Accepted are those of the accepted values."
        )
    return code, words.dictionary.features["prior_treatments"].label(code)


def _partial(title: str, text: str, reading: Reading) -> tuple[str, str]:
    if bare(text) in {bare(one) for one in _NOT_KNOWN}:
        return "", "not known"
    found = parse_partial(title, text, today=reading.words.today, born=reading.born)
    return f"{found.precision} {found.first.isoformat()}", found.show()


def partial_date(kept: str) -> PartialDate | None:
    """The date that ``_partial`` kept; None where it is not known."""
    precision, _, first = kept.partition(" ")
    return PartialDate(date.fromisoformat(first), precision) if first else None


def _outcomes(title: str, text: str) -> tuple[str, str]:
    accepted = labels(Outcome)
    chosen = []
    for part in (part.strip() for part in text.split(";")):
        if not part:
            continue
        if bare(part) not in accepted:
            listed = ", ".join(dict.fromkeys(shown for _, shown in accepted.values()))
            raise EntryRefused(
                f"{title}: {quoted(part)} is not accepted. Accepted is {listed}; several with ; between."
            )
        chosen.append(accepted[bare(part)][0])
    if Outcome.NOT_KNOWN in chosen and len(set(chosen)) > 1:
        raise EntryRefused(f"{title}: “not known” was given together with an outcome. Leave one of the two.")
    ordered = [outcome for outcome in Outcome if outcome.value in chosen]
    return ",".join(one.value for one in ordered), ", ".join(one.label for one in ordered)
