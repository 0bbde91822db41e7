"""What is known in part: numbers known as a range, histories nobody has confirmed to be complete.

A definite answer holds for every number in the range, and for every set that has at least the members known. The
engine answers for the partial value, the second interpreter for each exact one. `is_known` is left out of the generated
rulesets: whether a feature applies may hang on the number, and a question that may not apply is not a settled one.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathways.engine import NumberRange, PartialSet, Ruleset, assess
from tests.generative import starter
from tests.generative.comparing import for_engine
from tests.generative.oracle import UNKNOWN, AtLeast, Book, Record, complete_record, status, truth
from tests.generative.patients import PatientMaker
from tests.generative.strategies import Shape, ruleset_and_record

GENERATED = 5_000 if starter.LONG else 120
PATIENTS = 4_000 if starter.LONG else 100
DEFINITE = ("candidate", "not_indicated")

unhurried = settings(
    max_examples=GENERATED,
    deadline=None,
    database=None,
    derandomize=not starter.LONG,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def answers(ruleset: Ruleset, features: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The engine's definite rules and definite statuses."""
    assessment = assess(ruleset, for_engine(features))
    results = [one for option in ruleset.options for one in assessment.explain(option.code)]
    rules = {one.code: one.value.word for one in results if one.value.word != UNKNOWN}
    return rules, {one.code: one.status.value for one in assessment.options if one.status.value in DEFINITE}


def broken(book: Book, said: tuple[dict[str, str], dict[str, str]], record: Record) -> list[str]:
    """Rules and options of which something else holds for an exact record."""
    rules = {rule["code"]: rule["when"] for rule in book.data["rules"]}
    wrong = [code for code, value in said[0].items() if truth(rules[code], record) != value]
    return wrong + [code for code, value in said[1].items() if status(record, code) != value]


def range_around(random: Random, maker: PatientMaker, name: str) -> NumberRange | None:
    """A range of a feature between two of the numbers that matter, or just beside them."""
    low, high = sorted(random.choices(maker.numbers[name], k=2))
    if random.random() < 0.3:
        position = maker.numbers[name].index(low)
        high = maker.numbers[name][min(position + random.randint(1, 2), len(maker.numbers[name]) - 1)]
    whole = bool(maker.book.features[name].get("integer"))
    found = NumberRange(low, high, low < high and random.random() < 0.3, low < high and random.random() < 0.3)
    return found if exact_numbers(maker, name, found, whole) else None


def exact_numbers(maker: PatientMaker, name: str, bounds: NumberRange, whole: bool) -> list[Decimal]:
    """Numbers of a range: its ends, the thresholds in it, and between each two of them."""
    inside = {one for one in [*maker.numbers[name], bounds.low, bounds.high] if bounds.holds(one)}
    points = sorted({*inside, bounds.low, bounds.high})
    between = {(a + b) / 2 for a, b in pairwise(points)}
    return sorted(one for one in inside | between if bounds.holds(one) and (not whole or one == int(one)))


def check_ranges(ruleset: Ruleset, maker: PatientMaker, features: dict[str, Any], random: Random) -> int:
    """Make some numbers of a record ranges, and compare with every exact number; how many answers were definite."""
    book = maker.book
    chosen = random.sample(sorted(maker.numbers), min(len(maker.numbers), random.choice((1, 1, 2, 4))))
    ranges = {name: found for name in chosen if (found := range_around(random, maker, name)) is not None}
    said = answers(ruleset, {**features, **ranges})
    exact: list[dict[str, Decimal]] = [{}]
    for name, bounds in ranges.items():
        numbers = exact_numbers(maker, name, bounds, bool(book.features[name].get("integer")))
        exact = [{**one, name: number} for one in exact for number in numbers]
    for numbers_ in exact if len(exact) <= 60 else random.sample(exact, 60):
        record = complete_record(book, {**features, **numbers_})
        assert broken(book, said, record) == [], (features, ranges, numbers_)
    return len(said[0])


@unhurried
@given(ruleset_and_record(Shape(is_known=False)), st.integers(0, 2**32))
def test_what_is_said_of_a_range_holds_for_every_number_in_it(
    pair: tuple[dict[str, Any], dict[str, Any]], seed: int
) -> None:
    data, features = pair
    maker = PatientMaker(Book(data))
    if maker.numbers:
        check_ranges(Ruleset.from_data(data), maker, features, Random(seed))


@pytest.mark.parametrize("chunk", range(2))
def test_on_starter_patients_what_is_said_of_a_range_holds_for_every_number_in_it(chunk: int) -> None:
    random, maker, definite = Random(f"ranges {chunk}"), starter.maker(), 0
    for _ in range(PATIENTS // 2):
        definite += check_ranges(starter.ruleset(), maker, maker.any_patient(random), random)
    assert definite > PATIENTS // 2 * 50, "Hardly anything definite was said of these ranges."


def test_a_range_over_both_sides_of_a_grading_cut_off_implies_no_grade() -> None:
    """Ki-67 15–25 % may be grade 2 or 3: the second implication must not win because the first is unknown."""
    net = {"primary_site": "pancreas", "differentiation": "well"}
    ki67 = NumberRange(Decimal(15), Decimal(25), text="15–25 %")
    assessment = assess(starter.ruleset(), {**net, "ki67_percent": ki67})
    assert all(entry.value not in ("G1", "G2", "G3") for entry in assessment.implied if entry.feature == "grade")
    above = assess(starter.ruleset(), {**net, "ki67_percent": NumberRange(Decimal(21), Decimal(25), text="21–25 %")})
    assert [entry.value for entry in above.implied if entry.feature == "grade"] == ["G3"]


def supersets(random: Random, everything: list[str], members: frozenset[str], count: int) -> list[frozenset[str]]:
    """Some of the sets that hold at least these members, the smallest and the largest among them."""
    others = [one for one in everything if one not in members]
    drawn = [frozenset(random.sample(others, random.randint(0, min(3, len(others))))) for _ in range(count)]
    return [members, frozenset(everything), *(members | one for one in drawn)]


@unhurried
@given(ruleset_and_record(Shape(is_known=False, implications=0)), st.integers(0, 2**32))
def test_what_is_said_of_an_unconfirmed_set_holds_for_every_set_it_may_be(
    pair: tuple[dict[str, Any], dict[str, Any]], seed: int
) -> None:
    data, features = pair
    random, ruleset, book = Random(seed), Ruleset.from_data(data), Book(data)
    sets = [name for name, value in features.items() if isinstance(value, tuple)]
    said = answers(ruleset, {**features, **{name: AtLeast(frozenset(features[name])) for name in sets}})
    for _ in range(12):
        full = {
            name: random.choice(supersets(random, book.values_of(name), frozenset(features[name]), 3)) for name in sets
        }
        assert broken(book, said, complete_record(book, {**features, **full})) == [], full


def test_on_starter_patients_an_unconfirmed_history_never_says_no() -> None:
    random, maker, book = Random("histories"), starter.maker(), starter.book()
    seen: Counter[str] = Counter()
    for _ in range(PATIENTS):
        features = maker.plausible(random)
        names = [
            name
            for name in features
            if name in book.data["dictionary"]["history"] and isinstance(features[name], tuple)
        ]
        partial = {name: AtLeast(frozenset(features[name])) for name in names}
        said = answers(starter.ruleset(), {**features, **partial})
        seen.update(said[1].values())
        for _ in range(6):
            full = {
                name: random.choice(supersets(random, book.options, frozenset(features[name]), 4)) for name in names
            }
            assert broken(book, said, complete_record(book, {**features, **full})) == [], (features, full)
    assert min(seen[one] for one in DEFINITE) > PATIENTS


def test_a_set_in_any_order_is_the_same_set() -> None:
    ways = [("surgery_code", ("liver", "bone")), ("other_order", ("bone", "liver"))]
    results = [assess(starter.ruleset(), {"metastatic_sites": sites}).options for _, sites in ways]
    assert results[0] == results[1]
    unconfirmed = [PartialSet(("everolimus", "sunitinib")), PartialSet(("sunitinib", "everolimus"))]
    histories = [assess(starter.ruleset(), {"prior_treatments": one}) for one in unconfirmed]
    assert [one.option("everolimus").status for one in histories] == [histories[0].option("everolimus").status] * 2
