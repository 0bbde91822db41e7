"""The checks of a draft as its page shows them: what blocks, what is acknowledged, what was proved, what it changes.

Called by the checks view. A finding comes with the smallest patient who shows it.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from netcare.access import Actor, Capability
from pathways.drafting.feature_lines import in_words
from pathways.drafts.acknowledged import Known, acknowledged, acknowledged_otherwise
from pathways.drafts.reports import ChangeReport, Failure, Report, ReportedFinding, change_report_of, report_of
from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine import Ruleset
from pathways.engine.checks import Coverage, Uncovered, coverage
from pathways.models import Draft
from pathways.presenters.words import STATUS_WORDS, count, show_instant

KIND_TITLES = {
    "invariant_broken": "Broken invariant",
    "not_proved": "Not proved in time",
    "unreachable_rule": "Rule that can never be true",
    "redundant_rule": "Rule that others imply",
    "always_same_option": "Option that is always the same",
    "indication_always_excluded": "Reason that is always ruled out",
    "hole_nothing": "Patient with nothing listed",
    "hole_trial_only": "Patient with nothing but a trial",
    "threshold_gap": "Gap between thresholds",
    "threshold_overlap": "Thresholds that overlap",
}


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its example, and who acknowledged it."""

    key: str
    kind: str
    sentence: str
    blocks: bool
    example: tuple[str, ...]
    try_url: str
    keep_url: str
    acknowledged: str
    reason: str
    said_before: str

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.blocks or not self.acknowledged


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One direction in which the draft moves an option."""

    option: str
    before: str
    after: str
    before_words: str
    after_words: str
    example: tuple[str, ...]
    try_url: str


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A rule that no test patient gives some value itself ("" where it has them all), with its parts that lack one."""

    rule: str
    title: str
    missing: str
    parts: tuple[tuple[str, str], ...]
    counted: str
    url: str


@dataclass(frozen=True, slots=True)
class ChecksPage:
    """Everything that checks and proofs say."""

    failures: tuple[Failure, ...]
    blocking: tuple[FindingView, ...]
    to_acknowledge: tuple[FindingView, ...]
    open: int
    invariants: str
    all_invariants: bool
    cases: str
    complete: bool
    seconds: str
    change: ChangeReport
    directions: tuple[ChangeView, ...]
    may_acknowledge: bool
    uncovered: tuple[CoverageLine, ...]
    uncovered_words: str


def checks_page(draft: Draft, actor: Actor) -> ChecksPage:
    """The page. Proofs run here where they were not made for this content yet."""
    report, change = report_of(draft), change_report_of(draft)
    known, before = acknowledged(draft, report), acknowledged_otherwise(draft, report)
    to_acknowledge = tuple(finding_view(draft, one, known, before) for one in report.to_acknowledge)
    covered = _covered(ruleset_of_draft(draft))
    return ChecksPage(
        failures=report.failures,
        blocking=tuple(finding_view(draft, one, known, before) for one in report.blocking),
        to_acknowledge=to_acknowledge,
        open=sum(one.open for one in to_acknowledge),
        invariants=f"{report.invariants_proved} of {count(report.invariants, 'invariant')} proved",
        all_invariants=report.invariants_proved == report.invariants,
        cases=_cases(report),
        complete=report.complete and change.complete,
        seconds=f"{(report.milliseconds + change.milliseconds) / 1000:.1f} s",
        change=change,
        directions=_directions(draft, change),
        may_acknowledge=actor.may(Capability.DRAFT_COMMENT).allowed,
        uncovered=_uncovered(draft, covered),
        uncovered_words=f"{count(len(covered.rules), 'rule')} and {count(len(covered.parts), 'part')} of rules lack a "
        f"value among {count(covered.patients, 'case and test patient', 'cases and test patients')}.",
    )


def _uncovered(draft: Draft, covered: Coverage) -> tuple[CoverageLine, ...]:
    """Every rule with what it lacks, and every part of it, in the order of the pathway; none is left out."""
    whole = {one.rule: _lacking(one) for one in covered.rules}
    parts: dict[str, list[tuple[str, str]]] = {}
    for one in covered.parts:
        parts.setdefault(one.rule, []).append((one.sentence, _lacking(one)))
    return tuple(
        CoverageLine(
            rule=rule.code,
            title=rule.title,
            missing=whole.get(rule.code, ""),
            parts=tuple(parts.get(rule.code, ())),
            counted=count(len(parts.get(rule.code, ())), "part lacks a value", "parts lack a value"),
            url=reverse("pathways:draft_entry", args=[draft.id, "rules", rule.code]),
        )
        for rule in ruleset_of_draft(draft).rules
        if rule.code in whole or rule.code in parts
    )


def _lacking(one: Uncovered) -> str:
    return " and ".join(value.word for value in one.missing)


@lru_cache(maxsize=4)
def _covered(ruleset: Ruleset) -> Coverage:
    """What no test patient shows, computed once per wording: it goes through every case."""
    return coverage(ruleset)


def _cases(report: Report) -> str:
    failing = len({(one.kind, one.code, one.title) for one in report.failures})
    return f"{report.cases - failing:,} of {report.cases:,} cases and test patients come to what is expected"


def finding_view(draft: Draft, finding: ReportedFinding, known: Known, before: Known) -> FindingView:
    """One finding as its panel shows it; `before`: what was said of it while it rested on another wording."""
    said, otherwise = known.get(finding.key), before.get(finding.key)
    given = said or otherwise
    return FindingView(
        key=finding.key,
        kind=KIND_TITLES.get(finding.kind, finding.kind),
        sentence=finding.sentence,
        blocks=finding.severity == "blocks",
        example=example_words(draft, finding.example),
        try_url=try_url(draft, finding.example),
        keep_url=keep_url(draft, finding.example),
        acknowledged=f"{said.by_name}, {show_instant(said.at)}" if said else "",
        reason=given.reason if given else "",
        said_before=f"{otherwise.by_name}, {show_instant(otherwise.at)}" if otherwise and not said else "",
    )


def _directions(draft: Draft, change: ChangeReport) -> tuple[ChangeView, ...]:
    titles = {option.code: option.title for option in ruleset_of_draft(draft).options}
    return tuple(
        ChangeView(
            option=titles.get(one.option, one.option),
            before=one.before,
            after=one.after,
            before_words=STATUS_WORDS[one.before],
            after_words=STATUS_WORDS[one.after],
            example=example_words(draft, one.example),
            try_url=try_url(draft, one.example),
        )
        for one in change.directions
    )


def example_words(draft: Draft, example: str | None) -> tuple[str, ...]:
    """An invented patient in the words of the data dictionary."""
    return in_words(example or "", ruleset_of_draft(draft).dictionary)


def try_url(draft: Draft, example: str | None) -> str:
    """Where an invented patient is looked at under the draft and the version in force; "" without one."""
    return _with_lines(reverse("pathways:draft_try", args=[draft.id]), example)


def keep_url(draft: Draft, example: str | None) -> str:
    """Where an invented patient is kept as a test patient; "" without one."""
    return _with_lines(reverse("pathways:draft_patient_new", args=[draft.id]), example)


def _with_lines(address: str, example: str | None) -> str:
    return "" if example is None else f"{address}?{urlencode({'features': example})}"
