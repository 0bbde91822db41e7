"""The sources of the pathway: what they are, whether anybody compared them, and what rests on each.

Every fact of the base documents stands here at least, with document and section. Called by the browsing views.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathways.engine import Ruleset
from pathways.knowledge import starter_files
from pathways.knowledge.texts import Sentence
from pathways.presenters.citations import KIND_TITLES, SourceLine, is_fact, source_line
from pathways.presenters.library import places_of, texts_of
from pathways.presenters.rule_words import RuleItem, rule_item
from pathways.presenters.words import count, one_of_each


@dataclass(frozen=True, slots=True)
class SourceItem:
    """A source in the list."""

    line: SourceLine
    year: str
    rules: int
    facts: int


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Sources of one kind."""

    title: str
    items: tuple[SourceItem, ...]


@dataclass(frozen=True, slots=True)
class ReadingOfDocuments:
    """Where the base documents disagree, or the text of one is garbled, and how that is read here."""

    topic: str
    says: str
    reading: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """The list of sources."""

    groups: tuple[SourceGroup, ...]
    background: tuple[Sentence, ...]
    readings: tuple[ReadingOfDocuments, ...]
    facts_said: str


@dataclass(frozen=True, slots=True)
class CitingRule:
    """A rule that cites a source, and where in it."""

    rule: RuleItem
    locator: str


@dataclass(frozen=True, slots=True)
class FactItem:
    """One fact of a base document."""

    id: str
    text: str
    section: str


@dataclass(frozen=True, slots=True)
class OptionLink:
    """An option that rests on a source."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One source, or one fact of a base document."""

    line: SourceLine
    is_fact: bool
    year: str
    identifier: str
    address: str
    section: str
    documents: tuple[SourceLine, ...]
    rules: tuple[CitingRule, ...]
    options: tuple[OptionLink, ...]
    features: tuple[tuple[str, str], ...]
    facts: tuple[FactItem, ...]
    shown: tuple[str, ...]


def sources_page(ruleset: Ruleset, text: str = "") -> SourcesPage:
    """All sources by kind; `text` narrows them to those in whose words every word of it is found."""
    texts = texts_of(ruleset)
    words = text.casefold().split()
    groups: dict[str, list[SourceItem]] = {kind: [] for kind in KIND_TITLES}
    for source_id, source in ruleset.sources.items():
        everything = (
            f"{source_id} {source.get('citation')} {source.get('identifier')} {source.get('verified')}".casefold()
        )
        if not is_fact(source_id) and all(word in everything for word in words):
            item = SourceItem(
                line=source_line(source_id, source),
                year=str(source.get("year") or ""),
                rules=len(texts.rules_citing(source_id)),
                facts=sum(source_id in fact["seeds"] for fact in texts.facts.values()),
            )
            groups.setdefault(str(source["kind"]), []).append(item)
    return SourcesPage(
        groups=tuple(SourceGroup(KIND_TITLES.get(kind, kind), tuple(items)) for kind, items in groups.items() if items),
        background=texts.background(),
        readings=tuple(
            ReadingOfDocuments(entry.topic, entry.says, entry.reading, tuple(entry.facts))
            for entry in starter_files().readings
        ),
        facts_said=count(len(texts.facts), "fact"),
    )


def source_page(ruleset: Ruleset, source_id: str) -> SourcePage:
    """The page of one source or fact. Raises KeyError for an unknown id."""
    texts = texts_of(ruleset)
    fact = texts.facts.get(source_id)
    source = ruleset.sources[source_id] if source_id in ruleset.sources else _fact_as_source(fact)
    rules = _citing(ruleset, source_id)
    said_of = [option for option, _section in texts.options_saying(source_id)] if fact else []
    codes = one_of_each([*(entry.rule.option for entry in rules), *said_of, *(fact["options"] if fact else ())])
    names = [name for name in (fact["features"] if fact else ()) if name in ruleset.dictionary.features]
    return SourcePage(
        line=source_line(source_id, {**source, "verified": source.get("verified") or ("read in full" if fact else "")}),
        is_fact=fact is not None,
        year=str(source.get("year") or ""),
        identifier=str(source.get("identifier") or ""),
        address=str(source.get("address") or ""),
        section=str(fact["section"]) if fact else "",
        documents=tuple(source_line(seed, ruleset.sources[seed]) for seed in fact["seeds"]) if fact else (),
        rules=tuple(rules),
        options=tuple(OptionLink(code, ruleset.option(code).title) for code in codes),
        features=tuple((name, ruleset.dictionary.features[name].title) for name in names),
        facts=tuple(
            FactItem(code, entry["fact"], entry["section"])
            for code, entry in texts.facts.items()
            if source_id in entry["seeds"]
        ),
        shown=_places(ruleset, source_id) if fact else (),
    )


def _fact_as_source(fact: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if fact is None:
        raise KeyError("There is no such source.")
    return {"kind": "seed", "citation": fact["fact"]}


def _citing(ruleset: Ruleset, source_id: str) -> list[CitingRule]:
    return [
        CitingRule(
            rule_item(rule, ruleset), "; ".join(c.locator for c in rule.sources if c.source == source_id and c.locator)
        )
        for rule in ruleset.rules
        if any(citation.source == source_id for citation in rule.sources)
    ]


def _places(ruleset: Ruleset, fact: str) -> tuple[str, ...]:
    """The kinds of places where the product shows a fact."""
    return tuple(one_of_each(entry.place for entry in places_of(ruleset)[fact]))
