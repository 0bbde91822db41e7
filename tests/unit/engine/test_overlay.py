"""The overlay of emergency stops as a value: one order, one text, one digest, and no other text is taken for one."""

from typing import Any

import pytest

from pathways.engine import Overlay, OverlayError, Stop, assess, assessment_data, effective
from tests.unit.engine.clinic import ruleset

CLINIC = ruleset()
KNIFE = Stop("knife", "Reports of harm.", "2026-11-26T04:40:00Z", "Ann")
DRUG = Stop("drug", "A recall — “urgent”.", "2026-11-25T10:00:00Z", "Bob")


def test_the_order_in_which_stops_come_makes_no_difference() -> None:
    one, other = Overlay.of(2, [KNIFE, DRUG]), Overlay.of(2, [DRUG, KNIFE])
    assert (one, one.digest) == (other, other.digest)
    assert Overlay.from_text(one.canonical) == one


@pytest.mark.parametrize(
    "other",
    [
        Overlay.of(3, [KNIFE]),
        Overlay.of(2, [DRUG]),
        Overlay.of(2, [Stop("knife", "Another reason.", KNIFE.at, KNIFE.by)]),
        Overlay.of(2, []),
    ],
)
def test_number_and_stops_are_in_the_digest(other: Overlay) -> None:
    assert other.digest != Overlay.of(2, [KNIFE]).digest


def test_an_option_is_stopped_once() -> None:
    with pytest.raises(OverlayError, match="knife is stopped twice in overlay 2"):
        Overlay.of(2, [KNIFE, KNIFE])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"number":1}', '{"number":1,"stops":[{"option":"knife"}]}',
                                  '{"stops":[],"number":1}', '{"number": 1, "stops": []}', "NaN"])  # fmt: skip
def test_a_text_that_is_no_overlay_is_refused(text: str) -> None:
    with pytest.raises(OverlayError, match="no overlay of emergency stops"):
        Overlay.from_text(text)


def test_an_overlay_without_stops_is_none() -> None:
    assert effective(Overlay.of(7, [])) is None
    assert assess(CLINIC, {}, overlay=Overlay.of(7, [])).overlay is None


def test_a_stop_of_an_option_that_the_catalogue_no_longer_has_changes_nothing_but_the_name_of_the_overlay() -> None:
    gone = Overlay.of(5, [Stop("gone", "It was retired.", KNIFE.at, KNIFE.by)])
    said: dict[str, Any] = assessment_data(assess(CLINIC, {}, overlay=gone), "x")
    free = assessment_data(assess(CLINIC, {}), "x")
    assert said.pop("overlay") == {"number": 5, "digest": gone.digest}
    assert said == free
