"""The page of what is missing: by effect, with why each fact is asked for, and what else nobody recorded.

It adds to `missing` the checklist facts of the sources and the features that no open option waits for; it invents no reason.
Called by the missing view.
"""

from dataclasses import dataclass

from pathways.assessing import TumorAssessment
from pathways.engine import Ruleset
from pathways.knowledge.texts import Sentence
from pathways.presenters.explanation import FieldUrl
from pathways.presenters.library import texts_of
from pathways.presenters.missing import CautionFact, MissingFact, missing_view


@dataclass(frozen=True, slots=True)
class Asked:
    """One missing fact, and what the sources say of why it is asked for."""

    fact: MissingFact
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class OtherUnknown:
    """A fact that nobody recorded and that no open option waits for."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """The whole page."""

    asked: tuple[Asked, ...]
    for_cautions: tuple[CautionFact, ...]
    others: tuple[OtherUnknown, ...]
    beyond: tuple[Sentence, ...]
    history_confirmed: bool


def checklist_page(done: TumorAssessment, link: FieldUrl) -> Checklist:
    """The page, from an assessment."""
    assessment = done.assessment
    view = missing_view(assessment, link)
    texts = texts_of(assessment.ruleset)
    named = {fact.feature for fact in view.facts} | {fact.feature for fact in view.for_cautions}
    return Checklist(
        asked=tuple(Asked(fact, texts.checklist(fact.feature)) for fact in view.facts),
        for_cautions=view.for_cautions,
        others=_others(assessment.ruleset, [n for n in assessment.features_unknown() if n not in named], link),
        beyond=texts.checklist_beyond_the_dictionary(),
        history_confirmed=done.facts.history_is_complete,
    )


def _others(ruleset: Ruleset, names: list[str], link: FieldUrl) -> tuple[OtherUnknown, ...]:
    features = ruleset.dictionary.features
    return tuple(OtherUnknown(features[name].title, link(name)) for name in names if not features[name].derived)
