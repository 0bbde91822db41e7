"""Where an edit can matter: for each feature that the changed rules read, the values with which some status changes.

What it is: "nothing changes for any patient whose Krenning score is 0, 2 or more, or not recorded", proved value by
value. What it refuses to do: speak of a value whose question was not answered; it then counts as one that may change.
Who calls it: `prove_change`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from pathways.engine.features import Feature
from pathways.engine.problems import listed
from pathways.engine.sentences import inside_sentence
from pathways.engine.values import number_text
from pathways.engine.verification.domains import thresholds
from pathways.engine.verification.findings import Region
from pathways.engine.verification.formulas import Formula
from pathways.engine.verification.touched import changed_rules, dictionary_meaning, features_read

if TYPE_CHECKING:
    from pathways.engine.verification.changing import Comparing

NOT_APPLICABLE = "does not apply"


def regions(comparing: Comparing, differs: Formula, options: list[str]) -> Iterator[Region]:
    """For each feature that the changed rules read, in dictionary order: values with a change, and without. A feature
    with which every value may change something is left out. Nothing is said when the dictionary itself was changed."""
    before, after = comparing.before, comparing.after
    if dictionary_meaning(before.dictionary) != dictionary_meaning(after.dictionary):
        return
    names: set[str] = set()
    for ruleset, rule in changed_rules(before, after, options):
        names |= features_read(ruleset, [rule.when])
    asked = {name: list(_values(comparing, name)) for name in after.dictionary.in_order(names)}
    comparing.asker.prepare([differs, *(formula for values in asked.values() for _, formula in values)])
    edges = thresholds([before, after])
    for name, values in asked.items():
        outcomes = [(value, comparing.asker.ask(differs, formula) is not False) for value, formula in values]
        feature = after.dictionary.features[name]
        changing = _words(feature, outcomes, True, edges.get(name, ()))
        calm = _words(feature, outcomes, False, edges.get(name, ()))
        if changing and calm:
            yield Region(name, changing, calm, _sentence(feature, changing, calm))


def _sentence(feature: Feature, changing: tuple[str, ...], calm: tuple[str, ...]) -> str:
    title = inside_sentence(feature.title)
    if changing == (NOT_APPLICABLE,):
        return f"Something can change only for patients to whom {title} does not apply."
    said = listed(value for value in calm if value != NOT_APPLICABLE)
    words = [f"whose {title} is {said}"] if said else []
    words += [f"to whom {title} does not apply"] if NOT_APPLICABLE in calm else []
    return f"Nothing changes for any patient {listed(words)}."


def _values(comparing: Comparing, name: str) -> Iterator[tuple[object, Formula]]:
    """Every value the rules may read of a feature (of a set: none, or each member), and that it is not known."""
    reading, f = comparing.new.reading, comparing.formulas
    known = reading.state[name]
    applies = f.no(reading.inapplicable(name))
    if comparing.new.patients.domains[name].is_set:
        yield (), f.all((applies, known.whole, *(f.no(formula) for formula in known.values.values())))
    for value, formula in known.values.items():
        yield value, f.all((applies, formula))
    yield None, f.all((applies, f.no(known.whole)))
    if reading.dictionary.features[name].only_when is not None:
        yield NOT_APPLICABLE, f.no(applies)


def _words(
    feature: Feature, outcomes: Sequence[tuple[object, bool]], wanted: bool, edges: Sequence[Decimal]
) -> tuple[str, ...]:
    """The values with one outcome in words, numbers joined to stretches."""
    chosen = [value for value, outcome in outcomes if outcome is wanted]
    numbers = [value for value, _ in outcomes if isinstance(value, Decimal)]
    words = list(_stretches(feature, numbers, [v for v in chosen if isinstance(v, Decimal)], edges))
    for value in chosen:
        match value:
            case None:
                words.append("not recorded" if feature.kind != "set" else "not known in full")
            case bool():
                words.append("yes" if value else "no")
            case str():
                words.append(value if value == NOT_APPLICABLE else feature.label(value))
            case tuple():
                words.append("none")
    return tuple(words)


def _stretches(
    feature: Feature, numbers: Sequence[Decimal], chosen: Sequence[Decimal], edges: Sequence[Decimal]
) -> Iterator[str]:
    """Neighbouring cells of a number joined: '1', '2 or more', 'above 20 to 55 %'."""
    start = 0
    while start < len(numbers):
        end = start
        if numbers[start] in chosen:
            while end + 1 < len(numbers) and numbers[end + 1] in chosen:
                end += 1
            yield _stretch(feature, numbers, start, end, edges)
        start = end + 1


def _stretch(feature: Feature, numbers: Sequence[Decimal], start: int, end: int, edges: Sequence[Decimal]) -> str:
    exact = [number in edges for number in (numbers[start], numbers[end])]
    low = numbers[start] if exact[0] or start == 0 else numbers[start - 1]
    high = numbers[end] if exact[1] or end == len(numbers) - 1 else numbers[end + 1]
    if feature.integer:  # between two thresholds there are whole numbers only, from the next one to the last one
        low, high = low + (not exact[0] and start > 0), high - (not exact[1] and end < len(numbers) - 1)
        exact = [True, True]
    if start == 0 and end == len(numbers) - 1:
        return "recorded"
    if low == high and start > 0 and end < len(numbers) - 1:
        return feature.show(low)
    if start == 0:
        return f"{'at most' if exact[1] else 'below'} {feature.show(high)}"
    if end == len(numbers) - 1:
        return f"{'at least' if exact[0] else 'above'} {feature.show(low)}"
    return (
        f"{'from' if exact[0] else 'above'} {number_text(low)} {'to' if exact[1] else 'to below'} {feature.show(high)}"
    )
