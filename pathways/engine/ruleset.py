"""The ruleset that holds options, definitions and rules together.

What it is: an immutable ruleset built from plain data, whole or not at all, with a canonical form and a sha256
digest over everything in it but its version number.
What it refuses to do: exist with an unknown name, an ill-typed condition, a circular definition or a rule without a
rationale or a source. Who calls it: the loader of the starter pathway, publishing, `assess`.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property
from hashlib import sha256
from typing import Any as Anything

from pathways.engine.attributes import attribute_faults
from pathways.engine.conditions import ConditionParser, definitions_used
from pathways.engine.dictionary import DataDictionary, canonical_order
from pathways.engine.expectations import ExpectationBuilder, RuleCases, TestPatient
from pathways.engine.invariants import Invariant, InvariantBuilder
from pathways.engine.plain_data import faults_of
from pathways.engine.problems import Problem, RulesetError, TooManyProblems, did_you_mean, note
from pathways.engine.rules import AgeLimit, Citation, Definition, Effect, Option, Rule
from pathways.engine.values import canonical_json, read_json, sorted_keys

PARTS = frozenset(
    {
        "ruleset", "dictionary", "options", "definitions", "rules", "limits", "sources", "facts", "invariants", "cases",
        "test_patients",
    }
)  # fmt: skip


def in_canonical_order(data: Mapping[str, Anything]) -> dict[str, Anything]:
    """Ruleset data with the keys in the one order there is, which is that of the canonical form."""
    ordered: dict[str, Anything] = sorted_keys(data)
    if isinstance(data.get("dictionary"), Mapping):
        ordered["dictionary"] = canonical_order(data["dictionary"])
    return ordered


class Ruleset:
    """Options in catalogue order, rules in ruleset order, and everything they rest on."""

    def __init__(self, data: Mapping[str, Anything], built: _Builder) -> None:
        self._parts = {part: canonical_json(content) for part, content in in_canonical_order(data).items()}
        self.head: Mapping[str, Anything] = data["ruleset"]
        self.code: str = self.head["code"]
        self.title: str = self.head["title"]
        self.version: int = self.head["version"]
        self.dictionary = built.dictionary
        self.options = tuple(built.options)
        self.definitions: Mapping[str, Definition] = built.definitions
        self.rules = tuple(built.rules)
        self.sources: Mapping[str, Mapping[str, Anything]] = built.sources
        self.limits: Mapping[str, AgeLimit] = built.limits
        self.invariants: tuple[Invariant, ...] = built.invariants
        self.cases: Mapping[str, RuleCases] = built.cases
        self.test_patients: tuple[TestPatient, ...] = built.test_patients
        self._rules = {rule.code: rule for rule in self.rules}
        self._options = {option.code: option for option in self.options}
        self._of_option: dict[str, tuple[Rule, ...]] = {
            option.code: tuple(rule for rule in self.rules if rule.option == option.code) for option in self.options
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Anything]) -> Ruleset:
        """The ruleset from its plain form. Raises RulesetError naming every fault with its place."""
        built = _Builder(data)
        try:
            built.build()
        except TooManyProblems as error:
            raise RulesetError(error.problems) from None
        if built.problems:
            raise RulesetError(built.problems)
        return cls(data, built)

    def to_data(self) -> dict[str, Anything]:
        """The plain form."""
        data: dict[str, Anything] = read_json(self.canonical)
        return data

    @cached_property
    def canonical(self) -> str:
        """The canonical form: one line of JSON, equal for equal rulesets."""
        return _with_head(self._parts, self.head)

    @cached_property
    def digest(self) -> str:
        """sha256 over the canonical form without the version number: it names the content, not its place in line."""
        head = {key: value for key, value in self.head.items() if key != "version"}
        return "sha256:" + sha256(_with_head(self._parts, head).encode()).hexdigest()

    def numbered(self, version: int) -> Ruleset:
        """The same content under another version number; the parts are shared, since nothing alters them."""
        if version == self.version:
            return self
        twin = copy(self)
        twin.version, twin.head = version, {**self.head, "version": version}
        vars(twin).pop("canonical", None)
        return twin

    def rules_of(self, option: str) -> tuple[Rule, ...]:
        """The rules of one option, in ruleset order. Raises KeyError for an unknown option."""
        return self._of_option[option]

    def rule(self, code: str) -> Rule:
        """One rule by its code. Raises KeyError."""
        return self._rules[code]

    def option(self, code: str) -> Option:
        """One option by its code. Raises KeyError."""
        return self._options[code]


def _with_head(parts: Mapping[str, str], head: Mapping[str, Anything]) -> str:
    """The canonical form from that of the parts and a head."""
    written = {**parts, "ruleset": canonical_json(sorted_keys(head))}
    return "{" + ",".join(f"{canonical_json(part)}:{text}" for part, text in written.items()) + "}"


RULE_KEYS = frozenset({"code", "option", "effect", "title", "when", "rationale", "sources", "strength", "review_by"})
DEFINITION_KEYS = frozenset({"code", "title", "when", "note"})


class _Builder:
    def __init__(self, data: Mapping[str, Anything]) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self.options: list[Option] = []
        self.definitions: dict[str, Definition] = {}
        self.rules: list[Rule] = []
        self.codes: set[str] = set()
        self.sources: dict[str, Mapping[str, Anything]] = {}
        self.limits: dict[str, AgeLimit] = {}
        self.invariants: tuple[Invariant, ...] = ()
        self.cases: dict[str, RuleCases] = {}
        self.test_patients: tuple[TestPatient, ...] = ()
        self.dictionary: DataDictionary

    def build(self) -> None:
        if not isinstance(self.data, Mapping):
            return self._refuse("ruleset", "A ruleset is an object with ruleset, dictionary, options and rules.")
        self.problems += faults_of(self.data)
        if self.problems:
            return None
        for key in sorted(set(self.data) - PARTS):
            self._refuse("ruleset", f"{key} is not a part of a ruleset.{did_you_mean(key, PARTS)}")
        if self.data.get("rules") is None:
            self._refuse("rules", "The rules are missing: without them every option would look not indicated.")
        self._head()
        for entry in self._list("options"):
            self._option(entry)
        if not self.options:
            self._refuse("options", "The catalogue is empty; a ruleset has at least one option.")
        self._sources()
        try:
            titles = {option.code: option.title for option in self.options}
            self.dictionary = DataDictionary.from_data(self.data.get("dictionary") or {}, titles)
        except RulesetError as error:
            self.problems += error.problems
            return None
        self._conditions()
        return None

    def _refuse(self, place: str, sentence: str) -> None:
        note(self.problems, place, sentence)

    def _unknown_keys(self, place: str, entry: Mapping[str, Anything], known: frozenset[str]) -> None:
        for key in sorted(set(entry) - known):
            self._refuse(place, f"{key} is not a part of it.{did_you_mean(key, known)}")

    def _list(self, part: str) -> list[Mapping[str, Anything]]:
        entries = self.data.get(part) or []
        if not isinstance(entries, list | tuple):
            self._refuse(part, f"{part} is a list.")
            return []
        sound = [entry for entry in entries if isinstance(entry, Mapping)]
        if len(sound) < len(entries):
            self._refuse(part, f"Every entry of {part} is an object.")
        return sound

    def _head(self) -> None:
        head = self.data.get("ruleset")
        if not isinstance(head, Mapping) or not {"code", "title", "version"} <= set(head):
            return self._refuse("ruleset", "ruleset names its code, title and version.")
        for key in ("code", "title"):
            if not isinstance(head[key], str) or not head[key].strip():
                self._refuse("ruleset", f"{key} is a text, here is {head[key]!r}.")
        version = head["version"]
        if not isinstance(version, int) or isinstance(version, bool) or version < 0:
            self._refuse("ruleset", f"version is a whole number, here is {version!r}.")
        self._attributes("ruleset", head)
        return None

    def _attributes(self, place: str, entry: Mapping[str, Anything]) -> None:
        for sentence in attribute_faults(entry):
            self._refuse(place, sentence)

    def _option(self, entry: Mapping[str, Anything]) -> None:
        code = entry.get("code")
        if not isinstance(code, str) or not code or not entry.get("title") or not entry.get("group"):
            return self._refuse(f"option {code}", "An option has a code, a title and a group.")
        if any(option.code == code for option in self.options):
            return self._refuse(f"option {code}", "The code is used twice.")
        self.options.append(
            Option(
                code=code,
                title=str(entry["title"]),
                group=str(entry["group"]),
                note=str(entry.get("note") or ""),
                beyond=bool(entry.get("beyond")),
                about=entry.get("about") or {},
            )
        )
        return None

    def _sources(self) -> None:
        for entry in self._list("sources"):
            identifier = str(entry.get("id"))
            if identifier in self.sources:
                self._refuse(f"source {identifier}", "The id is used twice.")
            self._attributes(f"source {identifier}", entry)
            self.sources[identifier] = entry

    def _conditions(self) -> None:
        definitions = self._list("definitions")
        names = frozenset(str(entry.get("code")) for entry in definitions)
        parser = ConditionParser(self.dictionary.features, names, self.problems)
        for entry in definitions:
            self._definition(entry, parser)
        self._circles()
        for entry in self._list("rules"):
            self._rule(entry, parser)
        self._age_limits()
        self._demands(parser)

    def _demands(self, parser: ConditionParser) -> None:
        """What is asked of the rules: invariants, their own cases, test patients."""
        options = [option.code for option in self.options]
        invariants = InvariantBuilder(parser, options, self.problems)
        for entry in self._list("invariants"):
            invariants.add(entry)
        self.invariants = tuple(invariants.built)
        rules = frozenset(str(entry.get("code")) for entry in self._list("rules"))
        expectations = ExpectationBuilder(self.dictionary, options, rules, self.problems)
        expectations.add_cases(self.data.get("cases") or {})
        for entry in self._list("test_patients"):
            expectations.add_patient(entry)
        self.cases, self.test_patients = expectations.cases, tuple(expectations.patients)

    def _definition(self, entry: Mapping[str, Anything], parser: ConditionParser) -> None:
        code = str(entry.get("code"))
        place = f"definition {code}"
        if code in self.definitions:
            return self._refuse(place, "The code is used twice.")
        self._unknown_keys(place, entry, DEFINITION_KEYS)
        if not entry.get("title"):
            self._refuse(place, "A definition has a title.")
        when = parser.parse(entry.get("when"), place)
        if when:
            self.definitions[code] = Definition(code, str(entry.get("title")), when, str(entry.get("note") or ""))
        return None

    def _circles(self) -> None:
        uses = {code: set(definitions_used(definition.when)) for code, definition in self.definitions.items()}
        for code in uses:
            path, seen = [code], {code}
            while path:
                for name in uses.get(path.pop(), ()):
                    if name == code:
                        return self._refuse(
                            f"definition {code}", "The definition uses itself, directly or through others."
                        )
                    if name not in seen:
                        seen.add(name)
                        path.append(name)
        return None

    def _rule(self, entry: Mapping[str, Anything], parser: ConditionParser) -> None:
        code = str(entry.get("code"))
        place = f"rule {code}"
        if code in self.codes:
            return self._refuse(place, "The code is used twice.")
        self.codes.add(code)
        self._unknown_keys(place, entry, RULE_KEYS)
        self._attributes(place, entry)
        options = [option.code for option in self.options]
        if entry.get("option") not in options:
            self._refuse(
                place, f"There is no option {entry.get('option')!r}.{did_you_mean(str(entry.get('option')), options)}"
            )
        if entry.get("effect") not in list(Effect):
            return self._refuse(place, f"effect is indication, exclusion or caution, here is {entry.get('effect')!r}.")
        rationale = entry.get("rationale")
        if not isinstance(rationale, str) or not rationale.strip():
            self._refuse(place, "The rationale is missing: why does this rule hold?")
        sources = self._citations(place, entry.get("sources"))
        when = parser.parse(entry.get("when"), place)
        if when:
            self.rules.append(
                Rule(
                    code=code,
                    option=str(entry.get("option")),
                    effect=Effect(entry["effect"]),
                    when=when,
                    title=str(entry.get("title") or ""),
                    rationale=str(entry.get("rationale")),
                    sources=sources,
                    strength=str(entry.get("strength") or ""),
                    review_by=str(entry.get("review_by") or ""),
                )
            )
        return None

    def _age_limits(self) -> None:
        limits = self.data.get("limits") or {}
        if not isinstance(limits, Mapping):
            return self._refuse("limits", "limits is an object of feature names, each with days and reason.")
        for name, entry in limits.items():
            place = f"limit of {name}"
            feature = self.dictionary.features.get(name)
            if feature is None:
                self._refuse(place, f"There is no feature {name!r}.{did_you_mean(name, self.dictionary.features)}")
            elif feature.derived or feature.group == "history":
                self._refuse(place, "It is derived on the day of the assessment and does not age.")
            elif not isinstance(entry, Mapping) or not _is_days(entry.get("days")) or not entry.get("reason"):
                self._refuse(place, "A limit has days (a whole number of 1 or more) and a reason.")
            else:
                self.limits[name] = AgeLimit(name, int(entry["days"]), str(entry["reason"]))
        return None

    def _citations(self, place: str, entries: Anything) -> tuple[Citation, ...]:
        if not isinstance(entries, list | tuple) or not entries:
            self._refuse(place, "A rule has at least one source.")
            return ()
        citations = []
        for entry in entries:
            identifier = entry.get("id") if isinstance(entry, Mapping) else entry
            if not isinstance(identifier, str) or identifier not in self.sources:
                self._refuse(place, f"There is no source {identifier!r}.{did_you_mean(str(identifier), self.sources)}")
            locator = entry.get("locator") if isinstance(entry, Mapping) else ""
            citations.append(Citation(str(identifier), str(locator or "")))
        return tuple(citations)


def _is_days(value: Anything) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


__all__ = ["AgeLimit", "Citation", "Definition", "Effect", "Option", "Rule", "Ruleset", "in_canonical_order"]
