"""The patient list, the start page, the appearance, and the pathway to browse."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from netcare.audit.models import AuditEvent
from pathways.models import CurrentStatus
from patients.models import Patient
from tests.integration.pathways.test_patient_pages import read
from tests.unit.pathways.example import ruleset

AsPerson = Callable[[str], Client]
QUERIES_OF_THE_LIST = 16


def listed(client: Client, query: str = "") -> list[str]:
    """The MRNs on the list, in its order."""
    return re.findall(r"(?:DEMO|ELSE)-\d{3}", read(client, f"/patients/{query}"))


def test_the_list_finds_by_name_and_by_mrn_whatever_the_case(as_person: AsPerson) -> None:
    client = as_person("clinician")
    assert listed(client, "?q=elm") == ["DEMO-005"]
    assert listed(client, "?q=demo-011") == ["DEMO-011"]
    assert listed(client, "?q=sample%20BRY") == ["DEMO-002"]


def test_the_list_filters_by_primary_site(as_person: AsPerson) -> None:
    assert sorted(listed(as_person("clinician"), "?site=lung")) == ["DEMO-008", "DEMO-009"]


def test_the_list_filters_by_the_status_of_an_option(as_person: AsPerson) -> None:
    client = as_person("clinician")
    for status in ("candidate", "possible", "excluded"):
        expected = CurrentStatus.objects.filter(
            option="lutetium_dotatate", status=status, tumor__patient__mrn__startswith="DEMO"
        )
        mrns = sorted(expected.values_list("tumor__patient__mrn", flat=True))
        assert sorted(listed(client, f"?option=lutetium_dotatate&status={status}")) == mrns


def test_the_list_is_sorted_as_asked(as_person: AsPerson) -> None:
    client = as_person("clinician")
    assert listed(client, "?sort=mrn") == [f"DEMO-{number:03}" for number in range(1, 15)]
    births = dict(Patient.objects.values_list("mrn", "birth_on"))
    youngest = [births[mrn] for mrn in listed(client, "?sort=youngest")]
    assert youngest == sorted(youngest, reverse=True)


def test_a_list_without_a_match_says_what_to_do_next(as_person: AsPerson) -> None:
    text = read(as_person("clinician"), "/patients/?q=zzz")
    assert "No patient matches" in text
    assert "Show all patients" in text


@pytest.mark.parametrize(
    "query", ["?page=999", "?page=x", "?status=recommended", "?sort=;drop", "?site=moon", "?q=%00"]
)
def test_an_odd_address_of_the_list_is_answered_with_a_list(as_person: AsPerson, query: str) -> None:
    assert as_person("clinician").get(f"/patients/{query}").status_code == 200


def test_the_list_shows_nobody_to_a_clinician_of_another_institution_but_the_own_patients(as_person: AsPerson) -> None:
    assert listed(as_person("outsider")) == ["ELSE-001"]


def test_the_list_leaves_one_audit_row_with_every_patient_on_it_and_not_what_was_typed(as_person: AsPerson) -> None:
    as_person("clinician").get("/patients/?q=elm")
    row = AuditEvent.objects.filter(action="patient.list").order_by("-at", "-id").first()
    assert row is not None
    assert [str(one) for one in row.patient_ids] == [str(Patient.objects.get(mrn="DEMO-005").id)]
    assert "elm" not in str(row.detail).lower()


@pytest.mark.parametrize("query", ["", "?q=elm"])
def test_the_list_asks_the_database_the_same_number_of_questions_for_one_patient_as_for_fourteen(
    as_person: AsPerson, query: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_person("clinician")
    client.get("/patients/")
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get(f"/patients/{query}")


@pytest.mark.parametrize(
    ("username", "start"),
    [
        ("clinician", "/patients/"),
        ("viewer", "/patients/"),
        ("coordinator", "/boards/"),
        ("editor", "/pathway/drafts/"),
        ("approver", "/pathway/drafts/"),
        ("auditor", "/audit/"),
        ("administrator", "/people/"),
    ],
)
def test_each_role_starts_where_its_work_is(as_person: AsPerson, username: str, start: str) -> None:
    client = as_person(username)
    assert client.get("/")["Location"] == start
    assert client.get(start).status_code == 200


def test_the_appearance_is_kept_in_a_cookie_and_told_to_the_next_page(as_person: AsPerson) -> None:
    client = as_person("clinician")
    answer = client.post("/theme/", {"theme": "dark", "next": "/pathway/"})
    assert answer["Location"] == "/pathway/"
    assert 'data-bs-theme="dark"' in client.get("/pathway/").content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_choosing_an_appearance_never_leads_to_another_site(as_person: AsPerson, target: str) -> None:
    assert as_person("clinician").post("/theme/", {"theme": "dark", "next": target})["Location"] == "/"


def test_an_appearance_that_there_is_not_changes_nothing(as_person: AsPerson) -> None:
    assert "netcare_theme" not in as_person("clinician").post("/theme/", {"theme": "neon"}).cookies


def test_every_option_page_has_its_rules_and_says_where_the_sources_are_silent(as_person: AsPerson) -> None:
    client = as_person("editor")
    silent = 0
    for option in ruleset().options:
        text = read(client, f"/pathway/options/{option.code}/")
        silent += text.count("Not covered by the loaded sources.")
        for rule in ruleset().rules_of(option.code):
            assert rule.code in text, rule.code
    assert silent > 0


def test_every_rule_and_definition_has_a_page(as_person: AsPerson) -> None:
    client = as_person("editor")
    for rule in ruleset().rules:
        assert rule.rationale in read(client, f"/pathway/rules/{rule.code}/"), rule.code
    for code, definition in ruleset().definitions.items():
        assert definition.title in read(client, f"/pathway/definitions/{code}/")


def test_every_source_and_fact_has_a_page_that_says_what_was_checked(as_person: AsPerson) -> None:
    client = as_person("editor")
    for source in ruleset().sources:
        assert "What was checked" in read(client, f"/pathway/sources/{source}/"), source


@pytest.mark.parametrize("fact", ["F134", "F177"])
def test_facts_that_bear_on_no_option_stand_on_the_sources_page(as_person: AsPerson, fact: str) -> None:
    text = read(as_person("editor"), "/pathway/sources/")
    assert str(ruleset().sources[fact]["citation"]) in text
    assert fact in text


def test_rules_are_found_by_words_option_effect_and_strength(as_person: AsPerson) -> None:
    client = as_person("editor")
    text = read(client, "/pathway/rules/?option=lutetium_dotatate&effect=exclusion&q=kidney")
    assert "PRRT-E4" in text
    assert "PRRT-I1" not in text
    assert "No rule matches" in read(client, "/pathway/rules/?q=zzz")


def test_the_dictionary_names_every_feature_and_the_versions_page_the_whole_digest(as_person: AsPerson) -> None:
    client = as_person("editor")
    text = read(client, "/pathway/dictionary/")
    for feature in ruleset().dictionary.features.values():
        assert feature.title in text
    assert ruleset().digest in read(client, "/pathway/versions/")


@pytest.mark.parametrize("address", ["options/nope/", "rules/NOPE/", "definitions/nope/", "sources/NOPE/"])
def test_what_the_ruleset_does_not_have_is_a_page_that_there_is_not(as_person: AsPerson, address: str) -> None:
    assert as_person("editor").get(f"/pathway/{address}").status_code == 404


def test_no_page_says_recommended(as_person: AsPerson) -> None:
    client = as_person("clinician")
    patient = Patient.objects.get(mrn="DEMO-012")
    pages = ["/pathway/", "/pathway/rules/", "/pathway/dictionary/", f"/patients/{patient.id}/tumors/1/"]
    pages += [f"/pathway/options/{option.code}/" for option in ruleset().options]
    for address in pages:
        said = read(client, address).lower().replace("not a recommendation", "")
        assert "recommend" not in said, address
