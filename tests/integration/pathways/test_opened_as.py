"""The candidates page of a past day, under the drafted limits and under another report; and why an option is not listed."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from netcare.access import actor_for_user, today_for
from netcare.access.models import User
from pathways.knowledge.demo import demo_patients
from pathways.presenters.words import STATUS_WORDS, show_date
from patients.actions import NewFinding, record_findings, settle_reading
from patients.models import Finding, Patient
from patients.selectors import tumors_of
from tests.integration.pathways.test_patient_pages import QUERIES_OF_A_PATIENT_PAGE, read

AsPerson = Callable[[str], Client]
PageOf = Callable[..., str]
WHOLE = ("", "print/")


def statuses_on(client: Client, address: str) -> dict[str, str]:
    """The status of each option as its row says it."""
    html = client.get(address).content.decode()
    folded = dict.fromkeys(re.findall(r'class="slim" id="option-([a-z0-9_]+)"', html), "not_indicated")
    rows = re.findall(r'<details class="option" id="option-([a-z0-9_]+)">\s*<summary.*?status-([a-z_]+)', html, re.S)
    return {**folded, **dict(rows)}


def others_finding(mrn: str, feature: str) -> str:
    """The finding of the other report, by its feature."""
    rows = Finding.objects.filter(patient__mrn=mrn, feature=feature, correction__isnull=True)
    return str(rows.order_by("observed_on", "id").values_list("id", flat=True)[0])


# --- Limits as a draft ---


def test_version_1_has_no_limits_and_the_page_shows_the_draft_with_its_reasons(as_person: AsPerson) -> None:
    text = read(as_person("viewer"), "/pathway/limits/")
    assert "The version in force has no limits: no value ages out." in text
    assert "draft, not in force" in text
    assert re.search(r"eGFR.{0,40} 90 days Kidney function", text)


@pytest.mark.parametrize("mrn", ["DEMO-013", "DEMO-014"])
def test_under_the_draft_the_stale_values_age_out_and_the_statuses_are_those_expected(
    as_person: AsPerson, page_of: PageOf, mrn: str
) -> None:
    patient = next(one for one in demo_patients() if one.mrn == mrn)
    client = as_person("clinician")
    assert statuses_on(client, page_of(mrn)) == patient.expected_statuses
    under = statuses_on(client, page_of(mrn, "?limits=draft"))
    assert under == {**patient.expected_statuses, **(patient.expected_if_stale_is_unknown or {})}


def test_a_value_too_old_under_the_draft_says_its_age_and_the_limit_on_screen_and_paper(
    as_person: AsPerson, page_of: PageOf
) -> None:
    for rest in WHOLE:
        text = read(as_person("clinician"), page_of("DEMO-013", f"{rest}?limits=draft"))
        assert "Under a draft of limits, not in force." in text
        assert "6 values would be too old" in text
        assert "77 mL/min/1.73 m², 335 days old, limit 90 (observed on" in text
    explained = read(as_person("clinician"), page_of("DEMO-013", "options/lutetium_dotatate/?limits=draft"))
    assert "335 days old, limit 90" in explained
    assert "Under a draft of limits, not in force." in explained
    assert "not in force" not in read(as_person("clinician"), page_of("DEMO-013"))


def test_what_a_value_ruled_out_before_it_was_too_old_leads_what_is_missing(
    as_person: AsPerson, page_of: PageOf
) -> None:
    patient = Patient.objects.get(mrn="DEMO-013")
    actor, today = actor_for_user(User.objects.get(username="clinician")), today_for(patient.institution)
    day = today - timedelta(days=171)
    low = NewFinding(
        feature="egfr_ml_min", value=Decimal(20), unit="mL/min/1.73m2", tumor=None, observed_on=day, source="lab"
    )
    record_findings(actor=actor, patient=patient, findings=[low])
    client = as_person("clinician")
    assert statuses_on(client, page_of("DEMO-013"))["lutetium_dotatate"] == "excluded"
    assert statuses_on(client, page_of("DEMO-013", "?limits=draft"))["lutetium_dotatate"] == "conditional"
    for rest in ("", "missing/", "print/"):
        text = read(client, page_of("DEMO-013", f"{rest}?limits=draft"))
        assert "was: excluded" in text
        assert "20 mL/min/1.73 m², 171 days old, limit 90" in text
        assert "was: excluded" not in read(client, page_of("DEMO-013", rest))


# --- As of a day ---


def test_a_past_day_shows_what_was_known_when_it_ended_and_says_so(as_person: AsPerson, page_of: PageOf) -> None:
    patient = Patient.objects.get(mrn="DEMO-003")
    actor, today = actor_for_user(User.objects.get(username="clinician")), today_for(patient.institution)
    past, zone = today - timedelta(days=20), ZoneInfo(patient.institution.time_zone)
    entered = datetime.combine(past, time(23, 30), zone)
    tumor = tumors_of(patient)[0]
    then = NewFinding(
        feature="grade", value="G1", tumor=tumor, observed_on=past - timedelta(days=2), source="pathology"
    )
    record_findings(actor=actor, patient=patient, findings=[then], now=entered)
    client = as_person("clinician")
    for rest in WHOLE:
        text = read(client, page_of("DEMO-003", f"{rest}?as_of={past.isoformat()}"))
        assert f"As of {show_date(past)}, not today." in text
        assert "1 value had been entered by then" in text
        before = read(client, page_of("DEMO-003", f"{rest}?as_of={(past - timedelta(days=1)).isoformat()}"))
        assert "nothing that rules read had been entered by then" in before
    assert "not today" not in read(client, page_of("DEMO-003", f"?as_of={today.isoformat()}"))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("2026-13-45", "“2026-13-45” is not a day."),
        ("yesterday", "“yesterday” is not a day."),
        ("20260101", "“20260101” is not a day."),
        ("9999-12-31", "31 Dec 9999 is in the future"),
        ("٢٠٢٦-٠١-٠١", "is not a day."),
    ],
)
def test_a_day_that_cannot_be_shown_is_a_sentence_and_the_list_is_of_today(
    as_person: AsPerson, page_of: PageOf, asked: str, sentence: str
) -> None:
    for rest in ("", "print/", "missing/", "options/lutetium_dotatate/"):
        text = read(as_person("clinician"), page_of("DEMO-003", f"{rest}?as_of={asked}"))
        assert sentence in text
        assert "Shown as of today." in text
    assert as_person("clinician").get(page_of("DEMO-003", "?as_of=0001-01-01")).status_code == 200


# --- Two readings, two lists ---


@pytest.mark.parametrize(
    ("mrn", "features", "under", "number"),
    [("DEMO-005", ("grade", "ki67_percent"), "G3, 22 %", 3), ("DEMO-006", ("sstr_status",), "positive", 0)],
)
def test_the_page_under_the_other_report_is_its_list_and_what_differs_is_marked_on_both(
    as_person: AsPerson, page_of: PageOf, mrn: str, features: tuple[str, ...], under: str, number: int
) -> None:
    client = as_person("clinician")
    present = statuses_on(client, page_of(mrn))
    page = read(client, page_of(mrn))
    assert f"See the page under {under}" in page
    lists = [statuses_on(client, page_of(mrn, f"?reading={others_finding(mrn, name)}")) for name in features]
    assert all(one == lists[0] for one in lists), "report against report: one other list"
    changed = {code for code, status in lists[0].items() if present[code] != status}
    assert len(changed) == number
    other = read(client, page_of(mrn, f"?reading={others_finding(mrn, features[0])}"))
    assert "which is not in force" in other
    assert f"This page is under {under}." in other
    for code in changed:
        assert f"{STATUS_WORDS[lists[0][code]]} under {under}" in page
        assert f"{STATUS_WORDS[present[code]]} under the readings in force" in other
    if not number:
        assert "no option of 48 would have another status" in page
        assert "no status differs" in other
    paper = read(client, page_of(mrn, f"print/?reading={others_finding(mrn, features[0])}"))
    assert "which is not in force" in paper


def test_the_other_list_stays_when_the_readings_are_settled(as_person: AsPerson, page_of: PageOf) -> None:
    patient = Patient.objects.get(mrn="DEMO-005")
    actor = actor_for_user(User.objects.get(username="clinician"))
    client, other = as_person("clinician"), others_finding("DEMO-005", "ki67_percent")
    before = statuses_on(client, page_of("DEMO-005", f"?reading={other}"))
    rows = Finding.objects.filter(patient=patient, feature="ki67_percent", correction__isnull=True)
    latest = rows.order_by("-observed_on", "id")[0]
    settle_reading(actor=actor, patient=patient, finding=latest, reason="Central review saw the whole specimen.")
    assert "settled this on" in read(client, page_of("DEMO-005"))
    assert statuses_on(client, page_of("DEMO-005", f"?reading={other}")) == before


@pytest.mark.parametrize("asked", ["7c0e3c39-5a0c-4a4e-9d1e-3a1f0f6f8d11", "no-uuid", "'; drop table"])
def test_a_reading_that_is_no_other_report_is_a_sentence(as_person: AsPerson, page_of: PageOf, asked: str) -> None:
    text = read(as_person("clinician"), page_of("DEMO-005", f"?reading={asked}"))
    assert "The reading asked for is no other report on this tumor" in text


def test_the_number_of_queries_is_the_same_however_the_page_is_asked_for(
    as_person: AsPerson, page_of: PageOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_person("clinician")
    other = others_finding("DEMO-005", "grade")
    for asked in ("?limits=draft", "?as_of=2020-01-01", f"?reading={other}", f"?limits=draft&reading={other}"):
        client.get(page_of("DEMO-005", asked))
        address = page_of("DEMO-005", asked)
        # a page of a past day does not look for a recall
        wanted = QUERIES_OF_A_PATIENT_PAGE - asked.startswith("?as_of")
        with django_assert_num_queries(wanted):
            client.get(address)


def test_paper_and_explanation_carry_what_was_asked(as_person: AsPerson, page_of: PageOf) -> None:
    past = (timezone.now().date() - timedelta(days=40)).isoformat()
    html = as_person("clinician").get(page_of("DEMO-013", f"?as_of={past}&limits=draft")).content.decode()
    assert f"print/?as_of={past}&amp;limits=draft" in html
    assert re.search(rf"options/[a-z_]+/\?as_of={past}&amp;limits=draft", html)
    rules = (
        as_person("clinician").get(page_of("DEMO-013", f"print/page.css?as_of={past}&limits=draft")).content.decode()
    )
    assert "drafted limits, not in force" in rules
    assert show_date(date.fromisoformat(past)) in rules


# --- Why not ---


def test_every_option_not_listed_says_what_fails_with_value_date_and_source(
    as_person: AsPerson, page_of: PageOf
) -> None:
    for rest in WHOLE:
        text = read(as_person("clinician"), page_of("DEMO-003", rest))
        assert re.search(r"Extent is localized or regional: does not hold\. Extent: metastatic", text)
        assert "one fact away" in text
        assert "Not covered by the rules. No rule of this option gives a reason for the primary site" in text or rest
        assert "not covered by the rules" in text
    explained = read(as_person("clinician"), page_of("DEMO-003", "options/sunitinib/"))
    assert "No rule of this option gives a reason for the primary site small bowel." in explained


def test_what_is_one_fact_away_can_be_looked_at_alone(as_person: AsPerson, page_of: PageOf) -> None:
    client = as_person("clinician")
    whole, near = (
        statuses_on(client, page_of("DEMO-003")),
        statuses_on(client, page_of("DEMO-003", "?status=one_fact_away")),
    )
    assert 0 < len(near) < len(whole)
    assert "complete_resection" in near
    assert "liver_transplant" not in near
    text = read(client, page_of("DEMO-003"))
    assert f"{len(near)} one fact away" in text


def test_an_option_that_cannot_be_told_says_what_is_not_known(as_person: AsPerson, page_of: PageOf) -> None:
    text = read(as_person("clinician"), page_of("DEMO-012", "options/lanreotide/"))
    assert "Cannot tell." in text
    assert "not known" in text
