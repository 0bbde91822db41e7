"""Acknowledging what the proofs found: one by one, each with a reason, by somebody who works on drafts.

What it refuses to do: acknowledge what blocks (a broken invariant is mended, not excused), or what is not there.
"""

from datetime import datetime

from django.db import transaction

from netcare.access import Actor, Capability, require
from netcare.audit import record
from pathways.drafts.acknowledged import acknowledged
from pathways.drafts.reports import ReportedFinding, report_of
from pathways.models import Acknowledgement, Draft
from patients.actions.shared import Fault, Refused

SHORTEST = 10


@transaction.atomic
def acknowledge_finding(*, actor: Actor, draft: Draft, key: str, reason: str, now: datetime) -> Acknowledgement:
    """Say why a finding of the proofs may stand. Raises NotAllowed, Refused."""
    require(actor, Capability.DRAFT_COMMENT)
    report = report_of(draft)
    finding = next((one for one in report.findings if one.key == key), None)
    faults = _faults(finding, reason)
    if faults or finding is None:
        raise Refused(faults)
    known = acknowledged(draft, report).get(key)
    if known is not None and known.draft_id == draft.pk:
        return known
    made = Acknowledgement.objects.create(
        draft=draft,
        kind=Acknowledgement.FINDING,
        key=key,
        digest=draft.digest,
        sentence=finding.sentence[:1000],
        reason=reason.strip(),
        by=actor.person,
        by_name=actor.name,
        at=now,
    )
    record(
        actor=actor,
        action="draft.acknowledge",
        subject=f"draft {draft.id}",
        detail={"key": key, "digest": draft.digest},
        at=now,
    )
    return made


def _faults(finding: ReportedFinding | None, reason: str) -> list[Fault]:
    if finding is None:
        return [Fault("", "The draft as it is now has no such finding. Look at the checks again.")]
    if finding.severity == "blocks":
        return [Fault("", "This one is not acknowledged but mended: it would let a patient come to harm unseen.")]
    if len(reason.strip()) < SHORTEST:
        return [Fault("reason", f"Say in {SHORTEST} characters or more why it may stand.")]
    if len(reason) > 1000:
        return [Fault("reason", f"The reason has {len(reason)} characters; 1000 are kept.")]
    return []
