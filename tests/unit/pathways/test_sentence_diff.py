"""What of a sentence is new: pieces that put together are the sentence, and only what differs is marked."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.drafting.sentence_diff import Piece, sentence_diff


def marked(old: str, new: str) -> tuple[list[str], list[str]]:
    diff = sentence_diff(old, new)
    return [p.text.strip() for p in diff.old if p.changed], [p.text.strip() for p in diff.new if p.changed]


CHANGES = [
    ("Ki-67 is at most 10 %.", "Ki-67 is at most 20 %.", ["10"], ["20"]),
    ("Ki-67 is at most 2.5 %.", "Ki-67 is at most 2.5 %.", [], []),
    ("Grade is G1.", "Grade is G1 or Ki-67 is at most 20 %.", [], ["or Ki-67 is at most 20 %"]),
    ("Grade is G1 and free of disease: yes.", "Grade is G1.", ["and free of disease: yes"], []),
    ("Grade is G1.", "Site is lung and grade is G1.", [], ["Site is lung and"]),
    ("", "Grade is G1.", [], ["Grade is G1."]),
    ("Grade is G1.", "", ["Grade is G1."], []),
    # What lies between two changes and says nothing by itself belongs to them.
    ("Grade is G1 and site is lung.", "Stage is IV and site is gut.", ["Grade is G1", "lung"], ["Stage is IV", "gut"]),
]


@pytest.mark.parametrize(("old", "new", "gone", "added"), CHANGES)
def test_only_what_differs_is_marked(old: str, new: str, gone: list[str], added: list[str]) -> None:
    assert marked(old, new) == (gone, added)


SENTENCES = st.lists(
    st.sampled_from(["Grade", "is", "G1", "G2,", "(site", "lung)", "and", "or", "not", "“Advanced”", "2.5", "%."])
).map(" ".join)


@given(SENTENCES, SENTENCES)
def test_the_pieces_are_the_sentences(old: str, new: str) -> None:
    diff = sentence_diff(old, new)
    assert "".join(piece.text for piece in diff.old) == old
    assert "".join(piece.text for piece in diff.new) == new
    kept = ["".join(p.text for p in side if not p.changed).casefold().split() for side in (diff.old, diff.new)]
    assert "".join(kept[0]) == "".join(kept[1])


@given(SENTENCES)
def test_a_sentence_does_not_differ_from_itself(said: str) -> None:
    assert sentence_diff(said, said).is_same


def test_sentences_of_any_length_are_compared_in_bounded_time() -> None:
    begin = time.perf_counter()
    old = "grade is G1 and " * 20_000
    new = "site is lung or " * 20_000
    assert sentence_diff(old, new).new == (Piece(new, True),)
    assert time.perf_counter() - begin < 5
