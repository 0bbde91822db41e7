"""Limits on the age of facts: what is in force, what is proposed with its reasons, feature by feature.

Pure. It proposes nothing itself: the draft is a file of the knowledge base. Called by the limits view.
"""

from dataclasses import dataclass

from pathways.engine import Ruleset
from pathways.knowledge import LimitsDraft
from pathways.presenters.words import count


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One feature: its limit in force and the one proposed, each with the reason; nothing where there is none."""

    feature: str
    title: str
    in_force: str
    reason_in_force: str
    proposed: str
    reason_proposed: str


@dataclass(frozen=True, slots=True)
class LimitsPage:
    """The page."""

    in_force: tuple[LimitLine, ...]
    proposed: tuple[LimitLine, ...]
    title: str
    note: str
    without: str


def limits_page(ruleset: Ruleset, draft: LimitsDraft | None) -> LimitsPage:
    """The lines in the order of the dictionary; a drafted feature that the version in force does not have is left out."""
    proposed = draft.limits if draft else {}
    names = ruleset.dictionary.in_order({*ruleset.limits, *(n for n in proposed if n in ruleset.dictionary.features)})
    lines = []
    for name in names:
        limit, entry = ruleset.limits.get(name), proposed.get(name)
        lines.append(
            LimitLine(
                feature=name,
                title=ruleset.dictionary.features[name].title,
                in_force=count(limit.days, "day") if limit else "",
                reason_in_force=limit.reason if limit else "",
                proposed=count(entry.days, "day") if entry else "",
                reason_proposed=entry.reason if entry else "",
            )
        )
    free = len(ruleset.dictionary.features) - len(names)
    return LimitsPage(
        in_force=tuple(line for line in lines if line.in_force),
        proposed=tuple(line for line in lines if line.proposed),
        title=draft.title if draft else "",
        note=draft.note if draft else "",
        without=f"{count(free, 'other feature')} {'has' if free == 1 else 'have'} no limit, in force or proposed.",
    )
