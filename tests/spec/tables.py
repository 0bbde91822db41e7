"""The meaning of the logic as tables, each result written by eye.

What it is: what a clinician may hold the engine to. The spec tests ask the engine for every row, and
docs/reference/semantics.md is printed from these tables. What it refuses to do: compute a result.
Who calls it: `test_*.py` beside it, and `document.py`.
"""

from __future__ import annotations

from typing import Any

from tests.spec.clinic import DOES_NOT_APPLY, MAY_NOT_APPLY, NOT_RECORDED, a_range, at_least

T, F, U = "true", "false", "unknown"

NOT = [
    # part, not
    (T, F),
    (F, T),
    (U, U),
]

ALL_AND_ANY = [
    # one part, the other, all of them, any of them
    (T, T, T, T),
    (T, F, F, T),
    (T, U, U, T),
    (F, T, F, T),
    (F, F, F, F),
    (F, U, F, U),
    (U, T, U, T),
    (U, F, F, U),
    (U, U, U, U),
]

# feature, comparison, wanted, what is recorded, value
Row = tuple[str, str, Any, Any, str]

YES_OR_NO: list[Row] = [
    ("gastric_bleeding", "=", True, True, T),
    ("gastric_bleeding", "=", True, False, F),
    ("gastric_bleeding", "=", False, False, T),
    ("gastric_bleeding", "=", True, NOT_RECORDED, U),
    ("gastric_bleeding", "=", False, NOT_RECORDED, U),
    ("gastric_bleeding", "=", True, DOES_NOT_APPLY, F),
    ("gastric_bleeding", "=", False, DOES_NOT_APPLY, F),
    ("gastric_bleeding", "=", True, MAY_NOT_APPLY, U),
]

ONE_OF_SEVERAL: list[Row] = [
    ("gastric_type", "=", "type_1", "type_1", T),
    ("gastric_type", "=", "type_1", "type_2", F),
    ("gastric_type", "=", "type_1", NOT_RECORDED, U),
    ("gastric_type", "=", "type_1", DOES_NOT_APPLY, F),
    ("gastric_type", "=", "type_1", MAY_NOT_APPLY, U),
    ("gastric_type", "in", ["type_1", "type_2"], "type_2", T),
    ("gastric_type", "in", ["type_1", "type_2"], "type_3", F),
    ("gastric_type", "in", ["type_1", "type_2"], NOT_RECORDED, U),
    ("gastric_type", "in", ["type_1", "type_2"], DOES_NOT_APPLY, F),
    ("gastric_type", "in", ["type_1", "type_2", "type_3"], NOT_RECORDED, U),
]

IN_ORDER: list[Row] = [
    ("gastric_stage", "=", "II", "II", T),
    ("gastric_stage", "=", "II", "III", F),
    ("gastric_stage", "<", "II", "I", T),
    ("gastric_stage", "<", "II", "II", F),
    ("gastric_stage", "<", "II", "III", F),
    ("gastric_stage", "<=", "II", "I", T),
    ("gastric_stage", "<=", "II", "II", T),
    ("gastric_stage", "<=", "II", "IV", F),
    ("gastric_stage", ">", "II", "III", T),
    ("gastric_stage", ">", "II", "II", F),
    ("gastric_stage", ">", "II", "I", F),
    ("gastric_stage", ">=", "II", "IV", T),
    ("gastric_stage", ">=", "II", "II", T),
    ("gastric_stage", ">=", "II", "I", F),
    ("gastric_stage", ">=", "I", NOT_RECORDED, U),
    ("gastric_stage", "<", "II", NOT_RECORDED, U),
    ("gastric_stage", ">=", "I", DOES_NOT_APPLY, F),
    ("gastric_stage", "<=", "IV", MAY_NOT_APPLY, U),
    ("gastric_stage", "in", ["I", "IV"], "IV", T),
    ("gastric_stage", "in", ["I", "IV"], "III", F),
]

NUMBERS: list[Row] = [
    ("gastric_depth_mm", "=", 20, 20, T),
    ("gastric_depth_mm", "=", 20, "20.00", T),
    ("gastric_depth_mm", "=", 20, "20.01", F),
    ("gastric_depth_mm", "<", 20, "19.99", T),
    ("gastric_depth_mm", "<", 20, 20, F),
    ("gastric_depth_mm", "<", 20, "20.01", F),
    ("gastric_depth_mm", "<=", 20, "19.99", T),
    ("gastric_depth_mm", "<=", 20, 20, T),
    ("gastric_depth_mm", "<=", 20, "20.01", F),
    ("gastric_depth_mm", ">", 20, "19.99", F),
    ("gastric_depth_mm", ">", 20, 20, F),
    ("gastric_depth_mm", ">", 20, "20.01", T),
    ("gastric_depth_mm", ">=", 20, "19.99", F),
    ("gastric_depth_mm", ">=", 20, 20, T),
    ("gastric_depth_mm", ">=", 20, "20.01", T),
    ("gastric_depth_mm", "=", 20, NOT_RECORDED, U),
    ("gastric_depth_mm", "<", 20, NOT_RECORDED, U),
    ("gastric_depth_mm", "<=", 50, NOT_RECORDED, U),
    ("gastric_depth_mm", ">", 20, NOT_RECORDED, U),
    ("gastric_depth_mm", ">=", 0, NOT_RECORDED, U),
    ("gastric_depth_mm", "<", 20, DOES_NOT_APPLY, F),
    ("gastric_depth_mm", ">=", 20, DOES_NOT_APPLY, F),
    ("gastric_depth_mm", ">=", 20, MAY_NOT_APPLY, U),
]

RANGES: list[Row] = [
    ("ki67_percent", ">", 20, a_range("21", "30", "21–30 %"), T),
    ("ki67_percent", ">", 20, a_range("20", "30", "20–30 %"), U),
    ("ki67_percent", ">", 20, a_range("20", "30", "above 20, up to 30 %", low_open=True), T),
    ("ki67_percent", ">", 20, a_range("10", "20", "10–20 %"), F),
    ("ki67_percent", ">", 20, a_range("20", "100", ">20 %", low_open=True), T),
    ("ki67_percent", ">=", 20, a_range("20", "30", "20–30 %"), T),
    ("ki67_percent", ">=", 20, a_range("15", "25", "15–25 %"), U),
    ("ki67_percent", ">=", 20, a_range("10", "20", "10–20 %"), U),
    ("ki67_percent", ">=", 20, a_range("10", "20", "from 10 to below 20 %", high_open=True), F),
    ("ki67_percent", "<", 3, a_range("2", "3", "2–3 %"), U),
    ("ki67_percent", "<", 3, a_range("2", "3", "from 2 to below 3 %", high_open=True), T),
    ("ki67_percent", "<", 3, a_range("0", "1", "<1 %", high_open=True), T),
    ("ki67_percent", "<", 3, a_range("3", "5", "3–5 %"), F),
    ("ki67_percent", "<=", 3, a_range("2", "3", "2–3 %"), T),
    ("ki67_percent", "<=", 3, a_range("3", "5", "3–5 %"), U),
    ("ki67_percent", "<=", 3, a_range("3", "5", "above 3, up to 5 %", low_open=True), F),
    ("ki67_percent", "=", 3, a_range("2", "5", "2–5 %"), U),
    ("ki67_percent", "=", 3, a_range("4", "5", "4–5 %"), F),
    ("ki67_percent", "=", 3, a_range("3", "5", "above 3, up to 5 %", low_open=True), F),
]

SETS: list[Row] = [
    ("gastric_findings", "contains", "ulcer", ("ulcer",), T),
    ("gastric_findings", "contains", "ulcer", ("ulcer", "polyp"), T),
    ("gastric_findings", "contains", "ulcer", ("polyp",), F),
    ("gastric_findings", "contains", "ulcer", (), F),
    ("gastric_findings", "contains", "ulcer", NOT_RECORDED, U),
    ("gastric_findings", "contains", "ulcer", DOES_NOT_APPLY, F),
    ("gastric_findings", "contains", "ulcer", MAY_NOT_APPLY, U),
    ("gastric_findings", "contains_any", ["ulcer", "polyp"], ("polyp", "atrophy"), T),
    ("gastric_findings", "contains_any", ["ulcer", "polyp"], ("ulcer", "polyp"), T),
    ("gastric_findings", "contains_any", ["ulcer", "polyp"], ("atrophy",), F),
    ("gastric_findings", "contains_any", ["ulcer", "polyp"], (), F),
    ("gastric_findings", "contains_any", ["ulcer", "polyp"], NOT_RECORDED, U),
    ("gastric_findings", "contains_any", ["ulcer", "polyp"], DOES_NOT_APPLY, F),
]

HISTORIES: list[Row] = [
    ("prior_treatments", "contains", "surgery", at_least("surgery"), T),
    ("prior_treatments", "contains", "tablets", at_least("surgery"), U),
    ("prior_treatments", "contains", "surgery", at_least(), U),
    ("prior_treatments", "contains_any", ["surgery", "tablets"], at_least("tablets"), T),
    ("prior_treatments", "contains_any", ["surgery", "tablets"], at_least("watching"), U),
    ("prior_treatments", "contains", "tablets", ("surgery",), F),
    ("prior_treatments", "is_known", None, at_least("surgery"), F),
    ("prior_treatments", "is_known", None, ("surgery",), T),
]

IS_KNOWN: list[Row] = [
    ("gastric_type", "is_known", None, "type_1", T),
    ("gastric_type", "is_known", None, NOT_RECORDED, F),
    ("gastric_type", "is_known", None, DOES_NOT_APPLY, T),
    ("gastric_type", "is_known", None, MAY_NOT_APPLY, F),
    ("gastric_bleeding", "is_known", None, False, T),
    ("gastric_findings", "is_known", None, (), T),
    ("gastric_findings", "is_known", None, NOT_RECORDED, F),
    ("gastric_depth_mm", "is_known", None, 0, T),
    ("ki67_percent", "is_known", None, a_range("2", "3", "2–3 %"), T),
]

STATUSES = [
    # any indication, any exclusion, status
    (T, F, "candidate"),
    (T, U, "conditional"),
    (T, T, "excluded"),
    (U, F, "possible"),
    (U, U, "possible"),
    (U, T, "excluded"),
    (F, F, "not_indicated"),
    (F, U, "not_indicated"),
    (F, T, "not_indicated"),
]

# The comparison tables with their headings, in the order in which they are printed.
COMPARISON_TABLES: list[tuple[str, str, list[Row]]] = [
    ("Yes or no", "Whoever has not been asked has not said no.", YES_OR_NO),
    ("One of several values", "A list that names every value does not make an unknown one known.", ONE_OF_SEVERAL),
    ("Values that have an order", "Stages and grades are compared in the order of the dictionary.", IN_ORDER),
    ("Numbers", "Exactly as written: 20.01 is above 20, and 20.00 is 20.", NUMBERS),
    (
        "Numbers known only as a range",
        "True or false only where it is so for every number in the range.",
        RANGES,
    ),
    ("Sets", "An empty set is known: there are none. A set not recorded is unknown.", SETS),
    (
        "Treatment histories that nobody has confirmed to be complete",
        "A treatment on record is a yes; no other treatment is a no until somebody has said that the list is complete.",
        HISTORIES,
    ),
    ("Is it known?", "The one question whose answer is never unknown.", IS_KNOWN),
]
