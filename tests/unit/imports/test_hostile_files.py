"""Whatever is sent, the answer is a sentence, soon, and nothing is written beside it."""

import io
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patients.imports.files import content_of, read_file
from patients.imports.problems import FileRefused
from patients.imports.tables import RawRow
from tests.imports import csv_file, finding, patient, workbook
from tests.unit.imports.hostile import corpus

CORPUS = list(corpus())


def test_the_corpus_is_not_small() -> None:
    assert len(CORPUS) >= 60
    assert len({name for name, _, _ in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize(("make", "sentence"), [pytest.param(m, s, id=n) for n, m, s in CORPUS])
def test_a_hostile_file_is_refused_with_a_sentence_and_soon(make: Callable[[], bytes], sentence: str) -> None:
    content = make()
    begun = time.monotonic()
    with pytest.raises(FileRefused) as refusal:
        read_file(content_of(io.BytesIO(content)))
    assert sentence in refusal.value.sentence
    assert refusal.value.sentence.endswith(".")
    assert time.monotonic() - begun < 5


def test_of_a_file_that_is_too_large_no_more_is_read_than_shows_it() -> None:
    class Counted(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(size)
            Counted.taken += len(piece)
            return piece

    with pytest.raises(FileRefused, match="larger than 10 MB, so it was not read"):
        content_of(Counted(b"x" * 30 * 1024 * 1024))
    assert Counted.taken == 10 * 1024 * 1024 + 1


def _rows_or_sentence(content: bytes) -> list[RawRow] | str:
    try:
        return read_file(content).rows
    except FileRefused as refusal:
        return refusal.sentence


BOOK = workbook(patients=[patient()], findings=[finding()])
TABLE = csv_file("findings", [finding(), finding(value="2,5")])


@settings(max_examples=150, deadline=None)
@given(
    original=st.sampled_from([BOOK, TABLE]),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=12)), min_size=1, max_size=6),
    cut=st.floats(0.1, 1),
)
def test_a_file_with_bytes_changed_is_read_or_refused_and_never_fails(
    original: bytes, changes: list[tuple[float, bytes]], cut: float
) -> None:
    content = bytearray(original)
    for place, piece in changes:
        start = int(place * len(content))
        content[start : start + len(piece)] = piece
    found = _rows_or_sentence(bytes(content[: int(cut * len(content)) + 1]))
    assert found


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_under_a_header_is_rows_or_a_refusal(text: str) -> None:
    content = "mrn,family_name,birth_date,sex\n" + text
    found = _rows_or_sentence(content.encode("utf-8", "surrogatepass"))
    assert found
    assert isinstance(found, str) or all(row.cells or row.faults for row in found)
