"""What `assess` says beside the statuses: faults, partial knowledge, changes, nearest reasons, sentences, bytes."""

from decimal import Decimal
from typing import Any

import pytest

from pathways.engine import (
    NumberRange,
    OneOf,
    PartialSet,
    Status,
    TraceComparison,
    Truth,
    ValueRefused,
    assess,
    assessment_json,
    canonical_json,
    comparisons_of,
    contradictions_of,
    read_json,
    sentence,
    statuses,
    what_would_change,
)
from pathways.engine.network import FAULT, network_of
from pathways.engine.record import reader_for
from pathways.engine.values import DuplicateKey
from tests.unit.engine.clinic import data, rule, ruleset

CLINIC = ruleset()


def status(features: dict[str, Any], option: str = "drug") -> Status:
    return assess(CLINIC, features).option(option).status


def ki67(low: int, high: int, text: str = "", *, low_open: bool = False, high_open: bool = False) -> NumberRange:
    return NumberRange(Decimal(low), Decimal(high), low_open, high_open, text)


# Ranges


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ki67(0, 1, "<1 %", high_open=True), "G1"),
        (ki67(3, 20), "G2"),
        (ki67(20, 100, ">20", low_open=True), "G3"),
        (ki67(2, 3, "2–3 %"), OneOf(("G2", "G1"))),
        (ki67(15, 25), OneOf(("G3", "G2"))),
    ],
    ids=lambda value: getattr(value, "text", "") or str(value),
)
def test_what_follows_from_a_range_is_what_follows_from_every_number_in_it(
    value: NumberRange, expected: object
) -> None:
    record = assess(CLINIC, {"ki67": value}).record
    assert record.known["grade"] == expected


def test_a_range_counts_where_the_whole_range_gives_one_answer() -> None:
    assert status({"ki67": ki67(15, 25), "egfr": 60}) is Status.CANDIDATE
    assert status({"ki67": ki67(2, 3), "egfr": 60}) is Status.POSSIBLE
    assert status({"ki67": ki67(0, 1), "egfr": 60}) is Status.NOT_INDICATED
    assert status({"ki67": ki67(0, 1)}, "watch") is Status.CANDIDATE


def test_an_open_range_is_missing_and_only_numbers_in_it_are_tried() -> None:
    assessment = assess(CLINIC, {"ki67": ki67(2, 3, "2–3 %"), "egfr": 60})
    assert assessment.option("drug").missing == ("grade",)
    assert [trial.value for trial in assessment.trials("ki67")] == [Decimal(2), Decimal("2.5"), Decimal(3)]
    changes = {(c.feature, c.values, c.status) for c in what_would_change(assessment, "drug")}
    assert ("ki67", "at least 3 %", Status.CANDIDATE) in changes
    assert ("ki67", "below 3 %", Status.NOT_INDICATED) in changes


@pytest.mark.parametrize(("low", "high"), [(2, 25), (0, 100), (3, 20), (1, 4), (19, 21)])
@pytest.mark.parametrize("open_ends", [(False, False), (True, True)])
def test_what_would_change_has_words_for_every_range_across_thresholds(
    low: int, high: int, open_ends: tuple[bool, bool]
) -> None:
    value = ki67(low, high, low_open=open_ends[0], high_open=open_ends[1])
    for given in ({"ki67": value}, {"ki67": value, "egfr": 60, "free": False}):
        assessment = assess(CLINIC, given)
        for option in ("watch", "drug", "knife"):
            assert all(change.values for change in what_would_change(assessment, option))


def test_a_range_beyond_the_number_of_completions_implies_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pathways.engine.record.MOST_COMPLETIONS", 2)
    record = reader_for(CLINIC.dictionary).read({"ki67": ki67(0, 100)})
    assert set(record.known) == {"ki67"}


def test_a_range_that_implies_a_value_for_some_numbers_only_is_open() -> None:
    dictionary = {**data()["dictionary"], "implications": data()["dictionary"]["implications"][:1]}
    clinic = ruleset(dictionary=dictionary)
    assessment = assess(clinic, {"ki67": ki67(15, 25)})
    assert assessment.record.known["grade"] == OneOf(("G3",), or_unknown=True)
    known = ruleset(
        dictionary=dictionary, rules=[rule("X", "drug", "indication", {"feature": "grade", "op": "is_known"})]
    )
    assert assess(known, {"ki67": ki67(15, 25)}).option("drug").status is Status.POSSIBLE
    assert clinic.dictionary.features["grade"].show(OneOf(("G3",), or_unknown=True)) == "G3 or not known"


def test_a_range_outside_the_dictionary_or_without_numbers_is_refused() -> None:
    with pytest.raises(ValueRefused, match="ki67: .90–101. is outside the range"):
        assess(CLINIC, {"ki67": ki67(90, 101)})
    with pytest.raises(ValueError, match="The range from 3 to 2 holds no number"):
        ki67(3, 2)
    with pytest.raises(ValueError, match="holds no number"):
        ki67(3, 3, low_open=True)


# Sets of which only some members are known


def test_a_treatment_on_record_does_not_make_every_other_one_a_no() -> None:
    rules = [
        rule("A", "drug", "indication", {"feature": "given", "op": "contains", "value": "knife"}),
        rule("B", "watch", "indication", {"feature": "given", "op": "contains_any", "value": ["drug", "watch"]}),
        rule("C", "knife", "indication", {"feature": "given", "op": "is_known"}),
    ]
    clinic = ruleset(rules=rules)
    assessment = assess(clinic, {"given": PartialSet(("knife",))})
    assert [o.status for o in assessment.options] == [Status.POSSIBLE, Status.CANDIDATE, Status.NOT_INDICATED]
    (known,) = comparisons_of(assessment.explain("drug")[0].trace)
    (open_,) = comparisons_of(assessment.explain("watch")[0].trace)
    assert (known.origin, known.value) == ("recorded", Truth.TRUE)
    assert (open_.origin, open_.value) == ("unknown", Truth.UNKNOWN)
    assert open_.text == (
        "Treatments given include any of Watching or Drug: cannot be told (Operation; the rest is not known)."
    )
    assert '"actual"' not in assessment_json(assessment, "x").split('"code":"drug"')[0]
    assert [trial.value for trial in assessment.trials("given")] == [("knife",), ("watch", "knife"), ("drug", "knife")]


# Faults


def test_a_fault_in_one_rule_marks_its_option_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = ruleset()
    network = network_of(clinic)

    def fails(value: object) -> Truth:
        raise ZeroDivisionError

    broken = next(n for n, c in enumerate(network.comparisons) if c and c.feature.name == "egfr")
    network.tests[broken] = fails
    assessment = assess(clinic, {"egfr": 60, "grade": "G2"})
    drug = assessment.option("drug")
    assert not assessment.complete
    assert (drug.status, drug.rules) == (Status.NOT_ASSESSED, ())
    assert drug.error == (
        "Not assessed because of a fault in the program (rule D-2 could not be evaluated); tell those who run it."
    )
    assert assessment.explain("drug") == ()
    assert what_would_change(assessment, "drug") == ()
    assert [o.status for o in assessment.options] == [Status.NOT_INDICATED, Status.NOT_ASSESSED, Status.POSSIBLE]
    assert statuses(clinic, {"egfr": 60, "grade": "G2"})["drug"] is Status.NOT_ASSESSED
    assert '"status":"not_assessed","rules":[],"cautions":[],"cautions_unknown":[],"missing":[],"error":"' in (
        assessment_json(assessment, "x")
    )


def test_a_fault_spreads_to_every_condition_that_contains_it() -> None:
    clinic = ruleset(rules=[rule("X", "drug", "indication", {"any": [
        {"feature": "egfr", "op": "<", "value": 30}, {"always": True}]})])  # fmt: skip
    network = network_of(clinic)

    def fails(value: object) -> Truth:
        raise ZeroDivisionError

    network.tests[0] = fails
    assert assess(clinic, {"egfr": 60}).option("drug").status is Status.NOT_ASSESSED
    assert network.evaluate(reader_for(clinic.dictionary).read({"egfr": Decimal(60)}))[network.roots["X"]] == FAULT


def test_a_fault_before_the_rules_leaves_no_option_assessed(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = ruleset()

    def fails(known: object) -> Truth:
        raise ZeroDivisionError("seeded")

    reader = reader_for(clinic.dictionary)
    monkeypatch.setattr(reader, "_steps", ((clinic.dictionary.implications[0], fails),))
    assessment = assess(clinic, {"egfr": 60})
    assert {option.status for option in assessment.options} == {Status.NOT_ASSESSED}
    assert (assessment.complete, assessment.missing, assessment.assumed) == (False, (), ())
    assert assessment.options[0].error == (
        "Not assessed because of a fault in the program (seeded); tell those who run it."
    )


# What would change, what is nearest, what is assumed


def test_what_would_change_names_values_and_the_status_they_lead_to() -> None:
    assessment = assess(CLINIC, {"grade": "G2", "ecog": 1, "egfr": 60, "age": 50})
    changes = {(c.feature, c.values, c.status.value, c.missing) for c in what_would_change(assessment, "drug")}
    assert changes == {
        ("egfr", "below 30 mL/min", "excluded", False),
        ("free", "yes", "excluded", True),
        ("grade", "G1", "not_indicated", False),
    }
    knife = {(c.feature, c.values, c.status.value) for c in what_would_change(assessment, "knife")}
    assert ("ecog", "at least 3", "excluded") in knife
    assert ("site", "gut", "not_indicated") in knife
    assert ("lung_type", "typical or atypical", "candidate") in knife


def test_stretches_between_thresholds_are_said_as_such() -> None:
    def between(low: int, high: int, feature: str = "egfr") -> dict[str, Any]:
        return {"all": [{"feature": feature, "op": ">", "value": low}, {"feature": feature, "op": "<=", "value": high}]}

    exactly = {"feature": "egfr", "op": "=", "value": 90}
    whole = {"feature": "ecog", "op": "=", "value": 2}
    rules = [
        rule("A", "drug", "indication", {"any": [between(30, 60), exactly]}),
        rule("B", "watch", "indication", {"any": [{"feature": "egfr", "op": ">", "value": 120}, whole]}),
        rule("C", "knife", "indication", {"all": [
            {"feature": "egfr", "op": ">=", "value": 30}, {"feature": "egfr", "op": "<", "value": 60}]}),
    ]  # fmt: skip
    assessment = assess(ruleset(rules=rules), {"egfr": 10, "ecog": 0})

    def words(option: str) -> list[tuple[str, str]]:
        return [(c.feature, c.values) for c in what_would_change(assessment, option)]

    assert words("drug") == [("egfr", "above 30 to 60 mL/min or 90 mL/min")]
    assert words("watch") == [("egfr", "above 120 mL/min"), ("ecog", "2")]
    assert words("knife") == [("egfr", "from 30 to below 60 mL/min")]


def test_the_nearest_reason_has_the_fewest_comparisons_to_change() -> None:
    gut, high = {"feature": "site", "op": "=", "value": "gut"}, {"feature": "egfr", "op": ">=", "value": 90}
    rules = [
        rule("FAR", "drug", "indication", {"all": [gut, high, {"not": {"feature": "ecog", "op": "=", "value": 1}}]}),
        rule(
            "NEAR",
            "drug",
            "indication",
            {"any": [{"all": [gut, high]}, {"not": {"any": [gut, {"always": True}]}}, gut]},
        ),
    ]
    assessment = assess(ruleset(rules=rules), {"site": "lung", "egfr": 60, "ecog": 1})
    assert [(r.code, r.distance) for r in assessment.nearest("drug")] == [("NEAR", 1), ("FAR", 3)]
    assert assess(ruleset(rules=rules), {"site": "gut", "egfr": 60}).nearest("drug")[0].code == "FAR"


def test_what_is_known_says_is_an_assumption_and_never_missing() -> None:
    assessment = assess(CLINIC, {"grade": "G2", "egfr": 60})
    assert assessment.option("drug").status is Status.CANDIDATE
    assert assessment.assumed == (
        "Free of disease is not recorded, so “Free of disease: yes” counts as not met in “Free on record” (as recorded).",
    )
    assert "free" not in [entry.feature for entry in assessment.missing]
    own = {
        "not": {
            "any": [{"all": [{"feature": "free", "op": "is_known"}, {"feature": "free", "op": "=", "value": True}]}]
        }
    }
    assert assess(ruleset(rules=[rule("X", "drug", "exclusion", own)]), {}).assumed == (
        "Free of disease is not recorded, so “Free of disease: yes” counts as not met in rule X.",
    )


def test_contradictions_name_the_values_to_check_and_change_nothing() -> None:
    (free,) = contradictions_of(CLINIC.dictionary, {"free": True, "grade": "G3"})
    assert (free.code, free.sentence, free.features) == ("CON-1", "Free of disease, yet grade 3.", ("grade", "free"))
    (grade,) = contradictions_of(CLINIC.dictionary, {"ki67": 2, "grade": "G2"})
    assert grade.sentence == "Below 3 % is grade 1. Yet Grade is recorded as G2, not G1."
    assert grade.features == ("grade", "ki67")
    (lung,) = contradictions_of(CLINIC.dictionary, {"site": "gut", "lung_type": "typical"})
    assert lung.sentence == "Lung type is recorded (typical), yet it does not apply here."
    assert lung.features == ("site", "lung_type")
    assert status({"site": "gut", "lung_type": "typical", "ecog": 0}, "knife") is Status.CANDIDATE


# Words and bytes


def test_every_kind_of_condition_has_a_sentence() -> None:
    def said(when: dict[str, Any], *, spell_out: bool = False) -> str:
        clinic = ruleset(rules=[rule("X", "drug", "indication", when)])
        return sentence(clinic.rule("X").when, clinic.definitions, spell_out=spell_out)

    gut = {"feature": "site", "op": "=", "value": "gut"}
    low = {"feature": "grade", "op": "<", "value": "G2"}
    hearts = {"feature": "illnesses", "op": "contains_any", "value": ["heart"]}
    ill = {"feature": "illnesses", "op": "contains", "value": "kidney"}
    free = {"feature": "free", "op": "=", "value": False}
    assert said({"always": True}) == "always, for everyone"
    assert (
        said({"all": [gut, {"any": [low, hearts]}]})
        == "Site is gut and (grade is lower than G2 or illnesses include heart)"
    )
    assert said({"not": ill}) == "Illnesses do not include kidney"
    assert said({"all": [gut, {"feature": "ki67", "op": ">", "value": 20}]}) == "Site is gut and Ki-67 is above 20 %"
    assert said({"not": {"all": [gut, free]}}) == "not (site is gut and free of disease: no)"
    assert said({"not": {"not": gut}}) == "not (site is not gut)"
    assert said({"any": [free]}) == "Free of disease: no"
    assert said({"not": free}) == "Free of disease: yes"
    assert said({"not": {"feature": "ki67", "op": ">=", "value": Decimal("2.50")}}) == "Ki-67 is not at least 2.5 %"
    assert said({"not": {"use": "on_record_free"}}) == "not “Free on record”"
    assert said({"use": "on_record_free"}, spell_out=True) == (
        "“Free on record” (free of disease is recorded and free of disease: yes)"
    )


def test_numbers_are_exact_and_written_in_one_way() -> None:
    assert canonical_json([2, Decimal("2.0"), Decimal("1E+2"), Decimal("0.50"), True, None, "é", {}, []]) == (
        '[2,2,100,0.5,true,null,"é",{},[]]'
    )
    with pytest.raises(TypeError, match=r"0\.1 \(float\) cannot be written as canonical JSON"):
        canonical_json({"x": 0.1})
    assert read_json('{"x": 0.1, "y": 1}') == {"x": Decimal("0.1"), "y": 1}
    with pytest.raises(DuplicateKey, match="The key 'x' stands twice in one object"):
        read_json('{"x": 1, "x": 1}')
    with pytest.raises(ValueError, match="Infinity is not a number that JSON knows"):
        read_json("Infinity")
    assert read_json("1" * 200) == Decimal("1" * 200)


@pytest.mark.parametrize(
    ("feature", "value", "reason"),
    [
        ("ki67", 1.5, "1.5 is not a number"),
        ("ki67", Decimal("1E+400000"), '"1E+400000" has too many digits'),
        ("ecog", Decimal("1.5"), "1.5 is not a whole number"),
        ("illnesses", "heart", '"heart" is not a list'),
        ("illnesses", PartialSet(("hart",)), '"hart" is not accepted'),
        ("free", 1, "1 is not accepted; accepted is true or false"),
        ("site", "x" * 100, f'"{"x" * 57}…" is not accepted'),
        ("site", ["y" * 100], "is not accepted; accepted is one of lung or gut"),
    ],
)
def test_values_outside_the_dictionary_are_refused(feature: str, value: object, reason: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        assess(CLINIC, {feature: value})
    assert str(refused.value).startswith(f"{feature}: ")
    assert reason in str(refused.value)


def test_values_are_shown_in_words() -> None:
    features = CLINIC.dictionary.features
    assert features["ki67"].show(Decimal("8.0")) == "8 %"
    assert features["ki67"].show(ki67(2, 3)) == "2–3 %"
    assert features["ki67"].show(None) == "not recorded"
    assert features["illnesses"].show(()) == "none"
    assert features["free"].show(False) == "no"
    assert features["grade"].show(OneOf(("G2", "G3"))) == "G2 or G3"


def test_a_trace_says_where_a_value_comes_from() -> None:
    assessment = assess(CLINIC, {"ki67": 8, "site": "gut"})
    texts = [
        c.text for option in ("drug", "knife") for r in assessment.explain(option) for c in comparisons_of(r.trace)
    ]
    assert texts[0] == "Grade is at least G2: met (G2, follows from: From 3 % is grade 2)."
    assert texts[1] == "eGFR is below 30 mL/min: cannot be told (not recorded)."
    assert "Lung type is typical or atypical: not met (not applicable)." in texts
    (implied,) = assessment.implied
    assert (implied.feature, implied.value, implied.by) == ("grade", "G2", "IMP-2")
    assert assessment.inapplicable == ("lung_type",)
    assert isinstance(assessment.explain("drug")[0].trace, TraceComparison)
    assert list(assessment.features_unknown())[:2] == ["age", "egfr"]
    assert sum(assessment.counts().values()) == 3


def test_equal_input_gives_equal_bytes_whatever_the_order_of_the_keys() -> None:
    first = assessment_json(assess(CLINIC, {"ki67": 8, "ecog": Decimal("1.0"), "illnesses": ["liver", "heart"]}), "x")
    second = assessment_json(assess(CLINIC, {"illnesses": ["heart", "liver"], "ecog": 1, "ki67": Decimal("8.00")}), "x")
    assert first == second
