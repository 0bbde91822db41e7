"""Sources as they stand beside what they support: kind, citation, where in it, and whether anybody compared it.

Pure. Facts of the base documents (F001 …) are named together; every other source stands on its own with its locators.
Called by the explanation of an option, the printed sheet and the pages of rules, options and sources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.engine import Citation
from pathways.presenters.words import one_of_each

KIND_TITLES = {"label": "Label", "trial": "Trial", "guideline": "Guideline or review", "seed": "Base document"}
KIND_ICONS = {"label": "label", "trial": "trial", "guideline": "guideline", "seed": "seed"}
_FULLY = ("figures checked against this address", "read in full")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source as it is cited."""

    id: str
    kind: str
    kind_title: str
    icon: str
    citation: str
    locators: tuple[str, ...]
    checked: str
    checked_state: str
    verified: str


@dataclass(frozen=True, slots=True)
class CitedSources:
    """The sources of some rules: those that stand alone, and the facts of the base documents."""

    lines: tuple[SourceLine, ...]
    facts: tuple[str, ...]

    @property
    def none(self) -> bool:
        return not self.lines and not self.facts


def checked_words(verified: str) -> tuple[str, str]:
    """The state in two words and its code: checked, partly checked, not checked. The whole text is on the source's page."""
    if not verified or verified.startswith("not checked"):
        return ("partly checked", "partly") if "; " in verified else ("not checked", "open")
    if verified in _FULLY:
        return ("read in full" if verified == "read in full" else "checked"), "full"
    return "partly checked", "partly"


def is_fact(source_id: str) -> bool:
    """Whether the source is one paraphrased fact of a base document."""
    return len(source_id) == 4 and source_id[0] == "F" and source_id[1:].isdigit()


def source_line(source_id: str, source: Mapping[str, Any], locators: Iterable[str] = ()) -> SourceLine:
    """One source in the words of the pages."""
    verified = str(source.get("verified") or "")
    words, state = checked_words(verified)
    kind = str(source.get("kind") or "")
    return SourceLine(
        id=source_id,
        kind=kind,
        kind_title=KIND_TITLES.get(kind, kind.capitalize()),
        icon=KIND_ICONS.get(kind, "seed"),
        citation=str(source.get("citation") or source_id),
        locators=tuple(one_of_each(text for text in locators if text)),
        checked=words,
        checked_state=state,
        verified=verified,
    )


def cited(citations: Iterable[Citation], sources: Mapping[str, Mapping[str, Any]]) -> CitedSources:
    """The sources of one or several rules, each once, in the order in which they are first cited."""
    locators: dict[str, list[str]] = {}
    for citation in citations:
        locators.setdefault(citation.source, []).append(citation.locator)
    lines = [source_line(name, sources[name], where) for name, where in locators.items() if not is_fact(name)]
    return CitedSources(tuple(lines), tuple(sorted(name for name in locators if is_fact(name))))
