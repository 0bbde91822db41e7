"""Yes, no, not known, none of these, and nothing at all are five different things."""

import pytest

from pathways.knowledge import dictionary
from patients.entry import EntryRefused, RawEntry, understand

FEATURES = dictionary().features
ONE = "Leave one of the two."


@pytest.mark.parametrize("name", list(FEATURES))
def test_a_blank_field_records_nothing(name: str) -> None:
    assert understand(FEATURES[name], RawEntry()) is None
    assert understand(FEATURES[name], RawEntry(text="   ", unit="mg/dL")) is None


@pytest.mark.parametrize(("chosen", "value"), [("yes", True), ("no", False)])
def test_yes_and_no_are_recorded_as_such(chosen: str, value: bool) -> None:
    understood = understand(FEATURES["liver_dominant"], RawEntry(chosen=(chosen,)))
    assert understood is not None
    assert (understood.known, understood.value) == (True, value)


def test_not_known_is_recorded_without_a_value() -> None:
    understood = understand(FEATURES["liver_dominant"], RawEntry(chosen=("not_known",)))
    assert understood is not None
    assert (understood.known, understood.value) == (False, None)
    assert understood.sentence == "Liver-dominant disease: not known"


def test_none_of_these_is_an_empty_set_and_not_unknown() -> None:
    understood = understand(FEATURES["comorbidities"], RawEntry(chosen=("none_of_these",)))
    assert understood is not None
    assert (understood.known, understood.value) == (True, ())


def test_members_of_a_set_are_kept_in_the_order_of_the_dictionary() -> None:
    understood = understand(FEATURES["metastatic_sites"], RawEntry(chosen=("bone", "liver")))
    assert understood is not None
    assert understood.value == ("liver", "bone")


@pytest.mark.parametrize(
    ("name", "chosen", "sentence"),
    [
        ("liver_dominant", ("yes", "no"), "Liver-dominant disease: “yes, no” is not yes, no or not known."),
        ("liver_dominant", ("maybe",), "Liver-dominant disease: “maybe” is not yes, no or not known."),
        (
            "liver_dominant",
            ("yes", "not_known"),
            "Liver-dominant disease: “not known” was chosen together with a value. " + ONE,
        ),
        (
            "comorbidities",
            ("ascites", "not_known"),
            "Comorbidities: “not known” was chosen together with a value. " + ONE,
        ),
        (
            "comorbidities",
            ("ascites", "none_of_these"),
            "Comorbidities: “none of these” was ticked together with others. " + ONE,
        ),
        ("grade", ("G4",), "Grade: “G4” is not accepted. Accepted is G1, G2, G3."),
        ("grade", ("G1", "G2"), "Grade: “G1, G2” is not accepted. Accepted is G1, G2, G3."),
    ],
)
def test_choices_that_do_not_go_together_are_refused(name: str, chosen: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(EntryRefused) as caught:
        understand(FEATURES[name], RawEntry(chosen=chosen))
    assert caught.value.sentence == sentence


def test_a_number_together_with_not_known_is_refused() -> None:
    with pytest.raises(EntryRefused, match="Leave one of the two"):
        understand(FEATURES["ki67_percent"], RawEntry(text="8", chosen=("not_known",)))


@pytest.mark.parametrize(
    "name", ["age_years", "sex", "prior_treatments", "progressed_on", "intolerant_to", "current_treatments"]
)
def test_what_is_derived_is_never_typed(name: str) -> None:
    with pytest.raises(EntryRefused, match="follows from other parts of the record and is not entered"):
        understand(FEATURES[name], RawEntry(text="1", chosen=("male",)))
