"""The words of a draft's effect: what stands for a real patient, decades of age, counts that are not told."""

from decimal import Decimal
from uuid import UUID

import pytest

from pathways.drafts.effect_reads import Tally
from pathways.models import Draft
from pathways.presenters.draft_effect import EffectFilter, OptionLine, _elsewhere, _few
from pathways.presenters.draft_effect_rows import decade, pseudonym
from patients.models import Patient

OWN, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("age", "words"),
    [(17, "under 20 years"), (20, "20 to 29 years"), (69, "60 to 69 years"), (89, "80 to 89 years"),
     (90, "90 years or older"), (104, "90 years or older")],
)  # fmt: skip
def test_an_age_is_told_as_a_decade_and_the_rare_ones_as_one(age: int, words: str) -> None:
    assert decade(Decimal(age)) == words
    assert decade(None) == ""


def test_a_stand_in_name_is_the_same_within_a_draft_and_another_one_in_another() -> None:
    one, other = Draft(id=UUID(int=7)), Draft(id=UUID(int=8))
    patient, second = Patient(id=UUID(int=9)), Patient(id=UUID(int=10))
    assert pseudonym(one, patient) == pseudonym(one, patient)
    assert len({pseudonym(one, patient), pseudonym(other, patient), pseudonym(one, second)}) == 3


def _tally(institution: UUID, number: int, kind: str = "today") -> Tally:
    return Tally("lanreotide", "candidate", "excluded", ("LAN-E1",), kind, institution, number)


def test_other_institutions_are_one_total_and_none_below_five() -> None:
    assert [_few(number) for number in (0, 1, 4, 5, 12)] == ["fewer than 5"] * 3 + ["5", "12"]
    assert _elsewhere([_tally(OWN, 40), _tally(OTHER, 2), _tally(THIRD, 2)], OWN) == "fewer than 5"
    assert _elsewhere([_tally(OWN, 40), _tally(OTHER, 3), _tally(THIRD, 2)], OWN) == "5"


def test_a_filter_takes_only_words_it_knows() -> None:
    asked = EffectFilter.of({"direction": "sideways", "kind": "x", "rule": " LAN-E1 "})
    assert (asked.direction, asked.kind, asked.rule) == ("", "", "LAN-E1")
    assert asked.keeps(_tally(OWN, 1))
    assert not EffectFilter.of({"direction": "gain"}).keeps(_tally(OWN, 1))
    assert not EffectFilter.of({"kind": "review"}).keeps(_tally(OWN, 1))


def test_an_option_says_who_gains_loses_and_stays() -> None:
    line = OptionLine(title="Lanreotide", gain=3, lose=0, other=0, unchanged=211, reviews="")
    assert line.sentence == "3 gain lanreotide as listed · 0 lose it · 211 unchanged"
