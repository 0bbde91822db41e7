"""Signed reviews: frozen with their facts, replayed byte for byte, verified by their code, out of date in time."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from netcare.access import NotAllowed
from netcare.audit.models import AuditEvent
from pathways.actions.publishing import publish
from pathways.assessing import assess_tumor
from pathways.engine import Ruleset
from pathways.models import Review, ReviewItem, Snapshot
from pathways.reviews.check_code import as_typed, check_code
from pathways.reviews.expiry import out_of_date
from pathways.reviews.signing import Draft, Word, seen_token, sign_review
from pathways.reviews.snapshots import NotReplayable, replay, stored_features, stored_readings
from pathways.selectors import ruleset_in_force
from patients.actions import NewFinding, NewTreatment, Refused, record_findings, record_treatment, register_patient
from patients.entry.dates import PartialDate
from patients.models import Course, Tumor
from tests.cast import SYSTEM, Cast, acting, gather

pytestmark = pytest.mark.usefixtures("published")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
DISCUSS = Draft([Word("clinical_trial", "discuss")], "yes", "wants to stay at work")


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def tumor(cast: Cast) -> Tumor:
    """A patient with a range, a partial treatment history and an eGFR on record."""
    patient = register_patient(
        actor=acting(cast.clara), mrn="N-1", family_name="Ash", given_name="Rowan", birth_on=date(1965, 12, 24),
        sex="male", teams=[cast.abdomen], now=NOW,
    )  # fmt: skip
    tumor = Tumor.objects.get(patient=patient)
    know(cast, tumor, primary_site="pancreas", extent="metastatic", differentiation="well")
    treatment = NewTreatment(
        "lanreotide", Course.STILL_GIVEN, PartialDate(date(2024, 5, 1), "month"), outcomes=("stable",)
    )
    record_treatment(actor=acting(cast.clara), patient=patient, treatment=treatment, now=NOW)
    return tumor


def know(cast: Cast, tumor: Tumor, *, on: date = date(2026, 11, 1), **values: Any) -> None:
    findings = [
        NewFinding(name, on, "pathology", value=value, tumor=tumor if name != "egfr_ml_min" else None)
        for name, value in values.items()
    ]
    record_findings(actor=acting(cast.clara), patient=tumor.patient, findings=findings, now=NOW)


def sign(cast: Cast, tumor: Tumor, draft: Draft = DISCUSS, *, seen: str = "", now: datetime = NOW) -> Review:
    token = seen or seen_token(assess_tumor(tumor, as_of=now.date()))
    return sign_review(actor=acting(cast.clara), tumor=tumor, seen=token, draft=draft, now=now)


def faults(cast: Cast, tumor: Tumor, draft: Draft, **options: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        sign(cast, tumor, draft, **options)
    assert Review.objects.count() == Snapshot.objects.count() == 0
    return [fault.sentence for fault in refused.value.faults]


def test_a_review_is_signed_with_name_role_time_and_everything_it_rests_on(cast: Cast, tumor: Tumor) -> None:
    review = sign(cast, tumor)
    snapshot = review.snapshot
    assert (review.signed_by_name, review.signed_role, review.signed_at) == ("Clara", "clinician", NOW)
    assert (snapshot.as_of, snapshot.ruleset_version.version, snapshot.engine) == (TODAY, 1, 1)
    assert stored_features(snapshot) == assess_tumor(tumor, as_of=TODAY).assessment.record.recorded
    assert stored_readings(snapshot)["primary_site"]["entered_by"] == "Clara"
    item = ReviewItem.objects.get()
    assert (item.option, item.status, item.verdict) == ("clinical_trial", "candidate", "discuss")
    assert AuditEvent.objects.filter(
        action="review.sign", patient_id=tumor.patient_id, subject=review.check_code
    ).exists()


def test_a_snapshot_gives_the_same_bytes_after_data_and_rules_changed(cast: Cast, tumor: Tumor) -> None:
    review = sign(cast, tumor)
    before = review.snapshot.result
    know(cast, tumor, on=date(2026, 11, 10), differentiation="poor")
    data = ruleset_in_force().ruleset.to_data()
    data["rules"] = data["rules"][:-1]
    publish(ruleset=Ruleset.from_data(data), note="One rule less.", actor=SYSTEM, by=None, at=NOW)
    snapshot = Snapshot.objects.select_related("ruleset_version").get()
    assert replay(snapshot).ruleset.version == 1
    assert snapshot.result == before
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("replay", review.check_code.lower().replace("-", " "), stdout=said)
    assert (ended.value.code, said.getvalue()) == (0, "1 replayed byte for byte, 0 differ.\n")


ATTACKS = [
    "UPDATE pathways_snapshot SET result = '{}'",
    "UPDATE pathways_review SET signed_by_name = 'Somebody'",
    "UPDATE pathways_reviewitem SET verdict = 'bring_to_board'",
    "DELETE FROM pathways_reviewitem",
]


@pytest.mark.parametrize("statement", ATTACKS)
def test_what_was_signed_cannot_be_altered(statement: str, cast: Cast, tumor: Tumor) -> None:
    sign(cast, tumor)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_rows_that_are_not_what_was_signed_are_noticed(cast: Cast, tumor: Tumor) -> None:
    review = sign(cast, tumor)
    items = list(ReviewItem.objects.order_by("option"))
    assert check_code(review, items, review.snapshot.digest) == review.check_code
    items[0].verdict = "not_suitable"
    assert check_code(review, items, review.snapshot.digest) != review.check_code
    snapshot = review.snapshot
    snapshot.features = snapshot.features.replace("metastatic", "localized")
    with pytest.raises(NotReplayable, match="not what was written when it was signed"):
        replay(snapshot)
    snapshot.engine = 2
    with pytest.raises(NotReplayable, match="It was made by engine 2; this is engine 1"):
        replay(snapshot)


def test_a_list_that_changed_since_it_was_opened_is_not_signed(cast: Cast, tumor: Tumor) -> None:
    seen = seen_token(assess_tumor(tumor, as_of=TODAY))
    know(cast, tumor, grade="G2")
    (sentence,) = faults(cast, tumor, DISCUSS, seen=seen)
    assert sentence.startswith("The list changed since you opened this page: other facts, other rules, or another day.")


REFUSED = [
    (Draft([], "yes"), "Nothing is reviewed yet: say of at least one option what you think of it."),
    (Draft([Word("clinical_trial", "discuss")], ""),
     "Say whether it was discussed with the patient, or that this is not recorded."),
    (Draft([Word("clinical_trial", "not_suitable")], "yes"), "Clinical trial: choose why it is not suitable."),
    (Draft([Word("clinical_trial", "not_suitable", ("other",))], "yes"),
     "Clinical trial: say in a line what the other reason is."),
    (Draft([Word("clinical_trial", "maybe")], "yes"),
     "This is not one of the choices of the page; open it again."),
    (Draft([Word("no_such_option", "discuss")], "yes"),
     "This is not one of the choices of the page; open it again."),
    (Draft([Word("clinical_trial", "discuss", (), "x" * 301)], "yes"),
     "Clinical trial: the line has 301 characters; 300 are kept."),
]  # fmt: skip


@pytest.mark.parametrize(("draft", "sentence"), REFUSED)
def test_a_review_that_says_too_little_is_refused(draft: Draft, sentence: str, cast: Cast, tumor: Tumor) -> None:
    assert faults(cast, tumor, draft) == [sentence]


def test_who_is_not_in_the_care_team_signs_nothing(cast: Cast, tumor: Tumor) -> None:
    token = seen_token(assess_tumor(tumor, as_of=TODAY))
    for stranger in (cast.theo, cast.silas, cast.edda, cast.cora):
        with pytest.raises(NotAllowed):
            sign_review(actor=acting(stranger), tumor=tumor, seen=token, draft=DISCUSS, now=NOW)


def test_a_review_says_when_time_alone_makes_it_out_of_date(cast: Cast, tumor: Tumor) -> None:
    # 60 until 23 December 2026; liver transplantation has an age limit of 60.
    review = sign(cast, tumor)
    assert (review.out_of_date_on, review.out_of_date_because) == (date(2026, 12, 24), "the patient will be 61")
    know(cast, tumor, primary_site="lung")
    assert out_of_date(assess_tumor(tumor, as_of=TODAY)) is None


def test_a_limit_on_age_ends_a_review_the_day_after_its_last_day(cast: Cast, tumor: Tumor) -> None:
    data = ruleset_in_force().ruleset.to_data()
    data["limits"] = {"egfr_ml_min": {"days": 30, "reason": "Kidney function moves."}}
    publish(ruleset=Ruleset.from_data(data), note="Limits.", actor=SYSTEM, by=None, at=NOW)
    know(cast, tumor, progression="progressing", sstr_status="positive", krenning_score=Decimal(4))
    know(cast, tumor, on=date(2026, 11, 1), egfr_ml_min=Decimal(20))
    expiry = out_of_date(assess_tumor(tumor, as_of=TODAY))
    assert expiry is not None
    assert (expiry.on, expiry.because) == (date(2026, 12, 2), "eGFR will be older than 30 days")
    then = assess_tumor(tumor, as_of=date(2026, 12, 2))
    assert [(entry.feature, entry.age_days) for entry in then.stale] == [("egfr_ml_min", 31)]
    assert "lutetium_dotatate" in then.excluded_before
    assert assess_tumor(tumor, as_of=date(2026, 12, 1)).stale == ()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abcd-efgh-jkmn", "ABCD-EFGH-JKMN"),
        (" ABCDEFGHJKMN ", "ABCD-EFGH-JKMN"),
        ("OIL0 1111 1111", "0110-1111-1111"),
        ("ABCD-EFGH", ""),
        ("ABCD-EFGH-JKM!", ""),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert as_typed(typed) == code
