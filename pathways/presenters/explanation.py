"""One option for one patient: its status, why, what could rule it out, what to weigh, what is missing, what would change it.

Pure: from the assessment to values that templates loop over. It shows every rule of the option (those that do not hold by
name, or with their trace on the option's own page), and decides nothing. Called by the candidates page, the explanation
page and the printed sheet, so that all three say the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pathways.engine import Assessment, Effect, OptionAssessment, PartialSet, Rule, RuleResult, Ruleset, Truth, sentence
from pathways.engine.changes import what_would_change
from pathways.presenters.citations import CitedSources, cited
from pathways.presenters.stops import stop_said, without_said
from pathways.presenters.trace_rows import Readings, TraceTable, in_the_way, trace_table, value_in_words
from pathways.presenters.why_not import WhyNot
from pathways.presenters.words import LISTED, STRENGTH_ICONS, STRENGTH_TITLES, count, listing, page_group_of

# Which of several reasons that hold is named in the row: the best supported one. It orders no options.
_STRENGTH_ORDER = {"label": 0, "guideline": 1, "trial": 2, "expert page": 3}
# A row names the missing facts that settle most; the others are counted there and named in the open row.
MOST_CHIPS = 3
_HISTORY = (
    ("current_treatments", "in use"),
    ("prior_treatments", "given before"),
    ("progressed_on", "grew on it"),
    ("intolerant_to", "not tolerated"),
)


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule with this patient's values."""

    code: str
    title: str
    effect: str
    truth: str
    rationale: str
    sentence: str
    table: TraceTable | None
    strength: str
    strength_icon: str


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to weigh; it never removes an option."""

    code: str
    title: str
    rationale: str


@dataclass(frozen=True, slots=True)
class MissingChip:
    """A feature that leaves the option open."""

    feature: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Change:
    """A value that would change the status, and the status it leads to; no `feature` where it takes several."""

    text: str
    status: str
    feature: str = ""


@dataclass(frozen=True, slots=True)
class OptionRow:
    """What the closed row of an option says. `differs`: its status under another report, or in force."""

    code: str
    title: str
    group: str
    page_group: str
    status: str
    reason: str
    rule_code: str
    strength: str
    strength_icon: str
    tags: tuple[str, ...]
    note: str
    beyond: bool
    cautions: tuple[Caution, ...]
    cautions_unknown: tuple[Caution, ...]
    missing: tuple[MissingChip, ...]
    error: str
    why: WhyNot | None = None
    differs: str = ""
    # For a suspended option what the rules alone come to, in a sentence that lists nothing.
    without_stop: str = ""

    @property
    def is_listed(self) -> bool:
        return self.status in LISTED

    @property
    def chips(self) -> tuple[MissingChip, ...]:
        return self.missing if len(self.missing) <= MOST_CHIPS + 1 else self.missing[:MOST_CHIPS]

    @property
    def more_missing(self) -> int:
        return len(self.missing) - len(self.chips)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the open row of an option says."""

    row: OptionRow
    reasons: tuple[RuleView, ...]
    open_reasons: tuple[RuleView, ...]
    other_reasons: tuple[RuleView, ...]
    ruling_out: tuple[RuleView, ...]
    open_exclusions: tuple[RuleView, ...]
    not_ruling_out: tuple[RuleView, ...]
    other_cautions: tuple[RuleView, ...]
    changes: tuple[Change, ...]
    changes_of_known: tuple[Change, ...]
    sources: CitedSources
    exclusions_said: str


FieldUrl = Callable[[str], str]


def no_link(feature: str) -> str:
    """For those who may not enter data, and for paper: no way to a field."""
    del feature
    return ""


def option_rows(assessment: Assessment, link: FieldUrl = no_link) -> list[OptionRow]:
    """The closed rows of all options, in catalogue order; `link` gives the address of a feature's entry field."""
    return [option_row(assessment, option.code, link) for option in assessment.ruleset.options]


def option_row(assessment: Assessment, code: str, link: FieldUrl = no_link) -> OptionRow:
    """The closed row of one option."""
    ruleset, assessed = assessment.ruleset, assessment.option(code)
    option = ruleset.option(code)
    leading, reason = _leading_reason(assessment, assessed)
    return OptionRow(
        code=code,
        title=option.title,
        group=option.group,
        page_group=page_group_of(option.group),
        status=str(assessed.status),
        reason=reason,
        rule_code=leading.code if leading else "",
        strength=STRENGTH_TITLES.get(leading.strength, "") if leading else "",
        strength_icon=STRENGTH_ICONS.get(leading.strength, "seed") if leading else "",
        tags=_tags(assessment, code, option.note),
        note=option.note,
        beyond=option.beyond,
        cautions=_cautions(ruleset, assessed.cautions),
        cautions_unknown=_cautions(ruleset, assessed.cautions_unknown),
        missing=tuple(MissingChip(n, _short(ruleset, n), link(n)) for n in _by_effect(assessment, assessed.missing)),
        error=assessed.error,
        without_stop=without_said(assessment, code),
    )


def _by_effect(assessment: Assessment, names: Sequence[str]) -> list[str]:
    order = {entry.feature: position for position, entry in enumerate(assessment.missing)}
    return sorted(names, key=order.__getitem__)


def _short(ruleset: Ruleset, name: str) -> str:
    feature = ruleset.dictionary.features[name]
    return feature.short or feature.title


def _cautions(ruleset: Ruleset, codes: Sequence[str]) -> tuple[Caution, ...]:
    rules = [ruleset.rule(code) for code in codes]
    return tuple(Caution(rule.code, rule.title or rule.rationale, rule.rationale) for rule in rules)


def _tags(assessment: Assessment, code: str, note: str) -> tuple[str, ...]:
    """What was done with the option before, and that its supply or label needs a look."""
    tags = []
    for name, words in _HISTORY:
        value = assessment.record.known.get(name)
        members = value.members if isinstance(value, PartialSet) else value
        if isinstance(members, tuple) and code in members and not (name == "prior_treatments" and "in use" in tags):
            tags.append(words)
    if note:
        tags.append("off-label" if note.lower().startswith("off-label") else "see note")
    return tuple(tags)


def _leading_reason(assessment: Assessment, assessed: OptionAssessment) -> tuple[Rule | None, str]:
    """The one reason that matters most for the status, and how the row says it."""
    results = assessed.rules
    holding = _of(results, Effect.INDICATION, Truth.TRUE)
    best = min(holding, key=lambda result: _STRENGTH_ORDER.get(result.rule.strength, 9), default=None)
    match str(assessed.status):
        case "candidate" | "conditional" if best:
            more = len(holding) - 1
            return best.rule, _title(best.rule) + (f" (and {count(more, 'more reason')})" if more else "")
        case "possible":
            nearest = min(_of(results, Effect.INDICATION, Truth.UNKNOWN), key=lambda result: result.distance)
            return nearest.rule, f"To be judged: {_title(nearest.rule)}"
        case "excluded":
            ruling = _of(results, Effect.EXCLUSION, Truth.TRUE)
            others = f" (and {len(ruling) - 1} more)" if len(ruling) > 1 else ""
            return ruling[0].rule, f"Ruled out: {_title(ruling[0].rule)}{others}"
        case "not_indicated":
            return _nearest_reason(results)
        case "suspended" if assessed.stop:
            return None, stop_said(assessed.stop)
        case _:
            return None, assessed.error


def _nearest_reason(results: Sequence[RuleResult]) -> tuple[Rule | None, str]:
    indications = [result for result in results if result.effect is Effect.INDICATION]
    if not indications:
        return None, "The ruleset gives no reason for it."
    nearest = min(indications, key=lambda result: result.distance)
    values = list(dict.fromkeys(value_in_words(node) for node in in_the_way(nearest.trace)))
    rest = f" and {count(len(values) - 2, 'more value')}" if len(values) > 2 else ""
    return nearest.rule, f"Nearest: {_title(nearest.rule)}. Here {'; '.join(values[:2])}{rest}"


def _of(results: Sequence[RuleResult], effect: Effect, value: Truth) -> list[RuleResult]:
    return [result for result in results if result.effect is effect and result.value is value]


def _title(rule: Rule) -> str:
    return rule.title or rule.rationale


def rule_view(result: RuleResult, ruleset: Ruleset, readings: Readings, *, traced: bool = True) -> RuleView:
    """One rule in words, with its rows when `traced`."""
    rule = result.rule
    return RuleView(
        code=rule.code,
        title=_title(rule),
        effect=str(rule.effect),
        truth=result.value.word,
        rationale=rule.rationale,
        sentence=sentence(rule.when, ruleset.definitions),
        table=trace_table(result.trace, readings) if traced else None,
        strength=STRENGTH_TITLES.get(rule.strength, rule.strength),
        strength_icon=STRENGTH_ICONS.get(rule.strength, "seed"),
    )


def explain(assessment: Assessment, row: OptionRow, readings: Readings, *, whole: bool = False) -> Explanation:
    """Everything the page says of one option; with `whole`, rules that do not hold have their rows as well."""
    code = row.code
    ruleset = assessment.ruleset
    results = assessment.explain(code)

    def views(effect: Effect, value: Truth, *, traced: bool) -> tuple[RuleView, ...]:
        return tuple(rule_view(r, ruleset, readings, traced=traced) for r in _of(results, effect, value))

    shown = [r for r in results if r.value is not Truth.FALSE or (whole and r.effect is not Effect.CAUTION)]
    indication, exclusion = Effect.INDICATION, Effect.EXCLUSION
    changes, changes_of_known = _changes(assessment, code)
    return Explanation(
        row=row,
        reasons=views(indication, Truth.TRUE, traced=True),
        open_reasons=views(indication, Truth.UNKNOWN, traced=True),
        other_reasons=views(indication, Truth.FALSE, traced=whole),
        ruling_out=views(exclusion, Truth.TRUE, traced=True),
        open_exclusions=views(exclusion, Truth.UNKNOWN, traced=True),
        not_ruling_out=views(exclusion, Truth.FALSE, traced=whole),
        other_cautions=views(Effect.CAUTION, Truth.FALSE, traced=False) if whole else (),
        changes=tuple(changes),
        changes_of_known=tuple(changes_of_known),
        sources=cited((c for r in shown for c in r.sources), ruleset.sources),
        exclusions_said=_exclusions_said(results),
    )


def _exclusions_said(results: Sequence[RuleResult]) -> str:
    """'7 exclusions: none holds, 2 cannot be judged yet, 5 do not hold.'"""
    values = [result.value for result in results if result.effect is Effect.EXCLUSION]
    if not values:
        return "The ruleset has no exclusion for this option."
    holds, open_, not_ = (values.count(truth) for truth in (Truth.TRUE, Truth.UNKNOWN, Truth.FALSE))
    parts = [f"{holds} {'holds' if holds == 1 else 'hold'}" if holds else "none holds"]
    if open_:
        parts.append(f"{open_} cannot be judged yet")
    if not_:
        parts.append(f"{not_} {'does' if not_ == 1 else 'do'} not hold")
    return f"{count(len(values), 'exclusion')}: {', '.join(parts)}."


def _changes(assessment: Assessment, code: str) -> tuple[list[Change], list[Change]]:
    """What a fact still missing would lead to, and what another value of a known one would."""
    features = assessment.ruleset.dictionary.features
    missing: list[Change] = []
    known: list[Change] = []
    for change in what_would_change(assessment, code):
        text = f"{features[change.feature].title}: {change.values}"
        (missing if change.missing else known).append(Change(text, str(change.status), change.feature))
    assessed = assessment.option(code)
    if str(assessed.status) == "conditional" and len(assessed.missing) > 1:
        names = listing([_short(assessment.ruleset, name) for name in assessed.missing])
        missing.insert(0, Change(f"{names} recorded, and none of them rules it out", "candidate"))
    return missing, known
