"""The entries of a what-if, and the link that carries them, without a database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.test import override_settings

from pathways.engine import NumberRange, PartialSet, assess
from pathways.presenters.what_if import WhatIfResult, what_if_result
from pathways.presenters.what_if_form import what_if_form
from pathways.what_if import (
    LIFETIME,
    Hypothesis,
    LinkRefused,
    hypothesis,
    make_link,
    read_link,
    recorded_entries,
    typed_entries,
)
from patients.entry import RawEntry
from patients.models import Tumor
from tests.unit.pathways.example import assessment_of, ruleset, willow

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
TUMOR = Tumor(id=uuid4(), number=1)


def supposed(typed: dict[str, RawEntry]) -> Hypothesis:
    dictionary, present = ruleset().dictionary, willow().record.recorded
    return hypothesis(dictionary, present, recorded_entries(dictionary, present, {}), typed)


def answered(typed: dict[str, RawEntry]) -> WhatIfResult:
    changes = supposed(typed)
    return what_if_result(willow(), assess(ruleset(), changes.features), changes)


# --- Entries ------------------------------------------------------------------------------------------------------


def test_a_range_is_understood_as_everywhere_and_echoed() -> None:
    changes = supposed({"ki67_percent": RawEntry(text="2–3 %")})
    value = changes.changed["ki67_percent"]
    assert isinstance(value, NumberRange)
    assert (value.low, value.high) == (Decimal(2), Decimal(3))
    assert changes.echoes["ki67_percent"] == "Ki-67: 2–3 %"


@pytest.mark.parametrize(
    ("feature", "raw", "said"),
    [
        ("ki67_percent", RawEntry(text="lots"), "is not a number"),
        ("ki67_percent", RawEntry(text="0.15"), "could be 15 % or 0.15 %"),
        ("ecog", RawEntry(text="7"), "Accepted is a whole number from 0 to"),
        ("age_years", RawEntry(text="-4"), "is not a number"),
        ("metastatic_sites", RawEntry(), "nothing is ticked"),
        ("metastatic_sites", RawEntry(chosen=("none_of_these", "liver")), "Leave one of the two"),
        ("progressed_on", RawEntry(chosen=("homeopathy",)), "is not accepted"),
    ],
)
def test_bad_input_is_a_sentence_keeps_what_was_typed_and_leaves_the_record_as_it_is(
    feature: str, raw: RawEntry, said: str
) -> None:
    changes = supposed({feature: raw})
    assert said in changes.refused[feature].sentence
    assert changes.raw[feature] == raw
    assert changes.features == dict(willow().record.recorded)


def test_not_known_and_an_emptied_number_take_the_value_away() -> None:
    changes = supposed({"sstr_status": RawEntry(chosen=("not_known",)), "krenning_score": RawEntry()})
    assert changes.changed == {"sstr_status": None, "krenning_score": None}
    assert not {"sstr_status", "krenning_score"} & set(changes.features)


def test_members_with_the_rest_not_known_are_a_set_known_in_part() -> None:
    changes = supposed({"progressed_on": RawEntry(chosen=("everolimus", "not_known"))})
    assert changes.changed["progressed_on"] == PartialSet(("everolimus",))


def test_a_history_without_a_tick_is_none_and_age_and_sex_can_be_changed() -> None:
    changes = supposed(
        {"current_treatments": RawEntry(), "age_years": RawEntry(text="81"), "sex": RawEntry(chosen=("male",))}
    )
    assert changes.changed == {"current_treatments": (), "age_years": Decimal(81), "sex": "male"}


def test_saying_what_the_record_says_is_no_change() -> None:
    typed = {"ki67_percent": RawEntry(text="8,0 %"), "grade": RawEntry(chosen=("G2",))}
    assert supposed(typed).changed == {}


def test_a_form_sent_in_part_changes_only_what_it_names() -> None:
    recorded = recorded_entries(ruleset().dictionary, willow().record.recorded, {})
    assert set(typed_entries(QueryDict("grade=G3"), recorded)) == {"grade"}
    whole = typed_entries(QueryDict("grade=G3&whole=1"), recorded)
    assert whole["current_treatments"] == RawEntry()


# --- The answer ---------------------------------------------------------------------------------------------------


def test_each_changed_option_names_the_rule_and_the_value_that_made_it_so_and_the_rest_is_counted() -> None:
    result = answered({"egfr_ml_min": RawEntry(text="20")})
    (row,) = [row for row in result.changed if row.code == "lutetium_dotatate"]
    assert (row.before, row.after) == ("conditional", "excluded")
    assert [(r.effect, r.before, r.after) for r in row.reasons] == [("Rules out", "cannot be judged", "holds")]
    assert row.reasons[0].values == ("eGFR: 20 mL/min/1.73 m²",)
    assert len(result.changed) + len(result.same) == 48
    assert "eGFR" in result.less_missing


def test_what_follows_from_a_change_and_what_contradicts_it_is_said() -> None:
    result = answered({"grade": RawEntry(chosen=("G1",))})
    assert any("grade is lower than Ki-67" in one.sentence and not one.on_record for one in result.contradictions)
    assert any(one.title == "Disease status" for one in result.implied)
    lifted = answered({"functional_status": RawEntry(chosen=("not_known",))})
    assert [(one.title, one.after) for one in lifted.follows] == [("Functional status", "functional")]


def test_a_change_that_alters_cautions_alone_says_so() -> None:
    result = answered({"comorbidities": RawEntry(chosen=("cholelithiasis",))})
    assert any(row.arise for row in result.cautions)
    assert {row.code for row in result.cautions} <= {row.code for row in result.same}


def test_without_a_change_nothing_differs() -> None:
    result = answered({})
    assert (result.changed, result.values, result.follows, len(result.same)) == ((), (), (), 48)


def test_every_feature_of_the_dictionary_has_its_inputs_once() -> None:
    for assessment in (willow(), assessment_of("DEMO-012")):
        dictionary, present = ruleset().dictionary, assessment.record.recorded
        changes = hypothesis(dictionary, present, recorded_entries(dictionary, present, {}), {})
        form = what_if_form(assessment, changes)
        shown = [one.input.name for group in form.groups for one in (*group.fields, *group.folded)]
        shown += [column.feature for column in form.history.columns]
        assert sorted(shown) == sorted(dictionary.features)


def test_what_bears_on_nothing_is_folded_until_it_is_changed() -> None:
    def shown(typed: dict[str, RawEntry]) -> set[str]:
        form = what_if_form(willow(), supposed(typed))
        return {one.input.name for group in form.groups for one in group.fields}

    assert "tumor_size_mm" not in shown({})
    assert "tumor_size_mm" in shown({"tumor_size_mm": RawEntry(text="30 mm")})
    assert "tumor_size_mm" in shown({"tumor_size_mm": RawEntry(text="thirty")})
    assert "ki67_percent" in shown({})


# --- The link -----------------------------------------------------------------------------------------------------


def link(tumor: Tumor = TUMOR, at: datetime = NOW) -> str:
    typed = {"ki67_percent": RawEntry(text="2–3 %"), "progressed_on": RawEntry(chosen=("everolimus", "not_known"))}
    return make_link(tumor=tumor, typed=typed, facts="sha256:f", ruleset="sha256:r", at=at)


def test_a_link_gives_back_what_was_typed_character_for_character() -> None:
    opened = read_link(link(), tumor=TUMOR, at=NOW + timedelta(days=29))
    assert opened.typed == {
        "ki67_percent": RawEntry(text="2–3 %"),
        "progressed_on": RawEntry(chosen=("everolimus", "not_known")),
    }
    assert (opened.facts, opened.ruleset, opened.made_at) == ("sha256:f", "sha256:r", NOW)


def test_nothing_of_what_it_holds_can_be_read_in_it() -> None:
    from base64 import urlsafe_b64decode

    token = link()
    raw = urlsafe_b64decode(token)
    for part in (b"ki67", b"everolimus", "2–3 %".encode(), str(TUMOR.id).encode(), TUMOR.id.bytes):
        assert part not in raw
    assert link() != link(), "equal contents must not give equal links"
    assert len(token) < 1000


def test_a_link_altered_in_any_one_character_opens_nothing() -> None:
    token = link()
    for position in range(len(token)):
        other = "A" if token[position] != "A" else "B"
        with pytest.raises(LinkRefused, match="cut off or altered"):
            read_link(token[:position] + other + token[position + 1 :], tumor=TUMOR, at=NOW)


@pytest.mark.parametrize("token", ["x", "gAAAAA", "é" * 40, "A" * 9000, "%00", "../../etc"])
def test_what_never_was_a_link_is_refused_with_the_same_sentence(token: str) -> None:
    with pytest.raises(LinkRefused, match="cut off or altered"):
        read_link(token, tumor=TUMOR, at=NOW)


def test_a_link_opens_on_its_last_day_and_not_after() -> None:
    token = link()
    assert read_link(token, tumor=TUMOR, at=NOW + LIFETIME).typed
    with pytest.raises(LinkRefused, match="more than 30 days ago") as refusal:
        read_link(token, tumor=TUMOR, at=NOW + LIFETIME + timedelta(seconds=1))
    assert refusal.value.expired


def test_a_link_of_another_patient_or_from_the_future_opens_nothing() -> None:
    with pytest.raises(LinkRefused, match="another patient"):
        read_link(link(Tumor(id=uuid4(), number=1)), tumor=TUMOR, at=NOW)
    with pytest.raises(LinkRefused, match="cut off or altered"):
        read_link(link(at=NOW + timedelta(days=1)), tumor=TUMOR, at=NOW)


def test_after_a_change_of_keys_a_link_opens_only_while_the_old_key_is_kept() -> None:
    with override_settings(SECRET_KEY="a" * 60):
        token = link()
    with override_settings(SECRET_KEY="b" * 60, SECRET_KEY_FALLBACKS=["a" * 60]):
        assert read_link(token, tumor=TUMOR, at=NOW).typed
    with override_settings(SECRET_KEY="b" * 60, SECRET_KEY_FALLBACKS=[]), pytest.raises(LinkRefused):
        read_link(token, tumor=TUMOR, at=NOW)
