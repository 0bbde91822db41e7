"""When a list will be out of date by the mere passing of time: a reading crosses its age limit, or a birthday comes.

What it refuses to do: foresee new data or new rules; the sentence says so. Who calls it: signing a review.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pathways.assessing import TumorAssessment
from pathways.engine import Value, statuses, without_stale
from patients.facts import age_on

LOOK_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class OutOfDate:
    """The first day on which another list would be shown, and what makes it so."""

    on: date
    because: str


def out_of_date(done: TumorAssessment) -> OutOfDate | None:
    """The first day within a year on which time alone changes the status of an option, or None."""
    now = {option.code: option.status for option in done.assessment.options}
    for day, because in sorted(_moments(done)):
        then = statuses(done.assessment.ruleset, _features_on(done, day), overlay=done.assessment.overlay)
        if then != now:
            return OutOfDate(day, because)
    return None


def _moments(done: TumorAssessment) -> list[tuple[date, str]]:
    """The days on which a feature ages out or the patient becomes a year older, each with its sentence."""
    words = done.assessment.ruleset.dictionary.features
    moments = []
    for name, limit in done.assessment.ruleset.limits.items():
        if name in done.assessment.record.recorded and name in done.facts.readings:
            observed = done.facts.readings[name].observed_on
            sentence = f"{words[name].title} will be older than {limit.days} days"
            moments.append((observed + timedelta(days=limit.days + 1), sentence))
    birthday = _next_birthday(done.tumor.patient.birth_on, done.as_of)
    moments.append((birthday, f"the patient will be {age_on(done.tumor.patient.birth_on, birthday)}"))
    return [(day, sentence) for day, sentence in moments if done.as_of < day <= done.as_of + LOOK_AHEAD]


def _features_on(done: TumorAssessment, day: date) -> dict[str, Value]:
    features = dict(done.facts.features)
    if "age_years" in features:
        features["age_years"] = Decimal(age_on(done.tumor.patient.birth_on, day))
    ages = {name: (day - reading.observed_on).days for name, reading in done.facts.readings.items()}
    return without_stale(done.assessment.ruleset, features, ages)[0]


def _next_birthday(birth_on: date, after: date) -> date:
    """The day on which the age in completed years grows next; 1 March in other years for a 29 February."""
    day = after + timedelta(days=1)
    while age_on(birth_on, day) == age_on(birth_on, after):
        day += timedelta(days=1)
    return day
