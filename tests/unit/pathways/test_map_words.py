"""What an open gate of the map says: which values decide, whole in the list, as far as they fit in the drawing."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from pathways.drawing.map import pathway_map
from pathways.drawing.shapes import Mark, Text
from pathways.engine import Condition, Truth, assess, comparisons_in
from pathways.presenters.map_conditions import inside_title, waits_for
from pathways.presenters.pathway_map import option_map
from pathways.presenters.trace_rows import ReadingWords
from tests.unit.pathways.example import WILLOW, assessment_of, ruleset

OPEN = {
    "nothing": {},
    "pancreas": {"primary_site": "pancreas"},
    "willow": WILLOW,
    "well": {"primary_site": "small_bowel", "differentiation": "well", "extent": "metastatic"},
}


def words_of(features: dict[str, Any], rule: str) -> tuple[str, ...]:
    assessment = assess(ruleset(), features)
    option = next(one.option for one in ruleset().rules if one.code == rule)
    (result,) = [one for one in assessment.explain(option) if one.code == rule]
    return waits_for(result.trace)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("PRRT-E4", "if below 30 mL/min/1.73 m²"),
        ("PRRT-E7", "if platelets below 75 × 10⁹/L, or hemoglobin below 8 g/dL, or neutrophils below 1 × 10⁹/L"),
        ("LTX-E3", "if differentiation poor, or G3"),
        ("CABO-E3", "if comorbidities include severe liver impairment, or Child-Pugh C"),
        ("PLAT-E2", "if exactly 4"),
        ("ENUC-I1", "if extent localized and resectability resectable and primary size at most 20 mm and G1 or G2"),
    ],
)
def test_the_values_that_decide_stand_in_words(rule: str, said: str) -> None:
    assert words_of({"primary_site": "pancreas"}, rule)[0] == said


def test_what_is_known_already_decides_nothing_any_more() -> None:
    assert words_of({"platelets_10e9_l": Decimal(186), "hemoglobin_g_dl": Decimal(11)}, "PRRT-E7")[0] == (
        "if below 1 × 10⁹/L"
    )
    assert words_of({"platelets_10e9_l": Decimal(20)}, "PRRT-E7") == ()


@pytest.mark.parametrize("features", OPEN.values(), ids=OPEN)
def test_every_feature_that_an_open_gate_waits_for_is_named_and_no_other(features: dict[str, Any]) -> None:
    assessment = assess(ruleset(), features)
    for option in assessment.options:
        for result in assessment.explain(option.code):
            said = waits_for(result.trace)
            assert bool(said) is (result.value is Truth.UNKNOWN)
            assert all(words.startswith("if ") for words in said)
            waited = [name for name in option.missing if said and name in _read(result.rule.when)]
            for name in waited if len(waited) > 1 else ():
                feature = ruleset().dictionary.features[name]
                names = (inside_title(feature), feature.title[1:], *map(feature.label, feature.values))
                assert any(one in said[0] for one in names), (result.code, name, said[0])


def _read(condition: Condition) -> set[str]:
    return {comparison.feature.name for comparison in comparisons_in(condition)}


def texts(option: str, features: dict[str, Any], readings: dict[str, ReadingWords]) -> list[str]:
    assessment = assess(ruleset(), features)
    drawn = option_map(assessment, option, readings, lambda code: code, has_patient=True)
    items = pathway_map(drawn, "said").items
    shapes = [shape for item in items for shape in (item.shapes if isinstance(item, Mark) else (item,))]
    return [shape.text for shape in shapes if isinstance(shape, Text)]


def test_the_drawing_says_which_of_several_values_decide_where_there_is_room() -> None:
    drawn = " ".join(texts("lutetium_dotatate", {"primary_site": "small_bowel"}, {})).replace("\u00a0", " ")
    assert "if platelets below 75 × 10⁹/L, or hemoglobin below 8 g/dL, or neutrophils below 1 × 10⁹/L" in drawn
    assert "if below 30 mL/min/1.73 m²" in drawn


def test_a_value_that_is_only_too_old_says_so_with_its_age_and_limit_and_not_that_it_is_not_recorded() -> None:
    readings = {"egfr_ml_min": ReadingWords("8 Jun 2026", "laboratory", too_old="too old: 64, 171 days, limit 90")}
    drawn = texts("lutetium_dotatate", WILLOW, readings)
    assert "too old: 64, 171 days, limit 90" in drawn
    assert "not recorded" in drawn  # the neutrophils, which nobody has recorded


def test_no_label_stands_over_the_next_way() -> None:
    for mrn in ("DEMO-003", "DEMO-012"):
        for option in ruleset().options:
            drawn = option_map(assessment_of(mrn), option.code, {}, lambda code: code, has_patient=True)
            labels = [
                (item.y, item.text) for item in pathway_map(drawn, "said").items
                if isinstance(item, Text) and item.x == 770.0
            ]  # fmt: skip
            rows = sorted(y for y, _ in labels)
            assert all(later - earlier >= 12.9 for earlier, later in pairwise(rows)), option.code
