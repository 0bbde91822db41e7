"""The machine form of an assessment: the same bytes for the same engine, ruleset and features.

Who calls it: `manage.py assess`, `POST /api/v1/assess/`, stored assessments.
"""

from __future__ import annotations

from typing import Any

from pathways.engine.assessment import ENGINE, Assessment, OptionAssessment, RuleResult
from pathways.engine.statuses import Status
from pathways.engine.trace import trace_data
from pathways.engine.values import canonical_json, plain


def assessment_data(assessment: Assessment, identifier: str) -> dict[str, Any]:
    """The assessment as plain data, keys in the order of the contract."""
    ruleset, overlay = assessment.ruleset, assessment.overlay
    return {
        "id": identifier,
        "engine": ENGINE,
        "ruleset": {"code": ruleset.code, "version": ruleset.version, "digest": ruleset.digest},
        **({"overlay": {"number": overlay.number, "digest": overlay.digest}} if overlay else {}),
        "complete": assessment.complete,
        "options": [_option(option) for option in assessment.options],
        "missing": [{"feature": entry.feature, "settles": entry.settles} for entry in assessment.missing],
        "implied": [{"feature": e.feature, "value": plain(e.value), "by": e.by} for e in assessment.implied],
        "inapplicable": list(assessment.inapplicable),
        "assumed": list(assessment.assumed),
        "contradictions": [entry.sentence for entry in assessment.contradictions],
    }


def assessment_json(assessment: Assessment, identifier: str) -> str:
    """The assessment as one line of canonical JSON."""
    return canonical_json(assessment_data(assessment, identifier))


def _option(option: OptionAssessment) -> dict[str, Any]:
    data: dict[str, Any] = {
        "code": option.code,
        "status": option.status.value,
        "rules": [_rule(result) for result in option.rules],
        "cautions": list(option.cautions),
        "cautions_unknown": list(option.cautions_unknown),
        "missing": list(option.missing),
    }
    if option.stop is not None:
        data["stop"] = {"reason": option.stop.reason, "at": option.stop.at}
    if Status.NOT_ASSESSED in (option.status, option.without_stop):
        data["error"] = option.error
    return data


def _rule(result: RuleResult) -> dict[str, Any]:
    return {
        "code": result.code,
        "effect": result.effect.value,
        "value": result.value.word,
        "rationale": result.rationale,
        "sources": [citation.source for citation in result.sources],
        "trace": trace_data(result.trace),
    }
