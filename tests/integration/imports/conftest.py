"""The cast, whose coordinator imports, and one patient of Clara's who is referred to the board."""

import pytest

from netcare.access import Actor
from patients.actions import refer_to_board, register_patient
from patients.models import Patient
from tests.cast import Cast, acting, gather
from tests.imports import NOW


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def cora(cast: Cast) -> Actor:
    return acting(cast.cora)


@pytest.fixture
def willow(cast: Cast) -> Patient:
    """Willow Pretend, N-1, born 14 Mar 1964; registered by hand, and referred."""
    from datetime import date

    clara = acting(cast.clara)
    made = register_patient(
        actor=clara, mrn="N-1", family_name="Pretend", given_name="Willow", birth_on=date(1964, 3, 14), sex="female",
        teams=[cast.abdomen], now=NOW,
    )  # fmt: skip
    refer_to_board(actor=clara, patient=made, now=NOW)
    return made
