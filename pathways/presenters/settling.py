"""What would settle it: for each missing fact which options it could make a candidate, alone or with which other one, and
which it could rule out; and the blanks that change nothing.

Pure: every claim is a trial of the engine, and says "could": the value is not known. Pairs are tried only for options
that few facts leave open, which bounds the work. Called by the page of what is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pathways.engine import Assessment, Ruleset, Status, comparisons_in, idle_blanks, makes_candidate, only_together
from pathways.presenters.words import LISTED, inside, one_of_each

# Pairs are tried for options with at most so many missing facts: ten pairs, each with the values that can be told apart.
MOST_MISSING = 5


@dataclass(frozen=True, slots=True)
class OptionNamed:
    """An option, and with which other fact where it takes both."""

    code: str
    title: str
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CouldDo:
    """What one missing fact could do, each for some value of it."""

    candidate: tuple[OptionNamed, ...] = ()
    together: tuple[OptionNamed, ...] = ()
    rule_out: tuple[OptionNamed, ...] = ()
    no_reason: tuple[OptionNamed, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.candidate or self.together or self.rule_out or self.no_reason)


@dataclass(frozen=True, slots=True)
class Blanks:
    """The other blanks: no value of an idle one changes the list; the others would, though no open option names them."""

    idle: tuple[str, ...]
    following: tuple[str, ...]
    assumed: tuple[str, ...]


def could_do(assessment: Assessment) -> dict[str, CouldDo]:
    """For every missing fact what it could do."""
    names = [entry.feature for entry in assessment.missing]
    alone, pairs = _alone(assessment), _pairs(assessment)
    return {name: _of(assessment, name, alone.get(name, []), pairs.get(name, {})) for name in names}


def _of(assessment: Assessment, name: str, alone: list[str], pairs: dict[str, list[str]]) -> CouldDo:
    features = assessment.ruleset.dictionary.features
    present = {option.code: str(option.status) for option in assessment.options}
    outcomes = [(code, status) for trial in assessment.trials(name) for code, status in trial.changed.items()]
    ruled_out = {code for code, status in outcomes if status is Status.EXCLUDED and present[code] in LISTED}
    left = {code for code, status in outcomes if status is Status.NOT_INDICATED and present[code] in LISTED}
    return CouldDo(
        candidate=_named(assessment.ruleset, alone),
        together=tuple(
            OptionNamed(
                code,
                assessment.ruleset.option(code).title,
                tuple(inside(features[other].title) for other in others),
            )
            for code, others in pairs.items()
        ),
        rule_out=_named(assessment.ruleset, ruled_out),
        no_reason=_named(assessment.ruleset, left),
    )


def _named(ruleset: Ruleset, codes: set[str] | list[str]) -> tuple[OptionNamed, ...]:
    return tuple(OptionNamed(option.code, option.title) for option in ruleset.options if option.code in codes)


def _alone(assessment: Assessment) -> dict[str, list[str]]:
    """For each fact the options that one value of it makes a candidate."""
    found: dict[str, list[str]] = {}
    for option in assessment.options:
        for name in makes_candidate(assessment, option.code) if option.missing else ():
            found.setdefault(name, []).append(option.code)
    return found


def _pairs(assessment: Assessment) -> dict[str, dict[str, list[str]]]:
    """For each fact the options that it makes a candidate only with another one, and with which."""
    found: dict[str, dict[str, list[str]]] = {}
    for option in assessment.options:
        if 2 <= len(option.missing) <= MOST_MISSING:
            for together in only_together(assessment, option.code):
                one, other = together.features
                found.setdefault(one, {}).setdefault(option.code, []).append(other)
                found.setdefault(other, {}).setdefault(option.code, []).append(one)
    return found


def blanks(assessment: Assessment) -> Blanks:
    """The unknown, applicable features that no open option waits for; age and sex included, as they may be unknown."""
    waited_for = {name for option in assessment.options for name in option.missing}
    idle = idle_blanks(assessment)
    asked = set(_asked_whether_known(assessment.ruleset))
    others = [name for name in assessment.features_unknown() if name not in waited_for and name not in idle]
    return Blanks(
        idle=idle,
        following=tuple(name for name in others if name not in asked),
        assumed=tuple(name for name in others if name in asked),
    )


def _asked_whether_known(ruleset: Ruleset) -> Iterator[str]:
    """The features of which a rule or definition asks whether they are recorded at all."""
    conditions = [rule.when for rule in ruleset.rules] + [one.when for one in ruleset.definitions.values()]
    yield from one_of_each(
        c.feature.name for when in conditions for c in comparisons_in(when) if c.operator == "is_known"
    )
