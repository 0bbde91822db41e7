"""The page around an entry form: what was refused, what was understood, what does not go together, what does not apply."""

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.engine.record import reader_for
from pathways.knowledge import dictionary
from patients.facts import Facts
from patients.forms.findings import FindingsForm
from patients.links import topic_url
from patients.models import Tumor
from patients.presenters.data import contradictions_with
from patients.presenters.inputs import FeatureInput, Problem, feature_inputs, problems
from patients.topics import TOPICS, Topic


@dataclass(frozen=True, slots=True)
class TopicTab:
    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class EntryPage:
    """``inputs`` are asked for; ``folded`` are those that do not apply to this tumor as recorded."""

    topic: Topic
    tabs: tuple[TopicTab, ...]
    inputs: tuple[FeatureInput, ...]
    folded: tuple[FeatureInput, ...]
    problems: tuple[Problem, ...]
    contradictions: tuple[str, ...]
    understood: tuple[str, ...]
    checked: bool


def entry_page(form: FindingsForm, topic: Topic, facts: Facts, *, checked: bool = False) -> EntryPage:
    changes = {name: understood.value for name, understood in form.understood.items()}
    contradictions = contradictions_with(facts, changes)
    inputs = feature_inputs(form, facts, contradictions)
    inapplicable = reader_for(dictionary()).read(facts.features).inapplicable
    folded = [one for one in inputs if one.name in inapplicable and form.raw[one.name].is_blank]
    names = {one.name for one in inputs}
    return EntryPage(
        topic=topic,
        tabs=_tabs(topic, form.tumor),
        inputs=tuple(one for one in inputs if one not in folded),
        folded=tuple(folded),
        problems=tuple(problems(inputs, form.origin.errors)) if form.is_bound else (),
        contradictions=tuple(one.sentence for one in contradictions if names & set(one.features)),
        understood=tuple(one.sentence for one in form.understood.values()),
        checked=checked,
    )


def _tabs(topic: Topic, tumor: Tumor) -> tuple[TopicTab, ...]:
    topics: Sequence[Topic] = tuple(TOPICS.values())
    return tuple(TopicTab(one.title, topic_url(tumor.patient, tumor, one.code), one is topic) for one in topics)
