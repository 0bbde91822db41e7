"""What forms say of an answer that they cannot take: in our sentences, and in a form's own where it has some."""

from typing import Any

import pytest
from django import forms

from patients.forms.fields import PlainForm


class Example(PlainForm):
    days = forms.IntegerField(label="Days", min_value=1, max_value=30)
    share = forms.DecimalField(label="Share", min_value=0, required=False)
    word = forms.CharField(label="Word", max_length=5, error_messages={"required": "Say a word."})
    on = forms.DateField(label="Day", required=False)
    color = forms.ChoiceField(label="Color", choices=[("red", "red")], required=False)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("days", "", "Days is missing."),
        ("days", "soon", "Days is a whole number from 1 to 30."),
        ("days", "31", "Days is a whole number from 1 to 30; 31 is not."),
        ("share", "half", "Share is a number of 0 or more."),
        ("share", "-1", "Share is a number of 0 or more; -1 is not."),
        ("word", "", "Say a word."),
        ("word", "longer", "Word has 6 characters; 5 are kept."),
        ("word", "a\0", "Word contains signs that cannot be shown. Type it again."),
        ("on", "tomorrow", "Day is no day. Accepted is year-month-day, such as 2026-11-26."),
        ("color", "blue", "“blue” is not among the choices of Color. Choose one that is listed."),
    ],
)
def test_a_sentence_names_the_field_and_what_is_accepted(name: str, typed: str, sentence: str) -> None:
    sent: dict[str, Any] = {"days": "3", "word": "word", name: typed}
    assert Example(sent).errors == {name: [sentence]}
