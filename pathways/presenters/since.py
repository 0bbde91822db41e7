"""Since last time: what changed between two assessments, grouped by cause, because a change of rules is another
conversation than a change of data. Who calls it: the page that compares, and the card beside the candidates.
"""

from dataclasses import dataclass

from pathways.engine import Assessment, ChangedOption, Effect, compare
from pathways.presenters.words import count

CAUSES = (
    ("data", "By data"),
    ("rules", "By rules"),
    ("data and rules", "By data and rules together"),
    ("emergency stop", "By an emergency stop"),
)


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """One option that changed."""

    code: str
    title: str
    before: str
    after: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """One fact that changed, in words."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """The options that changed for one cause."""

    title: str
    rows: tuple[ChangedRow, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """What changed from one assessment to another."""

    before: str
    after: str
    groups: tuple[CauseGroup, ...]
    facts: tuple[ChangedFact, ...]
    rules_said: str
    unchanged: str
    number: int


def since(before: Assessment, after: Assessment, *, before_name: str, after_name: str) -> Since:
    """The comparison in words."""
    found = compare(before, after)
    groups = tuple(
        CauseGroup(title, tuple(_row(o, before, after) for o in found.options if o.cause == cause))
        for cause, title in CAUSES
        if any(o.cause == cause for o in found.options)
    )
    old, new = before.ruleset.dictionary.features, after.ruleset.dictionary.features
    facts = tuple(
        ChangedFact(
            (new.get(f.feature) or old[f.feature]).title,
            old[f.feature].show(f.before) if f.feature in old else "not in the dictionary",
            new[f.feature].show(f.after) if f.feature in new else "not in the dictionary",
        )
        for f in found.features
    )
    versions = f"v{before.ruleset.version} to v{after.ruleset.version}"
    return Since(
        before=before_name,
        after=after_name,
        groups=groups,
        facts=facts,
        rules_said="The same rules." if found.same_ruleset else f"Other rules: {after.ruleset.title} {versions}.",
        unchanged=f"{count(found.unchanged, 'option')} unchanged",
        number=len(found.options),
    )


def _row(changed: ChangedOption, before: Assessment, after: Assessment) -> ChangedRow:
    """Cautions never change a status, so only the other rules are named."""
    ruleset = after.ruleset if changed.option in after.by_code else before.ruleset
    effects = {rule.code: rule.effect for one in (before, after) for rule in one.ruleset.rules}
    return ChangedRow(
        changed.option,
        ruleset.option(changed.option).title,
        changed.before.value if changed.before else "",
        changed.after.value if changed.after else "",
        tuple(code for code in changed.rules if effects[code] is not Effect.CAUTION),
    )
