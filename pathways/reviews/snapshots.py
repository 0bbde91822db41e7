"""Freezing an assessment, and giving the same bytes again from what was frozen.

What it refuses to do: look at the record when it replays; a snapshot stands on its own. Who calls it: signing a review,
`manage.py replay`, the page that compares two assessments.
"""

from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from pathways.assessing import TumorAssessment
from pathways.engine import ENGINE, Assessment, Overlay, Value, assess, assessment_json, canonical_json, read_json
from pathways.models import Snapshot
from pathways.selectors import ruleset_of
from patients.facts import Facts
from patients.values import from_text, to_text


class NotReplayable(RuntimeError):
    """A snapshot that was made by another engine, or whose rows are not what was written."""


@transaction.atomic
def freeze(done: TumorAssessment, *, at: datetime) -> Snapshot:
    """Store an assessment with its facts, where they came from, the version, the emergency stops and the result."""
    snapshot = Snapshot(
        tumor=done.tumor,
        as_of=done.as_of,
        taken_at=at,
        ruleset_version=done.in_force.version,
        ruleset_digest=done.assessment.ruleset.digest,
        engine=ENGINE,
        features=canonical_json(_features(done.assessment)),
        readings=canonical_json(_readings(done.facts)),
        overlay=done.assessment.overlay.canonical if done.assessment.overlay else None,
    )
    snapshot.result = assessment_json(done.assessment, str(snapshot.id))
    snapshot.digest = digest_of(snapshot)
    snapshot.save()
    return snapshot


def digest_of(snapshot: Snapshot) -> str:
    """sha256 over everything a snapshot holds."""
    content = {
        "id": str(snapshot.id),
        "tumor": str(snapshot.tumor_id),
        "as_of": snapshot.as_of.isoformat(),
        "engine": snapshot.engine,
        "ruleset": snapshot.ruleset_digest,
        "features": snapshot.features,
        "readings": snapshot.readings,
        "result": snapshot.result,
        **({"overlay": snapshot.overlay} if snapshot.overlay else {}),
    }
    return "sha256:" + sha256(canonical_json(content).encode()).hexdigest()


def replay(snapshot: Snapshot) -> Assessment:
    """The assessment made again from the snapshot alone. Raises NotReplayable where the bytes differ."""
    if snapshot.engine != ENGINE:
        raise NotReplayable(f"It was made by engine {snapshot.engine}; this is engine {ENGINE}.")
    if digest_of(snapshot) != snapshot.digest:
        raise NotReplayable("Its rows are not what was written when it was signed.")
    overlay = Overlay.from_text(snapshot.overlay) if snapshot.overlay else None
    assessment = assess(ruleset_of(snapshot.ruleset_version), stored_features(snapshot), overlay=overlay)
    if assessment_json(assessment, str(snapshot.id)) != snapshot.result:
        raise NotReplayable("The same facts and rules give another result now.")
    return assessment


def stored_features(snapshot: Snapshot) -> dict[str, Value]:
    """The features as the rules read them then."""
    return {name: from_text(canonical_json(value)) for name, value in read_json(snapshot.features).items()}


def stored_readings(snapshot: Snapshot) -> dict[str, dict[str, str]]:
    """For each feature how it was written, when it was observed, where it stands and who entered it."""
    readings: dict[str, dict[str, str]] = read_json(snapshot.readings)
    return readings


def _features(assessment: Assessment) -> dict[str, Any]:
    return {name: read_json(to_text(value)) for name, value in assessment.record.recorded.items()}


def _readings(facts: Facts) -> dict[str, dict[str, str]]:
    kept = {}
    for name, reading in facts.readings.items():
        data = {key: value for key, value in asdict(reading).items() if key not in ("value", "feature", "settled")}
        kept[name] = {key: str(value) for key, value in data.items()}
    return dict(sorted(kept.items()))
