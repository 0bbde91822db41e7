"""What every template knows: `actor`, and `may`, so that a control is shown or disabled by the same answer as its view.

`{% if may.patient_write %}…{% endif %}`; for the sentence of a disabled button, the filter `denial` in the tag library
`access`. Refuses unknown names, because a misspelt capability that read as "no" would hide a control for ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from netcare.access.actors import Actor, actor_of
from netcare.access.roles import Capability


class UnknownCapability(RuntimeError):
    """A template asked for a capability that does not exist. Not a LookupError, which templates swallow."""


@dataclass(frozen=True)
class May:
    """Answers `may.<capability>` with true or false."""

    actor: Actor

    def __getitem__(self, name: str) -> bool:
        return self.actor.may(capability_named(name)).allowed


def capability_named(name: str) -> Capability:
    """The capability of that name, in either case; raises `UnknownCapability`, which names what is accepted."""
    try:
        return Capability(name.lower())
    except ValueError:
        known = ", ".join(capability.value for capability in Capability)
        raise UnknownCapability(f"There is no capability '{name}'. Accepted are: {known}.") from None


def access(request: HttpRequest) -> dict[str, object]:
    """Context processor."""
    actor = actor_of(request)
    return {"actor": actor, "may": May(actor)}
