"""For any file: applied twice it changes nothing the second time, and the order of its rows plays no part."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netcare.access import Actor
from patients.facts import facts_of
from patients.models import Finding, Patient, Treatment
from tests.imports import NOW, applied, finding, patient, staged, treatment, verdicts, workbook

MRNS = st.sampled_from(["A", "B"])
DAYS = st.sampled_from(["2026-11-02", "3 Nov 2026", "11/12/2026"])
PATIENTS = st.builds(
    patient,
    MRNS,
    family_name=st.sampled_from(["Sent", "Other"]),
    birth_date=st.sampled_from(["1964-03-14", "14 Mar 1964", "14 Mar 1965"]),
)
FINDINGS = st.builds(
    finding,
    MRNS,
    feature=st.sampled_from(["ki67_percent", "Ki-67", "grade", "ecog"]),
    value=st.sampled_from(["2,5 %", "2.5 %", "1", "G2", "22 %", "0.5", "not known"]),
    observed_on=DAYS,
    source=st.sampled_from(["", "pathology", "import"]),
    report=st.sampled_from(["", "local", "central"]),
)
TREATMENTS = st.builds(
    treatment,
    MRNS,
    st.sampled_from(["lanreotide", "everolimus"]),
    started=st.sampled_from(["", "2025", "Mar 2025", "12 Mar 2024"]),
    course=st.sampled_from(["still given", "stopped or done"]),
    outcomes=st.sampled_from(["", "stable", "stable;progressed"]),
)
TABLES = st.tuples(
    st.lists(PATIENTS, max_size=3), st.lists(FINDINGS, max_size=7), st.lists(TREATMENTS, max_size=4)
).filter(any)
Table = tuple[list[dict[str, str]], list[dict[str, str]], list[dict[str, str]]]


def _book(table: Table) -> bytes:
    patients, findings, treatments = table
    return workbook(patients=patients, findings=findings, treatments=treatments)


def _apply(cora: Actor, book: bytes) -> None:
    """Apply what there is to apply."""
    file = staged(cora, book)
    if {"new", "changed"} & set(verdicts(file)):
        applied(cora, file)


def _record() -> dict[str, Any]:
    """Everything that is on record, and what is in force, but for identifiers and instants."""
    facts = {}
    for one in Patient.objects.order_by("mrn"):
        for tumor in one.tumors.order_by("number"):
            facts[one.mrn, tumor.number] = facts_of(tumor, as_of=NOW.date()).features
    findings = Finding.objects.order_by("patient__mrn", "sequence", "id").values_list(
        "patient__mrn", "feature", "value", "as_written", "observed_on", "source", "source_text", "sequence",
        "correction__kind",
    )  # fmt: skip
    treatments = Treatment.objects.order_by("patient__mrn", "sequence", "id").values_list(
        "patient__mrn", "option", "started_on", "course", "outcomes", "sequence", "correction__kind"
    )
    patients = Patient.objects.order_by("mrn").values_list("mrn", "family_name", "birth_on")
    return {"patients": list(patients), "findings": list(findings), "treatments": list(treatments), "facts": facts}


def _undone(act: Any) -> Any:
    """What ``act`` gives, with everything that it wrote taken back."""
    with transaction.atomic():
        result = act()
        transaction.set_rollback(True)
    return result


PROPERTY = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.django_db
@PROPERTY
@given(table=TABLES)
def test_a_second_time_changes_nothing(cora: Actor, table: Table) -> None:
    def twice() -> tuple[Any, Any, list[str]]:
        _apply(cora, _book(table))
        once = _record()
        _apply(cora, _book(table))
        return once, _record(), verdicts(staged(cora, _book(table)))

    once, again, judged = _undone(twice)
    assert again == once
    assert not {"new", "changed"} & set(judged)


@pytest.mark.django_db
@PROPERTY
@given(table=TABLES, data=st.data())
def test_the_order_of_the_rows_plays_no_part(cora: Actor, table: Table, data: st.DataObject) -> None:
    other = tuple(data.draw(st.permutations(rows)) for rows in table)

    def after(rows: Any) -> Any:
        return _undone(lambda: [_apply(cora, _book(rows)), _record()][1])

    assert after(other) == after(table)
