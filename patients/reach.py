"""Other ways by which a patient comes within reach: packages that know of one register it here at start-up.

`patients` knows nothing of meetings; the board tells it whose cases a member may read for the time being. What is
registered widens reading alone (`READS`), within the actor's own institution, and only for roles that have the
capability for their own teams' patients; the audit row names the way. Called by ``patients.selectors`` and policies.
"""

from collections.abc import Callable

from django.db.models import Q

from netcare.access import Actor, Capability, Scope

Reach = Callable[[Actor, Capability], Q | None]

_ways: dict[str, Reach] = {}


def register(name: str, reach: Reach) -> None:
    """Declare a way: for an actor and a capability the condition on ``Patient``, or None for nobody."""
    _ways[name] = reach


def conditions(actor: Actor, capability: Capability) -> dict[str, Q]:
    """The conditions of every way that is open to this actor for this capability."""
    if Scope.TEAM not in actor.scopes(capability):
        return {}
    found = {name: reach(actor, capability) for name, reach in _ways.items()}
    return {name: condition for name, condition in found.items() if condition is not None}
