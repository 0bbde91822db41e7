"""The audit page: who sees which rows, the filter, and that reading it is recorded."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from netcare.access import ANONYMOUS, Role
from netcare.access.actions import grant_role
from netcare.audit import record
from netcare.audit.models import AuditEvent
from netcare.audit.selectors import visible_events
from tests.cast import SYSTEM, Cast, acting, person, signed_in

PATIENT = uuid.UUID("11111111-2222-4333-8444-555555555555")


@pytest.fixture
def recorded(cast: Cast) -> Cast:
    """Clara and Theo read a patient of Northside, Silas one of Southside, Clara is refused once."""
    for user in (cast.clara, cast.theo, cast.silas):
        record(
            actor=acting(user), action="patient.read", patient_id=PATIENT, at=datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
        )
    record(
        actor=acting(cast.clara), action="access.denied", outcome="denied", detail={"sentence": "Not for you."},
        at=datetime(2026, 11, 3, 12, 0, tzinfo=UTC),
    )  # fmt: skip
    return cast


def page_of(user: object, query: str = "") -> str:
    return signed_in(user).get(f"/audit/{query}").content.decode()  # type: ignore[arg-type]


def test_a_clinician_sees_the_own_rows(recorded: Cast) -> None:
    seen = visible_events(acting(recorded.clara))
    assert {event.actor_name for event in seen} == {"Clara"}
    assert "Not for you." in page_of(recorded.clara)
    assert "Theo" not in page_of(recorded.clara)


def test_an_auditor_sees_the_institution_s_rows_and_no_other_s_patients(recorded: Cast) -> None:
    seen = visible_events(acting(recorded.audra)).filter(action="patient.read")
    assert {event.actor_name for event in seen} == {"Clara", "Theo"}


def test_an_approver_sees_changes_of_people_and_of_the_pathway_but_no_access_to_patients(recorded: Cast) -> None:
    record(actor=acting(recorded.edda), action="ruleset.publish", subject="NET pathway 2")
    actions = set(visible_events(acting(recorded.apollo)).values_list("action", flat=True))
    assert {"role.grant", "ruleset.publish"} <= actions
    assert not {action for action in actions if action.startswith(("patient.", "access.", "session."))}


@pytest.mark.parametrize("name", ["cora", "ada"])
def test_a_coordinator_and_an_administrator_have_no_audit_page(recorded: Cast, name: str) -> None:
    answer = signed_in(getattr(recorded, name)).get("/audit/")
    assert answer.status_code == 403
    assert "may not read the audit record. This is for: auditor." in answer.content.decode()


def test_without_any_right_there_is_no_row(recorded: Cast) -> None:
    assert not visible_events(acting(recorded.nora)).exists()
    assert not visible_events(ANONYMOUS).exists()


@pytest.mark.parametrize(
    ("query", "people"),
    [
        ("?who=cla&action=patient.", {"Clara"}),
        ("?action=patient.read", {"Clara", "Theo"}),
        ("?outcome=denied", {"Clara"}),
        (f"?patient={PATIENT}", {"Clara", "Theo"}),
        ("?first_on=2026-11-02&last_on=2026-11-02", {"Clara", "Theo"}),
        ("?first_on=2026-11-01&last_on=2026-11-01", set()),
        ("?first_on=2026-11-03&last_on=2026-11-03", {"Clara"}),
    ],
)
def test_rows_are_filtered_by_person_action_outcome_patient_and_day(
    recorded: Cast, query: str, people: set[str]
) -> None:
    """Days are the institution's: 23:30 UTC of 1 November is 2 November in Berlin."""
    page = signed_in(recorded.audra).get(f"/audit/{query}")
    assert {row.who for row in page.context["rows"]} - {"the test suite", "Audra"} == people


def test_a_day_that_is_none_is_said_beside_the_field_and_shows_nothing(recorded: Cast) -> None:
    page = page_of(recorded.audra, "?first_on=yesterday")
    assert "Enter a valid date." in page
    assert "No row fits" in page


def test_reading_the_record_is_recorded(recorded: Cast) -> None:
    signed_in(recorded.audra).get("/audit/")
    row = AuditEvent.objects.newest_first()[0]
    assert (row.actor_name, row.action) == ("Audra", "audit.read")


def test_the_page_takes_as_many_queries_for_many_rows_as_for_few(recorded: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    audra = signed_in(recorded.audra)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            audra.get("/audit/")
        return len(captured)

    queries()
    few = queries()
    for _ in range(120):
        record(actor=acting(recorded.clara), action="patient.list", patient_ids=[PATIENT])
    assert queries() == few
    assert "Page 1 of" in audra.get("/audit/").content.decode()


def test_a_person_with_two_roles_sees_what_either_shows(recorded: Cast) -> None:
    both = person(recorded.northside, "Both", Role.CLINICIAN)
    grant_role(user=both, role=Role.APPROVER, by=SYSTEM)
    record(actor=acting(both), action="patient.read", patient_id=PATIENT)
    actions = set(visible_events(acting(both)).values_list("action", flat=True))
    assert {"patient.read", "role.grant"} <= actions
