"""The recall list, an entry, the notice above the candidates, and the file: what is shown, to whom, and what is refused."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from netcare.access import today_for
from netcare.audit.models import AuditEvent
from pathways.models import RecallEntry
from pathways.recall.opening import recall_tumor
from pathways.recall.standing import standing_of
from patients.actions import refer_to_board
from tests.cast import Cast, acting, gather, signed_in
from tests.integration.recall.clinic import NOW, publish_edited, sign, uptake_up_to, with_uptake
from tests.starting import publish_starter


@pytest.fixture
def cast(db: None) -> Cast:
    publish_starter(NOW)
    return gather()


@pytest.fixture
def entry(cast: Cast) -> RecallEntry:
    return entries(cast, 1)[0]


def entries(cast: Cast, number: int, *, family: str = "") -> list[RecallEntry]:
    tumors = [with_uptake(cast, f"{family}N-{place}") for place in range(number)]
    for tumor in tumors:
        sign(tumor, cast.clara)
        refer_to_board(actor=acting(cast.clara), patient=tumor.patient, now=NOW)
    version = publish_edited(uptake_up_to(2))
    found = [recall_tumor(tumor=tumor, version=version, at=NOW) for tumor in tumors]
    return [one for one in found if one is not None]


def address(entry: RecallEntry, verb: str = "") -> str:
    return f"/patients/{entry.tumor.patient_id}/recall/{entry.pk}/{f'{verb}/' if verb else ''}"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_candidates_say_that_the_list_changed_since_it_was_reviewed(cast: Cast, entry: RecallEntry) -> None:
    candidates = f"/patients/{entry.tumor.patient_id}/tumors/1/"
    said = "reviewed on 20 Nov 2026, because of rule PRRT-E5 in v2."
    mine, colleague = text(signed_in(cast.clara), candidates), text(signed_in(cast.vera), candidates)
    assert f"Changed since you {said}" in mine
    assert f"Changed since Clara {said}" in colleague
    assert address(entry) in mine
    assert f"since/?before=review-{entry.review_id}" in mine
    assert "Changed since" not in text(signed_in(cast.clara), f"{candidates}?as_of=2026-11-19")


def test_an_entry_shows_both_statuses_and_the_rule_in_both_versions(cast: Cast, entry: RecallEntry) -> None:
    page = text(signed_in(cast.clara), address(entry))
    assert "1 option changed since your review of 20 Nov 2026" in page
    for part in (
        "Changed since, because rule",
        "PRRT-E5",
        "Krenning score is at most 1",
        "Krenning score is at most 2",
        "Excluded",
    ):
        assert part in page, part
    assert page.count("<form") > 4
    looking = text(signed_in(cast.vera), address(entry))
    assert "/close/" not in looking


def test_the_main_link_and_the_start_page_count_what_is_mine(cast: Cast, entry: RecallEntry) -> None:
    page = text(signed_in(cast.clara), "/patients/")
    assert 'class="nav-count">1<' in page
    assert "1 list that you reviewed or took over would be another one" in page
    assert 'class="nav-count"' not in text(signed_in(cast.cora), "/patients/")


def test_the_list_is_narrowed_and_says_what_to_do_where_it_is_empty(cast: Cast) -> None:
    first, _ = entries(cast, 2)
    client = signed_in(cast.cora)
    today = today_for(cast.northside)
    assert "overdue" in text(client, "/recall/").lower()
    signed_in(cast.clara).post(address(first, "assign"), {"seen": "1", "owner": ""})
    assert standing_of(first).owner is None
    unassigned = text(client, "/recall/?show=unassigned")
    assert "N-0" in unassigned
    assert "N-1" not in unassigned
    assert "AshN-1".upper() in text(client, "/recall/?q=ashn-1")
    assert "No entry matches" in text(client, "/recall/?q=nobody")
    assert "Nothing was closed yet" in text(client, "/recall/?show=closed")
    assert "Nobody to look at again" in text(client, "/recall/?show=mine")
    assert "Open 2" in text(client, "/recall/?show=whatever&page=999")
    assert (standing_of(first).due_on < today) == ("overdue by" in text(client, "/recall/"))


def test_a_form_that_is_refused_comes_back_with_what_was_typed(cast: Cast, entry: RecallEntry) -> None:
    client = signed_in(cast.clara)
    answer = client.post(address(entry, "due"), {"seen": "1", "due_on": "the week after next", "line": "on holiday"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "“the week after next” is not a day. Accepted is year-month-day, such as 2026-11-30." in page
    assert "on holiday" in page
    answer = client.post(address(entry, "close"), {"seen": "1", "reason": "other", "line": ""})
    assert "The other reason in a line is missing." in answer.content.decode()
    answer = client.post(address(entry, "assign"), {"seen": "1", "owner": str(cast.silas.pk)})
    assert "This person may not review this patient. Choose somebody listed." in answer.content.decode()
    for seen in ("", "-1", "x", "9999999999999"):
        assert client.post(address(entry, "close"), {"seen": seen, "reason": "died"}).status_code == 400
    assert standing_of(entry).number == 1
    done = client.post(address(entry, "close"), {"seen": "1", "reason": "died", "line": ""}, follow=True)
    assert "Closed: the patient has died" in done.content.decode()
    late = signed_in(cast.cora).post(address(entry, "close"), {"seen": "1", "reason": "no_consequence"})
    assert "This entry was closed by Clara meanwhile." in late.content.decode()


def test_the_file_holds_the_list_and_no_formula(cast: Cast) -> None:
    tumor = with_uptake(cast, "=1+1")
    sign(tumor, cast.clara)
    refer_to_board(actor=acting(cast.clara), patient=tumor.patient, now=NOW)
    recall_tumor(tumor=tumor, version=publish_edited(uptake_up_to(2)), at=NOW)
    answer = signed_in(cast.cora).get("/recall/list.csv")
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    line = dict(zip(header, row, strict=True))
    assert (line["mrn"], line["rules"], line["owner"], line["state"]) == ("'=1+1", "PRRT-E5", "Clara", "open")
    assert "→ excluded" in line["changed"]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)
    event = AuditEvent.objects.filter(action="recall.export").newest_first()[0]
    assert event.patient_ids == [str(tumor.patient_id)]
    assert signed_in(cast.clara).get("/recall/list.csv").status_code == 403


def test_the_list_asks_as_many_questions_for_many_as_for_few(cast: Cast) -> None:
    def asked() -> int:
        client = signed_in(cast.cora)
        client.get("/recall/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/recall/")
        return len(queries)

    entries(cast, 2)
    few = asked()
    tumors = [with_uptake(cast, f"M-{place}") for place in range(6)]
    for tumor in tumors:
        refer_to_board(actor=acting(cast.clara), patient=tumor.patient, now=NOW)
        sign(tumor, cast.clara)
    version = publish_edited(uptake_up_to(1), now=NOW + timedelta(minutes=1))
    assert [recall_tumor(tumor=tumor, version=version, at=NOW) is not None for tumor in tumors] == [True] * 6
    assert asked() == few
