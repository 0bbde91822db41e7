"""A corrupt knowledge file stops the load before anything is made of it; each reason is one sentence with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathways.knowledge import KnowledgeError, load
from tests.knowledge.small_pathway import FILES, problems, write

RULES, FEATURES, OPTIONS, SOURCES = "rules.yaml", "features.yaml", "options.yaml", "sources.yaml"
FACTS, CASES, INVARIANTS, READINGS = "facts.yaml", "rule-cases.yaml", "invariants.yaml", "readings.yaml"
WATCHING, SURGERY = "option-texts/surveillance.yaml", "option-texts/surgery.yaml"
RATIONALE = "  rationale: It can be taken out."
HEAD = "ruleset: {code: small, version: 1, title: Small pathway}"
IN_GRADE = "{feature: grade, op: in, value: [G1, G2]}"

# What is wrong → file, what stood there, what stands there now, the one sentence that the loader says.
CORRUPT: dict[str, tuple[str, str, str, str]] = {
    # The text itself.
    "a bomb of aliases": (
        RULES,
        HEAD,
        f"a: &a [x, x]\nb: [*a, *a]\n{HEAD}",
        "rules.yaml, line 1: Anchors and aliases (& and *) are not read; write the value out.",
    ),
    "a tag that would run a program": (
        RULES,
        "title: Spread",
        "title: !!python/object/apply:os.system [ls]",
        "rules.yaml, line 4: Tags are not read; leave 'tag:yaml.org,2002:python/object/apply:os.system' out.",
    ),
    "a tab": (
        RULES,
        RATIONALE,
        RATIONALE.replace("  ", "\t"),
        "rules.yaml, line 29: A tab character stands here; indent with spaces.",
    ),
    "a control character": (
        RULES,
        "taken out",
        "taken \x07out",
        "rules.yaml, line 29: A control character stands here; remove it.",
    ),
    "an escaped control character": (
        RULES,
        "It can be taken out.",
        '"It can \\x07 be taken out."',
        "rules.yaml, line 29: A control character stands in this text; remove it.",
    ),
    "a key that stands twice": (
        RULES,
        RATIONALE,
        f"{RATIONALE}\n  rationale: Or not.",
        "rules.yaml, line 30: The key rationale stands twice in one object; which one is meant?",
    ),
    "a key that is no word": (
        CASES,
        "RES-I1:",
        "7:",
        "rule-cases.yaml, line 3: The key 7 is not a word; put it in quotes.",
    ),
    "a bracket left open": (
        RULES,
        "sources: [{id: F002}]",
        "sources: [{id: F002}",
        "rules.yaml, line 31: This is not YAML: check brackets, quotes and indentation here and just above.",
    ),
    "a second document": (
        RULES,
        "rules:\n",
        "---\nrules:\n",
        "rules.yaml, line 9: A second document begins here; a file holds one.",
    ),
    "no content": (FACTS, "", "", "facts.yaml: The file is empty."),
    "a list where an object belongs": (
        FACTS,
        "",
        "- a\n",
        "facts.yaml: The file holds an object with keys, here is ['a'].",
    ),
    "not a number": (
        RULES,
        "80.5",
        ".nan",
        "rules.yaml, line 21: .nan is not a number; leave the entry out if the value is unknown.",
    ),
    "a number without end": (
        RULES,
        "80.5",
        "-.inf",
        "rules.yaml, line 21: -.inf is not a number; leave the entry out if the value is unknown.",
    ),
    "a number in powers of ten": (
        RULES,
        "80.5",
        "8e1",
        "rules.yaml, line 21: 8e1 can be read in two ways; write the number out in digits.",
    ),
    "an octal number": (
        RULES,
        "80.5",
        "0120",
        "rules.yaml, line 21: 0120 can be read in two ways; write the number out in digits.",
    ),
    "a number of a hundred digits": (RULES, "80.5", "9" * 100, "rules.yaml, line 21: A number has at most 30 digits."),
    "endless nesting": (
        RULES,
        IN_GRADE,
        "{not: " * 45 + "{use: calm}" + "}" * 45,
        "rules.yaml, line 28: The data are nested more than 40 deep.",
    ),
    # The shape of an entry.
    "a part that is not known": (
        READINGS,
        "readings:",
        "extra: []\nreadings:",
        "readings.yaml: extra is not a part of this file.",
    ),
    "a key that is not known": (
        RULES,
        RATIONALE,
        f"{RATIONALE}\n  priority: 1",
        "rules.yaml, rule RES-I1: priority is not a key that is known here.",
    ),
    "no rationale": (RULES, f"{RATIONALE}\n", "", "rules.yaml, rule RES-I1: rationale is missing."),
    "an empty rationale": (
        RULES,
        "It can be taken out.",
        "''",
        "rules.yaml, rule RES-I1: rationale is empty; text is expected.",
    ),
    "markup": (
        RULES,
        "be taken out.",
        "<b>be</b> taken out.",
        "rules.yaml, rule RES-I1: rationale holds markup; write plain text.",
    ),
    "an entity": (
        RULES,
        "taken out.",
        "taken &lt; out.",
        "rules.yaml, rule RES-I1: rationale holds markup; write plain text.",
    ),
    "a link in markdown": (
        RULES,
        "It can be taken out.",
        "'[see](https://example.org)'",
        "rules.yaml, rule RES-I1: rationale holds markup; write plain text.",
    ),
    "text that runs backwards": (
        RULES,
        "be taken out.",
        "be \u202etaken out.",
        "rules.yaml, rule RES-I1: rationale holds an invisible character; remove it.",
    ),
    "no source": (RULES, "[{id: F002}]", "[]", "rules.yaml, rule RES-I1: sources is empty; at least one is needed."),
    "an effect that does not exist": (
        RULES,
        "effect: caution",
        "effect: warning",
        "rules.yaml, rule WATCH-C1: effect is \"warning\"; accepted is 'indication', 'exclusion' or 'caution'.",
    ),
    "a strength that does not exist": (
        RULES,
        "expert page",
        "strong",
        "rules.yaml, rule WATCH-C1: strength is \"strong\"; accepted is 'label', 'trial', 'guideline' or 'expert page'.",
    ),
    "yes for true": (
        FEATURES,
        "ordered: true",
        "ordered: yes",
        'features.yaml, feature grade: ordered is "yes"; true or false is expected.',
    ),
    "a version before the first": (
        RULES,
        "version: 1",
        "version: 0",
        "rules.yaml, ruleset: version is 0; the smallest accepted is 1.",
    ),
    "a year that is no whole number": (
        SOURCES,
        "year: 2020",
        "year: 20.5",
        "sources.yaml, source GL-ONE: year is 20.5; a whole number is expected.",
    ),
    "an address that runs a script": (
        SOURCES,
        "https://example.org/1",
        "javascript:alert(1)",
        'sources.yaml, source GL-ONE: address is "javascript:alert(1)"; '
        "accepted is an address that begins with https:// or http://.",
    ),
    "a source nobody says was checked": (
        SOURCES,
        ", verified: not checked",
        "",
        "sources.yaml, source GL-ONE: verified is missing.",
    ),
    "a fact's id": (FACTS, "F003", "F3", 'facts.yaml, fact F3: id is "F3"; accepted is F and three digits.'),
    "a place where facts are not shown": (
        FACTS,
        "[patient-facing]",
        "[home page]",
        "facts.yaml, fact F003: shown entry 1 is \"home page\"; accepted is 'option page', 'rule rationale', 'caution', "
        "'missing-data checklist', 'follow-up plan', 'patient-facing' or 'tumor-board packet'.",
    ),
    "a sentence without a basis": (
        SURGERY,
        "[F002, RES-I1]",
        "[]",
        "option-texts/surgery.yaml, option resection: what_it_is entry 1 from is empty; at least one is needed.",
    ),
    "a section that does not exist": (
        WATCHING,
        "what_to_watch",
        "watch_out",
        "option-texts/surveillance.yaml, option watching: watch_out is not a key that is known here.",
    ),
    # What conditions mean.
    "an unknown feature": (
        RULES,
        IN_GRADE,
        IN_GRADE.replace("grade", "grad"),
        "rules.yaml, rule RES-I1: There is no feature 'grad'. Did you mean grade?",
    ),
    "an operator that the feature does not have": (
        RULES,
        "op: in,",
        "op: contains,",
        "rules.yaml, rule RES-I1: grade cannot be compared with 'contains'; "
        "for this feature there are =, in, <, <=, >, >= and is_known.",
    ),
    "a value outside the range": (
        RULES,
        "80.5",
        "121",
        "rules.yaml, rule WATCH-C1: age_years: 121 is outside the range; accepted is a number from 0 to 120 (years).",
    ),
    "a number in quotes": (
        RULES,
        "80.5",
        "'80.5'",
        'rules.yaml, rule WATCH-C1: age_years: "80.5" is not a number; accepted is a number from 0 to 120 (years).',
    ),
    "no value to compare with": (
        RULES,
        "80.5",
        "null",
        "rules.yaml, rule WATCH-C1: age_years: the value to compare with is missing.",
    ),
    "a value that the feature does not have": (
        RULES,
        "value: [G1, G2]",
        "value: [G1, G4]",
        'rules.yaml, rule RES-I1: grade: "G4" is not accepted; accepted is one of G1, G2 or G3.',
    ),
    "a definition that does not exist": (
        RULES,
        "{use: calm}]",
        "{use: clam}]",
        "rules.yaml, rule WATCH-I1, all 2: There is no definition 'clam'. Did you mean calm?",
    ),
    "a circular definition": (
        RULES,
        "{feature: sites, op: contains_any, value: [liver, bone]}",
        "{not: {use: calm}}",
        "rules.yaml, definition spread: The definition uses itself, directly or through others.",
    ),
    "a range upside down": (
        FEATURES,
        "min: 0, max: 120",
        "min: 120, max: 0",
        "features.yaml, feature age_years: A number has a min and a max, min not above max; here are 120 and 0.",
    ),
    "an implied value that cannot be": (
        FEATURES,
        "feature: frail, value: true",
        "feature: frail, value: maybe",
        'features.yaml, implication IMP-01: frail: "maybe" is not accepted; accepted is true or false.',
    ),
    "a contradiction that covers nothing": (
        FEATURES,
        "message: No such grade.",
        "message: No such grade., covers: [IMP-07]",
        "features.yaml, contradiction CON-01: covers names IMP-07, which is not an implication.",
    ),
    # What one file says of another.
    "a source that does not exist": (
        RULES,
        "[{id: F002}]",
        "[{id: GL-TWO}]",
        "rules.yaml, rule RES-I1: There is no source 'GL-TWO'. Did you mean GL-ONE?",
    ),
    "an id used twice": (SOURCES, "id: GL-ONE", "id: SEED-000", "sources.yaml, source SEED-000: The id is used twice."),
    "a seed document without a file": (
        SOURCES,
        "file: one.txt, ",
        "",
        "sources.yaml, source SEED-000: A seed document names its file, and no other source does.",
    ),
    "a fact of a document that does not exist": (
        FACTS,
        "cut out., seeds: [SEED-000]",
        "cut out., seeds: [SEED-009]",
        "facts.yaml, fact F002: There is no source SEED-009. Did you mean SEED-000?",
    ),
    "a fact of a guideline": (
        FACTS,
        "cut out., seeds: [SEED-000]",
        "cut out., seeds: [GL-ONE]",
        "facts.yaml, fact F002: GL-ONE is a guideline, not a seed document.",
    ),
    "a fact that bears on no such option": (
        FACTS,
        "options: [resection]",
        "options: [resect]",
        "facts.yaml, fact F002: There is no option resect. Did you mean resection?",
    ),
    "a fact that bears on no such feature": (
        FACTS,
        "features: [grade]",
        "features: [grades]",
        "facts.yaml, fact F001: There is no feature grades. Did you mean grade?",
    ),
    "a place named twice": (
        FACTS,
        "[option page]",
        "[option page, option page]",
        "facts.yaml, fact F002: shown names something twice.",
    ),
    "a test patient outside the range": (
        CASES,
        "age_years: 81",
        "age_years: 181",
        "rule-cases.yaml, rule WATCH-C1, true: age_years: 181 is outside the range; "
        "accepted is a number from 0 to 120 (years).",
    ),
    "a rule without test patients": (
        CASES,
        "RES-I1: {'true': {grade: G2}, 'false': {grade: G3}}\n",
        "",
        "rule-cases.yaml, rule RES-I1: The rule has no test patients.",
    ),
    "an invariant that is both": (
        INVARIANTS,
        "never: [candidate]",
        "never: [candidate]\n  always: [possible]",
        "invariants.yaml, invariant INV-01: An invariant has either never or always.",
    ),
    "an invariant about no such option": (
        INVARIANTS,
        "[watching]",
        "[waiting]",
        "invariants.yaml, invariant INV-01: There is no option waiting. Did you mean watching?",
    ),
    "an invariant with no such definition": (
        INVARIANTS,
        "{use: spread}",
        "{use: spred}",
        "invariants.yaml, invariant INV-01: There is no definition 'spred'. Did you mean spread?",
    ),
    "a text that rests on no such fact": (
        WATCHING,
        "[F001]",
        "[F009]",
        "option-texts/surveillance.yaml, option watching, what_it_is: There is no fact F009. Did you mean F003?",
    ),
    "a text that rests on another option's rule": (
        WATCHING,
        "[WATCH-C1]",
        "[RES-I1]",
        "option-texts/surveillance.yaml, option watching, what_to_watch: RES-I1 is a rule of resection, not of this option.",
    ),
    "a reading of no such fact": (
        READINGS,
        "[F001]",
        "[F010]",
        "readings.yaml, reading Watching: There is no fact F010. Did you mean F003?",
    ),
}


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
    assert problems(tmp_path) == ["facts.yaml: The file has 5,000,001 bytes; at most 5,000,000 are read."]


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
