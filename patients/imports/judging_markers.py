"""Marker measurements of one patient held against the record. Pure; called by ``patients.imports.judging``.

A measurement is the same where marker, name, day and whatever the row says of its origin agree; its value is the same also
in another unit into which it converts exactly. A row corrects what an earlier import entered and nobody has touched since;
what a person entered is never overwritten.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from pathways.engine import NumberRange
from patients.entry.marker_units import converted, factor_between
from patients.imports.cells import Content
from patients.imports.judging_entries import PROVENANCE, Weighed, Weight, once
from patients.imports.record import KnownMarker, KnownPatient
from patients.models import Source, Verdict
from patients.values import from_text

MARKER_PROVENANCE = tuple(name for name in PROVENANCE if name != "specimen_or_study")


def weigh_markers(rows: Sequence[Weighed], known: KnownPatient | None) -> dict[int, Weight]:
    """The verdicts on the rows of measurements of one patient."""
    weights: dict[int, Weight] = {}
    groups: dict[tuple[str, ...], list[Weighed]] = defaultdict(list)
    for row in rows:
        content = row.content
        origin = [text.casefold() for text in marker_origin(content).values()]
        groups[(content["marker"], content["name_text"].casefold(), content["observed_on"], *origin)].append(row)
    for group in groups.values():
        sentence = "Rows {} give two values for one measurement."
        judged = once(group, lambda row: f"{row.content['value']} {row.content['unit']}", "value", sentence)
        for row in group:
            weights[row.key] = judged.get(row.key) or _measurement(row.content, known)
    return weights


def marker_origin(content: Content) -> dict[str, str]:
    """Where the measurement comes from, as it would be recorded."""
    return {name: content[name] for name in MARKER_PROVENANCE} | {"source": content["source"] or Source.LAB.value}


def _measurement(content: Content, known: KnownPatient | None) -> Weight:
    same = [one for one in (known.markers if known else ()) if _is_same_measurement(one, content)]
    live = [one for one in same if one.is_live]
    if equal := [one for one in live if _is_same_value(one, content)]:
        return Weight(Verdict.SAME, on_record={"value": (equal[-1].shown, Verdict.SAME)})
    if gone := [one for one in same if not one.is_live and _is_same_value(one, content)]:
        reason = f"This measurement was on record, and {gone[-1].standing}. It is not entered again."
        return Weight(Verdict.CONFLICTING, reason, "value", on_record={"value": (gone[-1].shown, Verdict.CONFLICTING)})
    return _other_value(live, content) if live else Weight(Verdict.NEW)


def _is_same_measurement(one: KnownMarker, content: Content) -> bool:
    """Same marker and day, and nothing that the row says of its origin speaks against it."""
    about = ("marker", "name_text", "observed_on")
    if any(one.content[name].casefold() != content[name].casefold() for name in about):
        return False
    return all(
        not content[name] or content[name].casefold() == one.content[name].casefold() for name in MARKER_PROVENANCE
    )


def _is_same_value(one: KnownMarker, content: Content) -> bool:
    factor = factor_between(content["marker"], content["unit"], one.content["unit"])
    if factor is None:
        return False
    said, kept = from_text(content["value"]), from_text(one.content["value"])
    assert isinstance(said, Decimal | NumberRange)  # measurements are numbers
    said = converted(said, factor)
    if isinstance(said, NumberRange) and isinstance(kept, NumberRange):
        return (said.low, said.high, said.low_open, said.high_open) == (
            kept.low,
            kept.high,
            kept.low_open,
            kept.high_open,
        )
    return said == kept


def _other_value(live: Sequence[KnownMarker], content: Content) -> Weight:
    """The same measurement with another value."""
    origin = marker_origin(content)
    own = [one for one in live if one.imported and {name: one.content[name] for name in origin} == origin]
    if own:
        on_record: Mapping[str, tuple[str, str]] = {"value": (own[-1].shown, Verdict.CHANGED)}
        return Weight(Verdict.CHANGED, "Corrects what an earlier import entered.", "value", own[-1].id, on_record)
    value = live[-1].shown.rpartition(", ")[0]
    reason = f"For this day {value} is on record, and is not overwritten. "
    reason += "Correct it by hand, or say in which report the other value stands."
    return Weight(Verdict.CONFLICTING, reason, "value", on_record={"value": (live[-1].shown, Verdict.CONFLICTING)})
