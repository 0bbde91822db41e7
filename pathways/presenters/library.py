"""The texts of a ruleset, resolved once per version and process. Called by the presenters of pages that show them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pathways.engine import Ruleset
from pathways.knowledge.coverage import Appearance, appearances
from pathways.knowledge.texts import KnowledgeTexts


@lru_cache(maxsize=4)
def data_of(ruleset: Ruleset) -> dict[str, Any]:
    """The plain data of a ruleset: facts, cases and the texts of options."""
    return ruleset.to_data()


@lru_cache(maxsize=4)
def texts_of(ruleset: Ruleset) -> KnowledgeTexts:
    """The reader of its texts."""
    return KnowledgeTexts(data_of(ruleset))


@lru_cache(maxsize=4)
def places_of(ruleset: Ruleset) -> Mapping[str, tuple[Appearance, ...]]:
    """Where the product shows each fact."""
    return appearances(data_of(ruleset))
