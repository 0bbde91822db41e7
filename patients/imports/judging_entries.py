"""Findings and treatments of one patient held against the record. Pure; called by ``patients.imports.judging``.

A reading is the same reading where feature, tumor, day and whatever the row says of its origin agree; two values of one
reading are never both taken. A row corrects what an earlier import entered and nobody has touched since; what a person
entered is never overwritten.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from pathways.knowledge import dictionary
from patients.entry.dates import PartialDate
from patients.entry.reference import own_ends
from patients.imports.cells import Content
from patients.imports.record import KnownFinding, KnownPatient, KnownTreatment
from patients.imports.understanding import partial_date
from patients.models import Course, Intent, Source, Verdict

PROVENANCE = ("source", "source_text", "laboratory", "method", "specimen_or_study")
COMPARED = ("stopped", "course", "intent", "outcomes", "doses", "outcome_text", "source_text")
SAYS_NOTHING = {"", Course.UNKNOWN.value, Intent.UNKNOWN.value}


@dataclass(frozen=True, slots=True)
class Weighed:
    key: int
    label: str
    content: Content


@dataclass(frozen=True, slots=True)
class Weight:
    verdict: Verdict
    reason: str = ""
    column: str = ""
    target: UUID | None = None
    on_record: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def weigh_findings(rows: Sequence[Weighed], known: KnownPatient | None) -> dict[int, Weight]:
    """The verdicts on the rows of findings of one patient."""
    weights: dict[int, Weight] = {}
    readings: dict[tuple[str, ...], list[Weighed]] = defaultdict(list)
    for row in rows:
        tumor = _tumor(row.content, known)
        if isinstance(tumor, Weight):
            weights[row.key] = tumor
        else:
            origin = [text.casefold() for text in origin_of(row.content).values()]
            readings[(row.content["feature"], str(tumor), row.content["observed_on"], *origin)].append(row)
    for key, group in readings.items():
        judged = once(group, _said, "value", "Rows {} give two values, or two reference ranges, for one reading.")
        for row in group:
            weights[row.key] = judged.get(row.key) or _finding(row.content, int(key[1]), known)
    return weights


def _said(row: Weighed) -> str:
    return f"{row.content['value']} {said_reference(row.content)}"


def once(group: Sequence[Weighed], said: Callable[[Weighed], str], column: str, sentence: str) -> dict[int, Weight]:
    """Verdicts on rows that repeat or contradict another row of the file; the first of equal ones has none."""
    if len({said(row) for row in group}) > 1:
        listed = " and ".join(sorted(row.label for row in group))
        reason = f"{sentence.format(listed)} Leave one, or say in which report each stands."
        return {row.key: Weight(Verdict.REFUSED, reason, column) for row in group}
    first, *repeats = group
    return {row.key: Weight(Verdict.SAME, f"Repeats {first.label}.") for row in repeats}


def tumor_number(content: Content, tumors: Iterable[int]) -> int | None:
    """Which tumor a row is about: 0 for features of the patient, None where that cannot be told."""
    if dictionary().features[content["feature"]].group != "tumor":
        return 0
    numbers = list(tumors) or [1]
    if content["tumor"]:
        number = int(content["tumor"])
        return number if number in numbers else None
    return numbers[0] if len(numbers) == 1 else None


def _tumor(content: Content, known: KnownPatient | None) -> int | Weight:
    numbers = list(known.tumors) if known else [1]
    number = tumor_number(content, numbers)
    if number is not None:
        return number
    listed = ", ".join(map(str, numbers))
    if content["tumor"]:
        reason = (
            f"Tumor {content['tumor']} is not on record. The patient has: {listed}. A further one is added by hand."
        )
    else:
        reason = f"The patient has several tumors ({listed}). Say which one the row is about."
    return Weight(Verdict.REFUSED, reason, "tumor")


def _finding(content: Content, tumor: int, known: KnownPatient | None) -> Weight:
    of_feature = [
        one for one in (known.findings if known else ()) if one.feature == content["feature"] and one.tumor == tumor
    ]
    same_reading = [one for one in of_feature if _is_same_reading(one, content)]
    live = [one for one in same_reading if one.is_live]
    equal = [one for one in live if one.value == content["value"]]
    if equal:
        return _with_reference(equal, content)
    gone = [one for one in same_reading if not one.is_live and one.value == content["value"]]
    if gone:
        reason = f"This reading was on record, and {gone[-1].standing}. It is not entered again."
        return Weight(Verdict.CONFLICTING, reason, "value", on_record={"value": (gone[-1].shown, Verdict.CONFLICTING)})
    if live:
        return _other_value(live, content)
    return _further(of_feature, content)


def said_reference(content: Content) -> tuple[Decimal | None, Decimal | None] | None:
    """The laboratory's range as the row gives it, in the unit in which values are compared; None where it gives none."""
    low, high = content.get("reference_low", ""), content.get("reference_high", "")
    return own_ends(content["feature"], content["unit"], low, high) if low or high else None


def _with_reference(equal: Sequence[KnownFinding], content: Content) -> Weight:
    """The value is on record; a reference range that is not on record with it is new, and is not lost in silence."""
    said, last = said_reference(content), equal[-1]
    if said is None or any(one.reference == said for one in equal):
        return Weight(Verdict.SAME, on_record={"value": (last.shown, Verdict.SAME)})
    if last.imported:
        reason = "The value is on record; the reference range is put beside it."
        return Weight(Verdict.CHANGED, reason, "", last.id, {"value": (last.shown, Verdict.CHANGED)})
    reason = "The value is on record, entered by a person, with no or another reference range. Correct it by hand."
    return Weight(Verdict.CONFLICTING, reason, "reference_high", on_record={"value": (last.shown, Verdict.SAME)})


def _is_same_reading(one: KnownFinding, content: Content) -> bool:
    """Same day, and nothing that the row says of its origin speaks against it."""
    if one.observed_on != content["observed_on"]:
        return False
    return all(not content[name] or content[name].casefold() == one.provenance[name].casefold() for name in PROVENANCE)


def origin_of(content: Content) -> dict[str, str]:
    """Where the reading comes from, as it would be recorded."""
    return {name: content[name] for name in PROVENANCE} | {"source": content["source"] or Source.IMPORT.value}


def _other_value(live: Sequence[KnownFinding], content: Content) -> Weight:
    """The same reading with another value."""
    origin = origin_of(content)
    own = [one for one in live if one.imported and dict(one.provenance) == origin]
    if own:
        on_record = {"value": (own[-1].shown, Verdict.CHANGED)}
        return Weight(Verdict.CHANGED, "Corrects what an earlier import entered.", "value", own[-1].id, on_record)
    value = live[-1].shown.rpartition(", ")[0]
    if content["source_text"]:
        reason = f"This reading is on record as {value}, and is not overwritten. Correct it by hand."
    else:
        reason = f"For this day {value} is on record, and is not overwritten. "
        reason += "Correct it by hand, or say in which report the other value stands."
    return Weight(Verdict.CONFLICTING, reason, "value", on_record={"value": (live[-1].shown, Verdict.CONFLICTING)})


def _further(of_feature: Sequence[KnownFinding], content: Content) -> Weight:
    """A reading that is not on record, beside those that are."""
    live = [one for one in of_feature if one.is_live]
    if not live:
        return Weight(Verdict.NEW)
    last = max(live, key=lambda one: one.observed_on)
    if last.observed_on > content["observed_on"]:
        on_record = {"value": (last.shown, "older than the last on record")}
        return Weight(Verdict.NEW, "An earlier reading: the last one on record stays in force.", on_record=on_record)
    changed = last.value != content["value"]
    verdict = Verdict.CHANGED if changed else Verdict.NEW
    reason = "A further reading with another value; the earlier one stays on record." if changed else ""
    return Weight(verdict, reason, on_record={"value": (last.shown, verdict)})


def weigh_treatments(rows: Sequence[Weighed], known: KnownPatient | None) -> dict[int, Weight]:
    """The verdicts on the rows of treatments of one patient."""
    weights: dict[int, Weight] = {}
    courses: dict[tuple[str, str], list[Weighed]] = defaultdict(list)
    for row in rows:
        courses[row.content["option"], row.content["started"]].append(row)
    for (option, started), group in courses.items():
        sentence = "Rows {} say different things of one course."
        judged = once(group, lambda row: repr(sorted(row.content.items())), "treatment", sentence)
        near = _near_in_file(option, started, courses)
        for row in group:
            weights[row.key] = near or judged.get(row.key) or _treatment(row.content, known)
    return weights


def _near_in_file(option: str, started: str, courses: Mapping[tuple[str, str], Sequence[Weighed]]) -> Weight | None:
    for (other, start), group in sorted(courses.items()):
        if other == option and start != started and overlap(partial_date(start), partial_date(started)):
            same = f"This could be the same course as {group[0].label}: the starts overlap."
            reason = f"{same} Leave one, or write both starts exactly."
            return Weight(Verdict.REFUSED, reason, "started")
    return None


def overlap(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Whether two starts may be the same day; a start that is not known may be any."""
    if one is None or other is None:
        return True
    return one.first <= other.last and other.first <= one.last


def _treatment(content: Content, known: KnownPatient | None) -> Weight:
    of_option = [one for one in (known.treatments if known else ()) if one.content["option"] == content["option"]]
    live = [one for one in of_option if one.is_live]
    exact = [one for one in live if one.content["started"] == content["started"]]
    for one in exact:
        if not _differences(one, content):
            return Weight(Verdict.SAME, on_record={"treatment": (one.shown, Verdict.SAME)})
    if exact:
        return _other_course(exact[-1], content)
    near = [one for one in live if overlap(one.started, partial_date(content["started"]))]
    if near:
        reason = f"{near[-1].shown} is on record, and could be the same course. Write the start as it is on record."
        return Weight(
            Verdict.CONFLICTING, reason, "started", on_record={"started": (near[-1].shown, Verdict.CONFLICTING)}
        )
    gone = [one for one in of_option if not one.is_live and one.content["started"] == content["started"]]
    if gone:
        reason = f"This treatment was on record, and {gone[-1].standing}. It is not entered again."
        return Weight(
            Verdict.CONFLICTING, reason, "treatment", on_record={"treatment": (gone[-1].shown, Verdict.CONFLICTING)}
        )
    return Weight(Verdict.NEW)


def _differences(one: KnownTreatment, content: Content) -> list[str]:
    """The fields of which the row says something else than the record; blank cells say nothing."""
    return [
        name
        for name in COMPARED
        if content[name] not in SAYS_NOTHING
        and content[name] != one.content[name]
        and not (name == "outcomes" and _codes(content[name]) <= _codes(one.content[name]))
    ]


def _codes(text: str) -> set[str]:
    return set(text.split(",")) - {""}


def _goes_on(name: str, before: str, said: str) -> bool:
    """Whether the row adds to what the record says, instead of speaking against it."""
    if before in SAYS_NOTHING or (name == "outcomes" and (_codes(before) < _codes(said) or before == "not_known")):
        return True
    return name == "course" and (before, said) == (Course.STILL_GIVEN, Course.STOPPED)


def _other_course(one: KnownTreatment, content: Content) -> Weight:
    different = _differences(one, content)
    against = [name for name in different if not _goes_on(name, one.content[name], content[name])]
    columns = {"source_text": "report"}
    if against and not one.imported:
        shown = {columns.get(name, name): (_shown(name, one.content[name]), Verdict.CONFLICTING) for name in against}
        reason = f"{one.shown} is on record and says otherwise, entered by a person. Correct it by hand."
        return Weight(Verdict.CONFLICTING, reason, columns.get(against[0], against[0]), on_record=shown)
    shown = {columns.get(name, name): (_shown(name, one.content[name]), Verdict.CHANGED) for name in different}
    return Weight(Verdict.CHANGED, "The course goes on; what it said before is kept.", "", one.id, shown)


def _shown(name: str, kept: str) -> str:
    if name in ("stopped", "started"):
        day = partial_date(kept)
        return "not known" if day is None else day.show()
    return kept.replace("_", " ").replace(",", ", ") or "no entry"


def overlaid(before: Content, said: Content) -> Content:
    """What the record says, with what the row says put over it; blank cells change nothing."""
    merged = {name: said[name] if said.get(name, "") not in SAYS_NOTHING else value for name, value in before.items()}
    if "outcomes" in before and said.get("outcomes") and _codes(said["outcomes"]) < _codes(before["outcomes"]):
        merged["outcomes"] = before["outcomes"]
    return merged
