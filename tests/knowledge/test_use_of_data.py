"""The use of sensitive data is computed from the conditions, and no feature escapes the classification."""

import random

from pathways.engine import Ruleset, assess, features_of_rules
from pathways.knowledge import starter, starter_files
from pathways.knowledge.use_of_data import ATTRIBUTES_OF, NONE_OF_THEM, USE_OF_DATA, unclassified

RULESET = Ruleset.from_data(starter())


def test_every_feature_of_the_dictionary_is_classified_once() -> None:
    features = frozenset(RULESET.dictionary.features)
    assert unclassified(features) == ()
    assert set(ATTRIBUTES_OF) == features, "a feature that the dictionary no longer has"
    carrying = [feature for attribute in USE_OF_DATA for feature in attribute.features]
    assert len(set(carrying)) == len(carrying)
    assert NONE_OF_THEM.isdisjoint(carrying)


def test_the_nine_attributes_are_those_of_the_rule_in_its_order() -> None:
    assert [attribute.number for attribute in USE_OF_DATA] == list(range(5, 14))


def test_the_sex_is_read_only_behind_pregnancy_and_the_age_is_named_by_seven_rules() -> None:
    readings = features_of_rules(RULESET)
    named_sex = [code for code, reading in readings.items() if "sex" in reading.named]
    behind_sex = {code for code, reading in readings.items() if "sex" in reading.behind}
    pregnancy = {code for code, reading in readings.items() if "pregnant_or_breastfeeding" in reading.named}
    assert named_sex == []
    assert behind_sex == pregnancy
    assert len(pregnancy) == 23
    assert sum("age_years" in reading.named for reading in readings.values()) == 7


def test_a_feature_that_a_rule_is_not_said_to_read_changes_nothing_about_it() -> None:
    """On the test patients of the rules: leave one recorded value out, and only rules that read it may move."""
    readings, chosen = features_of_rules(RULESET), random.Random(11)
    cases = [dict(one) for case in starter_files().cases.values() for one in (case.true, case.false) if one]
    moved, tried = 0, 0
    for record in chosen.sample(cases, 200):
        before = _values(record)
        for feature in record:
            after = _values({name: value for name, value in record.items() if name != feature})
            changed = {code for code in before if before[code] != after[code]}
            assert {code for code in changed if feature not in readings[code].all} == set(), feature
            moved, tried = moved + len(changed), tried + 1
    assert tried > 300
    assert moved > 300, "so that the test has something to see"


def _values(record: dict[str, object]) -> dict[str, str]:
    done = assess(RULESET, record)
    return {result.code: str(result.value) for option in done.options for result in done.explain(option.code)}
