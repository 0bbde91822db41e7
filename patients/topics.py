"""The entry forms: which features are asked for together, and what kind of report they come from.

The data dictionary says to which topic a feature belongs; one without a topic is asked for in the clinic. Called by
forms, presenters and links.
"""

from dataclasses import dataclass

from pathways.engine import Feature
from pathways.knowledge import dictionary
from patients.entry.reading import can_be_entered
from patients.models import Source


@dataclass(frozen=True, slots=True)
class Topic:
    code: str
    title: str
    enter: str
    source: str
    report: str
    specimen: str


TOPICS: dict[str, Topic] = {
    topic.code: topic
    for topic in (
        Topic(
            "pathology",
            "Pathology",
            "Enter pathology",
            Source.PATHOLOGY,
            "pathology report, local",
            "Specimen (which biopsy or operation)",
        ),
        Topic("imaging", "Imaging", "Enter imaging", Source.IMAGING, "CT or MRI report", "Study (which scan)"),
        Topic("clinic", "Clinic", "Enter a visit", Source.CLINIC, "clinic visit", "Visit (which one)"),
        Topic(
            "laboratory", "Laboratory", "Enter laboratory values", Source.LAB, "laboratory report", "Sample (which one)"
        ),
    )
}
IDENTITY = "identity"
HISTORY = "history"


def topic_of(feature: Feature) -> Topic:
    return TOPICS.get(feature.topic, TOPICS["clinic"])


def features_of(topic: Topic) -> list[Feature]:
    """What the form of the topic asks for, in the order of the dictionary."""
    return [one for one in dictionary().features.values() if can_be_entered(one) and topic_of(one) is topic]
