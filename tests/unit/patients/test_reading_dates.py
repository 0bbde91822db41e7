"""Dates are read in the forms that mean one day everywhere; the others are refused with both days they could be."""

from datetime import date

import pytest

from patients.entry import EntryRefused, PartialDate, parse_day, parse_partial

TODAY = date(2026, 11, 26)
BORN = date(1964, 3, 14)
ACCEPTED = "Accepted is a date such as 12 Nov 2026 or 2026-11-12."


@pytest.mark.parametrize(
    ("text", "first", "precision", "last"),
    [
        ("2026-11-12", date(2026, 11, 12), "day", date(2026, 11, 12)),
        ("12 Nov 2026", date(2026, 11, 12), "day", date(2026, 11, 12)),
        ("12 november 2026", date(2026, 11, 12), "day", date(2026, 11, 12)),
        ("3. Sept 2025", date(2025, 9, 3), "day", date(2025, 9, 3)),
        ("25/11/2026", date(2026, 11, 25), "day", date(2026, 11, 25)),
        ("11/25/2026", date(2026, 11, 25), "day", date(2026, 11, 25)),
        ("2.2.2026", date(2026, 2, 2), "day", date(2026, 2, 2)),
        ("29 Feb 2024", date(2024, 2, 29), "day", date(2024, 2, 29)),
        ("Nov 2026", date(2026, 11, 1), "month", date(2026, 11, 30)),
        ("2024-02", date(2024, 2, 1), "month", date(2024, 2, 29)),
        ("2026", date(2026, 1, 1), "year", date(2026, 12, 31)),
    ],
)
def test_a_date_is_read_with_its_precision(text: str, first: date, precision: str, last: date) -> None:
    partial = parse_partial("Started on", text, today=TODAY, born=BORN)
    assert (partial.first, partial.precision, partial.last) == (first, precision, last)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1/2/2026", "Started on: “1/2/2026” could be 1 Feb 2026 or 2 Jan 2026. Write 12 Nov 2026 or 2026-11-12."),
        ("27 Nov 2026", "Started on: 27 Nov 2026 is in the future. Today is 26 Nov 2026."),
        ("13 Mar 1964", "Started on: 13 Mar 1964 is before the patient was born (14 Mar 1964)."),
        ("31 Feb 2026", f"Started on: “31 Feb 2026” is not a day of the calendar. {ACCEPTED}"),
        ("12.11.26", f"Started on: “12.11.26” is not a date. {ACCEPTED}"),
        ("yesterday", f"Started on: “yesterday” is not a date. {ACCEPTED}"),
        ("Nov 2025", f"Started on: “Nov 2025” is not a day. {ACCEPTED}"),
    ],
)
def test_a_day_in_doubt_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(EntryRefused) as caught:
        parse_day("Started on", text, today=TODAY, born=BORN)
    assert caught.value.sentence == sentence


def test_the_year_of_birth_may_be_the_year_of_a_treatment() -> None:
    assert parse_partial("Started on", "1964", today=TODAY, born=BORN) == PartialDate(date(1964, 1, 1), "year")


def test_the_current_year_is_not_in_the_future() -> None:
    assert parse_partial("Started on", "2026", today=TODAY).last == date(2026, 12, 31)


@pytest.mark.parametrize(
    "text", ["", "   ", "0000", "1799", "2026-13-01", "2026-00-10", "99/99/2026", "١٢ Nov 2026", "12" * 40]
)
def test_hostile_dates_are_refused(text: str) -> None:
    with pytest.raises(EntryRefused):
        parse_partial("Started on", text, today=TODAY)
