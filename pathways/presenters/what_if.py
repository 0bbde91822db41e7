"""What a what-if comes to: two assessments side by side, what differs, by which rules and values, and what does not.

Pure: from two assessments to values that a template loops over. It names no option better than before, and drops none:
those that stay as they are are counted and folded. Called by the what-if view.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pathways.engine import Assessment, Contradiction, RuleResult, Truth, comparisons_of
from pathways.engine.succession import ChangedOption, Succession, compare
from pathways.presenters.trace_rows import value_in_words
from pathways.presenters.words import EFFECT_TITLES, LISTED, STATUS_WORDS, count, one_of_each
from pathways.what_if import Hypothesis

_TRUTH_WORDS = {Truth.TRUE: "holds", Truth.FALSE: "does not hold", Truth.UNKNOWN: "cannot be judged"}
MOST_VALUES = 3


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A feature before and after; `why` says what it follows from where nobody typed it."""

    feature: str
    title: str
    before: str
    after: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ChangedReason:
    """A rule that comes to something else, with the values that made it so."""

    code: str
    title: str
    effect: str
    before: str
    after: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """An option whose status would be another one."""

    code: str
    title: str
    before: str
    after: str
    reasons: tuple[ChangedReason, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CautionRow:
    """A listed option that keeps its status, with the cautions that would arise or fall away."""

    code: str
    title: str
    status: str
    arise: tuple[str, ...]
    fall: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SameRow:
    """An option that keeps its status."""

    code: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many options have a status, now and then."""

    status: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class SaidContradiction:
    """What in the hypothetical record does not go together; `on_record`: it does not in the real one either."""

    sentence: str
    on_record: bool


@dataclass(frozen=True, slots=True)
class WhatIfResult:
    """Everything the answer says."""

    said: str
    values: tuple[ChangedValue, ...]
    follows: tuple[ChangedValue, ...]
    implied: tuple[ChangedValue, ...]
    contradictions: tuple[SaidContradiction, ...]
    changed: tuple[ChangedRow, ...]
    cautions: tuple[CautionRow, ...]
    same: tuple[SameRow, ...]
    counts: tuple[CountRow, ...]
    more_missing: tuple[str, ...]
    less_missing: tuple[str, ...]
    missing_number: int
    complete: bool


def what_if_result(before: Assessment, after: Assessment, changes: Hypothesis) -> WhatIfResult:
    """The answer; `changes` says what was typed, the rest of what differs follows from it."""
    succession = compare(before, after)
    missing_before, missing_after = _missing(before), _missing(after)
    return WhatIfResult(
        said=_said(changes, succession, len(after.options)),
        values=_values(after, changes),
        follows=_follows(after, succession, changes),
        implied=_implied(after),
        contradictions=tuple(_contradictions(before.contradictions, after.contradictions)),
        changed=tuple(_changed(before, after, option) for option in succession.options),
        cautions=tuple(_cautions(before, after)),
        same=tuple(_same(before, after)),
        counts=tuple(_counts(before, after)),
        more_missing=_titles(after, [name for name in missing_after if name not in missing_before]),
        less_missing=_titles(after, [name for name in missing_before if name not in missing_after]),
        missing_number=len(missing_after),
        complete=after.complete,
    )


def _said(changes: Hypothesis, succession: Succession, total: int) -> str:
    """'2 values changed: 3 of 48 options have another status.'"""
    refused = len(changes.refused)
    left = f" {count(refused, 'entry is', 'entries are')} not understood and left as on record." if refused else ""
    if not changes.changed:
        return f"Nothing is changed: the list is the present one.{left}"
    number = len(succession.options)
    verb = "has" if number == 1 else "have"
    options = f"{number} of {total} options {verb} another status" if number else "no option has another status"
    return f"{count(len(changes.changed), 'value')} changed: {options}.{left}"


def _values(after: Assessment, changes: Hypothesis) -> tuple[ChangedValue, ...]:
    features = after.ruleset.dictionary.features
    return tuple(
        ChangedValue(
            name,
            features[name].title,
            features[name].show(changes.present.get(name)),
            "not known" if value is None else features[name].show(value),
        )
        for name, value in changes.changed.items()
    )


def _follows(after: Assessment, succession: Succession, changes: Hypothesis) -> tuple[ChangedValue, ...]:
    """What the rules read otherwise although nobody typed it, and what they read in place of a value taken away."""
    features, known = after.ruleset.dictionary.features, after.record.known
    differs = {entry.feature: entry.before for entry in succession.features if entry.feature not in changes.changed}
    replaced = {name: None for name, value in changes.changed.items() if value is None and name in known}
    return tuple(
        ChangedValue(
            name,
            features[name].title,
            "not known" if name in replaced else features[name].show({**differs, **replaced}[name]),
            features[name].show(known.get(name)),
            _why(after, name),
        )
        for name in after.ruleset.dictionary.in_order({**differs, **replaced})
    )


def _why(assessment: Assessment, feature: str) -> str:
    code = next((entry.by for entry in assessment.implied if entry.feature == feature), "")
    if not code:
        return "does not apply any more" if feature in assessment.record.inapplicable else "follows no longer"
    return f"follows from the record ({code})"


def _implied(after: Assessment) -> tuple[ChangedValue, ...]:
    features = after.ruleset.dictionary.features
    return tuple(
        ChangedValue(one.feature, features[one.feature].title, "", features[one.feature].show(one.value), one.by)
        for one in after.implied
    )


def _contradictions(before: Sequence[Contradiction], after: Sequence[Contradiction]) -> Iterable[SaidContradiction]:
    known = {entry.sentence for entry in before}
    return (SaidContradiction(entry.sentence, entry.sentence in known) for entry in after)


def _changed(before: Assessment, after: Assessment, option: ChangedOption) -> ChangedRow:
    old = {result.code: result for result in before.explain(option.option)}
    new = {result.code: result for result in after.explain(option.option)}
    reasons = [_reason(old[code], new[code]) for code in option.rules if code in old and code in new]
    deciding = [reason for reason in reasons if reason.effect != EFFECT_TITLES["caution"]]
    return ChangedRow(
        code=option.option,
        title=after.ruleset.option(option.option).title,
        before=str(option.before),
        after=str(option.after),
        reasons=tuple(deciding),
        missing=_titles(after, after.option(option.option).missing),
    )


def _reason(before: RuleResult, after: RuleResult) -> ChangedReason:
    """The rule, and the comparisons that came to something else because the value is another one."""
    pairs = zip(comparisons_of(before.trace), comparisons_of(after.trace), strict=True)
    differing = [new for old, new in pairs if old.value is not new.value]
    values = one_of_each(value_in_words(node) for node in differing)
    return ChangedReason(
        code=after.code,
        title=after.rule.title or after.rationale,
        effect=EFFECT_TITLES[str(after.effect)],
        before=_TRUTH_WORDS[before.value],
        after=_TRUTH_WORDS[after.value],
        values=tuple(values[:MOST_VALUES]),
    )


def _cautions(before: Assessment, after: Assessment) -> Iterable[CautionRow]:
    for assessed in after.options:
        was = before.by_code.get(assessed.code)
        if was is None or was.status is not assessed.status or str(assessed.status) not in LISTED:
            continue
        arise = [code for code in assessed.cautions if code not in was.cautions]
        fall = [code for code in was.cautions if code not in assessed.cautions]
        if arise or fall:
            title = after.ruleset.option(assessed.code).title
            yield CautionRow(
                assessed.code, title, str(assessed.status), _rule_titles(after, arise), _rule_titles(after, fall)
            )


def _same(before: Assessment, after: Assessment) -> Iterable[SameRow]:
    for option in after.ruleset.options:
        status = after.option(option.code).status
        if option.code in before.by_code and before.option(option.code).status is status:
            yield SameRow(option.code, option.title, str(status))


def _counts(before: Assessment, after: Assessment) -> Iterable[CountRow]:
    old: Mapping[str, int] = {str(status): number for status, number in before.counts().items()}
    new: Mapping[str, int] = {str(status): number for status, number in after.counts().items()}
    for status in STATUS_WORDS:
        if old.get(status) or new.get(status):
            yield CountRow(status, old.get(status, 0), new.get(status, 0))


def _missing(assessment: Assessment) -> list[str]:
    """The features that open options wait for; how much each settles is not asked here."""
    return assessment.ruleset.dictionary.in_order({name for option in assessment.options for name in option.missing})


def _titles(assessment: Assessment, names: Iterable[str]) -> tuple[str, ...]:
    features = assessment.ruleset.dictionary.features
    return tuple(features[name].short or features[name].title for name in names)


def _rule_titles(assessment: Assessment, codes: Iterable[str]) -> tuple[str, ...]:
    rules = [assessment.ruleset.rule(code) for code in codes]
    return tuple(rule.title or rule.rationale for rule in rules)
