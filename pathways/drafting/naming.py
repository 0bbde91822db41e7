"""What an entry of a ruleset is called in a sentence: its title, with its code behind.

What it refuses to do: fail on an entry that is gone; it is called by its code then.
Pure: plain data in, words out. Who calls it: the gate, the pages of a draft, the recall and feedback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pathways.drafting.content import HEAD, Place, entry_at
from pathways.engine import Ruleset

LONGEST = 80


def named(place: Place, *contents: Mapping[str, Any]) -> str:
    """ "rule “Uptake not above liver” (PRRT-E5)"; the first of the contents that has the entry says its title."""
    if place.part == "ruleset" and place.code == HEAD:
        return "what is said of the pathway itself"
    title = next((title for content in contents if (title := _title(place, content))), "")
    noun = "test cases of the rule" if place.part == "cases" else place.noun
    return f"{noun} “{title}” ({place.code})" if title else f"{noun} {place.code}"


def _title(place: Place, content: Mapping[str, Any]) -> str:
    if place.part == "limits":
        return _feature_title(place.code, content)
    part = "rules" if place.part == "cases" else place.part
    entry = entry_at(content, Place(part, place.code)) or {}
    title = str(entry.get("title") or entry.get("citation") or entry.get("why") or entry.get("fact") or "")
    return title if len(title) <= LONGEST else f"{title[:LONGEST].rsplit(' ', 1)[0]} …"


def _feature_title(name: str, content: Mapping[str, Any]) -> str:
    groups = (content.get("dictionary") or {}).values()
    found = (group.get(name) for group in groups if isinstance(group, Mapping))
    return next((str(feature.get("title") or "") for feature in found if isinstance(feature, Mapping)), "")


def with_titles(sentence: str, codes: Iterable[str], ruleset: Ruleset) -> str:
    """The sentence with the title of each rule before its code, where it is first named outside of parentheses."""
    titles = {rule.code: rule.title for rule in ruleset.rules if rule.title}
    for code in dict.fromkeys(codes):
        if code in titles:
            said = f"“{titles[code]}” ({code})"
            sentence = re.sub(rf"(?<![(\w-]){re.escape(code)}(?![\w-])", lambda _, said=said: said, sentence, count=1)  # type: ignore[misc]
    return sentence
