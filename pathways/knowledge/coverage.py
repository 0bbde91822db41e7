"""Where each fact is met in the product, found in the assembled data rather than believed.

What it is: fact → places, from option pages, rules, checklist and the facts that stand on every option's page.
What it refuses to do: take a fact's own `shown` for the proof that it is shown. Who calls it: the tests, and the page
of a source, which says where its facts are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.knowledge.texts import CHECKLIST, FOLLOW_UP, PACKET, PATIENT_FACING, KnowledgeTexts

SOURCES_PAGE = "sources page"

_PLACE_OF_SECTION = {"conversation": PATIENT_FACING, "packet": PACKET, "follow_up": FOLLOW_UP}


@dataclass(frozen=True, slots=True)
class Appearance:
    """One place where a user meets a fact. `where` names the option and section, rule or feature; "" means all."""

    place: str
    where: str


def appearances(data: Mapping[str, Any]) -> dict[str, tuple[Appearance, ...]]:
    """Fact id → every place where ruleset data show it; each stands on the sources page at least."""
    texts = KnowledgeTexts(data)
    effects = {rule["code"]: rule["effect"] for rule in data["rules"]}
    found: dict[str, tuple[Appearance, ...]] = {}
    for code, fact in texts.facts.items():
        places = [
            *_on_option_pages(texts, code),
            *_in_rules(texts, code, effects),
            *_in_general(texts, code, fact),
            Appearance(
                SOURCES_PAGE,
                "",
            ),
        ]
        found[code] = tuple(dict.fromkeys(places))
    return found


def not_shown_as_said(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Facts whose `shown` names a place where they do not stand, with those places; empty when all is well."""
    found = appearances(data)
    missing = {
        fact["id"]: tuple(place for place in fact["shown"] if place not in {a.place for a in found[fact["id"]]})
        for fact in data["facts"]
    }
    return {code: places for code, places in missing.items() if places}


def _on_option_pages(texts: KnowledgeTexts, code: str) -> Iterator[Appearance]:
    for option, section in texts.options_saying(code):
        yield Appearance("option page", f"{option}, {section}")
        if section in _PLACE_OF_SECTION:
            yield Appearance(_PLACE_OF_SECTION[section], f"{option}, {section}")


def _in_rules(texts: KnowledgeTexts, code: str, effects: Mapping[str, str]) -> Iterator[Appearance]:
    for rule in texts.rules_citing(code):
        yield Appearance("caution" if effects[rule] == "caution" else "rule rationale", rule)


def _in_general(texts: KnowledgeTexts, code: str, fact: Mapping[str, Any]) -> Iterator[Appearance]:
    stands = {
        PATIENT_FACING: texts.conversation_for_every_option(),
        PACKET: texts.packet_for_every_option(),
    }
    for place, sentences in stands.items():
        if any(basis.code == code for sentence in sentences for basis in sentence.bases):
            yield Appearance("option page", "")
            yield Appearance(place, "")
    for feature in fact["features"]:
        if any(basis.code == code for sentence in texts.checklist(feature) for basis in sentence.bases):
            yield Appearance(CHECKLIST, feature)
    if any(basis.code == code for s in texts.checklist_beyond_the_dictionary() for basis in s.bases):
        yield Appearance(CHECKLIST, "")
