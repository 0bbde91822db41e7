"""What is decided, how it departs from the list, what becomes of it, and the minutes that the chair signs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from boards.actions.afterwards import say_outcome, sign_minutes
from boards.actions.decisions import (
    DraftElsewhere,
    ItemSaid,
    OptionSaid,
    Said,
    Sending,
    add_to_decision,
    add_to_minutes,
    keep_draft,
    record_decision,
)  # fmt: skip
from boards.actions.meetings import end_meeting
from boards.forms.decision import draft_content, said_from
from boards.minutes import content_of, digest_of
from boards.models import Decision, DecisionDraft, FollowUp, Meeting, MinutesSignature
from boards.presenters.figures import figures, figures_table
from boards.selectors import decisions_of, items_before
from netcare.access import Actor, NotAllowed, User
from pathways.reviews.snapshots import replay
from patients.actions.shared import Refused
from patients.models.base import AppendOnlyError
from tests.cast import Cast, acting, signed_in
from tests.integration.boards.clinic import DAY, NOW, again, called, locked, on_agenda
from tests.integration.recall.clinic import PRRT

pytestmark = pytest.mark.django_db
SAID = Said(
    options=[OptionSaid(PRRT, "taken"), OptionSaid("clinical_trial", "declined", ("not_available",))],
    items=[
        ItemSaid("SSTR PET is positive", "Dr. Tracer", DAY, then="PRRT", otherwise="everolimus", conditional=True),
        ItemSaid("echocardiogram", "Dr. Bedside", DAY),
    ],
    note="PRRT if kidneys and counts allow.", trial="none_fits", preference="few trips", informs="Clara",
)  # fmt: skip


@pytest.fixture
def meeting(cast: Cast, chair: User) -> Meeting:
    found = called(cast, chair)
    on_agenda(cast, found)
    return locked(cast, found)


@pytest.fixture
def decision(meeting: Meeting, chair: User) -> Decision:
    case = again(meeting.cases.get())
    return record_decision(actor=acting(chair), case=case, said=SAID, now=NOW)


def held(meeting: Meeting, cast: Cast) -> Meeting:
    return end_meeting(actor=acting(cast.cora), meeting=Meeting.objects.get(pk=meeting.pk), now=meeting.begins_at)


def signed(meeting: Meeting, chair: User) -> MinutesSignature:
    digest = digest_of(content_of(meeting))
    return sign_minutes(actor=acting(chair), meeting=meeting, digest=digest, remark="", now=NOW)


def test_a_decision_is_recorded_once_with_its_items_and_never_changed(
    decision: Decision, meeting: Meeting, cast: Cast
) -> None:
    (view,) = decisions_of(meeting)
    assert [(one.option, one.word, one.status) for one in view.options.all()][1][1] == "declined"
    kinds = [(item.kind, item.what, item.owner_name) for item in view.follow_ups.all()]
    assert [kind for kind, _, _ in kinds] == ["option", "condition", "task"]
    assert kinds[1][1:] == ("SSTR PET is positive", "Dr. Tracer")
    with pytest.raises(AppendOnlyError):
        decision.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.all()._raw_delete("default")
    with pytest.raises(Refused, match="a decision is recorded once"):
        record_decision(actor=acting(cast.clara), case=again(decision.case), said=SAID, now=NOW)
    added = add_to_decision(actor=acting(cast.clara), decision=decision, text="Counts are fine.", now=NOW)
    assert added.decision_id == decision.pk


def test_what_departs_from_the_list_asks_why_and_is_not_hindered(meeting: Meeting, cast: Cast) -> None:
    case = again(meeting.cases.get())
    assert case.snapshot is not None
    listed = replay(case.snapshot)
    code = next(one.code for one in listed.options if str(one.status) == "not_indicated")
    departing = Said(options=[OptionSaid(code, "taken")])
    with pytest.raises(Refused, match="Say why the board takes it forward; anything can be decided"):
        record_decision(actor=acting(cast.clara), case=case, said=departing, now=NOW)
    why = Said(options=departing.options, departure_reasons=("newer_evidence",))
    made = record_decision(actor=acting(cast.clara), case=case, said=why, now=NOW)
    assert (made.departs, made.departure_reasons) == (True, ["newer_evidence"])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Said(), "Nothing is decided yet"),
        (Said(options=[OptionSaid(PRRT, "declined")]), "choose why it is declined"),
        (Said(options=[OptionSaid("aspirin", "taken")]), "is not an option of the list"),
        (
            Said(note="x", items=[ItemSaid("call", due_on=NOW.date() - timedelta(days=1))]),
            "Accepted is a day from today on",
        ),
        (Said(note="x", items=[ItemSaid("a", conditional=True)]), "what is done if the condition holds"),
    ],
)
def test_what_cannot_stand_is_said_in_a_sentence_and_nothing_is_saved(
    meeting: Meeting, cast: Cast, said: Said, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        record_decision(actor=acting(cast.clara), case=again(meeting.cases.get()), said=said, now=NOW)
    assert not Decision.objects.exists()


def test_a_coordinator_drafts_and_only_clinicians_within_reach_record(meeting: Meeting, cast: Cast) -> None:
    case = again(meeting.cases.get())
    keep_draft(actor=acting(cast.cora), case=case, content={"note": ["PRRT"]}, sending=Sending(0), now=NOW)
    for outsider in (cast.cora, cast.theo, cast.silas, cast.vera):
        with pytest.raises(NotAllowed):
            record_decision(actor=acting(outsider), case=case, said=SAID, now=NOW)
    assert DecisionDraft.objects.get().content == {"note": ["PRRT"]}


def test_two_windows_of_one_person_do_not_overwrite_each_other_and_two_people_keep_their_own(
    meeting: Meeting, cast: Cast, chair: User
) -> None:
    case, one, other = again(meeting.cases.get()), acting(chair), acting(cast.clara)

    def keep(actor: Actor, text: str, *sending: Any) -> DecisionDraft:
        return keep_draft(actor=actor, case=case, content={"note": [text]}, sending=Sending(*sending), now=NOW)

    first = keep(one, "a", 0, "left", 1)
    keep(one, "b", first.revision, "left", 2)
    with pytest.raises(DraftElsewhere):
        keep(one, "c", first.revision, "right", 1)
    # The answer to the second sending never arrived, and the first one comes once more, late.
    keep(one, "b!", first.revision, "left", 3)
    keep(one, "a", 0, "left", 1)
    keep(other, "d", 0, "elsewhere", 1)
    assert sorted(row.content["note"][0] for row in DecisionDraft.objects.all()) == ["b!", "d"]


def test_the_screen_keeps_a_draft_and_records_it_whatever_was_typed_badly_before(
    meeting: Meeting, cast: Cast, chair: User
) -> None:
    case, browser = again(meeting.cases.get()), signed_in(chair)
    address = f"/patients/{case.tumor.patient_id}/cases/{case.pk}/"
    sent = {f"word-{PRRT}": "taken", "note": "<b>PRRT</b>", "task-0-what": "call", "task-0-due": "soon", "junk": "x"}
    answer = browser.post(f"{address}draft/", sent | {"seen": "0"})
    assert answer.json()["seen"] == 1
    assert "junk" not in DecisionDraft.objects.get().content
    assert browser.post(f"{address}draft/", sent | {"seen": "0"}).status_code == 409
    page = browser.get(f"{address}screen/").content.decode()
    assert "&lt;b&gt;PRRT&lt;/b&gt;" in page
    refused = browser.post(f"{address}screen/", sent)
    assert refused.status_code == 400
    assert "“soon” is not a day" in refused.content.decode()
    assert browser.post(f"{address}screen/", sent | {"task-0-due": ""}).status_code == 302
    assert FollowUp.objects.filter(what="call").count() == 1


def test_a_form_of_any_kind_becomes_a_draft_of_known_fields_alone() -> None:
    from django.http import QueryDict

    data = QueryDict("word-a=taken&word-=x&note=%00&if-0-what=x%00&if-99-then=y&task-3-due=2026-13-40&csrf=1")
    content = draft_content(data)
    assert content["if-0-what"] == ["x"]
    assert set(content) == {"word-a", "if-0-what", "if-99-then", "task-3-due"}
    said = said_from(content)
    assert [fault.field for fault in said.faults] == ["task-3"]
    assert [item.conditional for item in said.items] == [True, False]


def test_the_chair_signs_what_was_read_and_then_nothing_changes(
    decision: Decision, meeting: Meeting, cast: Cast, chair: User
) -> None:
    with pytest.raises(Refused, match="it must be held to be closed"):
        signed(meeting, chair)
    over = held(meeting, cast)
    with pytest.raises(NotAllowed, match="Only the chair of this meeting, Gaston"):
        signed(over, cast.clara)
    with pytest.raises(Refused, match="The minutes changed since you opened them"):
        sign_minutes(actor=acting(chair), meeting=over, digest="sha256:other", remark="", now=NOW)
    signature = signed(over, chair)
    assert decision.snapshot.digest in signature.content
    with pytest.raises(DatabaseError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(title="Another")
    assert add_to_minutes(actor=acting(chair), meeting=over, text="Room changed.", now=NOW).decision_id is None
    assert digest_of(content_of(Meeting.objects.get(pk=meeting.pk))) == signature.digest


def test_minutes_wait_for_every_case(meeting: Meeting, cast: Cast, chair: User) -> None:
    with pytest.raises(Refused, match="1 case is neither decided nor postponed"):
        signed(held(meeting, cast), chair)


def test_an_item_is_closed_with_its_reason_once_and_shown_at_the_next_meeting(
    decision: Decision, meeting: Meeting, cast: Cast, chair: User
) -> None:
    option, condition, task = FollowUp.objects.select_related("decision__case__tumor__patient").order_by("number")
    clara, coming = acting(cast.clara), called(cast, chair, on=DAY, title="Next")
    said = {"reason": "", "line": "", "seen": 0, "meeting": None, "now": NOW}
    say_outcome(actor=clara, item=option, outcome="done", **said)
    with pytest.raises(Refused, match="Choose why it was not done"):
        say_outcome(actor=clara, item=condition, outcome="not_done", **said)
    say_outcome(actor=clara, item=condition, outcome="not_done", **said | {"reason": "condition_not_met"})
    with pytest.raises(Refused, match="Somebody else said what became of it meanwhile"):
        say_outcome(actor=clara, item=condition, outcome="done", **said)
    before = {item.number: item.outcome for item in items_before(clara, coming)}
    assert before == {option.number: "done", condition.number: "not_done", task.number: None}
    assert items_before(acting(cast.theo), coming) == []
    held(meeting, cast)
    table = figures_table(figures(acting(cast.cora)))
    assert table[1][2:] == ["1", "0", "1", "1", "1", "0", "0", "0"]


def test_signs_that_no_database_stores_are_left_out_and_never_an_error(
    meeting: Meeting, cast: Cast, chair: User
) -> None:
    case, browser = again(meeting.cases.get()), signed_in(chair)
    address = f"/patients/{case.tumor.patient_id}/cases/{case.pk}/"
    sent = {"note": "a\x00b", "seen": "0", "window": "w\x00", "number": "1"}
    assert browser.post(f"{address}draft/", sent).status_code == 200
    assert browser.post(f"{address}screen/", sent).status_code == 302
    held(meeting, cast)
    minutes = f"/boards/{meeting.pk}/minutes/"
    digest = digest_of(content_of(Meeting.objects.get(pk=meeting.pk)))
    assert browser.post(f"{minutes}sign/", {"digest": digest, "remark": "c\x00d"}).status_code == 302
    assert MinutesSignature.objects.get().remark == "cd"
    why = {"step": "off", "why": "x\x00", "seen": "1"}
    assert signed_in(cast.cora).post(f"/boards/{meeting.pk}/step/", why).status_code == 302
    assert browser.get("/boards/follow-up/", {"q": "a\x00b"}).status_code == 200
