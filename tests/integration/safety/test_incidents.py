"""A concern is reported, assessed, closed and reopened in rows that nothing alters, by those who may."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from netcare.access import NotAllowed, Role
from netcare.access.actions import ChangeRefused
from netcare.audit.models import AuditEvent
from netcare.safety.actions import LONGEST, Concern, assess_incident, close_incident, reopen_incident, report_incident
from netcare.safety.models import Incident, IncidentStep, RowIsFinal
from netcare.safety.selectors import State, state_of, visible_incident, visible_incidents
from tests.cast import Cast, acting, gather, person

pytestmark = pytest.mark.usefixtures("published")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CONCERN = Concern(
    "The list showed no caution.", date(2026, 11, 19), "not_known", "The list was not used.", "pathways:tumor"
)


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


def reported(cast: Cast, submission: UUID | None = None, concern: Concern = CONCERN) -> Incident:
    return report_incident(actor=acting(cast.clara), concern=concern, submission=submission or uuid4(), at=NOW)


def assessed(cast: Cast, incident: Incident, seen: int = 0) -> IncidentStep:
    return assess_incident(
        actor=acting(cast.apollo), incident=fresh(incident), severity="major", hazard="H02",
        control="The option is looked at by hand.", seen=seen, at=NOW,
    )  # fmt: skip


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def now_of(incident: Incident) -> State:
    return state_of(fresh(incident))


def test_an_incident_goes_from_reported_to_assessed_to_closed(cast: Cast) -> None:
    incident = reported(cast)
    assert (str(incident), now_of(incident).word, now_of(incident).is_closed) == ("S-1", "reported", False)
    assert incident.ruleset.startswith("NET pathway v1, sha256:")
    assert (incident.reported_by_name, incident.reported_role) == ("Clara", "clinician")
    assessed(cast, incident)
    assert now_of(incident) == State("assessed", False, "major", "H02", 1)
    close_incident(actor=acting(cast.apollo), incident=fresh(incident), reason="The caution was there.", seen=1, at=NOW)
    assert (now_of(incident).word, now_of(incident).is_closed) == ("closed", True)
    reopen_incident(actor=acting(cast.apollo), incident=fresh(incident), reason="It happened again.", seen=2, at=NOW)
    assert (now_of(incident).is_closed, now_of(incident).severity) == (False, "major")


def test_every_step_leaves_an_audit_row_without_the_text(cast: Cast) -> None:
    incident = reported(cast)
    assessed(cast, incident)
    close_incident(actor=acting(cast.apollo), incident=fresh(incident), reason="The caution was there.", seen=1, at=NOW)
    rows = list(AuditEvent.objects.filter(action__startswith="incident.").order_by("id"))
    assert [row.action for row in rows] == ["incident.report", "incident.assessed", "incident.closed"]
    assert {row.subject for row in rows} == {"S-1"}
    assert not any("caution" in str(row.detail) for row in rows)


def test_a_second_click_reports_nothing_twice(cast: Cast) -> None:
    key = uuid4()
    assert reported(cast, key) == reported(cast, key)
    assert Incident.objects.count() == 1


def test_numbers_have_no_gaps_and_each_institution_has_its_own(cast: Cast) -> None:
    assert [str(reported(cast)) for _ in range(3)] == ["S-1", "S-2", "S-3"]
    other = report_incident(actor=acting(cast.silas), concern=CONCERN, submission=uuid4(), at=NOW)
    assert str(other) == "S-1"


@pytest.mark.parametrize(
    ("concern", "field", "sentence"),
    [
        (Concern(" ", date(2026, 11, 19), "major"), "what_happened", "What happened is missing"),
        (Concern("x" * (LONGEST + 1), date(2026, 11, 19), "major"), "what_happened", "2001 characters"),
        (Concern("a\u202eb", date(2026, 11, 19), "major"), "what_happened", "signs that cannot be shown"),
        (Concern("x", date(2026, 11, 21), "major"), "happened_on", "in the future"),
        (Concern("x", date(1926, 11, 19), "major"), "happened_on", "Accepted: from 2000"),
        (Concern("x", date(2026, 11, 19), "terrible"), "severity", "is one of catastrophic"),
    ],
)
def test_a_report_that_cannot_stand_is_refused_with_field_and_what_is_accepted(
    cast: Cast, concern: Concern, field: str, sentence: str
) -> None:
    with pytest.raises(ChangeRefused, match=sentence) as refused:
        reported(cast, concern=concern)
    assert refused.value.field == field
    assert not Incident.objects.exists()


def test_steps_have_their_order(cast: Cast) -> None:
    incident, apollo = reported(cast), acting(cast.apollo)
    with pytest.raises(ChangeRefused, match="was not assessed yet"):
        close_incident(actor=apollo, incident=fresh(incident), reason="Nothing was found.", seen=0, at=NOW)
    with pytest.raises(ChangeRefused, match="there is nothing to reopen"):
        reopen_incident(actor=apollo, incident=fresh(incident), reason="It happened again.", seen=0, at=NOW)
    assessed(cast, incident)
    with pytest.raises(ChangeRefused, match="write at least 10 characters"):
        close_incident(actor=apollo, incident=fresh(incident), reason="done", seen=1, at=NOW)
    close_incident(actor=apollo, incident=fresh(incident), reason="Nothing was found.", seen=1, at=NOW)
    with pytest.raises(ChangeRefused, match="is closed already"):
        close_incident(actor=apollo, incident=fresh(incident), reason="Nothing was found.", seen=2, at=NOW)


@pytest.mark.parametrize(
    ("changes", "sentence"), [({"severity": "not_known"}, "says one of"), ({"hazard": "H99"}, "no hazard “H99”")]
)
def test_an_assessment_says_how_bad_and_names_a_hazard_that_there_is(
    cast: Cast, changes: dict[str, str], sentence: str
) -> None:
    given = {"severity": "major", "hazard": "", "control": "Looked at by hand."} | changes
    with pytest.raises(ChangeRefused, match=sentence):
        assess_incident(actor=acting(cast.apollo), incident=reported(cast), seen=0, at=NOW, **given)  # type: ignore[arg-type]


def test_of_two_steps_at_once_the_second_is_refused(cast: Cast) -> None:
    incident = reported(cast)
    stale = visible_incident(acting(cast.apollo), incident.id)
    assert stale is not None
    assessed(cast, incident)
    with pytest.raises(ChangeRefused, match="Somebody took a step with S-1 meanwhile"):
        assess_incident(
            actor=acting(cast.apollo), incident=stale, severity="considerable", hazard="", control="Something else.",
            seen=0, at=NOW,
        )  # fmt: skip
    assert IncidentStep.objects.count() == 1


def test_nobody_closes_what_they_reported(cast: Cast) -> None:
    incident = report_incident(actor=acting(cast.apollo), concern=CONCERN, submission=uuid4(), at=NOW)
    assessed(cast, incident)
    with pytest.raises(ChangeRefused, match="another approver closes it"):
        close_incident(actor=acting(cast.apollo), incident=fresh(incident), reason="Nothing was found.", seen=1, at=NOW)
    second = person(cast.northside, "Ariadne", Role.APPROVER)
    close_incident(actor=acting(second), incident=fresh(incident), reason="Nothing was found.", seen=1, at=NOW)
    assert now_of(incident).is_closed


def test_only_approvers_of_the_institution_take_steps_and_auditors_and_administrators_report_nothing(
    cast: Cast,
) -> None:
    incident = reported(cast)
    for user in (cast.clara, cast.edda, cast.audra, cast.ada, cast.nora):
        with pytest.raises(NotAllowed):
            assess_incident(
                actor=acting(user), incident=incident, severity="major", hazard="", control="By hand for now.", seen=0
            )
    foreign = person(cast.southside, "Astrid", Role.APPROVER)
    with pytest.raises(NotAllowed, match="of your own institution only"):
        close_incident(actor=acting(foreign), incident=incident, reason="Nothing was found.", seen=0)
    for user in (cast.audra, cast.ada, cast.nora):
        with pytest.raises(NotAllowed):
            report_incident(actor=acting(user), concern=CONCERN, submission=uuid4())


def test_who_may_read_sees_those_of_the_institution_and_nobody_else_any(cast: Cast) -> None:
    incident = reported(cast)
    for user in (cast.vera, cast.clara, cast.cora, cast.edda, cast.apollo, cast.audra, cast.theo):
        assert list(visible_incidents(acting(user))) == [incident], user.username
    for user in (cast.silas, cast.ada, cast.nora):
        assert list(visible_incidents(acting(user))) == [], user.username


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE safety_incident SET what_happened = 'nothing'",
        "DELETE FROM safety_incident",
        "UPDATE safety_incidentstep SET kind = 'closed'",
        "DELETE FROM safety_incidentstep",
    ],
)
def test_nothing_alters_an_incident(cast: Cast, statement: str) -> None:
    incident = reported(cast)
    step = assessed(cast, incident)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    for row in (incident, step):
        with pytest.raises(RowIsFinal):
            row.save()
        with pytest.raises(RowIsFinal):
            row.delete()
    with pytest.raises(RowIsFinal):
        Incident.objects.update(what_happened="nothing")
