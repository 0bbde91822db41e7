"""What differs between two conditions is named by its smallest parts, as a clinician would say it."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.drafting.changes import changes_between
from pathways.knowledge import starter

KI67 = {"feature": "ki67_percent", "op": "<=", "value": 10}
KI67_20 = {"feature": "ki67_percent", "op": "<=", "value": 20}
G1 = {"feature": "grade", "op": "=", "value": "G1"}
WELL = {"feature": "differentiation", "op": "=", "value": "well"}
LIVER = {"feature": "metastatic_sites", "op": "contains", "value": "liver"}
SITES = ["lung", "thymus", "stomach", "duodenum"]


def lines(before: Any, after: Any) -> list[str]:
    """The lines for one rule whose condition changed."""
    data = starter()
    old, new = ({**data, "rules": [{**data["rules"][0], "when": when}, *data["rules"][1:]]} for when in (before, after))
    (change,) = changes_between(old, new)
    assert (change.place, change.kind, change.options) == ("rule SURV-I1", "changed", ("active_surveillance",))
    (field,) = change.fields
    assert field.label == "Condition"
    assert "".join(s.text for s in field.segments if s.kind != "added") == field.before
    assert "".join(s.text for s in field.segments if s.kind != "removed") == field.after
    return list(field.lines)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (KI67, KI67_20, ["Ki-67 up to 10 % → up to 20 %"]),
        (KI67, {**KI67, "op": "<"}, ["Ki-67 up to 10 % → below 10 %"]),
        (KI67, {**KI67, "op": ">="}, ["Ki-67 up to 10 % → at least 10 %"]),
        (KI67, {"feature": "ki67_percent", "op": "is_known"}, ["Ki-67 up to 10 % → is recorded"]),
        (G1, {"feature": "grade", "op": "in", "value": ["G1", "G2"]}, ["Grade: G1 → G1 or G2"]),
        (G1, {"feature": "grade", "op": "<=", "value": "G2"}, ["Grade: G1 → at most G2"]),
        (
            {"feature": "primary_site", "op": "in", "value": [*SITES, "colon"]},
            {"feature": "primary_site", "op": "in", "value": [*SITES, "pancreas"]},
            ["Primary site: now also pancreas; no longer colon"],
        ),
        ({"all": [G1, KI67]}, {"all": [G1, KI67_20]}, ["Ki-67 up to 10 % → up to 20 %"]),
        ({"all": [G1, KI67]}, {"all": [G1]}, ["Removed from “all of”: Ki-67 is at most 10 %"]),
        ({"any": [G1]}, {"any": [G1, KI67]}, ["Added to “any of”: Ki-67 is at most 10 %"]),
        (G1, {"all": [G1, KI67]}, ["Added to “all of”: Ki-67 is at most 10 %"]),
        ({"any": [G1, KI67]}, KI67, ["Removed from “any of”: Grade is G1"]),
        ({"all": [G1, KI67]}, {"any": [G1, KI67]}, ["“all of” → “any of”: Grade is G1 or Ki-67 is at most 10 %"]),
        ({"all": [G1, KI67, WELL]}, {"all": [KI67, WELL, G1]}, ["Moved: Grade is G1"]),
        ({"any": [G1, KI67]}, {"all": [{"any": [G1, KI67]}, WELL]}, ["Added to “all of”: Differentiation is well"]),
        (G1, {"not": G1}, ["Now negated: Grade is not G1"]),
        ({"not": G1}, G1, ["No longer negated: Grade is G1"]),
        ({"not": KI67}, {"not": KI67_20}, ["In what must not hold: Ki-67 up to 10 % → up to 20 %"]),
        (G1, WELL, ["Grade is G1 → Differentiation is well"]),
        ({"use": "advanced"}, {"use": "low_grade"}, ["“Advanced” → “Low grade”"]),
        ({"all": [G1, WELL]}, {"all": [G1, {"all": [WELL]}]}, ["Written with other brackets; the parts are the same."]),
        (
            {"all": [WELL, {"any": [G1, KI67]}, LIVER]},
            {"all": [WELL, {"any": [G1, KI67_20]}, LIVER]},
            ["Ki-67 up to 10 % → up to 20 %"],
        ),
        (G1, {"feature": "grade", "op": "in", "value": ["G1"]}, ["Grade: G1 → G1"]),
    ],
)
def test_the_smallest_parts_that_differ_are_named(before: Any, after: Any, said: list[str]) -> None:
    assert lines(before, after) == said


def test_the_same_values_in_another_order_are_said_to_be_written_otherwise() -> None:
    here = {"feature": "grade", "op": "in", "value": ["G1", "G2"]}
    (line,) = lines(here, {**here, "value": ["G2", "G1"]})
    assert line.startswith("Written otherwise, said the same: ")


def test_a_condition_that_cannot_be_read_is_shown_as_it_stands() -> None:
    assert any("~" in line for line in lines(G1, {"feature": "grade", "op": "~", "value": "G1"}))
