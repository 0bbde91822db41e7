"""The options of the pathway: the catalogue by group, and one option's page.

What an option is, how it is given and what to watch comes from the ruleset's texts, sentence by sentence with what each
rests on; where the loaded sources say nothing, the page says so. Called by the browsing views.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.engine import Effect, Option, Ruleset
from pathways.knowledge.texts import Section, Sentence
from pathways.presenters.citations import CitedSources, cited
from pathways.presenters.library import texts_of
from pathways.presenters.rule_words import RuleItem, rule_item
from pathways.presenters.words import GROUP_TITLES, PAGE_GROUPS


@dataclass(frozen=True, slots=True)
class OptionItem:
    """An option in the catalogue."""

    code: str
    title: str
    note: str
    beyond: bool
    reasons: int
    exclusions: int
    cautions: int


@dataclass(frozen=True, slots=True)
class CatalogueGroup:
    """Options under one heading of the catalogue."""

    title: str
    place: str
    options: tuple[OptionItem, ...]


@dataclass(frozen=True, slots=True)
class OptionPage:
    """Everything the pathway says of one option."""

    code: str
    title: str
    group: str
    note: str
    beyond: bool
    sections: tuple[Section, ...]
    for_every_option: tuple[Section, ...]
    indications: tuple[RuleItem, ...]
    exclusions: tuple[RuleItem, ...]
    cautions: tuple[RuleItem, ...]
    sources: CitedSources


def catalogue(ruleset: Ruleset, text: str = "") -> list[CatalogueGroup]:
    """The catalogue in its order, narrowed to options in whose words every word of the text is found."""
    places = {member: title for _code, title, members in PAGE_GROUPS for member in members}
    groups: dict[str, list[OptionItem]] = {}
    for option in ruleset.options:
        if _matches(option, text):
            groups.setdefault(option.group, []).append(_item(option, ruleset))
    return [CatalogueGroup(GROUP_TITLES[group], places[group], tuple(items)) for group, items in groups.items()]


def _matches(option: Option, text: str) -> bool:
    everything = f"{option.code} {option.title} {option.note} {GROUP_TITLES[option.group]}".casefold()
    return all(word in everything for word in text.casefold().split())


def _item(option: Option, ruleset: Ruleset) -> OptionItem:
    effects = [rule.effect for rule in ruleset.rules_of(option.code)]
    numbers = (effects.count(effect) for effect in (Effect.INDICATION, Effect.EXCLUSION, Effect.CAUTION))
    return OptionItem(option.code, option.title, option.note, option.beyond, *numbers)


def option_page(ruleset: Ruleset, code: str) -> OptionPage:
    """The page of one option. Raises KeyError for an unknown code."""
    option = ruleset.option(code)
    rules = ruleset.rules_of(code)
    texts = texts_of(ruleset)

    def items(effect: Effect) -> tuple[RuleItem, ...]:
        return tuple(rule_item(rule, ruleset) for rule in rules if rule.effect is effect)

    return OptionPage(
        code=code,
        title=option.title,
        group=GROUP_TITLES[option.group],
        note=option.note,
        beyond=option.beyond,
        sections=texts.sections(code),
        for_every_option=(
            _general("conversation", "For the conversation, with any option", texts.conversation_for_every_option()),
            _general("packet", "For the tumor board, with any option", texts.packet_for_every_option()),
        ),
        indications=items(Effect.INDICATION),
        exclusions=items(Effect.EXCLUSION),
        cautions=items(Effect.CAUTION),
        sources=cited((citation for rule in rules for citation in rule.sources), ruleset.sources),
    )


def _general(code: str, title: str, sentences: Sequence[Sentence]) -> Section:
    return Section(code, title, tuple(sentences))
