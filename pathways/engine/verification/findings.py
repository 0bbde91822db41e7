"""What a proof says: findings with their smallest examples, verdicts, counts, and what a change does.

What it is: frozen dataclasses, kept free of z3 so that pages can hold them without loading it.
What it refuses to do: call something proved that was not; a timeout is `not_proved`, never fine.
Who calls it: `prove` and `prove_change` build them; pages, publishing and `manage.py ruleset verify` read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any as Anything
from typing import Literal

from pathways.engine.statuses import Status

Kind = Literal[
    "invariant_broken",
    "unreachable_rule",
    "redundant_rule",
    "always_same_option",
    "indication_always_excluded",
    "hole_nothing",
    "hole_trial_only",
    "threshold_gap",
    "threshold_overlap",
    "not_proved",
]
KINDS: tuple[Kind, ...] = (
    "invariant_broken",
    "unreachable_rule",
    "redundant_rule",
    "always_same_option",
    "indication_always_excluded",
    "hole_nothing",
    "hole_trial_only",
    "threshold_gap",
    "threshold_overlap",
    "not_proved",
)
Severity = Literal["blocks", "acknowledge"]
BLOCKING: frozenset[Kind] = frozenset({"invariant_broken"})

# A patient in the form `assess` takes; a history set of which only some members are known is a PartialSet.
Example = Mapping[str, Anything]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a proof found. `about` says of what ("redundant_rule:PRRT-I2"), `content` on which wording it rests.

    `key` has both, so that a finding stays acknowledged while it is the same, and no other passes for it. `codes` are
    the rules, options and invariants it is about, the one it is about most first. `examples` are patients that show it,
    smallest first; none where it is about something that no patient has.
    """

    kind: Kind
    about: str
    codes: tuple[str, ...]
    sentence: str
    severity: Severity
    examples: tuple[Example, ...] = ()
    content: str = ""

    @property
    def key(self) -> str:
        """What an acknowledgement names."""
        return f"{self.about}@{self.content}" if self.content else self.about

    @property
    def example(self) -> Example | None:
        """The smallest patient that shows it, if there is one."""
        return self.examples[0] if self.examples else None

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of publishing; otherwise it is acknowledged with a reason."""
        return self.severity == "blocks"


Answer = Literal["proved", "refuted", "not proved"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one question: `subject` says of what ("invariant", "rule", "option", "ruleset"), `kind` which."""

    subject: Literal["invariant", "rule", "option", "ruleset"]
    code: str
    kind: Kind
    answer: Answer
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Count:
    """How many of something are proved; `sentence` says it: '73 of 73 invariants proved'."""

    subject: str
    proved: int
    total: int

    @property
    def sentence(self) -> str:
        """The count in words."""
        return f"{self.proved} of {self.total} {self.subject} proved"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was asked about one ruleset and found. `complete`: every question asked has an answer.

    `elapsed` is in milliseconds. With `only`, questions that were left out have neither verdict nor finding.
    """

    digest: str
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    elapsed: float
    complete: bool

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that stand in the way of publishing."""
        return tuple(finding for finding in self.findings if finding.blocks)

    @property
    def to_acknowledge(self) -> tuple[Finding, ...]:
        """The findings that are acknowledged one by one, with a reason."""
        return tuple(finding for finding in self.findings if not finding.blocks)

    def of_kind(self, kind: Kind) -> tuple[Finding, ...]:
        """The findings of one kind."""
        return tuple(finding for finding in self.findings if finding.kind == kind)

    def about(self, code: str) -> tuple[Finding, ...]:
        """The findings that name a rule, an option or an invariant."""
        return tuple(finding for finding in self.findings if code in finding.codes)

    @property
    def counts(self) -> Mapping[str, Count]:
        """By subject, what was proved: invariants that hold, rules that can be true."""
        return {
            "invariants": _count("invariants", self.verdicts, "invariant_broken"),
            "rules": _count("rules", self.verdicts, "unreachable_rule"),
        }


def _count(subject: str, verdicts: Iterable[Verdict], kind: Kind) -> Count:
    answers = [verdict.answer for verdict in verdicts if verdict.kind == kind]
    return Count(subject, answers.count("proved"), len(answers))


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One direction in which the change moves an option, with the smallest patients for whom it does."""

    option: str
    before: Status
    after: Status
    examples: tuple[Example, ...]
    sentence: str

    @property
    def example(self) -> Example:
        """The smallest patient found."""
        return self.examples[0]


@dataclass(frozen=True, slots=True)
class Region:
    """The values of one feature with which the change can matter; with every other value it is proved not to.

    `changing` and `calm` are the feature's values in words; not recorded, or recorded in part, is one of them.
    """

    feature: str
    changing: tuple[str, ...]
    calm: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class ChangeProof:
    """What an edit does to every possible patient. `unchanged`: options proved to keep their status for all of them;
    `untouched`: those of which nothing that they rest on was changed, so that nothing had to be proved. `widened`: the
    kinds of holes into which somebody may fall who did not before; of the others it is proved that nobody does.

    `elapsed` is in milliseconds. `complete`: every question has an answer; otherwise `not_proved` names the options.
    """

    before: str
    after: str
    changes: tuple[StatusChange, ...]
    unchanged: tuple[str, ...]
    untouched: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    not_proved: tuple[str, ...]
    widened: tuple[Kind, ...]
    regions: tuple[Region, ...]
    elapsed: float
    complete: bool

    @property
    def changes_nothing(self) -> bool:
        """Proved: no possible patient has another status of any option, and no option came or went."""
        return self.complete and not (self.changes or self.added or self.removed)

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        if not self.complete:
            return f"Not proved for {_options(len(self.not_proved))}: the time given was too short."
        if self.changes_nothing:
            return "For no possible patient does this change any status."
        options = list(dict.fromkeys([*self.added, *self.removed, *(change.option for change in self.changes)]))
        return f"This can change the status of {_options(len(options))}."


def _options(count: int) -> str:
    return f"{count} option{'' if count == 1 else 's'}"


class ProofFault(RuntimeError):
    """The proof and the engine disagree about a patient: a fault of the program, never to be passed over."""


__all__ = [
    "BLOCKING", "KINDS", "Answer", "ChangeProof", "Count", "Example", "Finding", "Kind", "Proof", "ProofFault",
    "Region", "Severity", "StatusChange", "Verdict",
]  # fmt: skip
