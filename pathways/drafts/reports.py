"""What checks and proofs say of a draft's content, computed once per content and kept by its digest.

What it is: the one door from drafts to `pathways.engine.checks` and `pathways.engine.verification`, as plain data that
pages and the gate read. What it refuses to do: call something fine that was not proved.
Who calls it: the gate, the pages of a draft.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from time import monotonic
from typing import Any, Literal, TypeVar

from django.utils import timezone

from pathways.drafting.feature_lines import to_lines
from pathways.drafting.naming import with_titles
from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine import Ruleset, canonical_json, read_json
from pathways.engine.checks import CaseFailure, CaseResult, check_cases
from pathways.engine.verification import prove, prove_change
from pathways.models import CheckReport, Draft
from pathways.selectors import ruleset_of

# Changes when a report of the same content would read otherwise; reports of an older checker are made again.
CHECKER = "2"

# Milliseconds for all proofs of one content, and for those of one change.
BUDGET_MS = 60_000

Severity = Literal["blocks", "acknowledge"]
Made = TypeVar("Made", "Report", "ChangeReport")


@dataclass(frozen=True, slots=True)
class Failure:
    """A test patient for whom the draft does not come to what was expected; `code` is the rule or the test patient."""

    kind: str
    code: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """One thing that the proofs found, with the smallest patient who shows it, as feature lines.

    `about` says of what, `key` in which wording as well: it is the key that is acknowledged.
    """

    kind: str
    about: str
    key: str
    severity: Severity
    codes: tuple[str, ...]
    sentence: str
    example: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found for one content."""

    cases: int
    failures: tuple[Failure, ...]
    findings: tuple[ReportedFinding, ...]
    invariants: int
    invariants_proved: int
    complete: bool
    milliseconds: int

    @property
    def blocking(self) -> tuple[ReportedFinding, ...]:
        """What keeps the draft from being submitted."""
        return tuple(finding for finding in self.findings if finding.severity == "blocks")

    @property
    def to_acknowledge(self) -> tuple[ReportedFinding, ...]:
        """What may stand once a person has said why."""
        return tuple(finding for finding in self.findings if finding.severity != "blocks")


@dataclass(frozen=True, slots=True)
class Direction:
    """One way in which the draft moves an option, with the smallest patient for whom it does, as feature lines."""

    option: str
    before: str
    after: str
    sentence: str
    example: str


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """What the draft does to every possible patient, against the version it stands on.

    `widened`: the kinds of holes into which somebody may fall who does not in that version.
    """

    sentence: str
    changes_nothing: bool
    complete: bool
    directions: tuple[Direction, ...]
    regions: tuple[str, ...]
    unchanged: tuple[str, ...]
    not_proved: tuple[str, ...]
    widened: tuple[str, ...]
    milliseconds: int


def report_of(draft: Draft) -> Report:
    """Checks and proofs of the draft's content."""
    ruleset = ruleset_of_draft(draft)
    return _kept(draft.digest, lambda: _report(ruleset), _report_from)


def report_of_ruleset(ruleset: Ruleset) -> Report:
    """Checks and proofs of any ruleset."""
    return _kept(ruleset.digest, lambda: _report(ruleset), _report_from)


def change_report_of(draft: Draft) -> ChangeReport:
    """What the draft changes, proved over every possible patient."""
    before, after = ruleset_of(draft.base), ruleset_of_draft(draft)
    key = "sha256:" + sha256(f"{before.digest} {after.digest}".encode()).hexdigest()
    return _kept(key, lambda: _change(before, after), _change_from)


def _kept(key: str, make: Callable[[], Made], read: Callable[[dict[str, Any]], Made]) -> Made:
    row = CheckReport.objects.filter(digest=key, checker=CHECKER).first()
    if row is not None:
        return read(read_json(row.report))
    made = make()
    if made.complete:
        values = {
            "checker": CHECKER,
            "report": canonical_json(asdict(made)),
            "made_at": timezone.now(),
            "milliseconds": made.milliseconds,
        }
        CheckReport.objects.update_or_create(digest=key, defaults=values)
    return made


def _report(ruleset: Ruleset) -> Report:
    began = monotonic()
    results = check_cases(ruleset)
    proof = prove(ruleset, budget_ms=BUDGET_MS)
    counted = proof.counts["invariants"]
    failures = [
        Failure(result.kind, result.code, result.title, _failure(ruleset, result, failure))
        for result in results
        for failure in result.failures
    ]
    findings = [
        ReportedFinding(
            finding.kind,
            finding.about,
            finding.key,
            finding.severity,
            finding.codes,
            with_titles(finding.sentence, finding.codes, ruleset),
            None if finding.example is None else to_lines(finding.example),
        )
        for finding in proof.findings
    ]
    return Report(
        cases=len(results),
        failures=tuple(failures),
        findings=tuple(findings),
        invariants=counted.total,
        invariants_proved=counted.proved,
        complete=proof.complete,
        milliseconds=_since(began),
    )


def _failure(ruleset: Ruleset, result: CaseResult, failure: CaseFailure) -> str:
    """What is expected and what it comes to, with titles."""
    wanted, got = failure.wanted.replace("_", " "), failure.got.replace("_", " ")
    if result.kind == "rule case":
        of = f"rule “{ruleset.rule(result.code).title}” ({result.code})"
        return f"A case of {of}: {wanted} is expected, it is {got}."
    titles = {option.code: option.title for option in ruleset.options}
    about = f"“{titles.get(failure.code, failure.code)}”"
    return f"Test patient “{result.title}” ({result.code}): {about} is expected to be {wanted}, it is {got}."


def _change(before: Ruleset, after: Ruleset) -> ChangeReport:
    began = monotonic()
    proof = prove_change(before, after, budget_ms=BUDGET_MS)
    return ChangeReport(
        sentence=proof.sentence,
        changes_nothing=proof.changes_nothing,
        complete=proof.complete,
        directions=tuple(
            Direction(one.option, str(one.before), str(one.after), one.sentence, to_lines(one.example))
            for one in proof.changes
        ),
        regions=tuple(region.sentence for region in proof.regions),
        unchanged=proof.unchanged,
        not_proved=proof.not_proved,
        widened=proof.widened,
        milliseconds=_since(began),
    )


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)


def _report_from(data: dict[str, Any]) -> Report:
    failures = tuple(Failure(**one) for one in data.pop("failures"))
    findings = tuple(ReportedFinding(**{**one, "codes": tuple(one["codes"])}) for one in data.pop("findings"))
    return Report(failures=failures, findings=findings, **_whole(data))


def _change_from(data: dict[str, Any]) -> ChangeReport:
    directions = tuple(Direction(**one) for one in data.pop("directions"))
    lists = {name: tuple(data.pop(name)) for name in ("regions", "unchanged", "not_proved", "widened")}
    return ChangeReport(directions=directions, **lists, **_whole(data))


def _whole(data: Mapping[str, Any]) -> dict[str, Any]:
    """Counts as whole numbers again: the canonical form reads every number as a decimal."""
    return {name: value if isinstance(value, str | bool) else int(value) for name, value in data.items()}
