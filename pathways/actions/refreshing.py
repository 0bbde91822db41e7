"""Refreshing the statuses in force: what lists and filters use, derived from facts and the version in force.

What it refuses to do: be an assessment; nobody signs it, and it can be computed again at any time.
Who calls it: the job `refresh_statuses`.
"""

from datetime import date, datetime

from django.db import transaction

from pathways.assessing import facts_digest, fresh_features
from pathways.engine import Status, statuses
from pathways.models import CurrentStatus, StatusesInForce
from pathways.selectors import InForce
from patients.facts import Facts, facts_of_many
from patients.models import Patient
from patients.selectors import tumors_of

COUNTED = {
    "candidates": Status.CANDIDATE,
    "conditionals": Status.CONDITIONAL,
    "possibles": Status.POSSIBLE,
    "excluded": Status.EXCLUDED,
    "not_indicated": Status.NOT_INDICATED,
    "suspended": Status.SUSPENDED,
}


@transaction.atomic
def refresh_patient(*, patient: Patient, in_force: InForce, as_of: date, at: datetime) -> int:
    """Bring the statuses of all tumors of a patient up to date; how many tumors had a changed status."""
    tumors = tumors_of(patient)
    facts = facts_of_many(tumors, as_of=as_of)
    return sum(_refresh_tumor(tumor, facts[tumor.id], in_force, as_of, at) for tumor in tumors)


def _refresh_tumor(tumor: object, facts: Facts, in_force: InForce, as_of: date, at: datetime) -> bool:
    features, _ = fresh_features(in_force.ruleset, facts)
    found = statuses(in_force.ruleset, features, overlay=in_force.overlay)
    before = dict(CurrentStatus.objects.filter(tumor=tumor).values_list("option", "status"))
    after = {option: status.value for option, status in found.items()}
    if before != after:
        CurrentStatus.objects.filter(tumor=tumor).exclude(option__in=after).delete()
        changed = [CurrentStatus(tumor=tumor, option=o, status=s) for o, s in after.items() if before.get(o) != s]
        CurrentStatus.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["tumor", "option"], update_fields=["status"]
        )
    counts = {name: sum(status is wanted for status in found.values()) for name, wanted in COUNTED.items()}
    StatusesInForce.objects.update_or_create(
        tumor=tumor,
        defaults={
            "ruleset_version": in_force.version,
            "overlay": in_force.overlay.number if in_force.overlay else None,
            "facts_digest": facts_digest(features),
            "assessed_on": as_of,
            "refreshed_at": at,
            "complete": Status.NOT_ASSESSED not in found.values(),
            **counts,
        },
    )
    return before != after
