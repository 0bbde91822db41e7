"""Which options a treatment can name: those of the version in force and those that were retired from the catalogue.

`patients` knows no versions; the pathway registers at start-up where the words come from. Until something is published,
and in code that has no database, they are those of the starter pathway. What it refuses to do: say more of an option than
its code and title. Called by ``patients.facts``, actions, presenters and imports.
"""

from collections.abc import Callable

from pathways.engine import DataDictionary, Feature
from pathways.knowledge import dictionary

# A feature over treatments: all of them have the codes of the catalogue as their values.
OVER_TREATMENTS = "prior_treatments"

Source = Callable[[], DataDictionary | None]

_source: list[Source] = []


def register(source: Source) -> None:
    """Declare where the words of the version in force come from; None from it means that nothing is published."""
    _source[:] = [source]


def unregister() -> None:
    """Back to the starter pathway, for tests without a database."""
    _source.clear()


def treatment_words() -> DataDictionary:
    """The dictionary whose features over treatments name every option that can be on record."""
    return (_source[0]() if _source else None) or dictionary()


def catalogue() -> Feature:
    """The feature whose values are the options of the catalogue, with their titles as labels."""
    return treatment_words().features[OVER_TREATMENTS]
