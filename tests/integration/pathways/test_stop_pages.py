"""The pages of emergency stops, and what every other page says while one is in force."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from netcare.access import Role, User, today_for
from netcare.audit.models import AuditEvent
from pathways.actions.stopping import ask_for_stop, place_stop, take_second_look
from pathways.assessing import assess_tumor
from pathways.engine import Status
from pathways.models import EmergencyStop, StopEvent, StopOverlay
from patients.actions import NewFinding, record_findings, register_patient
from patients.models import Tumor
from tests.cast import Cast, acting, gather, person, signed_in

pytestmark = pytest.mark.usefixtures("published")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WHY = "Reports of harm; stopped until they are reviewed."
OPTION = "clinical_trial"
BAR = 'class="stop-bar'


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def second(cast: Cast) -> User:
    return person(cast.northside, "Sven", Role.APPROVER)


@pytest.fixture
def tumor(cast: Cast) -> Tumor:
    patient = register_patient(
        actor=acting(cast.clara), mrn="N-1", family_name="Ash", given_name="Rowan", birth_on=date(1965, 12, 24),
        sex="male", teams=[cast.abdomen],
    )  # fmt: skip
    return Tumor.objects.get(patient=patient)


def stopped(cast: Cast, option: str = OPTION, *, now: datetime | None = None) -> EmergencyStop:
    return place_stop(actor=acting(cast.apollo), option=option, reason=WHY, now=now or datetime.now(UTC))


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def posted(client: Client, path: str, **typed: Any) -> Any:
    return client.post(path, {"submission": str(uuid4()), **typed})


def test_nothing_is_stopped_before_it_is_confirmed_once(cast: Cast) -> None:
    client = signed_in(cast.apollo)
    page = text(client, "/pathway/stops/place/")
    assert page.count(" selected") == page.count('value="" selected>Choose an option') == 1, (
        "nothing is chosen beforehand"
    )
    first = posted(client, "/pathway/stops/place/", option=OPTION, reason=WHY).content.decode()
    assert "Clinical trial will be suspended at once, for every patient." in first
    assert "At Northside Hospital it is listed now for 0 patients." in first
    assert EmergencyStop.objects.count() == 0
    answer = posted(client, "/pathway/stops/place/", option=OPTION, reason=WHY, confirmed="on")
    assert (answer.status_code, answer.url) == (302, "/pathway/stops/")
    assert StopEvent.objects.get().reason == WHY


def test_a_second_click_stops_nothing_twice_and_is_no_error(cast: Cast) -> None:
    client, key = signed_in(cast.apollo), str(uuid4())
    typed = {"option": OPTION, "reason": WHY, "confirmed": "on", "submission": key}
    answers = [client.post("/pathway/stops/place/", typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert EmergencyStop.objects.count() == StopOverlay.objects.count() == 1


def test_a_refusal_keeps_what_was_typed(cast: Cast) -> None:
    page = posted(signed_in(cast.apollo), "/pathway/stops/place/", option=OPTION, reason="too short").content.decode()
    assert "Reason has 9 characters." in page
    assert f'<option value="{OPTION}" selected>' in page
    assert ">\ntoo short</textarea>" in page or "too short</textarea>" in page


def test_a_request_is_answered_where_it_stands(cast: Cast) -> None:
    asked = ask_for_stop(actor=acting(cast.clara), option=OPTION, reason=WHY, now=NOW)
    client = signed_in(cast.apollo)
    assert "1 request for an emergency stop waits for an approver." in text(client, "/pathway/")
    assert BAR not in text(signed_in(cast.clara), "/pathway/"), "only those who answer are told"
    assert f"/pathway/stops/place/?asked={asked.id}" in text(client, f"/pathway/stops/{asked.id}/")
    address = f"/pathway/stops/place/?asked={asked.id}"
    # What a form says beside the request counts for nothing: the request names the option.
    posted(client, address, option="everolimus", reason=WHY, confirmed="on")
    assert [case.option for case in EmergencyStop.objects.all()] == [OPTION]
    other = ask_for_stop(actor=acting(cast.cora), option="everolimus", reason=WHY, now=NOW)
    answer = client.post(
        f"/pathway/stops/{other.id}/decline/", {"decline-reason": "About another drug, as it turned out."}
    )
    assert answer.status_code == 302
    page = text(client, "/pathway/stops/")
    assert "About another drug, as it turned out." in page
    assert "waits for an approver" not in page
    audit = text(client, "/audit/")
    assert "stop.declined" in audit
    assert "About another drug, as it turned out." in audit


def test_those_who_may_are_led_to_stopping_or_asking_and_others_are_not(cast: Cast) -> None:
    for path, query in ((f"/pathway/options/{OPTION}/", f"option={OPTION}"), ("/pathway/rules/EVE-I1/", "rule=EVE-I1")):
        assert f'"/pathway/stops/place/?{query}"' in text(signed_in(cast.apollo), path)
        for user in (cast.clara, cast.cora, cast.edda):
            assert f'"/pathway/stops/ask/?{query}"' in text(signed_in(user), path)
        for user in (cast.vera, cast.audra, cast.ada):
            assert "stop</a>" not in text(signed_in(user), path)
            assert "/pathway/stops/place/" not in text(signed_in(user), path)


def test_while_a_stop_is_in_force_every_page_says_so(cast: Cast, tumor: Tumor) -> None:
    start = f"/patients/{tumor.patient_id}/tumors/1/"
    pages = {
        cast.clara: ("/patients/", start, f"{start}missing/", f"{start}timeline/", "/pathway/sources/", "/account/"),
        cast.ada: ("/people/", "/pathway/dictionary/"),
        cast.audra: ("/audit/",),
    }
    for user, paths in pages.items():
        assert all(BAR not in text(signed_in(user), path) for path in paths)
    stopped(cast)
    for user, paths in pages.items():
        for path in paths:
            assert BAR in text(signed_in(user), path), path


def test_on_every_page_of_the_patient_what_is_stopped_is_suspended_and_nowhere_a_candidate(
    cast: Cast, tumor: Tumor
) -> None:
    stopped(cast)
    client, start = signed_in(cast.clara), f"/patients/{tumor.patient_id}/tumors/1/"
    for rest in (
        "",
        "missing/",
        f"options/{OPTION}/",
        f"options/{OPTION}/map/",
        "print/",
        "what-if/",
        f"review/?also={OPTION}",
    ):
        page = text(client, start + rest)
        assert "Suspended by an emergency stop since" in page, rest
        assert WHY in page, rest
    page = text(client, start)
    row = page[page.index(f'id="option-{OPTION}"') :].partition("</summary>")[0]
    assert "status-suspended" in row
    assert "status-candidate" not in row
    assert "By the rules alone it would be listed for this patient; while it is stopped it is not." in page
    assert "Suspended by an emergency stop 1:" in text(client, f"{start}print/")
    assert "emergency stops 1" in page, "the stamp names the overlay"


def test_a_patient_for_whom_the_option_is_not_indicated_has_no_banner_of_it(cast: Cast, tumor: Tumor) -> None:
    day = today_for(cast.northside)
    finding = NewFinding("differentiation", day, "pathology", value="poor", tumor=tumor)
    record_findings(actor=acting(cast.clara), patient=tumor.patient, findings=[finding])
    options = assess_tumor(tumor, as_of=day).assessment.options
    stopped(cast, next(option.code for option in options if option.status is Status.NOT_INDICATED))
    page = text(signed_in(cast.clara), f"/patients/{tumor.patient_id}/tumors/1/")
    assert BAR in page
    assert "banner-stops" not in page
    stopped(cast)
    assert "banner-stops" in text(signed_in(cast.clara), f"/patients/{tumor.patient_id}/tumors/1/")


def test_a_late_second_look_turns_the_banner_red_and_the_stop_stays(cast: Cast, second: User) -> None:
    stop = stopped(cast, now=NOW)
    client = signed_in(second)
    with time_machine.travel(NOW + timedelta(hours=23), tick=False):
        page = text(signed_in(second), "/pathway/stops/")
        assert "is-overdue" not in page
        assert "Another approver takes the second look by 21 Nov 2026" in page
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        client = signed_in(second)
        for path in (
            "/pathway/stops/",
            f"/pathway/options/{OPTION}/",
            "/pathway/versions/",
            f"/pathway/stops/{stop.id}/",
        ):
            page = text(client, path)
            assert "stop-bar is-overdue" in page
            assert "The second look by another approver is overdue since 21 Nov 2026" in page
            assert "The stop stays." in page
        take_second_look(actor=acting(second), stop=stop, confirm=True, reason=WHY, now=datetime.now(UTC))
        assert "is-overdue" not in text(client, "/pathway/stops/")


def test_confirming_and_lifting_through_the_page(cast: Cast, second: User) -> None:
    stop = stopped(cast)
    own, other = signed_in(cast.apollo), signed_in(second)
    refused = own.post(f"/pathway/stops/{stop.id}/second-look/", {"look-reason": WHY}).content.decode()
    assert "the second look is another approver&#x27;s." in refused
    assert other.post(f"/pathway/stops/{stop.id}/second-look/", {"look-reason": ""}).status_code == 200
    assert other.post(f"/pathway/stops/{stop.id}/second-look/", {"look-reason": WHY}).status_code == 302
    assert other.post(f"/pathway/stops/{stop.id}/lift/", {"lift-reason": WHY}).status_code == 302
    page = text(other, "/pathway/stops/")
    assert "No option is stopped." in page
    assert BAR not in page
    for what in ("Placed by Apollo, pathway approver", "Confirmed by a second look by Sven", "Lifted by Sven"):
        assert what in page


def test_markup_in_a_reason_is_text(cast: Cast) -> None:
    place_stop(
        actor=acting(cast.apollo), option=OPTION, reason="<script>alert(1)</script> in a reason", now=datetime.now(UTC)
    )
    page = text(signed_in(cast.clara), "/pathway/stops/")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; in a reason" in page


def test_a_stop_that_there_is_not_is_missing_and_leaves_a_row(cast: Cast) -> None:
    missing = uuid4()
    assert signed_in(cast.clara).get(f"/pathway/stops/{missing}/").status_code == 404
    assert AuditEvent.objects.filter(action="stop.read", outcome="denied", subject=str(missing)).exists()
    assert signed_in(cast.apollo).get("/pathway/stops/place/?asked=nothing").status_code == 200
