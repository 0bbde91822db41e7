"""Findings as reports on their day, and numbers that were read more than once as series.

A report is what was observed on one day and stands in one place; its label says what a specialist looks for first. Every
reading on record is in it, also those that are not in force. Called by the presenter of the page.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from pathways.drawing.timeline import Event, Glyph, Growth, Point
from pathways.engine import DataDictionary, Feature, NumberRange, Value
from pathways.presenters.timeline.entries import Entry, day_entry
from pathways.presenters.timeline.serial import Measured
from patients.entry.reference import own_ends
from patients.facts import Facts, Reading
from patients.presenters.reading_text import origin_text, reference_text, value_text

# The record's words for the kind of source -> lane, kind in the table, sign.
LANE_OF = {
    "pathology": ("biopsy", "Pathology", Glyph.DIAMOND),
    "imaging": ("imaging", "Imaging", Glyph.SQUARE),
    "laboratory": ("laboratory", "Laboratory", Glyph.DROP),
    "clinic": ("visit", "Visit", Glyph.CIRCLE),
    "import": ("import", "Imported", Glyph.CIRCLE),
}
_RECEPTOR = frozenset({"sstr_status", "krenning_score"})
_FIRST_IN_LABEL = {
    "biopsy": ("grade", "ki67_percent", "differentiation"),
    "imaging": ("progression", "sstr_status", "krenning_score", "tumor_size_mm", "extent"),
    "visit": ("ecog",),
}
_SHORT_VALUES = {
    ("sstr_status", "positive"): "SSTR+",
    ("sstr_status", "negative"): "SSTR−",
    ("sstr_status", "heterogeneous"): "SSTR mixed",
}
_BARE = frozenset({"grade", "progression", "extent", "differentiation"})
_MOST_IN_LABEL = 2
# Scores, and numbers that count time themselves: a line through them says nothing that their marks do not.
_NO_LINE = frozenset({"ecog", "krenning_score", "months_stable"})
_NUMBERS = (Decimal, NumberRange)
# The end of a range that stands for "no end".
_NO_END = Decimal(10) ** 9
Link = Callable[[str], str]


def all_readings(facts: Facts) -> list[Reading]:
    """Every live reading of the tumor and its patient, the earliest observed first, then as they were entered."""
    found = [*facts.readings.values(), *(one for others in facts.others.values() for one in others)]
    if facts.history_confirmed:
        found.append(facts.history_confirmed)
    return sorted(found, key=lambda one: (one.observed_on, one.entered_at, str(one.finding_id)))


def reading_entry(
    reading: Reading, facts: Facts, words: DataDictionary, link: Link, too_old: Mapping[str, str]
) -> Entry:
    """The row of one reading; `too_old` says for a feature that its value in force is older than the rules allow."""
    feature = words.features.get(reading.feature)
    in_force = facts.readings.get(reading.feature)
    rival = in_force is not None and in_force.finding_id != reading.finding_id and _same_study(in_force, reading)
    details = [
        "not the reading in force" if rival else "",
        too_old.get(reading.feature, "") if in_force and in_force.finding_id == reading.finding_id else "",
        f"written: {reading.as_written}" if feature and feature.kind == "number" and _adds(reading, feature) else "",
        f"reference {reference_text(reading)}" if reference_text(reading) else "",
        reading.specimen_or_study,
        reading.note,
    ]
    if feature is None:
        what, value = "Treatment history", "complete" if reading.value is True else "not known to be complete"
    else:
        what, value = feature.title, value_text(feature, reading)
    return day_entry(
        f"finding-{reading.finding_id}",
        LANE_OF[reading.source][1],
        reading.observed_on,
        what,
        value=value,
        details="; ".join(part for part in details if part),
        origin=origin_text(reading),
        url=link(reading.feature) if feature else "",
    )


def _same_study(one: Reading, other: Reading) -> bool:
    first, second = one.specimen_or_study.strip().casefold(), other.specimen_or_study.strip().casefold()
    return bool(first) and first == second


def _adds(reading: Reading, feature: Feature) -> bool:
    plain = "".join(value_text(feature, reading).split()).replace(feature.unit_text.replace(" ", ""), "")
    return bool(reading.as_written) and "".join(reading.as_written.split()) not in (
        plain,
        "".join(value_text(feature, reading).split()),
    )


def report_events(
    readings: Sequence[Reading], entries: Mapping[str, Entry], words: DataDictionary
) -> dict[str, list[Event]]:
    """The marks of each lane: one for what stands in one report of one day."""
    reports: dict[tuple[str, date, str], list[Reading]] = defaultdict(list)
    for reading in readings:
        reports[LANE_OF[reading.source][0], reading.observed_on, reading.origin].append(reading)
    lanes: dict[str, list[Event]] = defaultdict(list)
    for (lane, on, origin), members in reports.items():
        rows = [entries[f"finding-{one.finding_id}"] for one in members]
        said = "; ".join(f"{row.what}: {row.value}" + (f" ({row.details})" if row.details else "") for row in rows)
        glyph = _glyph(lane, members)
        url = next(
            (row.url for one, row in zip(members, rows, strict=True) if one.feature in _label_order(lane)), rows[0].url
        )
        keys = tuple(row.key for row in rows)
        lanes[lane].append(
            Event(keys, on, glyph, report_label(lane, members, words), f"{rows[0].when}, {origin}: {said}", url)
        )
    return lanes


def _label_order(lane: str) -> tuple[str, ...]:
    return _FIRST_IN_LABEL.get(lane, ())


def _glyph(lane: str, members: Sequence[Reading]) -> Glyph:
    if lane == "imaging":
        if any(is_growth(one) for one in members):
            return Glyph.SQUARE_GROWTH
        if any(one.feature in _RECEPTOR and one.known for one in members):
            return Glyph.SQUARE_DOT
    return next(glyph for code, _kind, glyph in LANE_OF.values() if code == lane)


def report_label(lane: str, members: Sequence[Reading], words: DataDictionary) -> str:
    """'G2, Ki-67 8 %', 'progressing, SSTR+', 'eGFR 64': at most two values, then how many more."""
    by_feature = {one.feature: one for one in members if one.known and one.feature in words.features}
    order = [name for name in _label_order(lane) if name in by_feature]
    if not order:
        order = sorted(by_feature, key=lambda name: words.order[name])
    if not order:
        return "history confirmed" if any(one.feature not in words.features for one in members) else "not known"
    shown = [_short(words.features[name], by_feature[name].value) for name in order[:_MOST_IN_LABEL]]
    more = len(by_feature) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more and lane in ("laboratory", "import") else "")


def _short(feature: Feature, value: Value | None) -> str:
    if isinstance(value, str) and (feature.name, value) in _SHORT_VALUES:
        return _SHORT_VALUES[feature.name, value]
    assert value is not None
    shown = feature.show(value)
    return shown if feature.name in _BARE else f"{feature.short or feature.title} {shown}"


def is_growth(reading: Reading) -> bool:
    """Whether the reading says that the tumor grows."""
    return reading.feature == "progression" and reading.value == "progressing"


def growths(readings: Sequence[Reading]) -> list[Growth]:
    """The days on which growth was recorded, each once."""
    return [Growth(day, "growth") for day in dict.fromkeys(one.observed_on for one in readings if is_growth(one))]


def finding_points(
    readings: Sequence[Reading], facts: Facts, entries: Mapping[str, Entry], words: DataDictionary
) -> list[Measured]:
    """Every number that was read, feature by feature in the order of the dictionary."""
    by_feature: dict[str, list[Reading]] = defaultdict(list)
    for one in readings:
        if one.feature in words.features and one.feature not in _NO_LINE and isinstance(one.value, _NUMBERS):
            by_feature[one.feature].append(one)
    found: list[Measured] = []
    for name in words.in_order(by_feature):
        feature, rows = words.features[name], by_feature[name]
        leading = {one.finding_id for one in _leading(rows, facts.readings.get(name))}
        for one in rows:
            point = _point(one, feature, entries[f"finding-{one.finding_id}"], one.finding_id in leading)
            found.append((feature.title, feature.unit_text, point))
    return found


def _leading(found: Sequence[Reading], in_force: Reading | None) -> list[Reading]:
    """Of several readings of one day, the one in force, else the one entered last."""
    by_day: dict[date, Reading] = {}
    for one in found:
        if in_force is None or by_day.get(one.observed_on, one).finding_id != in_force.finding_id or one is in_force:
            by_day[one.observed_on] = one
    return list(by_day.values())


def _point(reading: Reading, feature: Feature, entry: Entry, leads: bool) -> Point:
    low, high = ends(reading.value)
    shown = value_text(feature, reading).removesuffix(feature.unit_text).strip()
    method = " · ".join(part for part in (reading.laboratory, reading.method) if part)
    reference = own_ends(reading.feature, reading.unit, reading.reference_low, reading.reference_high)
    return Point(entry.key, reading.observed_on, low, high, shown, entry.whole, entry.url, method, reference, leads)


def ends(value: Value | None) -> tuple[Decimal | None, Decimal | None]:
    """The ends of a number or a range; None for an end that the report leaves open."""
    match value:
        case NumberRange():
            return value.low, value.high if value.high < _NO_END else None
        case Decimal():
            return value, value
        case _:
            return None, None
