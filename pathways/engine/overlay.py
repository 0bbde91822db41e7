"""The overlay of emergency stops: which options are suspended, by whom, since when and why, under one number and digest.

What it is: a frozen value laid over an assessment; a stopped option is `suspended`, whatever its rules come to.
What it refuses to do: switch off a single rule; an exclusion is never taken away alone. It knows no clock: instants come as
text. Who calls it: `assess` and `statuses`; the store of overlays writes and reads `canonical`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any

from pathways.engine.values import canonical_json, read_json


class OverlayError(ValueError):
    """A stored overlay that cannot be read, or whose content does not have its digest."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stopped option: the reason, the instant (ISO 8601, UTC) and the name of whoever stopped it."""

    option: str
    reason: str
    at: str
    by: str


@dataclass(frozen=True)
class Overlay:
    """All stops in force at one moment, by option code. `number` grows by one whenever the set of stops changes."""

    number: int
    stops: tuple[Stop, ...] = ()

    @classmethod
    def of(cls, number: int, stops: Iterable[Stop]) -> Overlay:
        """The overlay with its stops in the order of their option codes. Raises OverlayError for one named twice."""
        ordered = tuple(sorted(stops, key=lambda stop: stop.option))
        twice = [one.option for one, other in pairwise(ordered) if one.option == other.option]
        if twice:
            raise OverlayError(f"The option {twice[0]} is stopped twice in overlay {number}; once is enough.")
        return cls(number, ordered)

    @classmethod
    def from_text(cls, text: str) -> Overlay:
        """The overlay that `canonical` wrote. Raises OverlayError for any other text."""
        try:
            data = read_json(text)
            stops = [Stop(entry["option"], entry["reason"], entry["at"], entry["by"]) for entry in data["stops"]]
            overlay = cls.of(int(data["number"]), stops)
        except (KeyError, TypeError, ValueError) as error:
            raise OverlayError(f"The text is no overlay of emergency stops: {error}") from error
        if overlay.canonical != text:
            raise OverlayError("The text is no overlay of emergency stops in canonical form.")
        return overlay

    @cached_property
    def by_option(self) -> Mapping[str, Stop]:
        """The stops by the code of their option."""
        return {stop.option: stop for stop in self.stops}

    @cached_property
    def canonical(self) -> str:
        """The overlay as canonical JSON: what is stored, and what the digest is taken of."""
        data: dict[str, Any] = {
            "number": self.number,
            "stops": [{"option": s.option, "reason": s.reason, "at": s.at, "by": s.by} for s in self.stops],
        }
        return canonical_json(data)

    @cached_property
    def digest(self) -> str:
        """sha256 over number and stops."""
        return "sha256:" + sha256(self.canonical.encode()).hexdigest()


def effective(overlay: Overlay | None) -> Overlay | None:
    """The overlay, or None where it stops nothing: an assessment under it is the one without."""
    return overlay if overlay is not None and overlay.stops else None
