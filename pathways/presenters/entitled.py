"""What a user is entitled to know: of a ruleset, of each of its sources, of each of its rules.

The thirteen attributes are named in `pathways.knowledge.use_of_data`, with the rule that asks for them. What nobody
recorded is said to be not recorded; nothing is filled in. Called by the views and the export of these pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pathways.engine import Reading, Rule, Ruleset, features_of_rules
from pathways.knowledge.use_of_data import USE_OF_DATA, DataAttribute, unclassified
from pathways.presenters.citations import KIND_TITLES, is_fact
from pathways.presenters.dictionary_page import FeatureEntry, dictionary_page
from pathways.presenters.words import count, listing, show_partial_date

NOT_RECORDED = "not recorded"
NO_FEATURE = "Not used: the data dictionary has no such feature."


@dataclass(frozen=True, slots=True)
class Stated:
    """One attribute in words, and whether anybody recorded it."""

    title: str
    text: str
    recorded: bool


@dataclass(frozen=True, slots=True)
class DataUse:
    """One of the nine kinds of data: whether rules read it, in a sentence, and which."""

    number: int
    title: str
    used: bool
    sentence: str
    rules: tuple[str, ...]
    behind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceAttributes:
    """Attributes 1 to 4 of one source, and until when it was to be looked at again."""

    id: str
    kind: str
    citation: str
    developer: str
    funding: str
    dates: str
    review_by: str


@dataclass(frozen=True, slots=True)
class InputLimit:
    """One input of the rules: what is accepted, how long it counts, how many rules name it."""

    name: str
    title: str
    accepted: str
    counts_for: str
    rules: int


@dataclass(frozen=True, slots=True)
class RuleAttributes:
    """What a user is entitled to know of one rule, beside its own words."""

    developer: str
    funding: str
    sources: tuple[SourceAttributes, ...]
    facts: tuple[str, ...]
    uses: tuple[DataUse, ...]
    inputs: tuple[InputLimit, ...]
    review_by: str


@dataclass(frozen=True, slots=True)
class AboutPage:
    """The page of a ruleset."""

    stated: tuple[Stated, ...]
    logic: tuple[str, ...]
    not_considered: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    uses: tuple[DataUse, ...]
    unclassified: tuple[str, ...]
    inputs: tuple[InputLimit, ...]
    sources: tuple[SourceAttributes, ...]


@lru_cache(maxsize=4)
def readings_of(ruleset: Ruleset) -> Mapping[str, Reading]:
    """What each rule reads, worked out once per version and process."""
    return features_of_rules(ruleset)


def about_page(ruleset: Ruleset) -> AboutPage:
    """Everything about one ruleset."""
    head = ruleset.head
    return AboutPage(
        stated=(
            _stated("Intended use", head.get("intended_use")),
            _stated("Users", head.get("users")),
            _stated("Population", head.get("population")),
            _stated("Developer", head.get("developer")),
            _stated("Funding source of the technical implementation", head.get("funding")),
            _stated("Release and revision", _dates(head)),
            _stated("To be reviewed by", show_partial_date(head.get("review_by"))),
        ),
        logic=_logic(ruleset),
        not_considered=tuple(head.get("not_considered") or ()),
        out_of_scope=tuple(head.get("out_of_scope") or ()),
        uses=tuple(ruleset_use(one, ruleset) for one in USE_OF_DATA),
        unclassified=unclassified(frozenset(ruleset.dictionary.features)),
        inputs=_inputs(ruleset),
        sources=tuple(source_attributes(code, source) for code, source in ruleset.sources.items() if not is_fact(code)),
    )


def rule_attributes(rule: Rule, ruleset: Ruleset) -> RuleAttributes:
    """Everything about one rule."""
    reading = readings_of(ruleset)[rule.code]
    cited = list(dict.fromkeys(citation.source for citation in rule.sources))
    head = ruleset.head
    return RuleAttributes(
        developer=str(head.get("developer") or NOT_RECORDED),
        funding=str(head.get("funding") or NOT_RECORDED),
        sources=tuple(source_attributes(code, ruleset.sources[code]) for code in cited if not is_fact(code)),
        facts=tuple(sorted(code for code in cited if is_fact(code))),
        uses=tuple(rule_use(one, reading, ruleset) for one in USE_OF_DATA),
        inputs=tuple(entry for entry in _inputs(ruleset) if entry.name in reading.all),
        review_by=_review_of(rule, ruleset),
    )


def source_attributes(code: str, source: Mapping[str, Any]) -> SourceAttributes:
    """Attributes 1 to 4 of a source."""
    return SourceAttributes(
        id=code,
        kind=KIND_TITLES.get(str(source.get("kind")), ""),
        citation=_citation(source),
        developer=str(source.get("developer") or NOT_RECORDED),
        funding=str(source.get("funding") or NOT_RECORDED),
        dates=_dates(source) or NOT_RECORDED,
        review_by=show_partial_date(source.get("review_by")) or "no date of its own",
    )


def ruleset_use(attribute: DataAttribute, ruleset: Ruleset) -> DataUse:
    """Which rules of a ruleset read one kind of data, in their conditions or behind them."""
    titles = _titles(attribute, ruleset)
    if not titles:
        return DataUse(attribute.number, attribute.title, False, NO_FEATURE, (), ())
    readings = readings_of(ruleset)
    named = tuple(code for code, reading in readings.items() if set(attribute.features) & set(reading.named))
    behind = tuple(code for code, reading in readings.items() if set(attribute.features) & reading.all)
    rest = tuple(code for code in behind if code not in named)
    if not behind:
        return DataUse(attribute.number, attribute.title, False, f"Not used: no rule reads {listing(titles)}.", (), ())
    said = f"Used, {attribute.because}: {count(len(named), 'rule names', 'rules name')} {listing(titles, 'or')}"
    more = f"; {count(len(rest), 'further rule reads', 'further rules read')} it through what follows from it"
    return DataUse(attribute.number, attribute.title, True, f"{said}{more if rest else ''}.", named, rest)


def rule_use(attribute: DataAttribute, reading: Reading, ruleset: Ruleset) -> DataUse:
    """Whether one rule reads one kind of data."""
    titles = _titles(attribute, ruleset)
    if not titles:
        return DataUse(attribute.number, attribute.title, False, NO_FEATURE, (), ())
    named = [ruleset.dictionary.features[name].title for name in reading.named if name in attribute.features]
    behind = [ruleset.dictionary.features[name].title for name in reading.behind if name in attribute.features]
    parts = [f"its condition names {listing(named)}"] if named else []
    parts += [f"{listing(behind)} can decide a feature that it names"] if behind else []
    said = f"Used: {'; '.join(parts)}." if parts else "Not used."
    return DataUse(attribute.number, attribute.title, bool(parts), said, (), ())


def _titles(attribute: DataAttribute, ruleset: Ruleset) -> list[str]:
    features = ruleset.dictionary.features
    return [features[name].title for name in attribute.features if name in features]


def _stated(title: str, value: Any) -> Stated:
    return Stated(title, str(value), True) if value else Stated(title, NOT_RECORDED, False)


def _citation(source: Mapping[str, Any]) -> str:
    identifier = source.get("identifier")
    return f"{source.get('citation') or ''}{f'; {identifier}' if identifier else ''}"


def _dates(entry: Mapping[str, Any]) -> str:
    """Released and revised, as far as they are known; the year of the source where nothing finer is recorded."""
    released = show_partial_date(entry.get("released")) or str(entry.get("year") or "")
    revised = show_partial_date(entry.get("revised"))
    return "; ".join(part for part in (released, f"revised {revised}" if revised else "") if part)


def _review_of(rule: Rule, ruleset: Ruleset) -> str:
    own, whole = show_partial_date(rule.review_by), show_partial_date(ruleset.head.get("review_by"))
    if own:
        return own
    return f"no date of its own; the pathway as a whole by {whole}" if whole else NOT_RECORDED


@lru_cache(maxsize=4)
def _inputs(ruleset: Ruleset) -> tuple[InputLimit, ...]:
    entries = [entry for group in dictionary_page(ruleset).groups for entry in group.features]
    return tuple(_input(entry, ruleset) for entry in entries)


def _input(entry: FeatureEntry, ruleset: Ruleset) -> InputLimit:
    limit = ruleset.limits.get(entry.name)
    feature = ruleset.dictionary.features[entry.name]
    counts = f"{count(limit.days, 'day')} after it was observed" if limit else "no limit set"
    return InputLimit(
        name=entry.name,
        title=entry.title,
        accepted=entry.accepted or entry.kind,
        counts_for="derived on the day" if feature.derived else counts,
        rules=entry.rules,
    )


def _logic(ruleset: Ruleset) -> tuple[str, ...]:
    counted = [
        sum(rule.effect == effect for rule in ruleset.rules) for effect in ("indication", "exclusion", "caution")
    ]
    reasons, exclusions, cautions = counted
    return (
        f"{count(len(ruleset.options), 'option')} and {count(len(ruleset.rules), 'rule')}: "
        f"{count(reasons, 'reason')} for an option, {count(exclusions, 'exclusion')}, {count(cautions, 'caution')}. "
        "Each rule is a condition over recorded values, written by people; nothing was learned from data.",
        "Each comparison is true, false or unknown, and unknown is never read as no. An option is a candidate when a "
        "reason holds and every exclusion is known not to hold; conditional when a reason holds and an exclusion is "
        "not known; possible when it is not known whether a reason holds; excluded when an exclusion holds; not "
        "indicated when no reason holds. A caution never removes an option.",
        "Where a value is not recorded, it may follow from others, and the trace says from which. The order of the "
        "list is the catalogue’s, never one of preference. The same version and values give the same list, always.",
    )
