"""Try a condition: the page with and without JavaScript, whose patients answer, and what is refused."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from netcare.audit.models import AuditEvent
from pathways.models import RulesetVersion
from pathways.selectors import ruleset_in_force
from patients.models import Patient

AsPerson = Callable[[str], Client]
ADDRESS = "/pathway/conditions/"
# Session, person, roles and the like; the version; the tumors with their patients and facts; the audit row.
QUERIES = 14


def text_of(html: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


def fields(*parts: str, **values: str | list[str]) -> dict[str, object]:
    named = {f"when-{name.replace('_', '-')}": value for name, value in values.items()}
    return {"when-part": list(parts), "when-next": "50", **named}


KRENNING = fields("1.0.comparison.krenning_score", **{"1_feature": "krenning_score", "1_op": "<=", "1_value": "1"})


def test_the_condition_of_a_rule_is_opened_beside_the_answers_of_the_demo_patients(as_person: AsPerson) -> None:
    page = text_of(as_person("editor").get(ADDRESS, {"rule": "prrt-e5"}).content)
    assert "Krenning score is at most 1." in page
    assert "PRRT-E5 in force: the same sentence." in page
    assert "1 true, 9 false, 4 unknown" in page
    assert "TESTPERSON, Ginkgo DEMO-007 met: true Krenning: 0" in page
    assert "INCOMPLETE, Larch DEMO-012 unknown: unknown Krenning: not recorded" in page


def test_without_javascript_a_button_answers_with_the_whole_page(as_person: AsPerson) -> None:
    response = as_person("editor").post(ADDRESS, {**KRENNING, "when-verb": "any_group:1", "rule": "PRRT-E5"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "<h1>Try a condition</h1>" in html
    assert "[a comparison …]" in html
    assert "As soon as every part of the condition is finished" in html
    assert html.count("autofocus") == 1
    assert re.search(r'id="when-50-feature"[^>]* autofocus', html)


def test_with_htmx_the_builder_comes_alone_with_the_answers_out_of_band(as_person: AsPerson) -> None:
    response = as_person("editor").post(ADDRESS, {**KRENNING, "when-verb": "look"}, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert html.lstrip().startswith('<div class="builder" id="when-builder"')
    assert '<section class="panel" id="try-results" hx-swap-oob="outerHTML"' in html
    assert "<html" not in html
    assert "1 true, 9 false, 4 unknown" in html


def test_a_condition_that_is_not_finished_is_said_at_its_field_and_in_a_list_that_leads_there(
    as_person: AsPerson,
) -> None:
    response = as_person("editor").post(ADDRESS, {**KRENNING, "when-1-value": "seven <b>"})
    html = response.content.decode()
    assert 'value="seven &lt;b&gt;"' in html
    assert '<a href="#when-1-value">Comparison, the whole condition</a>' in html
    assert "Krenning score: “seven &lt;b&gt;” is not a number. Accepted is a whole number from 0 to 4." in html
    assert 'aria-invalid="true"' in html


def test_only_demo_patients_who_are_the_readers_to_see_answer(as_person: AsPerson) -> None:
    mine = set(Patient.objects.filter(institution__name__startswith="Example").values_list("mrn", flat=True))
    for person in ("clinician", "coordinator", "approver"):
        page = text_of(as_person(person).post(ADDRESS, KRENNING).content)
        assert set(re.findall(r"\b(?:DEMO|ELSE)-\d+", page)) <= mine
    outsider = text_of(as_person("outsider").post(ADDRESS, KRENNING).content)
    assert not re.findall(r"DEMO-\d+", outsider)


def test_whoever_may_see_no_patient_sees_test_patients_of_rules(as_person: AsPerson) -> None:
    for person in ("auditor", "administrator"):
        page = text_of(as_person(person).get(ADDRESS, {"rule": "PRRT-E5"}).content)
        assert "PRRT-E5, true test patient met: true" in page
        assert "DEMO-" not in page


def test_every_answer_with_patients_in_it_leaves_a_row_and_none_without(as_person: AsPerson) -> None:
    client = as_person("editor")
    rows = AuditEvent.objects.filter(action="patient.assess", detail__page="try a condition")
    client.get(ADDRESS)
    assert rows.count() == 0
    client.post(ADDRESS, KRENNING)
    row = rows.get()
    assert len(row.patient_ids) == 14
    as_person("auditor").post(ADDRESS, KRENNING)
    assert rows.count() == 1


def test_nothing_is_stored(as_person: AsPerson) -> None:
    digest = ruleset_in_force().ruleset.digest
    versions = RulesetVersion.objects.count()
    as_person("editor").post(ADDRESS, {**KRENNING, "when-1-value": "2", "when-verb": "look"})
    assert (ruleset_in_force().ruleset.digest, RulesetVersion.objects.count()) == (digest, versions)
    assert ruleset_in_force().ruleset.rule("PRRT-E5").when.value == 1  # type: ignore[union-attr]


def test_a_condition_for_everyone_and_one_of_a_definition_are_answered(as_person: AsPerson) -> None:
    client = as_person("editor")
    everyone = text_of(client.post(ADDRESS, fields("1.0.always")).content)
    assert "Always, for everyone." in everyone
    assert "14 true, 0 false, 0 unknown" in everyone
    definition = text_of(client.post(ADDRESS, fields("1.0.use", **{"1_name": "advanced"})).content)
    assert re.search(r"“Advanced” \(.*\)\. ", definition)
    assert "This condition" in definition


def test_a_rule_that_there_is_not_is_a_sentence(as_person: AsPerson) -> None:
    page = text_of(as_person("editor").get(ADDRESS, {"rule": "PRRT-E55"}).content)
    assert "The version in force has no rule “PRRT-E55”. Did you mean PRRT-E5?" in page


BROKEN: list[dict[str, object]] = [
    {"when-part": ["1.0.all", "3.2.always"]},
    {"when-part": ["1.0.all"] * 201},
    {"when-part": [f"{n}.{n - 1}.not" for n in range(1, 40)]},
]


@pytest.mark.parametrize("data", BROKEN)
def test_a_form_that_does_not_add_up_is_answered_with_400_and_a_sentence(
    as_person: AsPerson, data: dict[str, object]
) -> None:
    response = as_person("editor").post(ADDRESS, data)
    assert response.status_code == 400
    assert re.search(r'role="alert">.*The (condition|builder) .*\.</p>', response.content.decode())


def test_a_condition_as_large_as_the_builder_allows_is_taken(as_person: AsPerson) -> None:
    parts = ["1.0.any", *(f"{n}.1.comparison.primary_site" for n in range(2, 201))]
    named = {f"{n}_{key}": value for n in range(2, 201) for key, value in (("feature", "primary_site"), ("op", "in"))}
    ticked = {f"{n}_value": ["lung", "thymus", "stomach", "pancreas"] for n in range(2, 201)}
    response = as_person("editor").post(ADDRESS, fields(*parts, **named, **ticked))
    assert response.status_code == 200
    assert b"What it read" in response.content


def test_an_answer_takes_a_fixed_number_of_queries(
    as_person: AsPerson, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_person("editor")
    client.post(ADDRESS, KRENNING)
    with django_assert_max_num_queries(QUERIES):
        client.post(ADDRESS, KRENNING)
