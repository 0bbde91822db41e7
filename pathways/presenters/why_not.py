"""Why an option is not listed: the comparisons that fail, each with this patient's value, its date and its source.

Four answers are kept apart. Ruled out: a rule that excludes holds. Cannot tell: something is not known (such an option is
listed as possible, or as conditional). No reason holds: what the rules ask for is known to be otherwise. Not covered: the
rules say nothing of the option for this primary site, or at all. An option is one fact away where another value of a
single fact would list it, all else as it is; the engine tries them all. It says what the fact would have to be, and
decides nothing. Called by the candidates page, the option's page and the printed sheet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pathways.engine import Assessment, Effect, OneFact, RuleResult, Ruleset, Truth, assess, one_fact_away
from pathways.engine.sentences import comparison_sentence
from pathways.engine.trace import TraceComparison
from pathways.presenters.trace_rows import Readings, ReadingWords, obstacles

KIND_WORDS = {
    "ruled_out": "Ruled out",
    "cannot_tell": "Cannot tell",
    "no_reason": "No reason holds",
    "not_covered": "Not covered by the rules",
}
KIND_MEANINGS = {
    "ruled_out": "A rule that excludes this option holds.",
    "cannot_tell": "Whether it is worth review depends on what nobody has recorded yet. That is neither yes nor no.",
    "no_reason": "The rules have reasons for this option; none of them holds for the values on record.",
    "not_covered": "The loaded rules do not cover it here. That says nothing for or against the option.",
}
NEAR = "one_fact_away"
SITE = "primary_site"


@dataclass(frozen=True, slots=True)
class Failed:
    """One comparison in the way: what the rule asks, and what this patient has."""

    asked: str
    verdict: str
    feature: str
    title: str
    value: str
    origin: str
    old: str
    follows: str

    @property
    def said(self) -> str:
        """'Disease course is progressing: does not hold. Progression: stable (CT report, 12 Oct 2026)'."""
        behind = "; ".join(part for part in (self.origin, self.old, self.follows) if part)
        return f"{self.asked}: {self.verdict}. {self.title}: {self.value}{f' ({behind})' if behind else ''}"


@dataclass(frozen=True, slots=True)
class RuleFailed:
    """One rule with the comparisons that decide it here."""

    code: str
    title: str
    failed: tuple[Failed, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """One fact that alone would list the option, and what it would have to be."""

    feature: str
    title: str
    values: str
    contradicts: bool

    @property
    def said(self) -> str:
        """'Extent: metastatic (contradicts other values on record)'."""
        return f"{self.title}: {self.values}{' (contradicts other values on record)' if self.contradicts else ''}"


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why one option is not listed, or cannot be told."""

    kind: str
    word: str
    meaning: str
    rules: tuple[RuleFailed, ...]
    near: tuple[Near, ...] = ()

    @property
    def near_said(self) -> str:
        """What each fact would have to be, in one line, for paper."""
        return "; or ".join(one.said for one in self.near)

    @property
    def said(self) -> str:
        """The whole of it in one line, for paper."""
        parts = [f"{rule.title} ({rule.code}): {'; '.join(one.said for one in rule.failed)}" for rule in self.rules]
        return ". ".join(parts) or self.meaning


def why_not(
    assessment: Assessment, code: str, readings: Readings, near: Sequence[OneFact] | None = None
) -> WhyNot | None:
    """The answer for one option; None for one that is a candidate, or was not judged.

    `near`: the facts that alone would list it, where they have been found for all options at once.
    """
    results = assessment.explain(code)
    match str(assessment.option(code).status):
        case "excluded":
            ruling = [r for r in results if r.effect is Effect.EXCLUSION and r.value is Truth.TRUE]
            rules = tuple(_rule(result, readings, wanted=False) for result in ruling)
            return _answer("ruled_out", rules, _near(assessment, code, near))
        case "not_indicated":
            return _not_indicated(assessment, code, readings, _near(assessment, code, near))
        case "possible":
            return _answer("cannot_tell", tuple(_open(results, Effect.INDICATION, readings)))
        case "conditional":
            return _answer("cannot_tell", tuple(_open(results, Effect.EXCLUSION, readings)))
        case _:
            return None


def _answer(kind: str, rules: tuple[RuleFailed, ...], near: tuple[Near, ...] = (), meaning: str = "") -> WhyNot:
    return WhyNot(kind, KIND_WORDS[kind], meaning or KIND_MEANINGS[kind], rules, near)


def _not_indicated(assessment: Assessment, code: str, readings: Readings, near: tuple[Near, ...]) -> WhyNot:
    nearest = assessment.nearest(code)
    if not nearest:
        return _answer("not_covered", (), (), "The loaded rules give no reason for this option, for any patient.")
    rules = (_rule(nearest[0], readings, wanted=True),)
    site = assessment.record.known.get(SITE)
    if isinstance(site, str) and code in not_covered_at(assessment.ruleset, site):
        place = assessment.ruleset.dictionary.features[SITE].show(site)
        said = f"No rule of this option gives a reason for the primary site {place}. {KIND_MEANINGS['not_covered']}"
        return _answer("not_covered", rules, near, said)
    return _answer("no_reason", rules, near)


def _near(assessment: Assessment, code: str, found: Sequence[OneFact] | None) -> tuple[Near, ...]:
    """The facts that alone would list the option, in words."""
    facts = one_fact_away(assessment).get(code, ()) if found is None else found
    features = assessment.ruleset.dictionary.features
    return tuple(Near(f.feature, features[f.feature].title, f.values, f.contradicts) for f in facts)


@lru_cache(maxsize=64)
def not_covered_at(ruleset: Ruleset, site: str) -> frozenset[str]:
    """The options of which no reason can hold at this primary site, whatever else is known."""
    only_site = assess(ruleset, {SITE: site})
    return frozenset(
        option.code
        for option in ruleset.options
        if all(r.value is Truth.FALSE for r in only_site.explain(option.code) if r.effect is Effect.INDICATION)
    )


def _open(results: tuple[RuleResult, ...], effect: Effect, readings: Readings) -> Iterator[RuleFailed]:
    for result in results:
        if result.effect is effect and result.value is Truth.UNKNOWN:
            yield _rule(result, readings, wanted=effect is Effect.INDICATION)


def _rule(result: RuleResult, readings: Readings, *, wanted: bool) -> RuleFailed:
    failed = [_failed(node, readings, holds=holds) for node, holds in obstacles(result.trace, wanted=wanted)]
    return RuleFailed(result.code, result.rule.title or result.rule.rationale, tuple(dict.fromkeys(failed)))


def _failed(node: TraceComparison, readings: Readings, *, holds: bool) -> Failed:
    feature = node.comparison.feature
    reading = readings.get(node.feature, ReadingWords()) if node.origin in ("recorded", "unknown") else ReadingWords()
    value = feature.show(node.actual) if node.actual is not None else node.actual_text
    if node.actual is None and reading.unused:
        value = f"{reading.unused}, not used"
    verdict = "not known" if node.value is Truth.UNKNOWN else "holds" if holds else "does not hold"
    return Failed(
        asked=comparison_sentence(node.comparison, negated=False),
        verdict=verdict,
        feature=node.feature,
        title=feature.short or feature.title,
        value=value,
        origin=", ".join(part for part in (reading.source, reading.when) if part),
        old=reading.old,
        follows=f"follows from: {node.because}" if node.origin == "implied" else "",
    )
