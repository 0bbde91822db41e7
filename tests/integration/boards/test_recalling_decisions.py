"""A list that a board decided on is recalled like a signed one, when the rules would give it otherwise."""

from datetime import timedelta

import pytest

from boards.actions.cases import postpone
from boards.actions.decisions import OptionSaid, Said, record_decision
from boards.models import Case, Decision
from netcare.access import User
from pathways.models import RecallEntry
from pathways.recall.looked import last_looked_at
from pathways.recall.standing import standing_of
from tests.cast import Cast, acting, signed_in
from tests.integration.boards.clinic import DAY, NOW, again, called, locked, on_agenda
from tests.integration.recall.clinic import PRRT, publish_edited, run_recall, sign, uptake_up_to

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def case(cast: Cast, chair: User) -> Case:
    meeting = called(cast, chair)
    found = on_agenda(cast, meeting)
    locked(cast, meeting)
    return again(found)


def decided(case: Case, chair: User) -> Decision:
    return record_decision(actor=acting(chair), case=case, said=Said([OptionSaid(PRRT, "taken")]), now=LATER)


def test_a_decided_list_is_recalled_to_who_referred_it_and_says_where_it_was_decided(
    cast: Cast, chair: User, case: Case
) -> None:
    decided(case, chair)
    run_recall(publish_edited(uptake_up_to(2)))
    entry = RecallEntry.objects.get(tumor=case.tumor)
    assert (entry.review, entry.snapshot_id) == (None, case.snapshot_id)
    (difference,) = entry.differences.all()
    assert (difference.option, difference.after, difference.verdict) == (PRRT, "excluded", "taken")
    assert standing_of(entry).owner == cast.clara
    page = signed_in(cast.clara).get(f"/patients/{case.tumor.patient_id}/recall/{entry.pk}/").content.decode()
    assert "1 option changed since it was decided at the board on 20 Nov 2026" in page
    assert "decided at the board: taken forward" in page
    assert f"/cases/{case.pk}/decision/" in page
    assert "decided at the board on 20 Nov 2026, NET board" in signed_in(cast.clara).get("/recall/").content.decode()
    notice = signed_in(cast.clara).get(f"/patients/{case.tumor.patient_id}/tumors/1/").content.decode()
    assert "Changed since it was decided at the board on 20 Nov 2026" in notice
    sheet = signed_in(cast.cora).get("/recall/list.csv").content.decode()
    assert "20 Nov 2026,NET board" in sheet


def test_what_was_looked_at_later_counts_be_it_a_review_or_a_decision(cast: Cast, chair: User, case: Case) -> None:
    review = sign(case.tumor, cast.clara)
    looked = last_looked_at(case.tumor)
    assert looked is not None
    assert looked.review == review
    decision = decided(case, chair)
    looked = last_looked_at(case.tumor)
    assert looked is not None
    assert (looked.review, looked.snapshot, looked.at) == (None, decision.snapshot, LATER)
    sign(case.tumor, cast.clara, now=LATER + timedelta(minutes=1))
    assert (looked := last_looked_at(case.tumor)) is not None
    assert looked.review is not None


def test_a_list_kept_for_a_meeting_and_not_decided_on_recalls_nobody(cast: Cast, case: Case) -> None:
    run_recall(publish_edited(uptake_up_to(2)))
    assert not RecallEntry.objects.exists()


def test_a_decision_on_a_list_that_rules_have_overtaken_is_recalled_at_once(
    cast: Cast, chair: User, case: Case
) -> None:
    run_recall(publish_edited(uptake_up_to(2)))
    decided(case, chair)
    assert standing_of(RecallEntry.objects.get(tumor=case.tumor)).is_open


def test_a_decision_under_the_new_rules_closes_what_was_open(cast: Cast, chair: User) -> None:
    meeting = called(cast, chair)
    waiting = on_agenda(cast, meeting)
    sign(waiting.tumor, cast.clara)
    run_recall(publish_edited(uptake_up_to(2)))
    entry = RecallEntry.objects.get(tumor=waiting.tumor)
    locked(cast, meeting)
    record_decision(actor=acting(chair), case=again(waiting), said=Said(note="Supportive care."), now=LATER)
    last = standing_of(entry)
    assert (last.is_open, last.reason) == (False, "decided_again")
    assert last.line.startswith("NET board, ")


def test_the_timeline_has_the_coming_meeting_the_postponement_and_the_decision(
    cast: Cast, chair: User, case: Case
) -> None:
    address = f"/patients/{case.tumor.patient_id}/tumors/1/timeline/?view=table"
    assert "On the agenda of NET board" in signed_in(cast.clara).get(address).content.decode()
    later = called(cast, chair, on=DAY, title="Later")
    said = {"reason": "no_time", "line": "", "to": later, "seen": case.version, "now": NOW}
    postpone(actor=acting(chair), case=case, **said)
    locked(cast, later)
    decided(again(case), chair)
    page = signed_in(cast.clara).get(address).content.decode()
    for part in ("Postponed from NET board", "Decided at Later", "taken forward: PRRT", f"/cases/{case.pk}/decision/"):
        assert part in page, part
    assert "On the agenda of" not in page
