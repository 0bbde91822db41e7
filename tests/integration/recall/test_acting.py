"""What people do with an entry, what they are refused, and two of them at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from netcare.access import NotAllowed, User
from netcare.audit.models import AuditEvent
from pathways.models import RecallEntry, RecallEvent
from pathways.recall.actions import assign, close, move_due, reopen
from pathways.recall.opening import recall_tumor
from pathways.recall.standing import standing_of
from patients.actions import Refused, refer_to_board
from tests.at_once import all_at_once
from tests.cast import Cast, acting, gather
from tests.integration.recall.clinic import NOW, TODAY, publish_edited, sign, uptake_up_to, with_uptake
from tests.starting import publish_starter

LATER = NOW + timedelta(hours=1)


def an_entry(cast: Cast, mrn: str = "N-1") -> RecallEntry:
    """An open entry, Clara's."""
    tumor = with_uptake(cast, mrn)
    sign(tumor, cast.clara)
    entry = recall_tumor(tumor=tumor, version=publish_edited(uptake_up_to(2)), at=NOW)
    assert entry is not None
    return entry


@pytest.fixture
def cast(db: None) -> Cast:
    publish_starter(NOW)
    return gather()


@pytest.fixture
def entry(cast: Cast) -> RecallEntry:
    return an_entry(cast)


def said(act: Callable[..., Any], **options: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(now=LATER, **options)
    return [fault.sentence for fault in refused.value.faults]


def test_an_entry_is_assigned_moved_closed_and_opened_again(cast: Cast, entry: RecallEntry) -> None:
    clara = acting(cast.clara)
    assign(actor=clara, entry=entry, seen=1, owner=cast.vera, now=LATER)
    move_due(actor=clara, entry=entry, seen=2, due_on=TODAY + timedelta(days=3), line="before the board", now=LATER)
    close(actor=clara, entry=entry, seen=3, reason="other", line="moved away", now=LATER)
    closed = standing_of(entry)
    assert (closed.is_open, closed.owner, closed.due_on, closed.reason, closed.line) == (
        False, cast.vera, TODAY + timedelta(days=3), "other", "moved away",
    )  # fmt: skip
    reopen(actor=clara, entry=entry, seen=4, line="came back", now=LATER)
    assert standing_of(entry).is_open
    rows = AuditEvent.objects.filter(patient_id=entry.tumor.patient_id, action__startswith="recall.").order_by("id")
    assert list(rows.values_list("action", flat=True)) == [
        "recall.found", "recall.assign", "recall.move_due", "recall.close", "recall.reopen",
    ]  # fmt: skip


REFUSED = [
    (close, {"reason": "", "line": ""}, "Choose why it is closed."),
    (close, {"reason": "reviewed_again", "line": ""}, "Choose why it is closed."),
    (close, {"reason": "other", "line": "  "}, "The other reason in a line is missing."),
    (close, {"reason": "died", "line": "x" * 301},
     "The other reason in a line has 301 characters. Accepted are up to 300."),
    (move_due, {"due_on": TODAY - timedelta(days=1), "line": ""},
     "19 Nov 2026 is not accepted. Accepted is a day from today, 20 Nov 2026, to 19 May 2027."),
    (move_due, {"due_on": TODAY + timedelta(days=181), "line": ""},
     "20 May 2027 is not accepted. Accepted is a day from today, 20 Nov 2026, to 19 May 2027."),
    (reopen, {"line": "again"}, "This entry is open."),
    (reopen, {"line": ""}, "Why it is opened again is missing."),
]  # fmt: skip


@pytest.mark.parametrize(("act", "options", "sentence"), REFUSED)
def test_bad_input_is_refused_in_a_sentence(
    act: Callable[..., Any], options: dict[str, Any], sentence: str, cast: Cast, entry: RecallEntry
) -> None:
    assert said(act, actor=acting(cast.clara), entry=entry, seen=1, **options) == [sentence]
    assert RecallEvent.objects.count() == 1


def test_an_entry_is_given_to_nobody_who_may_not_review_the_patient(cast: Cast, entry: RecallEntry) -> None:
    for stranger in (cast.theo, cast.silas, cast.edda, cast.cora, cast.nora):
        (sentence,) = said(assign, actor=acting(cast.clara), entry=entry, seen=1, owner=stranger)
        assert sentence == f"{stranger.display_name} may not review this patient. Choose somebody listed."
    refer_to_board(actor=acting(cast.clara), patient=entry.tumor.patient, now=NOW)
    assign(actor=acting(cast.clara), entry=entry, seen=1, owner=cast.cora, now=LATER)
    assert standing_of(entry).owner == cast.cora


def test_who_may_not_see_the_patient_or_only_looks_does_nothing(cast: Cast, entry: RecallEntry) -> None:
    for stranger in (cast.vera, cast.theo, cast.silas, cast.edda, cast.cora, cast.audra, cast.nora):
        with pytest.raises(NotAllowed):
            close(actor=acting(stranger), entry=entry, seen=1, reason="died", line="", now=LATER)
    assert standing_of(entry).is_open


def test_who_acts_on_what_is_no_longer_so_is_told_what_happened(cast: Cast, entry: RecallEntry) -> None:
    close(actor=acting(cast.clara), entry=entry, seen=1, reason="no_consequence", line="", now=LATER)
    refer_to_board(actor=acting(cast.clara), patient=entry.tumor.patient, now=NOW)
    told = said(assign, actor=acting(cast.cora), entry=entry, seen=1, owner=None)
    assert told == ["This entry was closed by Clara meanwhile. Nothing was saved; look again."]
    assert said(assign, actor=acting(cast.cora), entry=entry, seen=2, owner=None) == [
        "This entry is closed. Open it again before it is changed."
    ]


def test_a_second_click_changes_nothing_and_is_no_mistake(cast: Cast, entry: RecallEntry) -> None:
    asked = {"actor": acting(cast.clara), "entry": entry, "seen": 1, "now": LATER}
    assert close(reason="died", line="", **asked) == close(reason="died", line="", **asked)
    assert RecallEvent.objects.count() == 2
    with pytest.raises(Refused):
        close(reason="no_consequence", line="", **asked)


def test_what_the_program_closed_is_not_opened_again(cast: Cast, entry: RecallEntry) -> None:
    sign(entry.tumor, cast.clara, now=LATER)
    (sentence,) = said(reopen, actor=acting(cast.clara), entry=entry, seen=2, line="why not")
    assert sentence == "This entry was closed by the program (reviewed again); there is nothing to open again."


def test_what_was_reviewed_again_since_is_not_opened_again(cast: Cast, entry: RecallEntry) -> None:
    close(actor=acting(cast.clara), entry=entry, seen=1, reason="no_consequence", line="", now=LATER)
    sign(entry.tumor, cast.clara, now=LATER)
    (sentence,) = said(reopen, actor=acting(cast.clara), entry=entry, seen=2, line="why not")
    assert sentence == "The list was reviewed again since; there is nothing to open again."


@pytest.mark.django_db(transaction=True)
def test_of_several_who_close_or_assign_at_once_one_does_and_the_others_are_told() -> None:
    publish_starter(NOW)
    cast = gather()
    entry = an_entry(cast)
    refer_to_board(actor=acting(cast.clara), patient=entry.tumor.patient, now=NOW)
    clara, cora = acting(cast.clara), acting(cast.cora)

    def closing(actor: Any, reason: str) -> Callable[[], Any]:
        return lambda: close(actor=actor, entry=entry, seen=1, reason=reason, line="", now=LATER)

    def giving(actor: Any, owner: User) -> Callable[[], Any]:
        return lambda: assign(actor=actor, entry=entry, seen=1, owner=owner, now=LATER)

    results = all_at_once(
        [closing(clara, "died"), closing(cora, "no_consequence"), giving(clara, cast.vera), giving(cora, cast.cora)]
    )
    assert sum(isinstance(one, RecallEvent) for one in results) == 1
    assert sorted(RecallEvent.objects.filter(entry=entry).values_list("number", flat=True)) == [1, 2]
    assert AuditEvent.objects.filter(action__in=["recall.close", "recall.assign"]).count() == 1
    for refusal in (one for one in results if isinstance(one, Refused)):
        assert "meanwhile. Nothing was saved; look again." in str(refusal)


@pytest.mark.django_db(transaction=True)
def test_signing_and_recalling_at_once_leave_no_entry_that_is_out_of_date() -> None:
    publish_starter(NOW)
    cast = gather()
    tumors = [with_uptake(cast, f"N-{number}") for number in range(5)]
    for tumor in tumors:
        sign(tumor, cast.clara)
    version = publish_edited(uptake_up_to(2))
    for tumor in tumors:
        all_at_once(
            [
                lambda tumor=tumor: recall_tumor(tumor=tumor, version=version, at=NOW),
                lambda tumor=tumor: sign(tumor, cast.clara, now=LATER),
            ]  # type: ignore[misc]
        )
    assert all(not standing_of(entry).is_open for entry in RecallEntry.objects.all())
