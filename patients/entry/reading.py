"""One feature as typed in a form: understood as a value of the data dictionary, or refused beside the field.

A field left blank is nothing at all: it never says unknown over a known value. "Not known" is a choice of its own,
and so is "none of these" for a set. Called by ``patients.forms`` and by imports.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from pathways.engine import Feature, NumberRange, Value, ValueRefused, number_text
from patients.entry import numbers, reference, units
from patients.entry.problems import EntryRefused, quoted

# Derived from the birth date, the identity and the treatments; nobody types them.
DERIVED = frozenset({"age_years", "sex", "prior_treatments", "progressed_on", "intolerant_to", "current_treatments"})
# Below this no number lies: nothing is judged ambiguous because of a dot.
NOT_JUDGED = Decimal(-1)
NOT_KNOWN = "not_known"
NONE_OF_THESE = "none_of_these"


@dataclass(frozen=True, slots=True)
class RawEntry:
    """What came from the inputs of one feature, character for character.

    ``text``, ``unit`` and the helpers are for numbers; ``chosen`` holds the codes ticked (for a yes/no: yes or no),
    with ``not_known`` and ``none_of_these`` among them.
    """

    text: str = ""
    unit: str = ""
    chosen: tuple[str, ...] = ()
    upper_limit: str = ""
    area: str = ""
    fields: str = ""
    field_area: str = ""
    reference_low: str = ""
    reference_high: str = ""

    @property
    def is_blank(self) -> bool:
        helpers = (self.upper_limit, self.area, self.fields, self.field_area, self.reference_low, self.reference_high)
        return not self.chosen and not any(part.strip() for part in (self.text, *helpers))


@dataclass(frozen=True, slots=True)
class Understood:
    """A value as it will be recorded. ``sentence`` is the echo for the person who typed it."""

    feature: Feature
    known: bool
    value: Value | None
    as_written: str
    unit: str
    sentence: str
    reference_low: str = ""
    reference_high: str = ""


def can_be_entered(feature: Feature) -> bool:
    return feature.name not in DERIVED and not feature.derived


def understand(feature: Feature, raw: RawEntry) -> Understood | None:
    """The value that ``raw`` stands for, or None if nothing was entered. Raises EntryRefused with one sentence."""
    if raw.is_blank:
        return None
    if not can_be_entered(feature):
        raise EntryRefused(f"{feature.title} follows from other parts of the record and is not entered.")
    return read_entry(feature, raw)


def read_entry(feature: Feature, raw: RawEntry) -> Understood:
    """What the inputs of a feature mean, also of one that the record derives: a what-if may change those as well."""
    if NOT_KNOWN in raw.chosen:
        return _not_known(feature, raw)
    match feature.kind:
        case "bool":
            return _yes_or_no(feature, raw)
        case "enum":
            return _one_of(feature, raw)
        case "set":
            return _set(feature, raw)
        case "number":
            return _with_reference(_number(feature, raw), raw)


def echo(feature: Feature, as_written: str, value: Value) -> str:
    """understood as: Ki-67 2–3 %; where a unit was changed, 7.5 mmol/L = 12.1 g/dL."""
    shown = shown_short(feature, value)
    if as_written and _changed(as_written, shown):
        return f"{feature.title}: {as_written} = {shown}"
    return f"{feature.title}: {shown}"


def shown_short(feature: Feature, value: Value) -> str:
    """As a person writes it: one decimal, or two where one would make it look whole."""
    if not isinstance(value, Decimal) or value == value.quantize(Decimal("0.01")):
        return feature.show(value)
    tenth, hundredth = value.quantize(Decimal("0.1")), value.quantize(Decimal("0.01"))
    nearest = hundredth if tenth == tenth.to_integral_value() else tenth
    if not nearest:
        return feature.show(value)
    return feature.with_unit(number_text(nearest))


def _changed(as_written: str, shown: str) -> bool:
    """Whether something was computed: what was written carries other numbers than what was understood."""
    written, understood = (re.findall(r"[0-9.]+", text.replace(",", ".")) for text in (as_written, shown))
    return bool(written and understood) and written[: len(understood)] != understood[: len(written)]


def _with_reference(found: Understood, raw: RawEntry) -> Understood:
    """The value with the range that the laboratory prints beside it, in the same unit."""
    low, high = reference.read_reference(found.feature, raw.reference_low, raw.reference_high, found.unit)
    said = reference.with_reference(found.sentence, low, high, found.unit)
    return replace(found, sentence=said, reference_low=low, reference_high=high)


def _not_known(feature: Feature, raw: RawEntry) -> Understood:
    if raw.chosen != (NOT_KNOWN,) or raw.text.strip() or raw.reference_low.strip() or raw.reference_high.strip():
        raise EntryRefused(f"{feature.title}: “not known” was chosen together with a value. Leave one of the two.")
    return Understood(feature, False, None, "not known", "", f"{feature.title}: not known")


def _checked(feature: Feature, value: Value, as_written: str, unit: str, part: str = "text") -> Understood:
    try:
        checked = feature.check(value)
    except ValueRefused:
        raise EntryRefused(
            f"{feature.title}: {quoted(as_written)} is not accepted. {_accepted(feature)}", part
        ) from None
    return Understood(feature, True, checked, as_written, unit, echo(feature, as_written, checked))


def _accepted(feature: Feature) -> str:
    if feature.kind == "number":
        whole = "a whole number" if feature.integer else "a number"
        span = f"{number_text(feature.low)} to {number_text(feature.high)}"
        return f"Accepted is {whole} from {feature.with_unit(span)}."
    return f"Accepted is {', '.join(feature.label(code) for code in feature.values)}."


def _yes_or_no(feature: Feature, raw: RawEntry) -> Understood:
    match raw.chosen:
        case ("yes",):
            return _checked(feature, True, "yes", "")
        case ("no",):
            return _checked(feature, False, "no", "")
        case _:
            raise EntryRefused(f"{feature.title}: {quoted(', '.join(raw.chosen))} is not yes, no or not known.")


def _one_of(feature: Feature, raw: RawEntry) -> Understood:
    if len(raw.chosen) != 1 or raw.chosen[0] not in feature.values:
        raise EntryRefused(f"{feature.title}: {quoted(', '.join(raw.chosen))} is not accepted. {_accepted(feature)}")
    return _checked(feature, raw.chosen[0], feature.label(raw.chosen[0]), "")


def _set(feature: Feature, raw: RawEntry) -> Understood:
    members = tuple(code for code in raw.chosen if code != NONE_OF_THESE)
    if NONE_OF_THESE in raw.chosen:
        if members:
            raise EntryRefused(
                f"{feature.title}: “none of these” was ticked together with others. Leave one of the two."
            )
        return _checked(feature, (), "none of these", "")
    for code in members:
        if code not in feature.values:
            raise EntryRefused(f"{feature.title}: {quoted(code)} is not accepted. {_accepted(feature)}")
    return _checked(feature, tuple(dict.fromkeys(members)), ", ".join(map(feature.label, members)), "")


def _number(feature: Feature, raw: RawEntry) -> Understood:
    match feature.name:
        case "mitoses_per_2mm2":
            return _mitoses(feature, raw)
        case "bilirubin_x_uln":
            return _bilirubin(feature, raw)
    typed, unit = _typed(feature, raw)
    if feature.unit == "%":
        numbers.refuse_bare_fraction(feature.title, raw.text, typed)
    as_written = " ".join(raw.text.split())
    if units.units_of(feature.name):
        as_written = _as_written(raw.text, typed, unit)
    return _finish(feature, typed.scaled(unit.factor), as_written, unit)


def _typed(feature: Feature, raw: RawEntry) -> tuple[numbers.Typed, units.Unit]:
    """The number and its unit, from behind the number or from the select box; never two that differ."""
    if not raw.text.strip():
        raise EntryRefused(f"{feature.title}: the number is missing. {_accepted(feature)}")
    accepted = _accepted(feature).removeprefix("Accepted is ").removesuffix(".")
    choices = units.units_of(feature.name)
    # A dot before three digits is judged once the unit is known: 188.000 is a count per µL, not one of 10⁹/L.
    judged = feature.maximum if not choices else NOT_JUDGED
    typed = numbers.read(feature.title, raw.text, accepted=accepted, thousands_below=judged)
    if not choices:
        if typed.unit and not _is_own_unit(feature, typed.unit):
            raise EntryRefused(f"{feature.title}: the unit {quoted(typed.unit)} is not accepted. {_accepted(feature)}")
        return typed, units.Unit(feature.unit, feature.unit_text, units.ONE)
    behind = units.unit_named(feature.name, typed.unit) if typed.unit else None
    selected = units.unit_named(feature.name, raw.unit) if raw.unit else None
    listed = ", ".join(unit.text for unit in choices)
    if typed.unit and behind is None:
        raise EntryRefused(f"{feature.title}: the unit {quoted(typed.unit)} is not accepted. Accepted is {listed}.")
    if raw.unit and selected is None:
        raise EntryRefused(
            f"{feature.title}: the unit {quoted(raw.unit)} is not accepted. Accepted is {listed}.", "unit"
        )
    if behind and selected and behind != selected:
        raise EntryRefused(f"{feature.title}: {behind.text} is written, {selected.text} is chosen. Leave one.", "unit")
    unit = behind or selected
    if unit is None:
        raise EntryRefused(f"{feature.title}: {quoted(raw.text)} has no unit. Choose {listed}.", "unit")
    largest = _largest(feature, unit)
    return numbers.read(feature.title, raw.text, accepted=accepted, thousands_below=largest), unit


def _largest(feature: Feature, unit: units.Unit) -> Decimal:
    """The largest number allowed in a unit; for bilirubin it hangs on the laboratory's limit, so far above any."""
    return Decimal(1000) if feature.name == "bilirubin_x_uln" else feature.high / unit.factor


def _is_own_unit(feature: Feature, written: str) -> bool:
    return units.Unit(feature.unit, feature.unit_text, units.ONE).is_written(written)


def _as_written(text: str, typed: numbers.Typed, unit: units.Unit) -> str:
    """Character for character, with the unit that was chosen beside it."""
    written = " ".join(text.split())
    return written if typed.unit else f"{written} {unit.text}"


def _finish(feature: Feature, typed: numbers.Typed, as_written: str, unit: units.Unit) -> Understood:
    if feature.integer and any(number != number.to_integral_value() for number in typed.numbers):
        raise EntryRefused(f"{feature.title}: {quoted(as_written)} is not a whole number. {_accepted(feature)}")
    for number in typed.numbers:
        if not feature.low <= number <= feature.high:
            raise EntryRefused(f"{feature.title}: {quoted(as_written)} is not accepted. {_accepted(feature)}")
    try:
        value: Decimal | NumberRange = typed.value(feature.low, feature.high, feature.unit_text)
    except ValueError:
        raise EntryRefused(f"{feature.title}: {quoted(as_written)} leaves no number. {_accepted(feature)}") from None
    return _checked(feature, value, as_written, unit.text)


def _bilirubin(feature: Feature, raw: RawEntry) -> Understood:
    typed, unit = _typed(feature, raw)
    as_written = _as_written(raw.text, typed, unit)
    if unit.code == units.BILIRUBIN_RATIO:
        if raw.upper_limit.strip():
            raise EntryRefused(
                f"{feature.title}: a multiple of the upper limit needs none. Leave it empty, or choose the unit.",
                "upper_limit",
            )
        return _finish(feature, typed, as_written, unit)
    limit = _upper_limit(feature, raw, unit, as_written)
    written = f"{as_written}, upper limit {number_text(limit)} {unit.text}"
    ratio = numbers.Typed(
        numbers.rounded(typed.first / limit),
        None if typed.second is None else numbers.rounded(typed.second / limit),
        typed.sign,
        "",
    )
    return _finish(feature, ratio, written, unit)


def _upper_limit(feature: Feature, raw: RawEntry, unit: units.Unit, as_written: str) -> Decimal:
    """The laboratory's own upper limit, in the unit of the value; one that can only be of the other unit is refused."""
    title = f"{feature.title}, upper limit"
    if not raw.upper_limit.strip():
        raise EntryRefused(
            f"{feature.title}: {quoted(as_written)} needs the laboratory's upper limit in {unit.text}, "
            "which stands beside it on the report.",
            "upper_limit",
        )
    try:
        typed = numbers.read(title, raw.upper_limit, accepted=f"a number in {unit.text}", thousands_below=Decimal(1000))
    except EntryRefused as problem:
        raise EntryRefused(problem.sentence, "upper_limit") from None
    written = units.unit_named(feature.name, typed.unit) if typed.unit else unit
    if written != unit or typed.second is not None or typed.sign:
        raise EntryRefused(f"{title}: {quoted(raw.upper_limit)} is not a number in {unit.text}.", "upper_limit")
    # One mg/dL is about 17 µmol/L: no laboratory's limit for adults lies on the wrong side of 5 in either unit.
    if typed.first <= 0 or (unit.code == "mg/dL") != (typed.first < 5):
        raise EntryRefused(
            f"{title}: {number_text(typed.first)} {unit.text} is not plausible. Check the unit.", "upper_limit"
        )
    return typed.first


_OF_AREA = re.compile(
    r"(?P<count>.+?)\s?(?:/|per|in)\s?(?P<area>[0-9][0-9.,]*)?\s?(?P<what>mm2|mm²|hpf|high-power fields?)", re.I
)
_FIELD_SENTENCE = (
    "a high-power field has a different area in every microscope. Give the area counted in mm², or the number of "
    "fields and the area of one field in mm²."
)


def _mitoses(feature: Feature, raw: RawEntry) -> Understood:
    """A rate per 2 mm² as reported, or a count and the area in which it was counted."""
    match = _OF_AREA.fullmatch(" ".join(raw.text.split()))
    if match is not None:
        raw = _split_mitoses(feature, raw, match)
    typed, unit = _typed(feature, raw)
    if unit.code not in (units.MITOSES_AREA, units.MITOSES_FIELDS):
        if raw.area.strip() or raw.fields.strip() or raw.field_area.strip():
            raise EntryRefused(
                f"{feature.title}: {unit.text} needs no area. Leave the area empty, or choose how it was counted.",
                "unit",
            )
        return _finish(feature, typed.scaled(unit.factor), _as_written(raw.text, typed, unit), unit)
    area, words = _area_counted(feature, raw, unit)
    return _finish(feature, typed.scaled(Decimal(2) / area), f"{' '.join(raw.text.split())} in {words}", unit)


def _split_mitoses(feature: Feature, raw: RawEntry, match: re.Match[str]) -> RawEntry:
    """“7 per 10 HPF” and “4/10 mm²”, typed in one field, as count and area."""
    fields = not match["what"].lower().startswith("mm")
    unit = units.MITOSES_FIELDS if fields else units.MITOSES_AREA
    if raw.unit not in ("", unit):
        raise EntryRefused(
            f"{feature.title}: {quoted(raw.text)} says how it was counted; the choice beside it differs.", "unit"
        )
    amount = match["area"] or "1"
    beside = raw.fields if fields else raw.area
    if beside.strip() and beside.strip() != amount:
        raise EntryRefused(
            f"{feature.title}: {quoted(raw.text)} says {amount}, the field beside it {quoted(beside)}. Leave one.",
            "fields" if fields else "area",
        )
    if fields:
        return RawEntry(match["count"], unit, (), "", raw.area, raw.fields or amount, raw.field_area)
    return RawEntry(match["count"], unit, (), "", raw.area or amount, raw.fields, raw.field_area)


def _area_counted(feature: Feature, raw: RawEntry, unit: units.Unit) -> tuple[Decimal, str]:
    if unit.code == units.MITOSES_AREA or (raw.area.strip() and not raw.field_area.strip()):
        area = _helper(feature, "area counted, in mm²", raw.area, "area", Decimal(100))
        return area, f"{number_text(area)} mm²"
    if not raw.field_area.strip():
        raise EntryRefused(f"{feature.title}: {quoted(raw.text)} in high-power fields: {_FIELD_SENTENCE}", "field_area")
    fields = _helper(feature, "number of fields", raw.fields, "fields", Decimal(500))
    field_area = _helper(feature, "area of one field, in mm²", raw.field_area, "field_area", Decimal(2))
    return fields * field_area, f"{number_text(fields)} fields of {number_text(field_area)} mm²"


def _helper(feature: Feature, what: str, text: str, part: str, most: Decimal) -> Decimal:
    accepted = f"a number above 0, up to {number_text(most)}"
    if not text.strip():
        raise EntryRefused(f"{feature.title}: the {what} is missing. Accepted is {accepted}.", part)
    try:
        typed = numbers.read(f"{feature.title}, {what}", text, accepted=accepted, thousands_below=most)
    except EntryRefused as problem:
        raise EntryRefused(problem.sentence, part) from None
    if typed.sign or typed.second is not None or typed.unit not in ("", "mm2", "mm²") or not 0 < typed.first <= most:
        raise EntryRefused(f"{feature.title}, {what}: {quoted(text)} is not accepted. Accepted is {accepted}.", part)
    return typed.first
