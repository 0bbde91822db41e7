"""An invented patient as lines of text, one feature each: "Krenning score: 1", "metastatic_sites: liver, bone".

What it is: the way test patients are written, shown, and carried in an address (they are nobody's data).
Titles and codes of features and of values are read alike, in any case; forms show titles, addresses carry codes.
What it refuses to do: guess; a line that is not understood is refused with its number, and nothing typed is lost.
A set ending in "…" holds at least what is named: the rest of it is not known.
Who calls it: the pages of test patients, rule cases and examples of the proofs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pathways.engine import DataDictionary, Feature, ValueRefused, did_you_mean
from pathways.engine.values import NumberRange, OneOf, PartialSet, Value, number_text

YES = {"yes", "true", "ja"}
NO = {"no", "false", "nein"}
REST = "…"


@dataclass(frozen=True, slots=True)
class ReadLines:
    """The features that were understood, and a sentence for each line that was not."""

    features: dict[str, Value]
    problems: tuple[str, ...]


def to_lines(features: Mapping[str, Any]) -> str:
    """The features as lines, in the order given."""
    return "\n".join(f"{name}: {_written(value)}" for name, value in features.items())


def titled_lines(features: Mapping[str, Any], dictionary: DataDictionary) -> str:
    """The features as lines in the words of the data dictionary: "Primary site: small bowel"; they read back the same."""
    lines = []
    for name, value in features.items():
        feature = dictionary.features.get(name)
        title = feature.title if feature else name
        lines.append(f"{title}: {_written(value, feature.labels if feature else {})}")
    return "\n".join(lines)


def retitled(text: str, dictionary: DataDictionary) -> str:
    """Lines of codes as lines of titles; lines that are not understood stay as they are, all of them."""
    read = from_lines(text, dictionary)
    return text if read.problems else titled_lines(read.features, dictionary)


def in_words(text: str, dictionary: DataDictionary) -> tuple[str, ...]:
    """Lines as a person reads them: "Krenning score: 1", "Metastases: liver, bone". A line not understood stays."""
    shown = []
    for line in text.splitlines():
        name, _, _ = line.partition(":")
        value = from_lines(line, dictionary).features.get(name.strip())
        feature = dictionary.features.get(name.strip())
        shown.append(f"{feature.title}: {feature.show(value)}" if feature and value is not None else line)
    return tuple(shown)


def _written(value: Any, labels: Mapping[str, str] | None = None) -> str:
    labels = labels or {}
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal() | int():
            return number_text(Decimal(value))
        case PartialSet():
            return ", ".join([*(labels.get(one, one) for one in value.members), REST])
        case tuple() | list():
            return ", ".join(labels.get(one, one) for one in value) or "none"
        case NumberRange() | OneOf():
            raise ValueError("A range is a reading of a patient; an invented patient has exact values.")
        case _:
            return labels.get(value, str(value))


def from_lines(text: str, dictionary: DataDictionary) -> ReadLines:
    """What the lines say. Empty lines are passed over."""
    features: dict[str, Value] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, colon, written = line.partition(":")
        feature = _named(name.strip(), dictionary)
        if not colon or feature is None:
            known = (*dictionary.features, *(one.title for one in dictionary.features.values()))
            hint = did_you_mean(name.strip(), known)
            problems.append(
                f'Line {number}, "{line.strip()[:60]}": a line is a feature of the data dictionary, a colon and its '
                f"value, such as Ki-67: 8.{hint}"
            )
            continue
        if feature.name in features:
            problems.append(f"Line {number}: {feature.title} stands twice; one value is accepted.")
            continue
        try:
            features[feature.name] = _value(feature, written.strip())
        except ValueRefused as refusal:
            problems.append(f"Line {number}: {refusal}")
    ordered = {name: features[name] for name in dictionary.in_order(features)}
    return ReadLines(ordered, tuple(problems))


def _named(name: str, dictionary: DataDictionary) -> Feature | None:
    if name in dictionary.features:
        return dictionary.features[name]
    wanted = name.casefold()
    called = ((one, (one.title.casefold(), one.short.casefold())) for one in dictionary.features.values())
    return next((one for one, words in called if wanted in words), None)


def _value(feature: Feature, written: str) -> Value:
    if feature.kind == "bool" and written.casefold() in YES | NO:
        return written.casefold() in YES
    if feature.kind == "number":
        return feature.check(_number(feature, written))
    if feature.kind == "set":
        return _set(feature, written)
    return feature.check(_code(feature, written))


def _number(feature: Feature, written: str) -> Any:
    if feature.unit and written.casefold().endswith(feature.unit.casefold()):
        written = written[: -len(feature.unit)].rstrip()
    try:
        return Decimal(written) if written else written
    except InvalidOperation:
        return written


def _set(feature: Feature, written: str) -> Value:
    names = [] if written.casefold() == "none" and "none" not in feature.values else _members(feature, written)
    codes = [_code(feature, name) for name in names]
    if REST in codes or "..." in codes:
        members = feature.check([code for code in codes if code not in (REST, "...")])
        assert isinstance(members, tuple)
        return PartialSet(members)
    return feature.check(codes)


def _members(feature: Feature, written: str) -> list[str]:
    """What the commas part; a label that has commas itself is one member."""
    labels = {label.casefold() for label in feature.labels.values()}
    pieces, found = [piece.strip() for piece in written.split(",")], []
    while pieces:
        ends = (n for n in range(len(pieces), 1, -1) if ", ".join(pieces[:n]).casefold() in labels)
        end = next(ends, 1)
        found.append(", ".join(pieces[:end]))
        pieces = pieces[end:]
    return found


def _code(feature: Feature, written: str) -> str:
    """The value meant: its code, or the label that the pages show."""
    wanted = written.casefold()
    for code, label in feature.labels.items():
        if label.casefold() == wanted:
            return code
    return written
