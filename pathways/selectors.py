"""Reads of the pathway: the version in force with the emergency stops over it, any version, and what it contains.

What it refuses to do: hand out a version or overlay whose content does not match its digest; nothing is assessed then.
Who calls it: views, presenters, assessments, jobs and commands.
"""

from dataclasses import dataclass
from datetime import datetime

from pathways.engine import Overlay, OverlayError, Ruleset, effective, read_json
from pathways.models import RulesetVersion, StopOverlay

PATHWAY = "starter"
MOST_KEPT = 8
_parsed: dict[tuple[str, int, str], Ruleset] = {}


class NoRulesetInForce(LookupError):
    """Nothing is published yet, so nothing can be assessed."""

    def __init__(self) -> None:
        super().__init__("No ruleset is published. Load the starter pathway with: python manage.py load_pathway")


class VersionDamaged(RuntimeError):
    """The stored content of a version, or of an overlay of emergency stops, is not what was written."""


@dataclass(frozen=True)
class InForce:
    """A published version with its ruleset, ready to assess, and the emergency stops over it (None: there are none)."""

    version: RulesetVersion
    ruleset: Ruleset
    overlay: Overlay | None = None


def version_in_force(code: str = PATHWAY) -> RulesetVersion:
    """The published version with the highest number, without its content. Raises NoRulesetInForce."""
    version = RulesetVersion.objects.filter(code=code).defer("content").order_by("-version").first()
    if version is None:
        raise NoRulesetInForce
    return version


def ruleset_in_force(code: str = PATHWAY) -> InForce:
    """The version in force, its ruleset and the emergency stops.

    Raises NoRulesetInForce, or VersionDamaged for an altered content.
    """
    version = version_in_force(code)
    return InForce(version, ruleset_of(version), overlay_in_force())


def overlay_in_force(*, at: datetime | None = None) -> Overlay | None:
    """The emergency stops in force now, or at an instant; None where nothing is stopped. Raises VersionDamaged."""
    rows = StopOverlay.objects.order_by("-number")
    row = (rows.filter(made_at__lte=at) if at else rows).first()
    return effective(overlay_of(row)) if row else None


def overlay_of(row: StopOverlay) -> Overlay:
    """A stored overlay, checked against its digest. Raises VersionDamaged."""
    try:
        overlay = Overlay.from_text(row.content)
    except OverlayError as error:
        raise VersionDamaged(f"Overlay {row.number} of the emergency stops cannot be read: {error}") from error
    if (overlay.digest, overlay.number) != (row.digest, row.number):
        raise VersionDamaged(
            f"The content of overlay {row.number} has the digest {overlay.digest}, but {row.digest} was written. "
            "Nothing is assessed under it; restore the database."
        )
    return overlay


@dataclass(frozen=True)
class OnRecord:
    """The version that was in force at a moment; `published`: whether it was out by then, or is only the earliest."""

    in_force: InForce
    published: bool


def ruleset_at(moment: datetime, code: str = PATHWAY) -> OnRecord:
    """The version in force at a moment, or the earliest one where none was published yet. Raises NoRulesetInForce."""
    numbered = RulesetVersion.objects.filter(code=code)
    version = numbered.filter(published_at__lte=moment).order_by("-version").first()
    chosen = version or numbered.order_by("version").first()
    if chosen is None:
        raise NoRulesetInForce
    return OnRecord(InForce(chosen, ruleset_of(chosen)), version is not None)


def versions(code: str = PATHWAY) -> list[RulesetVersion]:
    """All published versions, the latest first, without their contents."""
    return list(RulesetVersion.objects.filter(code=code).defer("content").order_by("-version"))


def version_numbered(number: int, code: str = PATHWAY) -> RulesetVersion | None:
    """One published version by its number, or None."""
    return RulesetVersion.objects.filter(code=code, version=number).order_by("version").first()


def ruleset_of(version: RulesetVersion) -> Ruleset:
    """The ruleset of a version, parsed and checked against its digest once per process.

    Number and digest determine a ruleset whole, so they are the key under which it is kept.
    """
    key = (version.code, version.version, version.digest)
    if key not in _parsed:
        ruleset = Ruleset.from_data(read_json(version.content))
        if ruleset.digest != version.digest:
            raise VersionDamaged(
                f"The content of {version} has the digest {ruleset.digest}, but {version.digest} was published. "
                "Nothing is assessed under it; restore the database."
            )
        while len(_parsed) >= MOST_KEPT:
            _parsed.pop(next(iter(_parsed)), None)
        _parsed[key] = ruleset
    return _parsed[key]
