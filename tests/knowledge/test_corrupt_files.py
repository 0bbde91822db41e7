"""A corrupt knowledge file stops the load before anything is made of it; each reason is one sentence with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathways.knowledge import KnowledgeError, load
from tests.knowledge.corruptions import CORRUPT, FACTS, OPTIONS, RULES, WATCHING
from tests.knowledge.small_pathway import FILES, problems, write


def test_the_small_pathway_loads_as_it_is(tmp_path: Path) -> None:
    knowledge = load(write(tmp_path))
    assert [rule.code for rule in knowledge.rules] == ["WATCH-I1", "WATCH-C1", "RES-I1"]
    assert list(knowledge.option_titles()) == ["watching", "resection"]


@pytest.mark.parametrize("what", CORRUPT)
def test_a_corrupt_file_is_refused_in_one_sentence_with_its_place(what: str, tmp_path: Path) -> None:
    file, old, new, sentence = CORRUPT[what]
    assert problems(write(tmp_path, (file, old, new))) == [sentence]


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named_and_other_files_are_not_blamed_for_it(file: str, tmp_path: Path) -> None:
    (write(tmp_path) / file).unlink()
    assert problems(tmp_path) == [f"{file}: The file is missing."]


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    (write(tmp_path) / FACTS).write_bytes(b"facts:\n- {id: F001, fact: Low \xff}\n")
    assert problems(tmp_path) == ["facts.yaml, line 2: This is not UTF-8 text; save the file as UTF-8."]


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    (write(tmp_path) / FACTS).write_bytes(b"#" * 5_000_001)
    assert problems(tmp_path) == ["facts.yaml: The file has more than 5 MB; at most 5,000,000 bytes are read."]


def test_a_code_used_twice_is_named_with_what_is_lost_by_it(tmp_path: Path) -> None:
    assert problems(write(tmp_path, (RULES, "code: RES-I1", "code: WATCH-I1"))) == [
        "rules.yaml, rule WATCH-I1: The code is used twice.",
        "option-texts/surgery.yaml, option resection, what_it_is: There is no rule RES-I1.",
        "rule-cases.yaml, rule RES-I1: There is no rule RES-I1.",
    ]


def test_an_option_used_twice_is_named_with_what_is_lost_by_it(tmp_path: Path) -> None:
    assert problems(write(tmp_path, (OPTIONS, "resection: {", "watching: {"))) == [
        "options.yaml, option watching: The code is used twice.",
        "option-texts/surgery.yaml: There is no group of options with this name.",
        "facts.yaml, fact F002: There is no option resection.",
    ]


def test_an_option_without_a_page_is_named(tmp_path: Path) -> None:
    assert problems(write(tmp_path, (WATCHING, "  watching:", "  waiting:"))) == [
        "option-texts/surveillance.yaml, option waiting: There is no such option in this group. Did you mean watching?",
        "option-texts/surveillance.yaml, option watching: The option has no texts.",
    ]


def test_a_page_file_of_no_group_is_named(tmp_path: Path) -> None:
    (write(tmp_path) / "option-texts" / "surgry.yaml").write_text("options: {}\n", encoding="utf-8")
    assert problems(tmp_path) == [
        "option-texts/surgry.yaml: There is no group of options with this name. Did you mean surgery?"
    ]


def test_all_faults_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    changes = [CORRUPT[what][:3] for what in ("no rationale", "yes for true", "a source nobody says was checked")]
    assert sorted(problems(write(tmp_path, *changes))) == [
        'features.yaml, feature grade: ordered is "yes"; true or false is expected.',
        "rules.yaml, rule RES-I1: rationale is missing.",
        "sources.yaml, source GL-ONE: verified is missing.",
    ]


def test_a_sound_rule_is_judged_even_when_another_one_has_no_shape(tmp_path: Path) -> None:
    changes = [CORRUPT[what][:3] for what in ("no rationale", "a value outside the range")]
    assert sorted(problems(write(tmp_path, *changes))) == [
        "rules.yaml, rule RES-I1: rationale is missing.",
        CORRUPT["a value outside the range"][3],
    ]


def test_the_error_carries_file_place_and_sentence_apart(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load(write(tmp_path, CORRUPT["no rationale"][:3]))
    (problem,) = caught.value.problems
    assert (problem.file, problem.place, problem.sentence) == ("rules.yaml", "rule RES-I1", "rationale is missing.")
    assert str(caught.value) == "rules.yaml, rule RES-I1: rationale is missing."
