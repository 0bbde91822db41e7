"""Reads of the pathway: the version in force, any version, and what it contains.

What it refuses to do: hand out a version whose content does not match its digest; nothing is assessed under it then.
Who calls it: views, presenters, assessments, jobs and commands.
"""

from dataclasses import dataclass
from datetime import datetime

from pathways.engine import Ruleset, read_json
from pathways.models import RulesetVersion

PATHWAY = "starter"
MOST_KEPT = 8
_parsed: dict[tuple[str, int, str], Ruleset] = {}


class NoRulesetInForce(LookupError):
    """Nothing is published yet, so nothing can be assessed."""

    def __init__(self) -> None:
        super().__init__("No ruleset is published. Load the starter pathway with: python manage.py load_pathway")


class VersionDamaged(RuntimeError):
    """The stored content of a version is not what was published."""


@dataclass(frozen=True)
class InForce:
    """A published version with its ruleset, ready to assess."""

    version: RulesetVersion
    ruleset: Ruleset


def version_in_force(code: str = PATHWAY) -> RulesetVersion:
    """The published version with the highest number, without its content. Raises NoRulesetInForce."""
    version = RulesetVersion.objects.filter(code=code).defer("content").order_by("-version").first()
    if version is None:
        raise NoRulesetInForce
    return version


def ruleset_in_force(code: str = PATHWAY) -> InForce:
    """The version in force and its ruleset. Raises NoRulesetInForce, or VersionDamaged for an altered content."""
    version = version_in_force(code)
    return InForce(version, ruleset_of(version))


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
