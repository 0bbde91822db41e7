"""What if: the answer beside the form, nothing stored, and a link that only the right reader opens."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from netcare.access import actor_for_user, today_for
from netcare.access.models import User
from netcare.audit.models import AuditEvent
from pathways.what_if import LIFETIME, make_link
from patients.actions import NewFinding, record_findings
from patients.entry import RawEntry
from patients.models import Patient, Tumor
from patients.selectors import tumors_of
from tests.integration.pathways.test_patient_pages import read

AsPerson = Callable[[str], Client]
PageOf = Callable[..., str]
LINK = re.compile(r'href="([^"]*what-if/\?of=[^"]+)"')
# As on every page of a patient, without the notes; the answer while one types needs no frame either.
QUERIES_OF_THE_PAGE = 17
QUERIES_OF_AN_ANSWER = 14


def answer(client: Client, address: str, **changed: object) -> str:
    """The answer to these changes, all else as on record."""
    response = client.post(address, changed, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def link_in(response: HttpResponse) -> str:
    found = LINK.search(response.content.decode())
    assert found is not None
    return found[1]


def tumor_of(mrn: str) -> Tumor:
    return tumors_of(Patient.objects.get(mrn=mrn))[0]


def rows_everywhere() -> dict[str, int]:
    """How many rows each table has, the audit record apart."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model is not AuditEvent}


def test_a_changed_value_shows_the_options_with_another_status_and_the_rule_that_made_it_so(
    as_person: AsPerson, page_of: PageOf
) -> None:
    client = as_person("viewer")
    text = answer(client, page_of("DEMO-003", "what-if/"), **{"ki67_percent-text": "60", "grade": "G3"})
    assert "2 values changed: " in text
    assert "Ki-67 6 % → 60 %" in text
    assert "Capecitabine + temozolomide Not indicated Candidate Reason: Advanced, well-differentiated, G3" in text
    assert "CAPT-I2 does not hold → holds Grade: G3" in text
    assert "45 options unchanged" in text


def test_the_page_is_filled_as_on_record_and_sending_it_back_unchanged_changes_nothing(
    as_person: AsPerson, page_of: PageOf
) -> None:
    """A browser sends every input of the form; none of the record's own entries may come back as a change."""
    client = as_person("clinician")
    for number in range(1, 15):
        address = page_of(f"DEMO-{number:03}", "what-if/")
        page = client.get(address)
        assert page.status_code == 200
        sent = inputs_of(page.content.decode())
        assert "whole" in sent
        back = client.post(address, sent)
        assert "Nothing is changed: the list is the present one." in back.content.decode(), number


def inputs_of(html: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands."""
    form = html[html.index('id="what-if"') : html.index("</form>", html.index('id="what-if"'))]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        assert name is not None
        if ("checkbox" in tag or "radio" in tag) and " checked" not in tag:
            continue
        sent.setdefault(name[1], []).append(value[1].replace("&lt;", "<").replace("&gt;", ">") if value else "")
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = [chosen[1] if chosen else ""]
    return sent


def test_bad_input_keeps_what_was_typed_with_the_sentence_beside_the_field_and_no_script(
    as_person: AsPerson, page_of: PageOf
) -> None:
    response = as_person("clinician").post(
        page_of("DEMO-003", "what-if/"), {"ki67_percent-text": "ab<b>out</b> 60", "grade": "G3"}
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert 'value="ab&lt;b&gt;out&lt;/b&gt; 60"' in html
    beside = html.partition('id="feature-ki67_percent-say"')[2][:400]
    assert "Ki-67: “ab&lt;b&gt;out&lt;/b&gt; 60” is not a number." in beside
    assert 'aria-invalid="true"' in html
    assert "1 value changed" in html, "the value beside it still counts"
    assert "1 entry is not understood and left as on record." in html


@pytest.mark.parametrize(
    "sent",
    [
        {"grade": "G9"},
        {"grade": ["G1", "G2"]},
        {"metastatic_sites": ["liver", "moon"]},
        {"ki67_percent-text": "9" * 5000},
        {"ki67_percent-text": "\x00", "whole": "1"},
        {"age_years-text": "1e999"},
        {"progressed_on": ["lanreotide"] * 500},
        {"nonsense": "1", "whole": "1"},
        {"facts": "x" * 5000},
    ],
)
def test_what_no_browser_would_send_is_a_sentence_or_nothing_and_never_a_fault(
    as_person: AsPerson, page_of: PageOf, sent: dict[str, object]
) -> None:
    client = as_person("clinician")
    for headers in ({}, {"HX-Request": "true"}):
        assert client.post(page_of("DEMO-003", "what-if/"), sent, headers=headers).status_code == 200


def test_nothing_is_stored_but_that_it_was_read(as_person: AsPerson, page_of: PageOf) -> None:
    client = as_person("clinician")
    client.get(page_of("DEMO-003"))
    before, reads = rows_everywhere(), AuditEvent.objects.count()
    address = page_of("DEMO-003", "what-if/")
    client.get(address)
    response = client.post(address, {"ki67_percent-text": "60", "grade": "G3"})
    client.get(link_in(response))
    answer(client, address, grade="G1")
    assert rows_everywhere() == before
    rows = list(AuditEvent.objects.newest_first()[:4])
    assert AuditEvent.objects.count() == reads + 4
    assert {row.action for row in rows} == {"patient.assess"}
    for row in rows:
        written = f"{row.subject} {row.detail}"
        assert "G3" not in written
        assert "60" not in written


@pytest.mark.parametrize("mrn", ["DEMO-003", "DEMO-012"])
def test_an_answer_asks_the_database_the_same_number_of_questions_whatever_is_on_record(
    as_person: AsPerson, page_of: PageOf, mrn: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, address = as_person("clinician"), page_of(mrn, "what-if/")
    client.get(address)
    with django_assert_num_queries(QUERIES_OF_AN_ANSWER):
        client.post(address, {"grade": "G3", "ki67_percent-text": "30"}, headers={"HX-Request": "true"})
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(address)


def test_the_address_holds_no_value_and_no_name(as_person: AsPerson, page_of: PageOf) -> None:
    address = page_of("DEMO-003", "what-if/")
    response = as_person("clinician").post(address, {"grade": "G3", "progressed_on": "everolimus"})
    link = link_in(response)
    assert link.startswith(f"{address}?of=")
    for part in ("grade", "everolimus", "DEMO", "PLACEHOLDER", "Cedar"):  # two letters can stand in any cipher text
        assert part not in link.replace(address, "")
    answered = as_person("clinician").post(address, {"grade": "G3"}, headers={"HX-Request": "true"})
    assert answered["HX-Replace-Url"].startswith(f"{address}?of=")


def test_the_link_reproduces_the_what_if_for_a_colleague_who_may_see_the_patient(
    as_person: AsPerson, page_of: PageOf
) -> None:
    sent = as_person("clinician").post(page_of("DEMO-003", "what-if/"), {"ki67_percent-text": "2–3 %", "grade": "G1"})
    opened = as_person("viewer").get(link_in(sent))
    assert opened.status_code == 200
    html = opened.content.decode()
    assert 'value="2–3 %"' in html
    assert "2 values changed" in html
    assert "has changed since this link was made" not in html


@pytest.mark.parametrize("username", ["outsider", "editor", "auditor"])
def test_whoever_may_not_see_the_patient_gets_nothing_from_the_link(
    as_person: AsPerson, page_of: PageOf, username: str
) -> None:
    link = link_in(as_person("clinician").post(page_of("DEMO-003", "what-if/"), {"grade": "G3"}))
    client = as_person(username)
    with_link, without = client.get(link), client.get(page_of("DEMO-003", "what-if/"))
    assert with_link.status_code == without.status_code
    if username == "outsider":
        missing = client.get("/patients/00000000-0000-4000-8000-000000000000/tumors/1/what-if/?of=abc")
        assert with_link.status_code == missing.status_code == 404
        assert with_link.content == missing.content
    elif username == "auditor":
        assert with_link.status_code == 403


def test_a_tampered_an_expired_and_a_borrowed_link_are_each_a_sentence_and_change_nothing(
    as_person: AsPerson, page_of: PageOf
) -> None:
    client = as_person("clinician")
    address = page_of("DEMO-003", "what-if/")
    link = link_in(client.post(address, {"grade": "G3"}))
    tampered = client.get(link[:-9] + "AAAA" + link[-5:])
    old = make_link(
        tumor=tumor_of("DEMO-003"), typed={"grade": RawEntry(chosen=("G3",))}, facts="", ruleset="",
        at=timezone.now() - LIFETIME - timedelta(minutes=1),
    )  # fmt: skip
    expired = client.get(f"{address}?of={old}")
    borrowed = client.get(link.replace(address, page_of("DEMO-005", "what-if/")))
    for response, status, said in (
        (tampered, 400, "it was cut off or altered on the way"),
        (expired, 410, "made more than 30 days ago"),
        (borrowed, 400, "made for another patient or tumor"),
    ):
        assert response.status_code == status
        html = response.content.decode()
        assert said in html
        assert "Nothing is changed: the list is the present one." in html


def test_a_link_says_when_the_record_has_changed_since_it_was_made(as_person: AsPerson, page_of: PageOf) -> None:
    client = as_person("clinician")
    link = link_in(client.post(page_of("DEMO-003", "what-if/"), {"grade": "G3"}))
    patient = Patient.objects.get(mrn="DEMO-003")
    actor = actor_for_user(User.objects.get(username="clinician"))
    today = today_for(patient.institution)
    worse = NewFinding(feature="ecog", value=Decimal(3), tumor=None, observed_on=today, source="clinic")
    record_findings(actor=actor, patient=patient, findings=[worse])
    html = client.get(link).content.decode()
    assert "The record has changed since this link was made on" in html
    assert "1 value changed" in html


def test_a_form_of_an_older_record_is_answered_with_a_warning(as_person: AsPerson, page_of: PageOf) -> None:
    html = as_person("clinician").post(page_of("DEMO-003", "what-if/"), {"facts": "sha256:old"}).content.decode()
    assert "The record has changed since this page was opened." in html


def test_the_page_is_marked_hypothetical_in_words_on_screen_and_on_every_sheet(
    as_person: AsPerson, page_of: PageOf
) -> None:
    text = read(as_person("clinician"), page_of("DEMO-003", "what-if/"))
    assert "Hypothetical, not the record. Nothing on this page is saved." in text
    style = (settings.BASE_DIR / "static" / "what_if.css").read_text(encoding="utf-8")
    assert '@top-center { content: "HYPOTHETICAL: what if, not the record"' in style


def test_the_page_of_what_is_missing_says_what_settles_what_and_what_changes_nothing(
    as_person: AsPerson, page_of: PageOf
) -> None:
    text = read(as_person("clinician"), page_of("DEMO-012", "missing/"))
    assert "Candidate, by itself: Proton pump inhibitor (gastrinoma)" in text
    assert "Stereotactic body radiation (e.g. robotic) , with number of metastases" in text
    assert "Could rule out: PRRT with 177Lu-DOTATATE" in text
    assert re.search(r"The other \d+ blanks change nothing", text)
    assert "Assumptions what is read one way while nothing is recorded" in text
    html = as_person("clinician").get(page_of("DEMO-012", "missing/")).content.decode()
    assert f'{page_of("DEMO-012", "what-if/")}#feature-grade"' in html


# --- As of a day, under the drafted limits ---


def past_day(mrn: str, days: int) -> str:
    return (today_for(Patient.objects.get(mrn=mrn).institution) - timedelta(days=days)).isoformat()


def entered(mrn: str, days: int, **values: object) -> None:
    """Findings that were entered so many days ago."""
    patient, at = Patient.objects.get(mrn=mrn), timezone.now() - timedelta(days=days)
    actor = actor_for_user(User.objects.get(username="clinician"))
    findings = [
        NewFinding(
            feature=name,
            value=value,
            tumor=tumor_of(mrn),
            observed_on=at.date() - timedelta(days=900),
            source="pathology",
        )
        for name, value in values.items()
    ]
    record_findings(actor=actor, patient=patient, findings=findings, now=at)


def test_a_what_if_as_of_a_past_day_starts_from_what_was_known_and_says_so_like_the_candidates_page(
    as_person: AsPerson, page_of: PageOf
) -> None:
    entered("DEMO-003", 30, grade="G1", differentiation="well")
    client, query = as_person("clinician"), f"?as_of={past_day('DEMO-003', 20)}"
    html = client.get(page_of("DEMO-003", f"what-if/{query}")).content.decode()
    candidates = read(client, page_of("DEMO-003", query))
    said = "2 values had been entered by then"
    assert said in candidates
    assert said in html
    assert f'action="{page_of("DEMO-003", "what-if/")}{query}"' in html
    assert "Grade G1 → G3" in answer(client, page_of("DEMO-003", f"what-if/{query}"), grade="G3")
    assert "Grade G2 → G3" in answer(client, page_of("DEMO-003", "what-if/"), grade="G3")


def test_under_the_drafted_limits_a_what_if_starts_without_the_values_that_are_too_old(
    as_person: AsPerson, page_of: PageOf
) -> None:
    client = as_person("clinician")
    text = answer(client, page_of("DEMO-013", "what-if/?limits=draft"), **{"egfr_ml_min-text": "20"})
    assert "eGFR not recorded → 20 mL/min/1.73 m²" in text
    assert "Under a draft of limits, not in force." in read(client, page_of("DEMO-013", "what-if/?limits=draft"))
    assert "is not a day" in read(client, page_of("DEMO-013", "what-if/?as_of=yesterday"))


def test_the_link_of_a_what_if_carries_its_day_and_its_limits_and_leads_back_to_what_is_in_force(
    as_person: AsPerson, page_of: PageOf
) -> None:
    entered("DEMO-003", 30, grade="G1", differentiation="well")
    client, day = as_person("clinician"), past_day("DEMO-003", 20)
    sent = client.post(page_of("DEMO-003", f"what-if/?as_of={day}&limits=draft"), {"grade": "G3"})
    link = link_in(sent)
    assert day not in link
    html = as_person("viewer").get(link).content.decode()
    assert "2 values had been entered by then" in html
    assert "Under a draft of limits, not in force" in html
    assert "1 value changed" in html
    assert "has changed since this link was made" not in html
    back = re.search(r'href="(\?[^"]+)">Show today', html)
    assert back is not None
    today = client.get(link.partition("?")[0] + back[1].replace("&amp;", "&")).content.decode()
    assert "had been entered by then" not in today
    assert "Under a draft of limits, not in force" in today
    assert "made for another day, other limits or another report" in today
    assert as_person("outsider").get(link).status_code == 404
