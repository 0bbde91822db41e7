"""The cast, one patient of Clara's, and a clock that stands still; everything made through the real actions."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from netcare.access import Actor
from patients.actions import NewFinding, record_findings, register_patient
from patients.models import Finding, Patient, Tumor
from patients.selectors import tumors_of
from tests.cast import Cast, acting, gather

# 26 Nov 2026 in Berlin, where Northside is.
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 26)
BORN = date(1964, 3, 14)


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def clara(cast: Cast) -> Actor:
    return acting(cast.clara)


@pytest.fixture
def willow(cast: Cast, clara: Actor) -> Patient:
    """Willow Pretend, born 14 Mar 1964, in the care of Abdomen."""
    return register_patient(
        actor=clara,
        mrn="N-1",
        family_name="Pretend",
        given_name="Willow",
        birth_on=BORN,
        sex="female",
        teams=[cast.abdomen],
        now=NOW,
    )


@pytest.fixture
def tumor(willow: Patient) -> Tumor:
    return tumors_of(willow)[0]


@pytest.fixture
def record(clara: Actor, willow: Patient, tumor: Tumor) -> Callable[..., Finding]:
    """Record one finding of Willow's: `record("grade", "G2", on=date(…))`."""

    def one(feature: str, value: Any = None, *, on: date = TODAY, now: datetime = NOW, **more: Any) -> Finding:
        from pathways.knowledge import dictionary

        of_tumor = dictionary().features[feature].group == "tumor"
        new = NewFinding(
            feature=feature,
            value=value,
            observed_on=on,
            source=more.pop("source", "clinic"),
            tumor=tumor if of_tumor else None,
            **more,
        )
        return record_findings(actor=clara, patient=willow, findings=[new], now=now)[0]

    return one
