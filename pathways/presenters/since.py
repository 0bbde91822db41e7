"""Since last time: what changed between two assessments, grouped by cause, because a change of rules is another
conversation than a change of data. It decides nothing. Who calls it: the page that compares.
"""

from dataclasses import dataclass

from pathways.engine import Assessment, ChangedFeature, ChangedOption, Effect, Stale, Value, compare
from pathways.presenters.words import count

# The cause, and whether each of two causes would have done it alone: the heading, and what it means.
CAUSES = (
    ("data", False, "By data", "The rules alone would not have done it."),
    ("rules", False, "By rules", "The data alone would not have done it."),
    ("data and rules", True, "By data and rules, each alone", "Either of them would have done it without the other."),
    ("data and rules", False, "By data and rules together", "Neither of them would have done it alone."),
    ("emergency stop", False, "By an emergency stop", "It was stopped, or let go, whatever data and rules say."),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One of the two assessments: its name, the values too old for its rules, and what must be said of its rules."""

    name: str
    assessment: Assessment
    stale: tuple[Stale, ...] = ()
    rules_said: str = ""


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
    meaning: str
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


def since(before: Moment, after: Moment, crossed: tuple[Assessment, Assessment]) -> Since:
    """The comparison in words; `crossed`: the facts before under the rules after, and the facts after under those before."""
    old, new = before.assessment, after.assessment
    found = compare(old, new, crossed)
    groups = []
    for cause, each, title, meaning in CAUSES:
        rows = tuple(_row(o, old, new) for o in found.options if (o.cause, o.each_alone) == (cause, each))
        groups += [CauseGroup(title, meaning, rows)] if rows else []
    return Since(
        before=before.name,
        after=after.name,
        groups=tuple(groups),
        facts=tuple(_fact(one, before, after) for one in found.features),
        rules_said=_rules_said(before, after, same=found.same_ruleset),
        unchanged=f"{count(found.unchanged, 'option')} unchanged",
        number=len(found.options),
    )


def _rules_said(before: Moment, after: Moment, *, same: bool) -> str:
    old, new = before.assessment.ruleset, after.assessment.ruleset
    versions = f"Other rules: {new.title} v{old.version} to v{new.version}."
    same_said = f"The same rules: {new.title} v{new.version}."
    noted = list(dict.fromkeys(said for said in (before.rules_said, after.rules_said) if said))
    return " ".join([same_said if same else versions, *noted])


def _fact(changed: ChangedFeature, before: Moment, after: Moment) -> ChangedFact:
    dictionaries = [one.assessment.ruleset.dictionary.features for one in (after, before)]
    title = next(features[changed.feature].title for features in dictionaries if changed.feature in features)
    return ChangedFact(
        title, _shown(changed.feature, changed.before, before), _shown(changed.feature, changed.after, after)
    )


def _shown(name: str, value: Value | None, at: Moment) -> str:
    """The value as the rules read it; one that was too old for them says so."""
    feature = at.assessment.ruleset.dictionary.features.get(name)
    if feature is None:
        return "not in the dictionary"
    old = next((stale for stale in at.stale if stale.feature == name), None)
    if value is None and old:
        return f"too old: {feature.show(old.value)}, {count(old.age_days, 'day')}, limit {old.limit.days}"
    return feature.show(value)


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
