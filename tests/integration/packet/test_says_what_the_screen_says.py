"""Paper and screen: every statement of the screen is in the PDF, and nothing else is, for every demo patient."""

from collections import Counter
from html import unescape

import pytest

from boards.packet.html import case_files
from boards.packet.pdf import case_pdf
from boards.packet.text import case_text
from pathways.knowledge.demo import demo_patients
from pathways.presenters.words import STATUS_WORDS, capital
from tests.integration.packet.conftest import PRINTING
from tests.integration.packet.reading import LABELS, RULE_CODE, Screen, body_of, left_over, squeezed, without_drawing

# Both sides are made from the same rows; that these are alike on both databases, other tests say.
pytestmark = pytest.mark.only_sqlite
MRNS = [*(f"DEMO-{number:03}" for number in range(1, 15)), "ELSE-001"]


@pytest.fixture(scope="module")
def made():
    """What was made of each demo patient already: nothing here alters it."""
    return {}


@pytest.fixture(params=MRNS)
def both(request, tumor_of, packet_of, made):
    """The screen of a demo patient, the packet of the same moment, and the text of its PDF."""
    if request.param not in made:
        screen, case = Screen(tumor_of(request.param)), packet_of(request.param)
        made[request.param] = screen, case, body_of(case_pdf(case, PRINTING), case, PRINTING)
    return made[request.param]


def test_every_demo_patient_is_looked_at(demo: None) -> None:
    assert len(demo_patients()) == len(MRNS) - 1


def test_the_pdf_says_all_that_the_screen_says_and_no_more(both) -> None:
    screen, case, body = both
    said = [squeezed(text) for text in screen.statements()]
    assert [text for text in said if text not in body] == []

    known = {squeezed(text) for text in (*screen.everything(), *LABELS)} | {squeezed(w) for w in STATUS_WORDS.values()}
    known |= {word.lower() for word in known} | {capital(word) for word in known}
    known |= {squeezed(text) for text in (case.stamp.ruleset, case.stamp.published, case.stamp.digest, case.facts)}
    known |= {squeezed(text) for text in (case.stamp.assessed, case.stamp.facts_of, case.valid_until, case.who.tumor)}
    known |= {squeezed(text) for group in (*case.history, *case.findings) for text in (group.title, group.none)}
    rest, drawing = without_drawing(body)
    assert left_over(rest, known) == []
    assert Counter(drawing) == Counter(screen.drawn())


def test_the_pdf_has_as_many_options_of_each_status_as_the_screen(both) -> None:
    screen, _, body = both
    for view in screen.shown:
        assert body.count(squeezed(f"{STATUS_WORDS[view.row.status]}: {view.row.title}")) == 1
        for other in STATUS_WORDS.values():
            if other != STATUS_WORDS[view.row.status]:
                assert squeezed(f"{other}: {view.row.title}") not in body
    assert squeezed(f"Excluded {len(screen.page.excluded)}:") in body
    assert squeezed(f"Not indicated {screen.page.not_indicated_number}:") in body


def test_the_offline_folder_and_the_text_name_the_same_options_reasons_and_rules(both) -> None:
    screen, case, _ = both
    page = case_files(case, PRINTING)["index.html"].decode()
    pasted = case_text(case)
    for view in screen.shown:
        assert view.row.title in pasted
        if view.row.is_listed:
            assert f"{STATUS_WORDS[view.row.status]}: {view.row.title}" in pasted
            assert " ".join(view.row.reason.split()) in pasted
    shown = squeezed(unescape(page.replace("<strong>", "").replace("</strong>", "")))
    for view in screen.shown:
        assert squeezed(f"{STATUS_WORDS[view.row.status]}: {view.row.title}") in shown
        for rule in (*view.reasons, *view.open_reasons, *view.ruling_out, *view.open_exclusions):
            assert rule.table is not None
            for row in rule.table.rows:
                assert squeezed(row.text) in shown
                assert squeezed(row.value) in shown
        assert all(squeezed(line.citation) in shown for line in view.sources.lines)
    said = {code for text in screen.everything() for code in RULE_CODE.findall(text)}
    assert set(RULE_CODE.findall(unescape(page))) <= said
