"""Facts as of a date: what is in force, what follows from dates and treatments, and what stays unknown."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from netcare.access import Actor
from pathways.engine import PartialSet
from patients.actions import (
    NewTreatment,
    Refused,
    add_tumor,
    confirm_treatment_history,
    correct_treatment,
    mark_treatment_in_error,
    record_treatment,
    register_patient,
)
from patients.entry import PartialDate
from patients.facts import age_on, facts_of, facts_of_many
from patients.models import Patient, Treatment, Tumor
from patients.selectors import treatment_chains, treatments_of
from tests.cast import Cast
from tests.integration.patients.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
SETS = ("prior_treatments", "progressed_on", "intolerant_to", "current_treatments")


def day(text: str) -> PartialDate:
    return PartialDate(date.fromisoformat(text), "day")


@pytest.fixture
def give(clara: Actor, willow: Patient) -> Callable[..., Treatment]:
    """Record a treatment: `give("everolimus", "2025-01-01", "2025-06-01", "not_tolerated")`."""

    def one(
        option: str, start: str | PartialDate | None, stop: str | PartialDate | None = None, *outcomes: str, **more
    ):
        course = more.pop("course", "stopped" if stop else "still_given")
        started = day(start) if isinstance(start, str) else start
        stopped = day(stop) if isinstance(stop, str) else stop
        new = NewTreatment(option=option, course=course, started=started, stopped=stopped, outcomes=outcomes, **more)
        return record_treatment(actor=clara, patient=willow, treatment=new, now=NOW)

    return one


def confirm(clara: Actor, willow: Patient, on: date = TODAY, **more: object) -> None:
    confirm_treatment_history(actor=clara, patient=willow, confirmed_on=on, now=NOW, **more)  # type: ignore[arg-type]


def sets_of(tumor: Tumor, as_of: date = TODAY) -> dict[str, object]:
    features = facts_of(tumor, as_of=as_of).features
    return {name: features.get(name) for name in SETS}


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1964, 3, 14), date(2026, 3, 13), 61),
        (date(1964, 3, 14), date(2026, 3, 14), 62),
        (date(2000, 2, 29), date(2025, 2, 28), 24),
        (date(2000, 2, 29), date(2025, 3, 1), 25),
        (date(2000, 2, 29), date(2024, 2, 29), 24),
        (date(2026, 11, 26), date(2026, 11, 26), 0),
    ],
)
def test_age_is_completed_years(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age


def test_age_and_sex_come_from_the_identity_as_of_the_date(tumor: Tumor) -> None:
    features = facts_of(tumor, as_of=date(2026, 3, 13)).features
    assert (features["age_years"], features["sex"]) == (Decimal(61), "female")
    assert "age_years" not in facts_of(tumor, as_of=date(1960, 1, 1)).features


def test_a_sex_that_is_not_known_is_absent(cast: Cast, clara: Actor) -> None:
    patient = register_patient(
        actor=clara, mrn="N-5", family_name="Unsaid", given_name="", birth_on=date(1980, 1, 1), sex="unknown",
        teams=[cast.abdomen], now=NOW,
    )  # fmt: skip
    assert "sex" not in facts_of(patient.tumors.get(), as_of=TODAY).features


def test_only_what_was_observed_by_then_counts(tumor: Tumor, record) -> None:
    record("ecog", 0, on=date(2025, 1, 1))
    record("ecog", 2, on=date(2026, 1, 1))
    assert "ecog" not in facts_of(tumor, as_of=date(2024, 12, 31)).features
    assert facts_of(tumor, as_of=date(2025, 12, 31)).features["ecog"] == 0
    assert facts_of(tumor, as_of=date(2026, 1, 1)).features["ecog"] == 2


def test_of_one_day_the_later_entry_counts(tumor: Tumor, record) -> None:
    record("ecog", 1, now=NOW)
    record("ecog", 2, now=NOW + timedelta(seconds=1))
    assert facts_of(tumor, as_of=TODAY).features["ecog"] == 2


def test_a_reading_says_where_it_comes_from(tumor: Tumor, record) -> None:
    finding = record("grade", "G2", source="pathology", source_text="pathology report, local", laboratory="Path Lab")
    reading = facts_of(tumor, as_of=TODAY).readings["grade"]
    assert (reading.origin, reading.laboratory, reading.entered_by) == ("pathology report, local", "Path Lab", "Clara")
    assert (reading.finding_id, reading.entered_at) == (finding.id, NOW)


def test_tumors_of_one_patient_are_never_mixed(clara: Actor, willow: Patient, tumor: Tumor, record) -> None:
    second = add_tumor(actor=clara, patient=willow, now=NOW)
    record("grade", "G1")
    record("ecog", 1)
    assert facts_of(second, as_of=TODAY).features.get("grade") is None
    assert facts_of(second, as_of=TODAY).features["ecog"] == 1


def test_without_a_confirmation_and_without_treatment_nothing_is_known(tumor: Tumor) -> None:
    assert sets_of(tumor) == dict.fromkeys(SETS)


def test_without_a_confirmation_a_treatment_says_only_itself(tumor: Tumor, give) -> None:
    give("everolimus", "2025-01-01", "2025-06-01", "not_tolerated")
    assert sets_of(tumor) == {
        "prior_treatments": PartialSet(("everolimus",)),
        "progressed_on": None,
        "intolerant_to": PartialSet(("everolimus",)),
        "current_treatments": None,
    }


def test_a_confirmed_history_is_complete_in_the_order_of_the_catalogue(
    clara: Actor, willow: Patient, tumor: Tumor, give
) -> None:
    give("lutetium_dotatate", "2024-01-01", "2024-08-01", "responded", "progressed")
    give("octreotide_lar", "2023-01-01", None, "progressed")
    confirm(clara, willow)
    assert sets_of(tumor) == {
        "prior_treatments": ("octreotide_lar", "lutetium_dotatate"),
        "progressed_on": ("octreotide_lar", "lutetium_dotatate"),
        "intolerant_to": (),
        "current_treatments": ("octreotide_lar",),
    }


def test_none_so_far_gives_empty_sets_and_must_be_said(clara: Actor, willow: Patient, tumor: Tumor) -> None:
    with pytest.raises(Refused, match="No treatment is on record. Record what was given, or say that none was given"):
        confirm(clara, willow)
    confirm(clara, willow, none_so_far=True)
    assert sets_of(tumor) == dict.fromkeys(SETS, ())


def test_none_so_far_does_not_go_with_a_treatment(clara: Actor, willow: Patient, give) -> None:
    give("everolimus", "2025-01-01")
    with pytest.raises(Refused, match="does not go with the 1 on record"):
        confirm(clara, willow, none_so_far=True)


def test_a_treatment_recorded_after_the_confirmation_keeps_the_history_complete(
    clara: Actor, willow: Patient, tumor: Tumor, give
) -> None:
    confirm(clara, willow, on=date(2026, 1, 1), none_so_far=True)
    give("lanreotide", "2026-02-01")
    assert sets_of(tumor)["prior_treatments"] == ("lanreotide",)
    assert sets_of(tumor)["progressed_on"] == ()


def test_a_confirmation_counts_from_its_date_and_can_be_taken_back(
    clara: Actor, willow: Patient, tumor: Tumor, give
) -> None:
    give("lanreotide", "2025-02-01")
    confirm(clara, willow, on=date(2026, 1, 1))
    assert sets_of(tumor, date(2025, 12, 31))["prior_treatments"] == PartialSet(("lanreotide",))
    assert sets_of(tumor)["prior_treatments"] == ("lanreotide",)
    confirm(clara, willow, complete=False)
    assert sets_of(tumor)["prior_treatments"] == PartialSet(("lanreotide",))


def test_a_treatment_counts_from_its_start_and_until_its_end(clara: Actor, willow: Patient, tumor: Tumor, give) -> None:
    give("everolimus", "2026-02-01", "2026-05-01")
    confirm(clara, willow, on=date(2026, 1, 1))
    assert sets_of(tumor, date(2026, 1, 31))["prior_treatments"] == ()
    assert sets_of(tumor, date(2026, 2, 1))["current_treatments"] == ("everolimus",)
    assert sets_of(tumor, date(2026, 5, 1))["current_treatments"] == ()
    assert sets_of(tumor, date(2026, 5, 1))["prior_treatments"] == ("everolimus",)


def test_a_partial_date_leaves_open_what_it_does_not_tell(clara: Actor, willow: Patient, tumor: Tumor, give) -> None:
    give("lanreotide", PartialDate(date(2026, 3, 1), "month"))
    confirm(clara, willow, on=date(2026, 1, 1))
    assert sets_of(tumor, date(2026, 2, 28))["prior_treatments"] == ()
    assert sets_of(tumor, date(2026, 3, 15))["prior_treatments"] is None
    assert sets_of(tumor, date(2026, 3, 31))["prior_treatments"] == ("lanreotide",)
    assert sets_of(tumor)["prior_treatments"] == ("lanreotide",)


def test_an_unknown_start_counts_as_given_from_the_day_of_its_entry(
    clara: Actor, willow: Patient, tumor: Tumor, give
) -> None:
    give("lanreotide", None)
    confirm(clara, willow, on=date(2026, 1, 1))
    assert sets_of(tumor, TODAY - timedelta(days=1))["prior_treatments"] is None
    assert sets_of(tumor, TODAY)["prior_treatments"] == ("lanreotide",)


def test_not_known_whether_still_given_leaves_the_current_treatments_open(
    clara: Actor, willow: Patient, tumor: Tumor, give
) -> None:
    give("lanreotide", "2025-01-01", course="unknown")
    confirm(clara, willow)
    assert sets_of(tumor)["current_treatments"] is None
    assert sets_of(tumor)["prior_treatments"] == ("lanreotide",)


@pytest.mark.parametrize(
    ("start", "stop", "outcomes", "field", "sentence"),
    [
        ("2026-11-27", None, (), "started", "27 Nov 2026 is in the future. Today is 26 Nov 2026."),
        ("1964-03-13", None, (), "started", "13 Mar 1964 is before the patient was born (14 Mar 1964)."),
        ("2026-02-02", "2026-02-01", (), "stopped", "It was stopped (1 Feb 2026) before it started (2 Feb 2026)."),
        ("2026-02-02", None, ("cured",), "outcomes", "The outcome “cured” is not accepted. Choose from the list."),
        (
            "2026-02-02",
            None,
            ("not_known", "stable"),
            "outcomes",
            "“Not known” was ticked together with an outcome. Leave one of the two.",
        ),
    ],
)
def test_a_treatment_that_cannot_be_is_refused(give, start, stop, outcomes, field: str, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        give("everolimus", start, stop, *outcomes)
    assert [(fault.field, fault.sentence) for fault in caught.value.faults] == [(field, sentence)]
    assert not Treatment.objects.exists()


def test_a_treatment_is_of_the_catalogue_and_recorded_once(give) -> None:
    with pytest.raises(Refused, match="“aspirin” is not a treatment of the catalogue"):
        give("aspirin", "2025-01-01")
    give("everolimus", "2025-01-01")
    with pytest.raises(Refused, match="Everolimus with this start is on record already"):
        give("everolimus", "2025-01-01")


def test_a_date_of_stopping_goes_with_stopped(give) -> None:
    with pytest.raises(Refused, match="A date of stopping goes with “stopped or done” alone"):
        give("everolimus", "2025-01-01", "2025-06-01", course="still_given")


def test_a_corrected_treatment_keeps_its_earlier_version(clara: Actor, willow: Patient, tumor: Tumor, give) -> None:
    first = give("everolimus", "2025-01-01")
    stopped = NewTreatment(
        option="everolimus",
        course="stopped",
        started=day("2025-01-01"),
        stopped=day("2025-06-01"),
        outcomes=("progressed",),
    )
    second = correct_treatment(
        actor=clara,
        patient=willow,
        treatment=first,
        replacement=stopped,
        reason="stopped",
        now=NOW + timedelta(hours=1),
    )
    assert treatments_of(willow) == [second]
    assert [row.id for row in treatment_chains(willow)[first.chain]] == [first.id, second.id]
    assert sets_of(tumor)["progressed_on"] == PartialSet(("everolimus",))
    known_before = facts_of(tumor, as_of=TODAY, known_at=NOW + timedelta(minutes=1)).features
    assert "progressed_on" not in known_before
    with pytest.raises(Refused, match="corrected or marked as an error meanwhile"):
        correct_treatment(actor=clara, patient=willow, treatment=first, replacement=stopped, now=NOW)


def test_a_treatment_that_was_never_given_no_longer_counts(clara: Actor, willow: Patient, tumor: Tumor, give) -> None:
    row = give("everolimus", "2025-01-01")
    mark_treatment_in_error(actor=clara, patient=willow, treatment=row, reason="other patient", now=NOW)
    assert treatments_of(willow) == []
    assert len(treatment_chains(willow)) == 1
    assert sets_of(tumor)["prior_treatments"] is None


def test_the_number_of_queries_does_not_depend_on_tumors_or_findings(
    clara: Actor, willow: Patient, tumor: Tumor, record, give
) -> None:
    def queries(tumors: list[Tumor]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            facts_of_many(tumors, as_of=TODAY)
        return len(captured)

    assert queries([tumor]) == 3
    for month in range(1, 10):
        record("ecog", 1, on=date(2026, month, 1))
        record("grade", "G2", on=date(2026, month, 1))
        give("everolimus", f"2025-0{month}-01", f"2025-0{month}-02")
    second = add_tumor(actor=clara, patient=willow, now=NOW)
    second.patient = willow
    assert queries([tumor, second]) == 3


def test_what_was_entered_later_was_not_known_before(tumor: Tumor, record) -> None:
    record("ecog", 1, on=date(2026, 1, 1), now=datetime(2026, 5, 1, tzinfo=UTC))
    before = datetime(2026, 4, 30, tzinfo=UTC)
    assert "ecog" not in facts_of(tumor, as_of=date(2026, 4, 30), known_at=before).features
    assert facts_of(tumor, as_of=date(2026, 4, 30)).features["ecog"] == 1


def test_the_order_of_entry_counts_and_not_the_clock(tumor: Tumor, record) -> None:
    record("ecog", 1, now=NOW)
    record("ecog", 2, now=NOW)
    assert facts_of(tumor, as_of=TODAY).features["ecog"] == 2
    record("ecog", 3, now=NOW - timedelta(hours=1))
    assert facts_of(tumor, as_of=TODAY).features["ecog"] == 3


def test_a_confirmation_that_an_earlier_treatment_disproves_no_longer_counts(
    clara: Actor, willow: Patient, tumor: Tumor
) -> None:
    confirm(clara, willow, none_so_far=True)
    assert sets_of(tumor)["prior_treatments"] == ()
    later = NOW + timedelta(minutes=5)
    given = NewTreatment("everolimus", "stopped", day("2019-11-01"), day("2020-05-01"), outcomes=("progressed",))
    row = record_treatment(actor=clara, patient=willow, treatment=given, now=later)
    facts = facts_of(tumor, as_of=TODAY)
    assert facts.features["prior_treatments"] == PartialSet(("everolimus",))
    assert "current_treatments" not in facts.features
    assert facts.unusable["treatment_history_complete"] == (
        "The treatment history was confirmed complete as of 26 Nov 2026, but Everolimus, entered later, began before. "
        "It counts as not confirmed until somebody confirms it again."
    )
    confirm_treatment_history(actor=clara, patient=willow, confirmed_on=TODAY, now=later + timedelta(minutes=1))
    assert sets_of(tumor)["prior_treatments"] == ("everolimus",)
    correct_treatment(
        actor=clara, patient=willow, treatment=row, reason="typo", now=later + timedelta(minutes=2),
        replacement=NewTreatment("everolimus", "stopped", day("2019-10-01"), day("2020-05-01")),
    )  # fmt: skip
    assert sets_of(tumor)["prior_treatments"] == ("everolimus",)
