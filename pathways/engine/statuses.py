"""The status of an option from its indications and exclusions, as a literal table.

Who calls it: `assess`, `statuses` and the trials of what is missing.
"""

from __future__ import annotations

from enum import StrEnum

from pathways.engine.logic import Truth

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


class Status(StrEnum):
    """What an assessment says of an option. `not_assessed` is a fault of the program; `suspended` an emergency stop."""

    CANDIDATE = "candidate"
    CONDITIONAL = "conditional"
    POSSIBLE = "possible"
    EXCLUDED = "excluded"
    NOT_INDICATED = "not_indicated"
    NOT_ASSESSED = "not_assessed"
    SUSPENDED = "suspended"


# (any indication, any exclusion) -> status
STATUS: dict[tuple[int, int], Status] = {
    (T, F): Status.CANDIDATE,
    (T, U): Status.CONDITIONAL,
    (T, T): Status.EXCLUDED,
    (U, F): Status.POSSIBLE,
    (U, U): Status.POSSIBLE,
    (U, T): Status.EXCLUDED,
    (F, F): Status.NOT_INDICATED,
    (F, U): Status.NOT_INDICATED,
    (F, T): Status.NOT_INDICATED,
}

# Statuses that a missing fact may still change, and those it may settle to.
OPEN = frozenset({Status.CONDITIONAL, Status.POSSIBLE})
SETTLED = frozenset({Status.CANDIDATE, Status.EXCLUDED, Status.NOT_INDICATED})
LISTED = frozenset({Status.CANDIDATE, Status.CONDITIONAL, Status.POSSIBLE})
# Statuses that rules can give; the two others are a fault of the program and an emergency stop.
FROM_RULES = frozenset(STATUS.values())
