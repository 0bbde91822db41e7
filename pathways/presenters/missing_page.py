"""The page of what is missing: by effect, with why each fact is asked for, and what else nobody recorded.

It adds to `missing` what each fact could do, the checklist facts of the sources, and the blanks that no open option waits
for: those that change nothing, those from which something follows, and those that are read one way while unrecorded.
It invents no reason.
Called by the missing view.
"""

from dataclasses import dataclass

from pathways.assessing import TumorAssessment
from pathways.engine import Assessment
from pathways.knowledge.texts import Sentence
from pathways.presenters.explanation import FieldUrl
from pathways.presenters.library import texts_of
from pathways.presenters.missing import CautionFact, MissingFact, missing_view
from pathways.presenters.settling import CouldDo, blanks, could_do
from pathways.presenters.words import count


@dataclass(frozen=True, slots=True)
class Asked:
    """One missing fact, what it could do, and what the sources say of why it is asked for."""

    fact: MissingFact
    could: CouldDo
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class OtherUnknown:
    """A fact that nobody recorded and that no open option waits for; `said`: what another value of it would change."""

    title: str
    url: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """The whole page."""

    asked: tuple[Asked, ...]
    for_cautions: tuple[CautionFact, ...]
    following: tuple[OtherUnknown, ...]
    assumed: tuple[OtherUnknown, ...]
    assumptions: tuple[str, ...]
    idle: tuple[OtherUnknown, ...]
    beyond: tuple[Sentence, ...]
    history_confirmed: bool


def checklist_page(done: TumorAssessment, link: FieldUrl) -> Checklist:
    """The page, from an assessment."""
    assessment = done.assessment
    view, could, other = missing_view(assessment, link), could_do(assessment), blanks(assessment)
    texts = texts_of(assessment.ruleset)
    named = {fact.feature for fact in view.for_cautions}
    return Checklist(
        asked=tuple(Asked(fact, could[fact.feature], texts.checklist(fact.feature)) for fact in view.facts),
        for_cautions=view.for_cautions,
        following=tuple(_other(assessment, name, link) for name in other.following),
        assumed=tuple(_other(assessment, name, link) for name in other.assumed),
        assumptions=assessment.assumed,
        idle=tuple(_other(assessment, name, link) for name in other.idle if name not in named),
        beyond=texts.checklist_beyond_the_dictionary(),
        history_confirmed=done.facts.history_is_complete,
    )


def _other(assessment: Assessment, name: str, link: FieldUrl) -> OtherUnknown:
    most = max((len(trial.changed) for trial in assessment.trials(name)), default=0)
    said = f"would change {count(most, 'option')}" if most else ""
    return OtherUnknown(assessment.ruleset.dictionary.features[name].title, link(name), said)
