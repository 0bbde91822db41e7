"""An emergency stop: the stopped option is suspended whatever its rules come to, and nothing else changes."""

from __future__ import annotations

import pytest

from pathways.engine import Assessment, Overlay, Stop, assess, assessment_data, assessment_json, statuses
from tests.spec.clinic import canonical, ruleset
from tests.spec.stories import OPERABLE, RULES, STOPPED, Question
from tests.spec.tables import STATUSES
from tests.spec.test_statuses import CLINIC, EXCLUDED, INDICATED

STOP = Stop("surgery", "A batch of instruments is contaminated.", "2026-11-26T04:40:00Z", "Dr. Secondlook")
STOPS = Overlay.of(3, [STOP])


@pytest.mark.parametrize(("indicated", "excluded", "alone"), STATUSES)
def test_a_stopped_option_is_suspended_in_every_cell(indicated: str, excluded: str, alone: str) -> None:
    record = {**INDICATED[indicated], **EXCLUDED[excluded]}
    option = assess(CLINIC, record, overlay=STOPS).option("surgery")
    assert (option.status.value, option.missing, option.stop) == ("suspended", (), STOP)
    assert option.without_stop is not None
    assert option.without_stop.value == alone
    assert statuses(CLINIC, record, overlay=STOPS)["surgery"].value == "suspended"


@pytest.mark.parametrize(("indicated", "excluded", "alone"), STATUSES)
def test_its_rules_and_cautions_stay_to_be_seen(indicated: str, excluded: str, alone: str) -> None:
    record = {**INDICATED[indicated], **EXCLUDED[excluded]}
    stopped, free = assess(CLINIC, record, overlay=STOPS), assess(CLINIC, record)
    assert stopped.option("surgery").rules == free.option("surgery").rules
    assert stopped.option("surgery").cautions_unknown == free.option("surgery").cautions_unknown
    assert stopped.explain("surgery") == free.explain("surgery")


@pytest.mark.parametrize("question", STOPPED, ids=lambda question: question.story)
def test_what_is_missing_under_a_stop(question: Question) -> None:
    clinic = ruleset(RULES, definitions=[OPERABLE])
    assessment = assess(clinic, canonical(question.record), overlay=STOPS)
    assert {option.code: option.status.value for option in assessment.options} == question.statuses
    missing = {option.code: list(option.missing) for option in assessment.options if option.missing}
    assert missing == question.missing
    assert tuple((entry.feature, entry.settles, entry.least) for entry in assessment.missing) == question.ask


def said(assessment: Assessment) -> dict[str, object]:
    return assessment_data(assessment, "one")


def test_an_assessment_names_the_overlay_that_it_was_made_under() -> None:
    stopped = said(assess(CLINIC, {}, overlay=STOPS))
    assert stopped["overlay"] == {"number": 3, "digest": STOPS.digest}
    assert list(stopped)[2:5] == ["ruleset", "overlay", "complete"]
    (surgery,) = [one for one in stopped["options"] if one["code"] == "surgery"]  # type: ignore[attr-defined]
    assert surgery["stop"] == {"reason": STOP.reason, "at": STOP.at}
    assert "candidate" not in str(surgery)


def test_without_a_stop_not_a_byte_is_another() -> None:
    plain = assessment_json(assess(CLINIC, {}), "one")
    assert "overlay" not in plain
    assert assessment_json(assess(CLINIC, {}, overlay=Overlay.of(4, [])), "one") == plain
