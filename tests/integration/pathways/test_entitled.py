"""What a user is entitled to know stands on the pages and in the files; an overdue review is said where it counts."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.test import Client

from pathways.engine import Ruleset, RulesetError
from pathways.knowledge import starter
from pathways.knowledge.use_of_data import USE_OF_DATA
from pathways.presenters.review_due import rule_notice
from pathways.review_dates import overdue
from tests.integration.pathways.test_patient_pages import read

AsPerson = Callable[[str], Client]
DUE = date(2027, 5, 31)
BEFORE, ON, AFTER = date(2027, 5, 30), DUE, date(2027, 6, 1)


@pytest.fixture
def on_day() -> Iterator[Callable[[date], None]]:
    """The clock at noon of a day, until the test is over."""
    travels: list[time_machine.travel] = []

    def go(day: date) -> None:
        travel = time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False)
        travel.start()
        travels.append(travel)

    yield go
    for travel in reversed(travels):
        travel.stop()


def ruleset(**changes: dict[str, str]) -> Ruleset:
    """The starter with attributes changed: `ruleset(rule={"SURV-I1": "2026-01-01"})`."""
    data = starter()
    for rule in data["rules"]:
        if rule["code"] in changes.get("rule", {}):
            rule["review_by"] = changes["rule"][rule["code"]]
    for source in data["sources"]:
        if source["id"] in changes.get("source", {}):
            source["review_by"] = changes["source"][source["id"]]
    return Ruleset.from_data(data)


def test_the_page_says_what_it_is_for_what_it_reads_and_what_nobody_recorded(as_person: AsPerson) -> None:
    text = unescape(read(as_person("viewer"), "/pathway/about/"))
    for heading in ("Intended use", "Users", "Population", "Out of scope", "What was not considered", "Use of data"):
        assert heading in text
    assert "Children and adolescents" in text
    assert "Race" in text
    assert "Not used: the data dictionary has no such feature." in text
    assert "Used, as the age on the day of the assessment: 7 rules name Age" in text
    assert "Funding source of the technical implementation" in text
    assert "not recorded" in text


def test_a_rule_says_who_made_it_from_what_and_which_data_it_reads(as_person: AsPerson) -> None:
    text = unescape(read(as_person("clinician"), "/pathway/rules/LTX-I1/"))
    assert "What you are entitled to know" in text
    assert "Used: its condition names Age." in text
    assert "no date of its own; the pathway as a whole by 30 Nov 2027" in text
    assert "Developer: not recorded" in text
    pregnancy = unescape(read(as_person("clinician"), "/pathway/rules/PRRT-E1/"))
    assert "Sex can decide a feature that it names" in pregnancy


def test_the_table_has_a_row_for_each_source_and_rule_with_all_thirteen_attributes(as_person: AsPerson) -> None:
    answer = as_person("auditor").get("/pathway/about/attributes.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [name.split()[0] for name in rows[0][3:16]] == [str(number) for number in range(1, 14)]
    assert {len(row) for row in rows} == {17}
    assert sum(row[0] == "rule" for row in rows) == 348
    assert all(cell for row in rows for cell in row[1:]), "a cell that says nothing"
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row)


def test_the_object_holds_the_same_as_the_page(as_person: AsPerson) -> None:
    answer = as_person("editor").get("/pathway/about/attributes.json")
    data = json.loads(answer.content)
    assert len(data["rules"]) == 348
    assert [one["number"] for one in data["use_of_data"]] == [one.number for one in USE_OF_DATA]
    assert data["ruleset"]["digest"].startswith("sha256:")
    assert data["rules"][0]["logic"].endswith(".")


@pytest.mark.parametrize("day", [BEFORE, ON])
def test_until_its_last_day_a_review_is_not_overdue(
    as_person: AsPerson, page_of: Callable[..., str], on_day: Callable[[date], None], day: date
) -> None:
    on_day(day)
    for address in ("/pathway/", "/pathway/sources/LBL-SUN/", page_of("DEMO-005")):
        assert "is overdue" not in read(as_person("clinician"), address), address


def test_the_day_after_it_is_said_wherever_the_source_is_used(
    as_person: AsPerson, page_of: Callable[..., str], on_day: Callable[[date], None]
) -> None:
    on_day(AFTER)
    client = as_person("clinician")
    said = {
        "/pathway/": "is overdue",
        "/pathway/sources/": "is overdue",
        "/pathway/about/": "is overdue",
        "/pathway/sources/LBL-SUN/": "The review of this source is overdue since 31 May 2027.",
        "/pathway/options/sunitinib/": "of this option rest",
        "/pathway/rules/SUN-I1/": "The review of a source of this rule is overdue since 31 May 2027.",
        page_of("DEMO-005"): "behind this list rest on a source whose review is overdue since 31 May 2027.",
        page_of("DEMO-005", "options/sunitinib/"): "behind this list rest",
        page_of("DEMO-005", "print/"): "behind this list rest",
    }
    for address, sentence in said.items():
        text = read(client, address)
        assert sentence in text, address
    for address in ("/pathway/sources/TR-SUN/", "/pathway/rules/SURV-I1/"):
        assert "is overdue" not in read(client, address), address


def test_editors_and_approvers_meet_it_where_they_begin(as_person: AsPerson, on_day: Callable[[date], None]) -> None:
    on_day(AFTER)
    for username in ("editor", "approver"):
        answer = as_person(username).get("/", follow=True)
        assert "review-overdue" in answer.content.decode(), username


def test_the_day_is_that_of_the_institution(as_person: AsPerson, on_day: Callable[[date], None]) -> None:
    """At 23:00 UTC of the last day it is the next day in Vienna and still the last one in Chicago."""
    with time_machine.travel(datetime(2027, 5, 31, 23, 0, tzinfo=UTC), tick=False):
        assert "is overdue" in read(as_person("clinician"), "/pathway/")
        assert "is overdue" not in read(as_person("outsider"), "/pathway/")


def test_a_rule_with_a_date_of_its_own_is_late_on_the_day_after() -> None:
    rules = ruleset(rule={"SURV-I1": "2026-03-01"})
    assert not overdue(rules, date(2026, 3, 1)).any
    late = overdue(rules, date(2026, 3, 2))
    assert [one.code for one in late.rules] == ["SURV-I1"]
    assert [one.kind for one in late.of_rule(rules.rule("SURV-I1"))] == ["rule"]
    assert late.of_rule(rules.rule("SURV-I2")) == ()


def test_the_pathway_s_own_date_covers_what_has_none() -> None:
    late = overdue(ruleset(), date(2027, 12, 1))
    assert late.pathway is not None
    assert late.pathway.due == date(2027, 11, 30)


@pytest.mark.parametrize(
    "value", ["2026-02-29", "2026-13-01", "2026", "tomorrow", "", "2026-1-1", 20260101, ["2026-01-01"]]
)
def test_a_review_date_that_is_no_day_is_refused_with_place_and_what_is_accepted(value: object) -> None:
    with pytest.raises(RulesetError, match="rule SURV-I1: review_by is .* accepted is a day such as 2027-11-30"):
        ruleset(rule={"SURV-I1": value})  # type: ignore[dict-item]


@pytest.mark.parametrize(("key", "value"), [("developer", 7), ("released", "2026-02-30"), ("not_considered", "text")])
def test_an_attribute_of_another_kind_is_refused(key: str, value: object) -> None:
    data = starter()
    data["ruleset"][key] = value
    with pytest.raises(RulesetError, match=f"ruleset: {key} is "):
        Ruleset.from_data(data)


def test_a_late_rule_and_a_late_source_of_it_are_said_each_with_its_own_date() -> None:
    rules = ruleset(rule={"SUN-I1": "2026-03-01"}, source={"LBL-SUN": "2026-01-01"})
    notice = rule_notice(rules.rule("SUN-I1"), rules, date(2026, 4, 1))
    assert notice is not None
    assert notice.sentence == (
        "The review of this rule is overdue since 1 Mar 2026. "
        "The review of a source of this rule is overdue since 1 Jan 2026."
    )
    assert [link.code for link in notice.links] == ["LBL-SUN"]
