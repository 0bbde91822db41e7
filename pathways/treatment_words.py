"""The words for treatments on record, from the version in force: read once in each request, and again after a while.

What it refuses to do: decide what is assessed; an assessment reads its own version. A worker may know a new option some
seconds late: nothing on record can name it before. Called by ``patients.catalogue``.
"""

from contextvars import ContextVar
from time import monotonic

from django.core.signals import request_started

from pathways.engine import DataDictionary
from pathways.selectors import NoRulesetInForce, ruleset_of, version_in_force

# Seconds for which a worker or a command, which has no requests, keeps what it read.
KEPT_SECONDS = 30

_held: ContextVar[tuple[float, DataDictionary | None] | None] = ContextVar("treatment_words", default=None)


def words_in_force() -> DataDictionary | None:
    """The dictionary of the version in force, or None while nothing is published."""
    held = _held.get()
    if held is None or monotonic() - held[0] > KEPT_SECONDS:
        held = (monotonic(), _read())
        _held.set(held)
    return held[1]


def _read() -> DataDictionary | None:
    try:
        return ruleset_of(version_in_force()).dictionary
    except NoRulesetInForce:
        return None


def forget(**_: object) -> None:
    """Each request reads anew, and so does whoever has just published."""
    _held.set(None)


request_started.connect(forget)
