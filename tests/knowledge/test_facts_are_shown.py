"""Every fact of the seed documents is met in the product, there where it says so; the places are found, not believed."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.knowledge import load, starter
from pathways.knowledge.coverage import SOURCES_PAGE, Appearance, appearances, not_shown_as_said
from pathways.knowledge.texts import CHECKLIST, PACKET, PATIENT_FACING, KnowledgeTexts
from tests.knowledge.small_pathway import write

DATA = starter()
TEXTS = KnowledgeTexts(DATA)
FOUND = appearances(DATA)
ON_THE_SOURCES_PAGE_ALONE = {"F134", "F177"}


def _facts_shown(place: str) -> list[dict[str, Any]]:
    return [fact for fact in DATA["facts"] if place in fact["shown"]]


def test_all_177_facts_are_found_in_the_product() -> None:
    assert sorted(FOUND) == [f"F{number:03}" for number in range(1, 178)]
    assert {code for code, places in FOUND.items() if not places} == set()


def test_only_the_two_facts_without_a_place_stand_on_the_sources_page_alone() -> None:
    alone = {code for code, places in FOUND.items() if [a.place for a in places] == [SOURCES_PAGE]}
    assert alone == ON_THE_SOURCES_PAGE_ALONE
    assert {basis.code for sentence in TEXTS.background() for basis in sentence.bases} == ON_THE_SOURCES_PAGE_ALONE


def test_every_fact_stands_in_every_place_that_it_names() -> None:
    assert not_shown_as_said(DATA) == {}


def test_a_fact_that_bears_on_an_option_is_met_at_that_option() -> None:
    rules = {rule["code"]: rule["option"] for rule in DATA["rules"]}
    elsewhere = {
        (fact["id"], option)
        for fact in DATA["facts"]
        for option in fact["options"]
        if option not in {rules.get(a.where, a.where.split(",")[0]) for a in FOUND[fact["id"]]}
    }
    assert elsewhere == set()


@pytest.mark.parametrize(("place", "section"), [(PATIENT_FACING, "conversation"), (PACKET, "packet")])
def test_patient_facing_and_packet_facts_stand_in_that_section_of_each_of_their_options(
    place: str, section: str
) -> None:
    missing = {
        (fact["id"], option)
        for fact in _facts_shown(place)
        for option in fact["options"]
        if (option, section) not in TEXTS.options_saying(fact["id"])
    }
    assert missing == set()


def test_patient_facing_and_packet_facts_of_no_option_stand_on_every_options_page() -> None:
    for place, sentences in (
        (PATIENT_FACING, TEXTS.conversation_for_every_option()),
        (PACKET, TEXTS.packet_for_every_option()),
    ):
        expected = [fact["fact"] for fact in _facts_shown(place) if not fact["options"]]
        assert [sentence.text for sentence in sentences] == expected
        assert expected


def test_checklist_facts_are_shown_with_each_feature_that_they_bear_on() -> None:
    missing = {
        (fact["id"], feature)
        for fact in _facts_shown(CHECKLIST)
        for feature in fact["features"]
        if fact["fact"] not in [sentence.text for sentence in TEXTS.checklist(feature)]
    }
    assert missing == set()
    assert [sentence.bases[0].code for sentence in TEXTS.checklist_beyond_the_dictionary()] == ["F106"]


def test_the_follow_up_intervals_are_shown_as_one_centres_schedule() -> None:
    (follow_up,) = (section for section in TEXTS.sections("active_surveillance") if section.code == "follow_up")
    assert [(sentence.text, [basis.code for basis in sentence.bases]) for sentence in follow_up.sentences] == [
        ("One centre's schedule: a visit to the oncologist every three to six months.", ["F040"]),
        ("The same centre may suggest a biopsy after about a year, to judge tumor and plan afresh.", ["F041"]),
    ]


def test_a_fact_is_not_believed_to_stand_where_it_says(tmp_path: Any) -> None:
    data = load(write(tmp_path)).as_ruleset_data()
    assert appearances(data)["F001"] == (
        Appearance("option page", "watching, what_it_is"),
        Appearance("rule rationale", "WATCH-I1"),
        Appearance(SOURCES_PAGE, ""),
    )
    assert appearances(data)["F003"] == (
        Appearance("option page", ""),
        Appearance(PATIENT_FACING, ""),
        Appearance(SOURCES_PAGE, ""),
    )
    data["facts"][1]["shown"] = ["option page", "caution", CHECKLIST]
    assert not_shown_as_said(data) == {"F002": ("caution",)}
