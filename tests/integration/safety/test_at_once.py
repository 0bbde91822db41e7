"""Several reports, clicks and approvers at the same moment: nothing is lost, doubled or numbered twice."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from netcare.access.actions import ChangeRefused
from netcare.safety.actions import Concern, assess_incident, report_incident
from netcare.safety.models import Incident, IncidentStep
from tests.at_once import all_at_once
from tests.cast import acting, gather

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CONCERN = Concern("Something was slow.", date(2026, 11, 19), "considerable")


def test_reports_at_once_are_all_kept_and_numbered_without_a_gap() -> None:
    actor = acting(gather().clara)
    all_at_once([lambda: report_incident(actor=actor, concern=CONCERN, submission=uuid4(), at=NOW)] * AT_ONCE)
    assert sorted(Incident.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_one_form_sent_several_times_at_once_is_one_report() -> None:
    actor, key = acting(gather().clara), uuid4()
    results = all_at_once([lambda: report_incident(actor=actor, concern=CONCERN, submission=key, at=NOW)] * AT_ONCE)
    assert {one.id for one in results} == {Incident.objects.get().id}


def test_of_several_assessments_at_once_one_counts_and_the_others_are_told() -> None:
    cast = gather()
    incident = report_incident(actor=acting(cast.clara), concern=CONCERN, submission=uuid4(), at=NOW)
    approver = acting(cast.apollo)
    results = all_at_once(
        [
            lambda: assess_incident(
                actor=approver,
                incident=Incident.objects.get(pk=incident.pk),
                severity="major",
                hazard="",
                control="Looked at by hand.",
                seen=0,
                at=NOW,
            )
        ]
        * AT_ONCE
    )
    assert IncidentStep.objects.count() == 1
    refused = [str(one) for one in results if isinstance(one, ChangeRefused)]
    assert refused == ["Somebody took a step with S-1 meanwhile. Read it above, then send again."] * 3
