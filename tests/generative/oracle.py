"""A second, naive interpreter of rulesets, to check the engine against.

What it is: the text of assessment.md, read slowly and written down once more by another author. It walks plain
dictionaries (the ruleset as data), one sentence of the text after the other, with no cache, no compiled form and
no code of the engine's. What it refuses to do: be fast or clever. Who calls it: the generative tests, and the tests
of the knowledge base where they need the record as the rules read it.

Numbers known as a range are outside it: what holds of a range is said by what holds of every number in it, and
`test_partial_values.py` asks just that. Sets of which only some members are known are `AtLeast`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

TRUE, FALSE, UNKNOWN = "true", "false", "unknown"
GROUPS = ("patient", "tumor", "history")

Condition = Mapping[str, Any]
Data = Mapping[str, Any]


class Nothing:
    """A feature that has no value: it is unknown, or it does not apply."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


ABSENT = Nothing("absent")
NOT_APPLICABLE = Nothing("not applicable")


@dataclass(frozen=True)
class AtLeast:
    """A set known to hold these members, and perhaps others."""

    members: frozenset[str]


def exact(value: Any) -> Any:
    """A value as the oracle compares it: numbers as decimals, sets as sets."""
    if isinstance(value, bool | str | AtLeast | Nothing):
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    if isinstance(value, list | tuple | set | frozenset):
        return frozenset(value)
    if hasattr(value, "members"):
        return AtLeast(frozenset(value.members))
    raise TypeError(f"The oracle does not know what {value!r} is.")


# The data ---------------------------------------------------------------------------------------------------------


def for_option(part: Any, option: str) -> Any:
    """The same data with `$option` standing for one option's code."""
    if isinstance(part, Mapping):
        return {key: for_option(value, option) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [for_option(value, option) for value in part]
    return option if part == "$option" else part


def comparisons(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every comparison that stands anywhere in the data."""
    if isinstance(part, Mapping):
        if "feature" in part and "op" in part:
            yield part
        for value in part.values():
            yield from comparisons(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from comparisons(value)


class Book:
    """The ruleset's data, with the lists of it that are looked up all the time."""

    def __init__(self, data: Data) -> None:
        dictionary = data["dictionary"]
        self.data = data
        self.options: list[str] = [option["code"] for option in data["options"]]
        self.features: dict[str, dict[str, Any]] = {
            name: entry for group in GROUPS for name, entry in dictionary.get(group, {}).items()
        }
        self.definitions = {entry["code"]: entry for entry in data["definitions"]}
        self.rules = {code: [rule for rule in data["rules"] if rule["option"] == code] for code in self.options}
        self.implications = list(dictionary.get("implications", []))
        self.contradictions = list(self._contradictions())
        self.named = self._named()

    def _contradictions(self) -> Iterator[dict[str, Any]]:
        """The entries of `contradictions`, those `for_each: options` read once per option."""
        for entry in self.data["dictionary"].get("contradictions", []):
            if entry.get("for_each") != "options":
                yield dict(entry)
                continue
            for option in self.data["options"]:
                message = entry["message"].replace("$option", option["title"])
                yield {**for_option(entry, option["code"]), "message": message}

    def _named(self) -> dict[str, list[Any]]:
        """For each feature every value with which the ruleset or the dictionary compares it."""
        everywhere = [self.data["dictionary"], self.contradictions, self.data["definitions"], self.data["rules"]]
        found: dict[str, list[Any]] = {}
        for one in comparisons(everywhere):
            value = one.get("value", [])
            found.setdefault(one["feature"], []).extend(value if isinstance(value, list | tuple) else [value])
        return found

    def values_of(self, name: str) -> list[str]:
        """The values that a feature may take, in the order of the dictionary."""
        values = self.features[name]["values"]
        return self.options if isinstance(values, str) else list(values)


# Three values -----------------------------------------------------------------------------------------------------


def all_of(values: Iterable[str]) -> str:
    values = list(values)
    if FALSE in values:
        return FALSE
    return UNKNOWN if UNKNOWN in values else TRUE


def any_of(values: Iterable[str]) -> str:
    values = list(values)
    if TRUE in values:
        return TRUE
    return UNKNOWN if UNKNOWN in values else FALSE


def not_(value: str) -> str:
    return {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}[value]


def yes_no(answer: bool) -> str:
    return TRUE if answer else FALSE


def compare(op: str, wanted: Any, actual: Any, order: list[str] | None = None) -> str:
    """One comparison. `order` gives the values of an ordered enum from the lowest to the highest."""
    if op == "is_known":
        return yes_no(actual is not ABSENT and not isinstance(actual, AtLeast))
    if actual is NOT_APPLICABLE:
        return FALSE
    if actual is ABSENT:
        return UNKNOWN
    if op == "contains":
        return compare("contains_any", [wanted], actual)
    if op == "contains_any":
        members = actual.members if isinstance(actual, AtLeast) else actual
        if any(member in members for member in wanted):
            return TRUE
        return UNKNOWN if isinstance(actual, AtLeast) else FALSE
    if op == "=":
        return yes_no(actual == exact(wanted))
    if op == "in":
        return yes_no(any(actual == exact(one) for one in wanted))
    left, right = (order.index(actual), order.index(wanted)) if order else (actual, exact(wanted))
    return yes_no({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op])


# The record with what follows from it -----------------------------------------------------------------------------


@dataclass
class Record:
    """What was recorded, and what the implications add to it."""

    book: Book
    recorded: dict[str, Any]
    implied: dict[str, Any] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)

    def actual(self, name: str) -> Any:
        """What the rules read: a value, ABSENT or NOT_APPLICABLE."""
        if name in self.recorded:
            return self.recorded[name]
        only_when = self.book.features[name].get("only_when")
        if only_when is not None and truth(only_when, self) == FALSE:
            return NOT_APPLICABLE
        return self.implied.get(name, ABSENT)

    def origin(self, name: str) -> str:
        actual = self.actual(name)
        if actual is NOT_APPLICABLE:
            return "not_applicable"
        if actual is ABSENT:
            return "unknown"
        return "recorded" if name in self.recorded else "implied"

    def is_missing(self, name: str) -> bool:
        """Still unknown, and applicable."""
        actual = self.actual(name)
        return actual is ABSENT or isinstance(actual, AtLeast)


def truth(condition: Condition, record: Record) -> str:
    """The value of a condition."""
    if "always" in condition:
        return TRUE
    if "use" in condition:
        return truth(record.book.definitions[condition["use"]]["when"], record)
    if "all" in condition:
        return all_of([truth(part, record) for part in condition["all"]])
    if "any" in condition:
        return any_of([truth(part, record) for part in condition["any"]])
    if "not" in condition:
        return not_(truth(condition["not"], record))
    name = condition["feature"]
    order = record.book.values_of(name) if record.book.features[name].get("ordered") else None
    return compare(condition["op"], condition.get("value"), record.actual(name), order)


def complete_record(book: Book, recorded: Mapping[str, Any]) -> Record:
    """The record after the implications, run once, from first to last."""
    record = Record(book, {name: exact(value) for name, value in recorded.items()})
    for implication in book.implications:
        name = implication["feature"]
        absent_and_applicable = record.actual(name) is ABSENT
        if absent_and_applicable and truth(implication["when"], record) == TRUE:
            record.implied[name] = exact(implication["value"])
            record.by[name] = implication["code"]
    return record


def inapplicable(record: Record) -> list[str]:
    return [name for name in record.book.features if record.actual(name) is NOT_APPLICABLE]


def implied(record: Record) -> list[dict[str, Any]]:
    """What was implied and is read so: in the order of the dictionary."""
    return [
        {"feature": name, "value": record.implied[name], "by": record.by[name]}
        for name in record.book.features
        if record.origin(name) == "implied"
    ]


def contradicted(record: Record) -> Iterator[tuple[str, str, set[str]]]:
    """Code, sentence and features of every entry that is TRUE and of every implication contradicted; then, with the
    code "not_applicable", the name of every feature recorded although it does not apply."""
    book = record.book
    for entry in book.contradictions:
        if truth(entry["when"], record) == TRUE:
            yield entry["code"], entry["message"], features_read(entry["when"], book)
    covered = {code for entry in book.contradictions for code in entry.get("covers", [])}
    for implication in book.implications:
        name, code = implication["feature"], implication["code"]
        differs = name in record.recorded and record.recorded[name] != exact(implication["value"])
        if differs and code not in covered and truth(implication["when"], record) == TRUE:
            yield code, implication["why"], {name} | features_read(implication["when"], book)
    for name, entry in book.features.items():
        if name in record.recorded and "only_when" in entry and truth(entry["only_when"], record) == FALSE:
            yield "not_applicable", name, {name} | features_read(entry["only_when"], book)


def contradictions(record: Record) -> list[tuple[str, str]]:
    """Code and sentence of every contradiction."""
    return [(code, sentence) for code, sentence, _ in contradicted(record)]


def features_read(condition: Condition, book: Book) -> set[str]:
    """Every feature that a condition reads."""
    if "use" in condition:
        return features_read(book.definitions[condition["use"]]["when"], book)
    if "feature" in condition:
        return {condition["feature"]}
    parts = condition.get("all") or condition.get("any") or [part for part in [condition.get("not")] if part]
    return {name for part in parts for name in features_read(part, book)}


# Rules and statuses -----------------------------------------------------------------------------------------------


def rules_of(book: Book, option: str, effect: str) -> list[Mapping[str, Any]]:
    return [rule for rule in book.rules[option] if rule["effect"] == effect]


def any_rule(record: Record, option: str, effect: str) -> str:
    return any_of([truth(rule["when"], record) for rule in rules_of(record.book, option, effect)])


STATUS = {
    (TRUE, FALSE): "candidate",
    (TRUE, UNKNOWN): "conditional",
    (UNKNOWN, FALSE): "possible",
    (UNKNOWN, UNKNOWN): "possible",
    (TRUE, TRUE): "excluded",
    (UNKNOWN, TRUE): "excluded",
    (FALSE, TRUE): "not_indicated",
    (FALSE, FALSE): "not_indicated",
    (FALSE, UNKNOWN): "not_indicated",
}


def status(record: Record, option: str) -> str:
    return STATUS[any_rule(record, option, "indication"), any_rule(record, option, "exclusion")]


def statuses(book: Book, recorded: Mapping[str, Any]) -> dict[str, str]:
    record = complete_record(book, recorded)
    return {option: status(record, option) for option in book.options}


def trace(condition: Condition, record: Record) -> dict[str, Any]:
    """Every comparison of a condition, in its place, without the sentences."""
    value = truth(condition, record)
    for group in ("all", "any"):
        if group in condition:
            return {group: [trace(part, record) for part in condition[group]], "value": value}
    if "not" in condition:
        return {"not": [trace(condition["not"], record)], "value": value}
    if "use" in condition:
        definition = record.book.definitions[condition["use"]]
        node = trace(definition["when"], record)
        return {"use": condition["use"], "title": definition["title"], "node": node, "value": value}
    if "always" in condition:
        return {"always": True, "value": value}
    node = {"feature": condition["feature"], "op": condition["op"]}
    node["wanted"] = exact(condition["value"]) if "value" in condition else None
    actual, origin = record.actual(condition["feature"]), record.origin(condition["feature"])
    if isinstance(actual, AtLeast) and value != TRUE:
        # What it is known to hold does not answer the question, and the rest of it is not known.
        actual, origin = ABSENT, "unknown"
    if not isinstance(actual, Nothing):
        node["actual"] = actual
    return {**node, "from": origin, "value": value}


def shown_rules(record: Record, option: str, status: str) -> list[tuple[Mapping[str, Any], str]]:
    """Each rule that was TRUE or UNKNOWN; for an option not indicated all its indications as well."""
    not_indicated = status == "not_indicated"
    shown = []
    for rule in record.book.rules[option]:
        value = truth(rule["when"], record)
        if value != FALSE or (not_indicated and rule["effect"] == "indication"):
            shown.append((rule, value))
    return shown
