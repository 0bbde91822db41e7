"""What is missing for one tumor, by effect: each fact with how many options it settles, which, and the way to its field.

Pure: the numbers are the engine's. A fact that bears on cautions alone settles no status and is named apart. Called by
the candidates page (its right column), the page of what is missing, and the printed sheet.
"""

from dataclasses import dataclass

from pathways.engine import Assessment, Feature, RuleResult, Truth, comparisons_of
from pathways.presenters.explanation import FieldUrl
from pathways.presenters.words import count, inside

# How many facts the column beside the candidates shows; the rest is counted there and stands on its own page.
AT_THE_SIDE = 6
MOST_CHOICES_ON_PAPER = 5


@dataclass(frozen=True, slots=True)
class OptionWaiting:
    """An option that waits for a fact, and for how many others besides; `with_said` names the other one, if it is one."""

    code: str
    title: str
    status: str
    others: int
    with_said: str


@dataclass(frozen=True, slots=True)
class MissingFact:
    """One missing fact."""

    feature: str
    title: str
    note: str
    unit: str
    settles: int
    said: str
    share: float
    options: tuple[OptionWaiting, ...]
    options_said: str
    cautions: int
    url: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CautionFact:
    """A fact that bears on cautions alone."""

    feature: str
    title: str
    cautions: int
    url: str


@dataclass(frozen=True, slots=True)
class MissingView:
    """All missing facts, in the engine's order."""

    facts: tuple[MissingFact, ...]
    for_cautions: tuple[CautionFact, ...]

    @property
    def at_the_side(self) -> tuple[MissingFact, ...]:
        return self.facts[:AT_THE_SIDE]

    @property
    def more(self) -> int:
        return max(0, len(self.facts) - AT_THE_SIDE)


def missing_view(assessment: Assessment, field_url: FieldUrl) -> MissingView:
    """The view; `field_url` gives the address of a feature's entry field, or nothing for who may not write."""
    features = assessment.ruleset.dictionary.features
    cautions = _cautions_waiting(assessment)
    most = max((entry.settles for entry in assessment.missing), default=0)
    facts = []
    for entry in assessment.missing:
        waiting = _waiting(assessment, entry.feature)
        feature = features[entry.feature]
        facts.append(
            MissingFact(
                feature=entry.feature,
                title=feature.title,
                note=feature.note or feature.term,
                unit=feature.unit_text,
                settles=entry.settles,
                said=count(entry.settles, "option"),
                share=entry.settles / most if most else 0.0,
                options=tuple(waiting),
                options_said=_said(waiting),
                cautions=cautions.get(entry.feature, 0),
                url=field_url(entry.feature),
                choices=_choices(feature),
            )
        )
    named = {entry.feature for entry in assessment.missing}
    alone = [
        CautionFact(name, features[name].title, cautions[name], field_url(name))
        for name in assessment.ruleset.dictionary.in_order(cautions)
        if name not in named
    ]
    return MissingView(tuple(facts), tuple(alone))


def _waiting(assessment: Assessment, feature: str) -> list[OptionWaiting]:
    return [
        OptionWaiting(
            assessed.code,
            assessment.ruleset.option(assessed.code).title,
            str(assessed.status),
            len(assessed.missing) - 1,
            _with_said(assessment, [name for name in assessed.missing if name != feature]),
        )
        for assessed in assessment.options
        if feature in assessed.missing
    ]


def _with_said(assessment: Assessment, others: list[str]) -> str:
    """'with neutrophils', 'with 2 other facts': what an option waits for besides."""
    if len(others) == 1:
        feature = assessment.ruleset.dictionary.features[others[0]]
        return f"with {inside(feature.title)}"
    return f"with {count(len(others), 'other fact')}" if others else ""


def _said(waiting: list[OptionWaiting]) -> str:
    shown = [f"{one.title} ({one.with_said})" if one.others in (1, 2) else one.title for one in waiting[:3]]
    more = len(waiting) - len(shown)
    return "; ".join(shown) + (f"; and {count(more, 'more option')}" if more > 0 else "")


def _cautions_waiting(assessment: Assessment) -> dict[str, int]:
    """For each unknown feature how many cautions of listed options cannot be judged without it."""
    numbers: dict[str, int] = {}
    for assessed in assessment.options:
        if str(assessed.status) not in ("candidate", "conditional", "possible"):
            continue
        unknown = set(assessed.cautions_unknown)
        for result in assessed.rules:
            if result.code in unknown:
                for name in _unknown_features(result):
                    numbers[name] = numbers.get(name, 0) + 1
    return numbers


def _unknown_features(result: RuleResult) -> set[str]:
    return {
        node.feature
        for node in comparisons_of(result.trace)
        if node.value is Truth.UNKNOWN and node.origin == "unknown"
    }


def _choices(feature: Feature) -> tuple[str, ...]:
    """The answers to tick on paper, where they are few."""
    if feature.kind == "bool":
        return ("yes", "no")
    if feature.kind == "enum" and len(feature.values) <= MOST_CHOICES_ON_PAPER:
        return tuple(feature.label(value) for value in feature.values)
    return ()
