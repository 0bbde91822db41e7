"""Which findings of the proofs are acknowledged, in this draft or in one of this pathway that was published.

A finding is known again by its key, which names what it rests on. A hole rests on every rule that decides, so that its
key changes with most edits; where it is proved that nobody falls into it who did not in a version whose hole was
acknowledged, that acknowledgement stands. What it refuses to do: let one finding pass for another.
Who calls it: the gate, the acknowledging, the page of the checks.
"""

from collections.abc import Mapping

from pathways.drafts.reports import Report, ReportedFinding, change_report_of, report_of_ruleset
from pathways.models import Acknowledgement, Draft, RulesetVersion
from pathways.selectors import ruleset_of

HOLES = ("hole_nothing", "hole_trial_only")
Known = dict[str, Acknowledgement]


def acknowledged(draft: Draft, report: Report) -> Known:
    """Key → who acknowledged the finding and why; for the findings of the report."""
    known = {key: one for key, one in _given(draft).items() if key in {finding.key for finding in report.findings}}
    for finding in report.to_acknowledge:
        if finding.key not in known and finding.kind in HOLES and (said := _of_the_base(draft, finding)):
            known[finding.key] = said
    return known


def acknowledged_otherwise(draft: Draft, report: Report) -> Known:
    """Key → what was said of the same thing while it rested on another wording: an offer, which counts for nothing."""
    earlier = {key.partition("@")[0]: one for key, one in _given(draft).items()}
    return {one.key: earlier[one.about] for one in report.to_acknowledge if one.about in earlier}


def _given(draft: Draft) -> Known:
    earlier = Acknowledgement.objects.filter(
        kind=Acknowledgement.FINDING, draft__published__isnull=False, draft__code=draft.code
    )
    own = draft.acknowledgements.filter(kind=Acknowledgement.FINDING)
    return {one.key: one for query in (earlier, own) for one in query.order_by("id")}


def _of_the_base(draft: Draft, finding: ReportedFinding) -> Acknowledgement | None:
    """What was said of the hole in the version the draft stands on, if the draft lets nobody else fall into it."""
    given: Mapping[str, Acknowledgement] = _given(draft)
    step: Draft | None = draft
    while step is not None and any(one.startswith(f"{finding.about}@") for one in given):
        if finding.kind in change_report_of(step).widened:
            return None
        held = report_of_ruleset(ruleset_of(step.base)).to_acknowledge
        key = next((one.key for one in held if one.about == finding.about), "")
        if key in given:
            return given[key]
        step = _draft_of(step.base)
    return None


def _draft_of(version: RulesetVersion) -> Draft | None:
    return Draft.objects.select_related("base").filter(published=version).first()
