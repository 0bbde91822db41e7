"""A ruleset as one YAML file and back: the same bytes, the same digest, and every fault with its line and place."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.engine import Ruleset, canonical_json
from pathways.engine.checks import check_cases
from pathways.knowledge import KnowledgeError, starter
from pathways.knowledge.exported import json_schema, shape_problems
from pathways.knowledge.one_file import from_yaml, to_yaml
from pathways.knowledge.ruleset_files import read_ruleset_file, read_ruleset_text
from pathways.knowledge.yaml_text import read_yaml
from pathways.knowledge.yaml_writing import WIDTH, block

ROOT = Path(__file__).resolve().parents[2]
MORE: dict[str, Any] = {
    "limits": {"ki67_percent": {"days": 365, "reason": "It changes."}},
    "test_patients": [
        {
            "code": "TP-1",
            "title": "Pregnant, receptor-positive",
            "features": {"pregnant_or_breastfeeding": True, "ki67_percent": Decimal("2.5")},
            "expected": {"lutetium_dotatate": "not_indicated"},
        }
    ],
}


@cache
def ruleset() -> Ruleset:
    return Ruleset.from_data(starter() | MORE)


@cache
def written() -> str:
    return to_yaml(ruleset())


def faults(text: str) -> list[str]:
    with pytest.raises(KnowledgeError) as refused:
        from_yaml(text)
    return str(refused.value).splitlines()


def test_written_read_and_written_again_are_the_same_bytes_and_the_same_digest() -> None:
    again = from_yaml(written())
    assert again.digest == ruleset().digest
    assert again.canonical == ruleset().canonical
    assert to_yaml(again) == written()


def test_a_ruleset_with_the_least_in_it_comes_back_as_well() -> None:
    data = {
        "ruleset": {"code": "small", "version": 1, "title": "Small"},
        "dictionary": {"patient": {"age": {"kind": "number", "min": 0, "max": Decimal("99.5")}}, "tumor": {}},
        "options": [{"code": "watching", "title": "Watching", "group": "surveillance"}],
        "rules": [],
    }
    small = Ruleset.from_data(data)
    assert from_yaml(to_yaml(small)).canonical == small.canonical


def test_the_file_says_what_it_is_and_is_read_at_a_glance() -> None:
    rows = written().splitlines()
    assert rows[0] == "# A netcare ruleset: NET pathway, version 1"
    assert rows[1] == f"# Digest of the content: {ruleset().digest}"
    assert {row.split("://")[0] for row in rows if len(row) > WIDTH} == {"  address: 'https"}
    assert "  when: {any: [{feature: grade, op: '=', value: G1}, {feature: ki67_percent, op: '<=', value: 5}]}" in rows


def test_rules_keep_their_order_and_each_option_is_headed_by_its_title() -> None:
    rows = written().splitlines()
    codes = [
        row.removeprefix("- code: ") for row in rows[rows.index("rules:") : rows.index("cases:")] if "- code: " in row
    ]
    assert codes == [rule.code for rule in ruleset().rules]
    where = rows.index("- code: LAN-I1")
    assert rows[where - 1] == "# Lanreotide, long-acting"


def test_a_comment_and_another_layout_change_nothing() -> None:
    text = written().replace("rules:\n", "rules:\n# Ours, from here on.\n\n", 1)
    assert from_yaml(text).digest == ruleset().digest
    assert read_ruleset_text(ruleset().canonical.encode(), "ruleset.json").canonical == ruleset().canonical


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n'\"#:"), max_size=20)
NUMBERS = st.integers(-(10**12), 10**12) | st.decimals("-1000", "1000", places=3)
LEAVES = (
    st.none() | st.booleans() | NUMBERS | TEXTS | st.sampled_from(["no", "1e5", "0x1", "- a", "#", "a: b", "'", "~"])
)
TREES = st.recursive(
    LEAVES, lambda some: st.lists(some, max_size=5) | st.dictionaries(TEXTS, some, max_size=5), max_leaves=25
)


@given(data=st.dictionaries(TEXTS, TREES, min_size=1, max_size=4))
@settings(deadline=None)
def test_whatever_is_written_is_read_as_it_was(data: dict[str, Any]) -> None:
    text = "\n".join(block(data, 0)) + "\n"
    assert canonical_json(read_yaml(text.encode(), deepest=60)) == canonical_json(data)


@given(words=st.lists(TEXTS, min_size=10, max_size=30))
@settings(deadline=None)
def test_a_long_text_is_folded_and_read_as_it_was(words: list[str]) -> None:
    text = " ".join([*words, *["word"] * 20])
    data = {"text": text, "list": [text]}
    assert read_yaml(("\n".join(block(data, 0)) + "\n").encode()) == data


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda t: t.replace("op: '<='", "op: '=<'", 1), "low_grade, any 2: ki67_percent cannot be compared with '=<'"),
        (lambda t: t.replace("  effect: indication", "  effect: cure", 1), "rule SURV-I1: effect is \"cure\"; accepted is"),
        (lambda t: t.replace("- code: SURV-I1\n", "- code: SURV-I1\n  rank: 1\n", 1), "rule SURV-I1: rank is not a key"),
        (lambda t: t.replace("rationale: Small", "rationale: Small <b>and</b>", 1), "rule SURV-I1: rationale holds markup"),
        (lambda t: t.replace("{use: low_grade}", "{use: low_grad}", 1), "'low_grad'. Did you mean low_grade?"),
        (lambda t: t.replace("\nrules:", "\nrulez:", 1), "ruleset: rulez is not a key that is known here."),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(edit: Callable[[str], str], sentence: str) -> None:
    assert any(sentence in line for line in faults(edit(written())))


def test_a_fault_is_named_with_its_line() -> None:
    text = written().replace("  effect: indication", "  effect: cure", 1)
    where = text.splitlines().index("- code: SURV-I1") + 1
    (fault,) = faults(text)
    assert fault.startswith(f"ruleset.yaml, line {where}, rule SURV-I1: effect is ")
    twice = written().replace("- code: SURV-I1\n", "- code: SURV-I1\n  code: SURV-I2\n", 1)
    assert faults(twice) == [
        f"ruleset.yaml, line {where + 1}: The key code stands twice in one object; which one is meant?"
    ]


def test_the_starter_has_the_shape_of_a_file_and_its_test_patients_come_out_as_said() -> None:
    assert shape_problems(ruleset().to_data()) == []
    results = check_cases(ruleset())
    assert len(results) == 1014
    assert [result.title for result in results if result.kind == "rule case" and not result.passed] == []


def test_the_json_schema_in_the_documents_is_the_one_of_the_shapes() -> None:
    """`python manage.py ruleset schema > docs/reference/ruleset.schema.json` writes it anew."""
    assert json.loads((ROOT / "docs/reference/ruleset.schema.json").read_text(encoding="utf-8")) == json_schema()


def test_a_file_is_read_by_what_it_holds_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(written(), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(ruleset().canonical, encoding="utf-8")
    assert {read_ruleset_file(tmp_path / name).digest for name in ("a.txt", "b.yaml")} == {ruleset().digest}
