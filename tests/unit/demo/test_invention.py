"""Invented patients: the same from the same seed, within the dictionary, with gaps, and nobody's."""

from netcare.demo.invention import invent
from pathways.knowledge import dictionary
from patients.models import Intent, Outcome

MANY = [invent(seed=1, number=number) for number in range(1, 1001)]


def test_the_same_seed_and_number_make_the_same_patient() -> None:
    assert [invent(seed=1, number=number) for number in (1, 500)] == [MANY[0], MANY[499]]


def test_another_seed_makes_other_patients() -> None:
    others = [invent(seed=2, number=number) for number in range(1, 101)]
    assert sum(one.readings == other.readings for one, other in zip(others, MANY, strict=False)) == 0


def test_every_value_is_one_that_the_dictionary_allows() -> None:
    words = dictionary()
    for patient in MANY:
        for reading in patient.readings:
            words.check(reading.feature, reading.value)
            assert (words.features[reading.feature].group == "tumor") == (reading.tumor > 0)


def test_nothing_happens_in_the_future_and_nothing_ends_before_it_begins() -> None:
    for patient in MANY:
        assert all(reading.day <= 0 for reading in patient.readings)
        assert all(marker.day <= 0 for marker in patient.markers)
        for treatment in patient.treatments:
            assert treatment.start_day <= (0 if treatment.stop_day is None else treatment.stop_day) <= 0


def test_treatments_are_options_of_the_catalogue_with_words_of_the_record() -> None:
    options = dictionary().features["prior_treatments"].values
    given = [treatment for patient in MANY for treatment in patient.treatments]
    assert {one.option for one in given} <= set(options)
    assert {code for one in given for code in one.outcomes} <= set(Outcome.values)
    assert {one.intent for one in given} <= set(Intent.values)


def test_records_have_gaps_like_real_ones() -> None:
    counts = [len({reading.feature for reading in patient.readings}) for patient in MANY]
    assert min(counts) < 15 < max(counts)
    assert any(not reading.known for patient in MANY for reading in patient.readings)
    assert 0.6 < sum(patient.history_is_confirmed for patient in MANY) / len(MANY) < 0.9


def test_some_have_two_tumors_treatments_markers_and_words_instead_of_numbers() -> None:
    assert 20 <= sum(patient.tumors == 2 for patient in MANY) <= 80
    assert sum(bool(patient.treatments) for patient in MANY) > 400
    assert sum(bool(patient.markers) for patient in MANY) > 300
    assert {"<1 %", "1–2 %", "5–10 %"} == {reading.text for patient in MANY for reading in patient.readings} - {""}


def test_two_tumors_never_share_a_reading_or_a_specimen() -> None:
    for patient in MANY:
        specimens = {(reading.specimen, reading.tumor) for reading in patient.readings if reading.specimen}
        assert len({specimen for specimen, _ in specimens}) == len(specimens)


def test_names_and_numbers_are_made_up_and_unique_by_number() -> None:
    assert [patient.mrn for patient in MANY[:2]] == ["INV-00001", "INV-00002"]
    assert len({patient.mrn for patient in MANY}) == len(MANY)
