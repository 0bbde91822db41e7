"""What the option pages say rests on loaded sources, sentence by sentence, and says so where they are silent."""

from __future__ import annotations

import re

import pytest

from pathways.engine import Ruleset
from pathways.knowledge import starter
from pathways.knowledge.texts import NOT_COVERED, SECTIONS, KnowledgeTexts, Reference

DATA = starter()
TEXTS = KnowledgeTexts(DATA)
OPTIONS = [option["code"] for option in DATA["options"]]
# The product lists and never ranks or advises.
ADVICE = re.compile(r"\b(recommend\w*|best|preferred|preferable|first choice|superior|you should)\b", re.IGNORECASE)


@pytest.mark.parametrize("option", OPTIONS)
def test_an_options_page_has_every_section_in_order(option: str) -> None:
    sections = TEXTS.sections(option)
    assert [section.code for section in sections] == list(SECTIONS)
    assert sections[0].covered


@pytest.mark.parametrize("option", OPTIONS)
def test_every_sentence_names_document_and_section_or_rule(option: str) -> None:
    sentences = [sentence for section in TEXTS.sections(option) for sentence in section.sentences]
    without = [
        sentence.text
        for sentence in sentences
        if not sentence.references
        or any(basis.kind == "fact" and not all(r.locator for r in basis.references) for basis in sentence.bases)
    ]
    assert without == []
    assert len({sentence.text for sentence in sentences}) >= 4


def test_every_caution_of_an_option_stands_behind_a_sentence_of_its_page() -> None:
    said = {
        basis.code
        for option in OPTIONS
        for section in TEXTS.sections(option)
        for sentence in section.sentences
        for basis in sentence.bases
    }
    cautions = [rule["code"] for rule in DATA["rules"] if rule["effect"] == "caution"]
    assert [code for code in cautions if code not in said] == []


def test_no_sentence_ranks_or_advises() -> None:
    advice = [
        (option, sentence.text)
        for option in OPTIONS
        for section in TEXTS.sections(option)
        for sentence in section.sentences
        if ADVICE.search(sentence.text)
    ]
    assert advice == []


def test_a_sentence_is_resolved_to_source_locator_and_what_was_checked() -> None:
    what_it_is = TEXTS.sections("telotristat")[0]
    assert [sentence.text for sentence in what_it_is.sentences] == [
        "Added to an analog for carcinoid diarrhea that the analog alone does not control; 44% responded, against 20%."
    ]
    (sentence,) = what_it_is.sentences
    assert [(r.source, r.locator, r.verified) for r in sentence.references] == [
        ("SEED-002", "How is NET treated?", "read in full"),
        ("TR-TELESTAR", "primary end point", "figures checked against this address"),
        ("LBL-TELO", "indication", "figures checked against this address"),
    ]


def test_a_fact_of_two_documents_names_both() -> None:
    assert TEXTS.basis("F094").references == (
        Reference(
            source="SEED-001",
            citation="Cancer-centre page reviewed by Maurie Markman MD, updated 6 June 2022 (the text names no centre; the "
            "reviewer belongs to City of Hope / Cancer Treatment Centers of America)",
            locator="Hormone therapy / Hormonal Therapy",
            verified="read in full",
            identifier="",
            address="",
        ),
        Reference(
            source="SEED-003",
            citation=TEXTS.basis("F099").references[0].citation,
            locator="Hormone therapy / Hormonal Therapy",
            verified="read in full",
            identifier="",
            address="",
        ),
    )


def test_where_the_sources_are_silent_the_section_says_so_and_stays_empty() -> None:
    silent = [section.title for section in TEXTS.sections("belzutifan") if not section.covered]
    assert silent == ["How it is given", "Follow-up", "For the conversation", "For the tumor board"]
    assert NOT_COVERED == "not covered by the loaded sources"


def test_what_every_operation_shares_stands_on_each_operations_page_after_its_own() -> None:
    for option in (entry["code"] for entry in DATA["options"] if entry["group"] == "surgery"):
        conversation = TEXTS.sections(option)[list(SECTIONS).index("conversation")]
        assert [sentence.text for sentence in conversation.sentences][-3:] == [
            "Ask beforehand which side effects belong to this particular operation.",
            "Getting up and walking early helps recovery along.",
            "Advice on food and fitness before the operation (prehabilitation) makes recovery easier.",
        ]


def test_the_texts_of_a_stored_version_are_those_of_the_files() -> None:
    stored = KnowledgeTexts(Ruleset.from_data(DATA).to_data())
    assert [stored.sections(option) for option in OPTIONS] == [TEXTS.sections(option) for option in OPTIONS]
