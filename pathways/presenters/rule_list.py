"""The list of rules: searched by words, filtered by option, effect and strength, in ruleset order. Called by its view."""

from collections.abc import Mapping
from dataclasses import dataclass

from pathways.engine import Ruleset
from pathways.presenters.rule_words import RuleItem, rule_item
from pathways.presenters.words import EFFECT_TITLES, STRENGTH_TITLES


@dataclass(frozen=True, slots=True)
class OptionRules:
    """The rules of one option."""

    code: str
    title: str
    rules: tuple[RuleItem, ...]


@dataclass(frozen=True, slots=True)
class FilterEntry:
    """One entry of a filter."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The page: what is shown, of how many, and the filters."""

    text: str
    shown: int
    total: int
    groups: tuple[OptionRules, ...]
    options: tuple[FilterEntry, ...]
    effects: tuple[FilterEntry, ...]
    strengths: tuple[FilterEntry, ...]
    narrowed: bool


def rules_page(ruleset: Ruleset, query: Mapping[str, str]) -> RulesPage:
    """The page for the filters in its address; a word that is not known finds nothing."""
    text = query.get("q", "").strip()
    option, effect, strength = (query.get(name, "") for name in ("option", "effect", "strength"))
    groups: dict[str, list[RuleItem]] = {}
    for rule in ruleset.rules:
        wanted = (option in ("", rule.option), effect in ("", str(rule.effect)), strength in ("", rule.strength))
        if all(wanted) and matches(item := rule_item(rule, ruleset), text):
            groups.setdefault(rule.option, []).append(item)
    return RulesPage(
        text=text,
        shown=sum(len(items) for items in groups.values()),
        total=len(ruleset.rules),
        groups=tuple(OptionRules(o.code, o.title, tuple(groups[o.code])) for o in ruleset.options if o.code in groups),
        options=tuple(FilterEntry(o.code, o.title, o.code == option) for o in ruleset.options),
        effects=tuple(FilterEntry(code, title, code == effect) for code, title in EFFECT_TITLES.items()),
        strengths=tuple(FilterEntry(code, title, code == strength) for code, title in STRENGTH_TITLES.items()),
        narrowed=bool(text or option or effect or strength),
    )


def matches(item: RuleItem, text: str) -> bool:
    """Whether every word of the text is found in the words of the rule."""
    everything = f"{item.code} {item.title} {item.sentence} {item.rationale} {item.option_title}".casefold()
    return all(word in everything for word in text.casefold().split())
