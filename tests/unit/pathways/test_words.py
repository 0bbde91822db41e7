"""Dates, digests, citations and the style sheet of printed pages: the forms that all pages share."""

from datetime import UTC, date, datetime

import pytest

from pathways.engine import Citation
from pathways.models import RulesetVersion
from pathways.presenters.changelog import blocks, changelog
from pathways.presenters.citations import checked_words, cited
from pathways.presenters.print_frame import css_text, page_frame
from pathways.presenters.rule_words import rule_item, rule_page
from pathways.presenters.words import PAGE_GROUPS, capital, listing, page_group_of, short_digest, show_date
from patients.models import Patient
from tests.unit.pathways.example import ruleset

DIGEST = "sha256:" + "a41f07d2" + "0" * 52 + "9c2e"
VERSION = RulesetVersion(
    title="NET pathway", version=3, published_at=datetime(2026, 11, 1, 9, tzinfo=UTC), digest=DIGEST
)
WILLOW = Patient(family_name="Pretend", given_name="Willow", mrn="N-1")


def test_dates_are_written_with_the_month_as_a_word() -> None:
    assert show_date(date(2026, 11, 2)) == "2 Nov 2026"


def test_a_digest_is_shortened_to_what_can_be_compared_by_eye() -> None:
    assert short_digest(DIGEST) == "sha256 a41f 07d2 … 9c2e"


def test_lists_and_first_letters_read_as_people_write_them() -> None:
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert capital("eGFR is below 30") == "eGFR is below 30"
    assert capital("grade is G1") == "Grade is G1"


def test_every_group_of_the_catalogue_has_one_place_on_the_patients_page() -> None:
    members = [group for _, _, groups in PAGE_GROUPS for group in groups]
    assert sorted(members) == sorted({option.group for option in ruleset().options})
    with pytest.raises(ValueError, match="no place on the patient's page"):
        page_group_of("herbal")


@pytest.mark.parametrize(
    ("verified", "words"),
    [
        ("figures checked against this address", "checked"),
        ("read in full", "read in full"),
        ("not checked against the source", "not checked"),
        ("not checked; the 2 cm watch policy checked through the ASPEN protocol (PMC7785972)", "partly checked"),
        ("existence and abstract or summary checked; the detailed locator is not checked", "partly checked"),
        ("", "not checked"),
    ],
)
def test_what_was_checked_is_said_in_two_words(verified: str, words: str) -> None:
    assert checked_words(verified)[0] == words


def test_a_source_stands_once_with_all_its_locators_and_facts_stand_together() -> None:
    sources = cited(
        [Citation("LBL-LUT-EU", "section 4.1"), Citation("F118", ""), Citation("LBL-LUT-EU", "section 4.4")],
        ruleset().sources,
    )
    assert [(line.id, line.locators) for line in sources.lines] == [("LBL-LUT-EU", ("section 4.1", "section 4.4"))]
    assert sources.facts == ("F118",)


def test_the_margins_of_paper_name_patient_ruleset_reader_and_page() -> None:
    frame = page_frame(
        WILLOW,
        VERSION,
        printed_by="C. Keeper",
        printed_at=datetime(2026, 11, 19, 8, 12),
        facts_of=date(2026, 11, 19),
    )
    for part in (
        "PRETEND, Willow · N",
        "NET pathway v3, published 1 Nov 2026 · sha256 a41f 07d2 … 9c2e · facts of 19 Nov 2026",
        "Printed 19 Nov 2026, 08:12 by C. Keeper",
        'counter(page) " of " counter(pages)',
        "not a recommendation",
    ):
        assert part.replace("-", "\\00002d") in frame or part in frame


@pytest.mark.parametrize("name", ['A"; } * { display: none', "B\\", "C\n}", "D</style>"])
def test_no_name_can_end_its_text_in_the_style_sheet(name: str) -> None:
    inside = css_text(name)[1:-1]
    assert not set('"\n{}<>') & set(inside)
    assert "\\" not in inside.replace("\\0", "")


def test_a_rule_that_is_nothing_but_a_definition_is_spelled_out() -> None:
    said = rule_item(ruleset().rule("PRRT-E7"), ruleset()).sentence
    assert "latelets" in said
    assert "neutrophils" in said.lower()


def test_a_rules_page_has_its_definitions_features_and_test_patients() -> None:
    cases = {"PRRT-I1": {"true": {"primary_site": "pancreas"}, "unknown": {}}}
    page = rule_page(ruleset().rule("PRRT-I1"), ruleset(), cases)
    assert "advanced" in [definition.code for definition in page.definitions]
    assert {"extent", "progression"} <= {feature.name for feature in page.features}
    assert [(case.expected, case.features) for case in page.cases] == [
        ("true", ("Primary site: pancreas",)),
        ("unknown", ()),
    ]


def test_the_changelog_keeps_every_word_of_its_entries() -> None:
    found = blocks("# Top\n\nIntro in\ntwo lines.\n\n## Version 1\n- **One**: said\n  further.\n- Two.\n\nAfter.\n")
    assert [(block.heading, block.level) for block in found] == [("Top", 1), ("Version 1", 2)]
    (intro,) = found[0].passages
    assert (intro.kind, intro.text) == ("p", "Intro in two lines.")
    assert [(one.kind, "".join(run.text for run in one.words)) for one in found[1].passages] == [
        ("ul", "One: said further."),
        ("ul", "Two."),
        ("p", "After."),
    ]
    assert any(block.heading.startswith("Version 1") for block in changelog())
    numbered = blocks("Limits\n1. **First** is *not* said\n   so, 2 * 3.\n12. Last.\n")[0].passages
    assert [(one.kind, one.number) for one in numbered] == [("p", 0), ("ol", 1), ("ol", 12)]
    assert [(run.text, run.kind) for run in numbered[1].words] == [
        ("First", "strong"),
        (" is ", ""),
        ("not", "em"),
        (" said so, 2 * 3.", ""),
    ]
    shown = [run.text for block in changelog() for one in block.passages for run in one.words]
    assert not [text for text in shown if "**" in text or text.startswith("*")]
