"""What the two machine doors share: reading requests, refusing them in sentences, assessing them.

What it is: the border of `manage.py assess` and `POST /api/v1/assess/`. Whatever comes in is text from a stranger; what
goes on is checked features, or a refusal that names the object, the field, the value and what is allowed.
What it refuses to do: let one bad object stop the others, or know of patients; features come along with the request.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pathways.engine import (
    Assessment,
    Overlay,
    Ruleset,
    ValueRefused,
    assess,
    assessment_data,
    canonical_json,
    did_you_mean,
)

KEYS = ("id", "features")
WHOLE = "object"  # the key of a refusal that is about the object as a whole
MOST_BYTES = 8_000_000


class NotReadable(ValueError):
    """The text as a whole is not what a door takes; one sentence."""


@dataclass(frozen=True)
class Refusal:
    """One object that was refused: its id (or its place, if it has none), and per feature the sentences."""

    identifier: str
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """The refusal as lines for a terminal."""
        return [f"{self.identifier}: {sentence}" for sentences in self.errors.values() for sentence in sentences]

    def problem(self) -> dict[str, Any]:
        """The refusal as an RFC 9457 problem."""
        return {
            "title": "The features are not accepted.",
            "status": 400,
            "id": self.identifier,
            "errors": dict(self.errors),
        }


@dataclass(frozen=True)
class Answer:
    """One object that was assessed."""

    identifier: str
    assessment: Assessment

    @property
    def complete(self) -> bool:
        """Whether every option was assessed."""
        return self.assessment.complete

    def data(self) -> dict[str, Any]:
        """The assessment as plain data in the order of the contract."""
        return assessment_data(self.assessment, self.identifier)

    def text(self) -> str:
        """The assessment as one line of canonical JSON."""
        return canonical_json(self.data())


class _Object(dict[str, Any]):
    """A JSON object that remembers keys which stood in it twice."""

    repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    keys = [key for key, _ in pairs]
    result.repeated = tuple(dict.fromkeys(key for key in keys if keys.count(key) > 1))
    return result


def decoded(data: bytes, *, most: int | None = None) -> str:
    """The text of a request. Raises NotReadable for what is not UTF-8, or longer than `most` bytes where it is given."""
    if most is not None and len(data) > most:
        raise NotReadable(f"The text is longer than {most // 1_000_000} MB; send it in parts.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadable(f"The text is not UTF-8: byte {error.start + 1} cannot be read.") from error


def read(text: str) -> Any:
    """JSON with exact decimals and remembered duplicates. Raises NotReadable with what is wrong and where."""
    try:
        return json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=Decimal, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise NotReadable(f"The text is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from error
    except RecursionError as error:
        raise NotReadable("The text is not accepted: its lists and objects are nested too deep.") from error


def _number(text: str) -> Decimal | str:
    """An exact number; one that no machine can hold stays text, and is refused where it stands as no number."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def handle(item: Any, ruleset: Ruleset, place: str, overlay: Overlay | None = None) -> Answer | Refusal:
    """Assess one object of the form {"id": text, "features": {...}}, or refuse it."""
    if not _is_writable(item):
        return Refusal(place, {WHOLE: ["A text in it holds half a character (a lone surrogate) and cannot be read."]})
    identifier = item["id"] if isinstance(item, Mapping) and isinstance(item.get("id"), str) else place
    errors = _form_errors(item) or _value_errors(item["features"], ruleset)
    if errors:
        return Refusal(identifier, errors)
    return Answer(identifier, assess(ruleset, item["features"], overlay=overlay))


def _is_writable(item: Any) -> bool:
    try:
        json.dumps(item, default=str, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _form_errors(item: Any) -> dict[str, list[str]]:
    if not isinstance(item, _Object):
        return {WHOLE: [f'{_brief(item)} is not an object of the form {{"id": "any text", "features": {{…}}}}.']}
    errors = {key: [f'"{key}" stands twice; which of the two is meant cannot be known.'] for key in item.repeated}
    for key in item:
        if key not in KEYS:
            errors[key] = [f'"{key}" is not accepted; accepted are "id" and "features".{did_you_mean(key, KEYS)}']
    if not isinstance(item.get("id"), str):
        errors["id"] = [f'"id" is {_brief(item["id"])}, not a text.' if "id" in item else '"id" is missing; any text.']
    if not isinstance(item.get("features"), _Object):
        found = f'"features" is {_brief(item["features"])}' if "features" in item else '"features" is missing'
        errors["features"] = [
            f"{found}; accepted is an object of feature names and values, {{}} where nothing is known."
        ]
    return errors


def _value_errors(features: _Object, ruleset: Ruleset) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name in features.repeated:
        errors[name] = [f"{name}: the key stands twice; which of the two is meant cannot be known."]
    for name, value in features.items():
        try:
            ruleset.dictionary.check(name, value)
        except ValueRefused as refusal:
            errors.setdefault(name, []).append(str(refusal))
    return errors


def _brief(value: Any) -> str:
    text = str(value) if isinstance(value, Decimal) else json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
