"""Questions about the rules of one option: can each be true, does each matter, does the option's status vary?

What it is: unreachable and redundant rules, indications that are always excluded, options that come out the same for
everybody. What it refuses to do: judge cautions redundant; two warnings for one reason are two warnings.
Who calls it: `prove`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from pathways.engine.logic import Truth
from pathways.engine.problems import listed
from pathways.engine.ruleset import Effect, Rule, Ruleset
from pathways.engine.statuses import Status
from pathways.engine.verification.examples import Features, Patient
from pathways.engine.verification.findings import Finding
from pathways.engine.verification.formulas import Formula
from pathways.engine.verification.questions import Bench, Question, finding
from pathways.engine.verification.touched import content_digest, features_read

# Every status that rules can give, those first that nearly every option can have.
ORDER = (Status.CANDIDATE, Status.NOT_INDICATED, Status.EXCLUDED, Status.CONDITIONAL, Status.POSSIBLE)
CONTRADICTORY = "except for records that contradict themselves"


def rule_questions(bench: Bench, option: str) -> Iterator[Question]:
    """Every question about one option and its rules."""
    rules = bench.ruleset.rules_of(option)
    for rule in rules:
        yield _reachable(bench, rule)
    for effect in (Effect.INDICATION, Effect.EXCLUSION):
        alike = [rule for rule in rules if rule.effect is effect]
        for rule in alike if len(alike) > 1 else ():
            yield _redundant(bench, rule, [other for other in alike if other is not rule])
    if any(rule.effect is Effect.EXCLUSION for rule in rules):
        for rule in rules:
            if rule.effect is Effect.INDICATION:
                yield _always_excluded(bench, rule)
    yield _varies(bench, option)


def _true(bench: Bench, rule: Rule) -> partial[bool]:
    """Whether a rule is TRUE for a patient, by the engine."""
    return partial(_is_true, bench, rule)


def _is_true(bench: Bench, rule: Rule, features: Features) -> bool:
    patient = bench.engine.patient(features)
    return patient.truth(rule.when) is Truth.TRUE and patient.consistent


# Rules that can never be true


def _reachable(bench: Bench, rule: Rule) -> Question:
    return Question(
        "rule",
        rule.code,
        "unreachable_rule",
        f"{rule.code} can be true for some patient.",
        partial(_counting, bench, rule),
        partial(_ask_reachable, bench, rule),
        lambda: any(_counts(rule, patient) for patient in bench.witnesses(rule.option)),
    )


def _counting(bench: Bench, rule: Rule) -> tuple[Formula, ...]:
    """True where the rule is TRUE and counts, and the record does not contradict itself."""
    not_idle = bench.formulas.no(bench.encoding.effect(rule.option, Effect.INDICATION).false)
    needed = () if rule.effect is Effect.INDICATION else (not_idle,)
    return (bench.encoding.rule(rule).true, bench.consistent, *needed)


def _counts(rule: Rule, patient: Patient) -> bool:
    if patient.truth(rule.when) is not Truth.TRUE:
        return False
    return rule.effect is Effect.INDICATION or patient.status(rule.option) is not Status.NOT_INDICATED


def _ask_reachable(bench: Bench, rule: Rule) -> Iterator[Finding]:
    true = bench.encoding.rule(rule).true
    if bench.exists(*_counting(bench, rule)):
        return
    examples: tuple[Features, ...] = ()
    if not bench.exists(true):
        words = "can never be true, whatever is known of a patient."
    elif not bench.exists(true, bench.consistent):
        words = "can be true only for patients whose record contradicts itself."
    else:
        option = bench.option(rule.option)
        words = f"is true only for patients for whom {option} is not indicated anyway, so it never counts."
        examples = bench.example((true, bench.consistent), _true(bench, rule))
    content = content_digest(bench.ruleset, [rule, *_deciding(bench, rule.option)] if examples else [rule], words)
    codes = (rule.code, rule.option)
    yield finding("unreachable_rule", rule.code, codes, f"{rule.code} {words}", examples, content=content)


def _deciding(bench: Bench, option: str) -> list[Rule]:
    """The rules that decide the status of an option."""
    return [rule for rule in bench.ruleset.rules_of(option) if rule.effect is not Effect.CAUTION]


# Rules implied by others


def _redundant(bench: Bench, rule: Rule, others: Sequence[Rule]) -> Question:
    return Question(
        "rule",
        rule.code,
        "redundant_rule",
        f"{rule.code} is true for a patient for whom no other {rule.effect} of {bench.option(rule.option)} is.",
        partial(_alone, bench, rule, others),
        partial(_ask_redundant, bench, rule, others),
        partial(_is_alone, bench, rule, others),
    )


def _alone(bench: Bench, rule: Rule, others: Sequence[Rule]) -> tuple[Formula, ...]:
    """True where the rule is TRUE and none of the others is, and the record does not contradict itself."""
    not_others = (bench.formulas.no(bench.encoding.rule(other).true) for other in others)
    return (bench.encoding.rule(rule).true, bench.consistent, *not_others)


def _is_alone(bench: Bench, rule: Rule, others: Sequence[Rule]) -> bool:
    """Whether a patient kept with the ruleset has the rule TRUE and none of the others."""
    return any(
        patient.truth(rule.when) is Truth.TRUE and all(patient.truth(other.when) is not Truth.TRUE for other in others)
        for patient in bench.witnesses(rule.option)
    )


def _ask_redundant(bench: Bench, rule: Rule, others: Sequence[Rule]) -> Iterator[Finding]:
    f, encoding = bench.formulas, bench.encoding
    true = encoding.rule(rule).true
    without = [(other.code, f.no(encoding.rule(other).true)) for other in others]
    if bench.exists(*_alone(bench, rule, others)):
        return
    if not bench.exists(true, bench.consistent):
        return  # reported as one that can never be true
    names = next((name for name, no in without if not bench.exists(true, bench.consistent, no)), "")
    if names:
        implying = [names]
    else:
        bench.exists(true, bench.consistent, *(formula for _, formula in without))
        implying = bench.asker.core(without) or [name for name, _ in without]
    everywhere = not bench.exists(true, *(formula for _, formula in without))
    alone = f"{listed(implying)} is true as well"
    kept = encoding.effect(rule.option, rule.effect)
    less = encoding.effect(rule.option, rule.effect, without=rule.code)
    same = f.all((f.same(kept.true, less.true), f.same(kept.false, less.false)))
    matters = bench.exists(bench.consistent, f.no(same))
    yield finding(
        "redundant_rule",
        rule.code,
        (rule.code, *implying, rule.option),
        f"Wherever {rule.code} is true, {alone}{'' if everywhere else f', {CONTRADICTORY}'}. "
        + ("It still counts while something is unknown." if matters else "Without it no status would be another."),
        bench.example((true, bench.consistent), _true(bench, rule)),
        content=content_digest(bench.ruleset, [rule, *others], implying, everywhere, matters),
    )


# Indications that are always excluded


def _always_excluded(bench: Bench, rule: Rule) -> Question:
    exclusions = [one for one in bench.ruleset.rules_of(rule.option) if one.effect is Effect.EXCLUSION]
    return Question(
        "rule",
        rule.code,
        "indication_always_excluded",
        f"{rule.code} is true for a patient whom no exclusion of {bench.option(rule.option)} rules out.",
        partial(_alone, bench, rule, exclusions),
        partial(_ask_excluded, bench, rule, exclusions),
        partial(_is_alone, bench, rule, exclusions),
    )


def _ask_excluded(bench: Bench, rule: Rule, exclusions: Sequence[Rule]) -> Iterator[Finding]:
    true = bench.encoding.rule(rule).true
    without = [(one.code, bench.formulas.no(bench.encoding.rule(one).true)) for one in exclusions]
    if bench.exists(*_alone(bench, rule, exclusions)):
        return
    by = bench.asker.core(without) or [name for name, _ in without]
    if not bench.exists(true, bench.consistent):
        return  # reported as one that can never be true
    yield finding(
        "indication_always_excluded",
        rule.code,
        (rule.code, *by, rule.option),
        f"Wherever {rule.code} is true, {bench.option(rule.option)} is excluded by {listed(by)}, so it never lists it.",
        bench.example((true, bench.consistent), _true(bench, rule)),
        content=content_digest(bench.ruleset, [rule, *exclusions], by),
    )


# Options that come out the same for everybody


def _varies(bench: Bench, option: str) -> Question:
    return Question(
        "option",
        option,
        "always_same_option",
        f"{bench.option(option)} has more than one status.",
        lambda: (
            *(bench.encoding.status(option, status) for status in ORDER),
            _settled(bench, option),
            bench.consistent,
        ),
        partial(_ask_varies, bench, option),
    )


def _settled(bench: Bench, option: str) -> Formula:
    """True where all that decides the option's status is known, or does not apply."""
    return bench.formulas.all(bench.encoding.reading.settled(name) for name in read_by(bench.ruleset, option))


def _ask_varies(bench: Bench, option: str) -> Iterator[Finding]:
    settled = _settled(bench, option)
    known: list[Status] = []
    for status in ORDER:
        if _can_be(bench, option, status, settled):
            known.append(status)
        if len(known) > 1:
            return
    if not known:
        return
    ever = [status for status in ORDER if bench.exists(bench.encoding.status(option, status))]
    word = known[0].replace("_", " ")
    who = "for every possible patient" if len(ever) == 1 else "for every patient of whom all it asks for is known"
    formulas = (bench.encoding.status(option, known[0]), settled, bench.consistent)
    shows = partial(_has, bench, option, known[0])
    sentence = f"{bench.option(option)} is {word} {who}: its rules make no difference."
    content = content_digest(bench.ruleset, _deciding(bench, option), word, who)
    examples = bench.example(formulas, shows)
    yield finding("always_same_option", option, (option,), sentence, examples, content=content)


def _can_be(bench: Bench, option: str, status: Status, settled: Formula) -> bool:
    return bench.exists(bench.encoding.status(option, status), settled, bench.consistent)


def _has(bench: Bench, option: str, status: Status, features: Features) -> bool:
    return bench.engine.patient(features).status(option) is status


def read_by(ruleset: Ruleset, option: str) -> list[str]:
    """The features that the indications and exclusions of an option read, in dictionary order."""
    deciding = (rule.when for rule in ruleset.rules_of(option) if rule.effect is not Effect.CAUTION)
    return ruleset.dictionary.in_order(features_read(ruleset, deciding))
