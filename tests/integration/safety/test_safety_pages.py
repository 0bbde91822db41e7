"""The pages of the safety file: what each role sees, forms that lose nothing, and exports that say the same."""

import json
import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from netcare.audit.models import AuditEvent
from netcare.safety.actions import Concern, report_incident
from netcare.safety.hazards import STATES, Hazard, hazards
from netcare.safety.models import Incident
from tests.cast import Cast, acting, gather, signed_in

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def sent(**changes: str) -> dict[str, str]:
    """What the report form sends."""
    return {
        "what_happened": "A caution was missing.",
        "happened_on": "2026-11-19",
        "severity": "major",
        "immediate_control": "",
        "page": "pathways:tumor",
        "submission": str(uuid4()),
    } | changes


def concern(cast: Cast, text: str = "A caution was missing.") -> Incident:
    given = Concern(what_happened=text, happened_on=date(2026, 11, 19), severity="major")
    return report_incident(actor=acting(cast.clara), concern=given, submission=uuid4())


def _shown(hazard: Hazard) -> int:
    """The page and the exports put the hazards of one state together."""
    return list(STATES).index(hazard.state)


def test_the_file_names_every_hazard_with_its_tests_and_the_release_for_every_role(cast: Cast) -> None:
    for user in cast.by_role().values():
        text = text_of(signed_in(user), "/safety/")
        for hazard in hazards():
            assert hazard.hazard in text, hazard.id
            assert all(sentence in text and file in text for sentence, file in hazard.proofs), hazard.id
        assert "NET pathway v1" in text
        assert "sha256:" in text
        assert "does not know how their last run ended" in text
        assert "none recorded: it was loaded from files, not drafted" in text


def test_every_page_of_a_signed_in_person_leads_to_the_report(cast: Cast) -> None:
    for address, name in (
        ("/pathway/", "pathways:options"),
        ("/account/", "access:account"),
        ("/patients/", "pathways:patients"),
    ):
        assert f"/safety/report/?page={name}" in text_of(signed_in(cast.clara), address), address
    for user in (cast.audra, cast.ada):
        text = text_of(signed_in(user), "/pathway/")
        assert "/safety/report/" not in text
        assert 'href="/safety/"' in text
    assert "/safety/" not in Client().get("/sign-in/").content.decode()


def test_a_report_is_open_in_the_file_of_the_institution_and_of_no_other(cast: Cast) -> None:
    client = signed_in(cast.clara)
    answer = client.post("/safety/report/", sent(), follow=True)
    assert "S-1 is on file and open." in unescape(answer.content.decode())
    assert "A caution was missing." in text_of(signed_in(cast.edda), "/safety/")
    assert "A caution was missing." not in text_of(signed_in(cast.silas), "/safety/")
    said = text_of(signed_in(cast.ada), "/safety/")
    assert "A caution was missing." not in said
    assert "may not read the concerns about safety" in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"what_happened": ""}, "What happened, or could have is missing."),
        ({"what_happened": "x" * 2001}, "2001 characters. Accepted are up to 2000."),
        ({"happened_on": "31 Feb"}, "“31 Feb” is not a day. Accepted is year-month-day"),
        ({"happened_on": "2999-01-01"}, "is in the future"),
        ({"severity": ""}, "How bad it could be for a patient is missing."),
        ({"severity": "terrible"}, "terrible"),
    ],
)
def test_a_bad_report_keeps_everything_typed_with_the_sentence(
    cast: Cast, changes: dict[str, str], sentence: str
) -> None:
    given = sent(immediate_control="Colleagues <b>were told</b>.") | changes
    text = unescape(signed_in(cast.clara).post("/safety/report/", given).content.decode())
    assert sentence in text
    assert "Colleagues <b>were told</b>." in text
    assert given["what_happened"] in text
    assert given["happened_on"] in text
    assert not Incident.objects.exists()


def test_no_severity_is_chosen_beforehand_and_no_patient_is_asked_for(cast: Cast) -> None:
    raw = signed_in(cast.clara).get("/safety/report/?page=<script>").content.decode()
    assert not re.search(r"<input[^>]*type=\"radio\"[^>]*checked", raw)
    assert "No patient data is asked for" in raw
    assert "<script>" not in raw.split("<main")[1].split("</main>")[0]


def test_markup_in_a_report_is_shown_as_typed_on_page_and_in_the_document(cast: Cast) -> None:
    concern(cast, "<script>alert(1)</script>\n# Heading [link](http://x)")
    client = signed_in(cast.apollo)
    assert "<script>alert" not in client.get("/safety/").content.decode()
    document = client.get("/safety/safety-file.md").content.decode()
    assert "<script>" not in document
    assert "\n# Heading" not in document
    assert "\\[link\\](http" in document


def test_an_approver_assesses_and_closes_through_the_pages(cast: Cast) -> None:
    incident, client = concern(cast), signed_in(cast.apollo)
    page = f"/safety/incidents/{incident.id}/"
    assert f"{page}close/" not in text_of(client, page)
    client.post(f"{page}assess/", {"severity": "major", "hazard": "H02", "text": "Looked at by hand.", "seen": "0"})
    text = text_of(client, page)
    assert "H02: An unknown contraindication is read as absent" in text
    assert f"{page}close/" in text
    client.post(f"{page}close/", {"text": "The caution was there all along.", "seen": "1"})
    assert "The caution was there all along." in text_of(signed_in(cast.clara), page)
    assert "None is open." in text_of(client, "/safety/")


def test_a_step_over_another_one_is_refused_shows_it_and_can_be_sent_again(cast: Cast) -> None:
    incident, client = concern(cast), signed_in(cast.apollo)
    page = f"/safety/incidents/{incident.id}/assess/"
    given = {"severity": "major", "hazard": "", "text": "Looked at by hand.", "seen": "0"}
    client.post(page, given | {"text": "The first of two."})
    text = unescape(client.post(page, given).content.decode())
    assert "Somebody took a step with S-1 meanwhile." in text
    assert "The first of two." in text
    assert "Looked at by hand." in text
    assert 'name="seen" value="1"' in text
    assert client.post(page, given | {"seen": "1"}).status_code == 302


def test_the_exports_say_what_the_page_says_and_leave_an_audit_row(cast: Cast) -> None:
    concern(cast)
    client = signed_in(cast.audra)
    document = client.get("/safety/safety-file.md").content.decode()
    data = json.loads(client.get("/safety/safety-file.json").content)
    assert [one["id"] for one in data["hazards"]] == [one.id for one in sorted(hazards(), key=_shown)]
    assert data["incidents"][0]["what_happened"] == "A caution was missing."
    assert data["release"]["digest"] in document
    assert "S-1: reported, major" in document
    assert all(f"{hazard.id}: {hazard.hazard}" in document for hazard in hazards())
    assert AuditEvent.objects.filter(action="safety_file.export", actor_id=cast.audra.id).count() == 2


def test_who_may_not_read_concerns_exports_the_rest(cast: Cast) -> None:
    concern(cast)
    client = signed_in(cast.ada)
    data = json.loads(client.get("/safety/safety-file.json").content)
    assert data["incidents"] == []
    assert "may not read" in data["incidents_said"]
    assert "A caution was missing" not in client.get("/safety/safety-file.md").content.decode()
