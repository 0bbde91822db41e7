"""The pages of a patient: the same on screen and on paper, a constant number of queries, and nothing for strangers."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from netcare.access import actor_for_user, system_actor, today_for
from netcare.access.models import User
from netcare.audit.models import AuditEvent
from pathways.actions.publishing import publish
from pathways.engine import Ruleset
from patients.actions import NewFinding, record_findings
from patients.models import Patient
from patients.selectors import tumors_of
from tests.unit.pathways.example import ruleset

AsPerson = Callable[[str], Client]
PageOf = Callable[..., str]

DEMO = [f"DEMO-{number:03}" for number in range(1, 15)]
# What one patient's page asks of the database, whatever is on record: sign-in and roles (5), patient and audit (2),
# tumors, version, findings, settlements for the facts, treatments, settlements for the words, notes (7).
QUERIES_OF_A_PATIENT_PAGE = 19


class Text(HTMLParser):
    """The text of a page, and what a strict policy forbids in it."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.forbidden: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self._script = tag in ("script", "style")
        if "style" in names or tag == "style" or any(name.startswith("on") for name in names):
            self.forbidden.append(f"<{tag} {' '.join(sorted(names))}>")
        if tag == "script" and "src" not in names:
            self.forbidden.append("<script> without src")
        for name, value in attrs:
            if name in ("href", "src", "action") and value and re.match(r"(https?:)?//", value):
                self.forbidden.append(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if not self._script:
            self.words.append(data)


def read(client: Client, address: str) -> str:
    """The text of a page in one line. A page that breaks the policy for browsers is a failure."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    page = Text()
    page.feed(answer.content.decode())
    assert not page.forbidden, (address, page.forbidden)
    return " ".join(" ".join(page.words).split())


def titles_on(client: Client, address: str) -> set[str]:
    """The titles of the options that a page names, of all in the catalogue."""
    text = read(client, address)
    return {option.title for option in ruleset().options if option.title in text}


@pytest.mark.parametrize("mrn", ["DEMO-003", "DEMO-012"])
def test_a_patients_page_asks_the_database_the_same_number_of_questions_whatever_is_on_record(
    as_person: AsPerson, page_of: PageOf, mrn: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_person("clinician")
    client.get(page_of(mrn))
    address = page_of(mrn)
    with django_assert_num_queries(QUERIES_OF_A_PATIENT_PAGE):
        client.get(address)


@pytest.mark.parametrize("mrn", DEMO)
def test_paper_and_screen_name_the_same_options_and_nobody_is_dropped(
    as_person: AsPerson, page_of: PageOf, mrn: str
) -> None:
    client = as_person("clinician")
    screen, paper = titles_on(client, page_of(mrn)), titles_on(client, page_of(mrn, "print/"))
    assert screen == paper
    assert len(screen) == 48


def test_the_page_says_who_it_is_about_under_which_rules_and_as_of_when(as_person: AsPerson, page_of: PageOf) -> None:
    text = read(as_person("clinician"), page_of("DEMO-003"))
    for part in (
        "PLACEHOLDER, Cedar",
        "DEMO-003",
        "Fictional patient",
        "Small bowel NET, G2",
        "NET pathway v1",
        "sha256",
    ):
        assert part in text
    assert "For review by qualified clinicians; not a recommendation." in text


def test_readings_of_one_specimen_that_disagree_stand_in_the_banner_and_beside_the_list(
    as_person: AsPerson, page_of: PageOf
) -> None:
    for rest in ("", "print/"):
        text = read(as_person("clinician"), page_of("DEMO-005", rest))
        assert "Two readings of Grade and Ki-67 disagree" in text
        assert "22 %" in text
        assert "3 options of 48 would have another status" in text


def test_missing_facts_lead_straight_to_their_fields_for_those_who_may_write(
    as_person: AsPerson, page_of: PageOf
) -> None:
    field = 'enter/imaging/#feature-progression"'
    assert field in as_person("clinician").get(page_of("DEMO-005")).content.decode()
    assert field not in as_person("viewer").get(page_of("DEMO-005")).content.decode()


def test_the_page_of_what_is_missing_warns_while_nobody_confirmed_the_treatment_history(
    as_person: AsPerson, page_of: PageOf
) -> None:
    warning = "Nobody has confirmed that the treatment history is complete"
    assert warning in read(as_person("clinician"), page_of("DEMO-012", "missing/"))
    assert warning not in read(as_person("clinician"), page_of("DEMO-003", "missing/"))


def test_every_option_can_be_explained_also_one_that_is_not_indicated(as_person: AsPerson, page_of: PageOf) -> None:
    client = as_person("clinician")
    for option in ruleset().options:
        text = read(client, page_of("DEMO-012", f"options/{option.code}/"))
        for rule in ruleset().rules_of(option.code):
            assert rule.title in text or rule.rationale in text, (option.code, rule.code)


@pytest.mark.parametrize("rest", ["options/homeopathy/", "../9/", "../9/missing/"])
def test_an_option_or_tumor_that_there_is_not_is_a_page_that_there_is_not(
    as_person: AsPerson, page_of: PageOf, rest: str
) -> None:
    address = (
        page_of("DEMO-005").replace("tumors/1/", "tumors/9/") if rest.startswith("..") else page_of("DEMO-005", rest)
    )
    assert as_person("clinician").get(address).status_code == 404


@pytest.mark.parametrize("rest", ["", "missing/", "print/", "print/page.css", "options/everolimus/"])
def test_a_patient_of_another_institution_and_one_that_there_is_not_answer_the_same(
    as_person: AsPerson, page_of: PageOf, rest: str
) -> None:
    client = as_person("outsider")
    foreign = client.get(page_of("DEMO-005", rest))
    nobody = client.get(f"/patients/00000000-0000-4000-8000-000000000000/tumors/1/{rest}")
    assert foreign.status_code == nobody.status_code == 404
    assert foreign.content == nobody.content


def test_every_page_of_a_patient_leaves_a_row_in_the_audit_record(as_person: AsPerson, page_of: PageOf) -> None:
    patient = Patient.objects.get(mrn="DEMO-005")
    client = as_person("clinician")
    for rest in ("", "missing/", "print/", "options/everolimus/"):
        before = AuditEvent.objects.filter(patient_id=patient.id, action="patient.explain").count()
        client.get(page_of("DEMO-005", rest))
        assert AuditEvent.objects.filter(patient_id=patient.id, action="patient.explain").count() == before + 1, rest


def test_an_editor_reads_the_lists_of_fictional_patients_but_not_their_record(
    as_person: AsPerson, page_of: PageOf
) -> None:
    client = as_person("editor")
    assert client.get(page_of("DEMO-005")).status_code == 200
    assert "/data/" not in client.get(page_of("DEMO-005")).content.decode()


@pytest.mark.parametrize("username", ["auditor", "administrator"])
def test_who_has_no_patients_gets_a_sentence_and_no_patient(
    as_person: AsPerson, page_of: PageOf, username: str
) -> None:
    answer = as_person(username).get(page_of("DEMO-005"))
    assert answer.status_code == 403
    assert "Your role" in answer.content.decode()
    assert "SPECIMEN" not in answer.content.decode()


def test_the_margins_of_the_sheet_come_as_a_style_sheet_with_patient_and_ruleset(
    as_person: AsPerson, page_of: PageOf
) -> None:
    answer = as_person("clinician").get(page_of("DEMO-005", "print/page.css"))
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    rules = answer.content.decode()
    assert "SPECIMEN, Elm" in rules
    assert "counter(pages)" in rules


def test_a_value_too_old_for_the_rules_is_shown_with_its_date_and_said_to_be_unused(
    as_person: AsPerson, page_of: PageOf
) -> None:
    data = ruleset().to_data()
    data["limits"] = {"sstr_status": {"days": 300, "reason": "Receptors may be lost."}}
    system = system_actor("test", capabilities=frozenset())
    publish(ruleset=Ruleset.from_data(data), note="With a limit.", actor=system, by=None, at=timezone.now())
    for rest in ("", "print/"):
        text = read(as_person("clinician"), page_of("DEMO-002", rest))
        assert "Too old for the rules, so counted as unknown" in text
        assert "Somatostatin receptor imaging positive, 365 days old, limit 300 (observed on" in text
        assert "). Receptors may be lost." in text
    explained = read(as_person("clinician"), page_of("DEMO-002", "options/lutetium_dotatate/"))
    assert "positive, not used" in explained
    assert "365 days old, limit 300" in explained
    assert "counts for 300 days after it was observed" in read(as_person("clinician"), "/pathway/dictionary/")


def test_a_record_that_contradicts_itself_says_so_at_the_head_with_the_values_to_check(
    as_person: AsPerson, page_of: PageOf
) -> None:
    patient = Patient.objects.get(mrn="DEMO-003")
    actor = actor_for_user(User.objects.get(username="clinician"))
    today = today_for(patient.institution)
    tumor = tumors_of(patient)[0]
    wrong = NewFinding(feature="grade", value="G1", tumor=tumor, observed_on=today, source="pathology")
    record_findings(actor=actor, patient=patient, findings=[wrong])
    for rest in ("", "print/"):
        text = read(as_person("clinician"), page_of("DEMO-003", rest))
        assert "The record contradicts itself." in text
        assert "The grade is lower than Ki-67 or the mitotic count makes it." in text
        assert "Grade: G1" in text
