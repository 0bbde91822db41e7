"""What follows from decisions: looked at in a later meeting and kept as said there; one list in which nothing is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from boards.actions.afterwards import say_outcome, sign_minutes
from boards.actions.decisions import ItemSaid, OptionSaid, Said, record_decision
from boards.actions.meetings import Invited, end_meeting, invite
from boards.minutes import content_of, digest_of
from boards.models import Decision, FollowUp, FollowUpEvent, Meeting
from boards.packet.from_minutes import minutes_of
from boards.presenters.follow_up import follow_up_page, follow_up_said
from netcare.access import User
from patients.actions.shared import Refused
from tests.cast import Cast, acting, person, signed_in
from tests.integration.boards.clinic import SOON, again, called, locked, on_agenda
from tests.integration.recall.clinic import PRRT

pytestmark = pytest.mark.django_db
WITH_TASK = Said(items=[ItemSaid("call the surgeon", "Dr. Bedside", None)], note="Look again.")


@pytest.fixture
def first(cast: Cast, chair: User) -> Meeting:
    """A locked meeting of tomorrow's week, by the clock of the pages."""
    now = timezone.now()
    meeting = called(cast, chair, now=now, title="First")
    on_agenda(cast, meeting, now=now)
    return locked(cast, meeting, now=now)


@pytest.fixture
def decision(first: Meeting, chair: User) -> Decision:
    now = timezone.now()
    said = Said(
        options=[OptionSaid(PRRT, "taken")],
        items=[
            ItemSaid("SSTR PET is positive", "Dr. Tracer", now.date(), then="PRRT", conditional=True),
            ItemSaid("echocardiogram", "Dr. Bedside", now.date() + timedelta(days=20)),
        ],
    )
    return record_decision(actor=acting(chair), case=again(first.cases.get()), said=said, now=now)


@pytest.fixture
def second(cast: Cast, chair: User, decision: Decision) -> Meeting:
    """The next meeting, locked."""
    now = timezone.now() + SOON
    meeting = called(cast, chair, now=now, title="Second")
    on_agenda(cast, meeting, "N-2", now=now)
    return locked(cast, meeting, now=now)


def test_an_item_looked_at_in_a_meeting_is_kept_as_said_there_and_stands_in_its_minutes(
    cast: Cast, decision: Decision, second: Meeting
) -> None:
    task = decision.follow_ups.get(kind="task")
    cora = signed_in(cast.cora)
    page = cora.get(f"/boards/{second.pk}/earlier/").content.decode()
    assert "3 of 3 open" in page
    assert f'name="meeting" value="{second.pk}"' in page
    back = f"/boards/{second.pk}/earlier/#item-{task.pk}"
    sent = {"seen": "0", "outcome": "open", "line": "booked", "meeting": str(second.pk), "next": back}
    address = f"/patients/{decision.case.tumor.patient_id}/follow-ups/{task.pk}/"
    answer = cora.post(address, sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, back)
    assert FollowUpEvent.objects.get().meeting_id == second.pk
    assert '"earlier":[{"item"' in content_of(second).replace(" ", "")
    minutes = cora.get(f"/boards/{second.pk}/minutes/").content.decode()
    assert "Earlier decisions looked at" in minutes
    assert "open" in minutes


def test_members_read_what_the_minutes_name_and_the_chair_signs_nothing_unseen(
    cast: Cast, decision: Decision, second: Meeting
) -> None:
    other = person(cast.northside, "Ottilie", *acting(cast.theo).roles)
    invite(actor=acting(cast.cora), meeting=second, invited=Invited("surgery", other), now=timezone.now())
    minutes = f"/boards/{second.pk}/minutes/"
    assert "echocardiogram" not in signed_in(other).get(minutes).content.decode()
    item = FollowUp.objects.select_related("decision__case__tumor__patient__institution").get(kind="task")
    said = {"outcome": "done", "reason": "", "line": "", "seen": 0, "meeting": second, "now": timezone.now()}
    say_outcome(actor=acting(cast.cora), item=item, **said)
    assert "echocardiogram" in signed_in(other).get(minutes).content.decode()


def test_only_a_later_meeting_between_lock_and_signature_can_have_looked_at_it(
    cast: Cast, chair: User, decision: Decision, first: Meeting
) -> None:
    item = FollowUp.objects.select_related("decision__case__tumor__patient__institution").filter(kind="task").get()
    planned = called(cast, chair, now=timezone.now() + SOON, title="Planned")
    said = {"outcome": "done", "reason": "", "line": "", "seen": 0, "now": timezone.now()}
    for meeting, sentence in ((first, "Choose a later meeting"), (planned, "“Planned” is planned")):
        with pytest.raises(Refused, match=sentence):
            say_outcome(actor=acting(cast.clara), item=item, meeting=meeting, **said)
    address = f"/patients/{decision.case.tumor.patient_id}/follow-ups/{item.pk}/"
    refused = signed_in(cast.clara).post(address, {"seen": "0", "outcome": "done", "meeting": str(planned.pk)})
    assert refused.status_code == 400
    assert "This meeting is signed, not locked yet, or not yours." in refused.content.decode()
    assert not FollowUpEvent.objects.exists()


def test_the_list_shows_what_is_open_late_conditional_or_without_a_date_until_it_is_closed(
    cast: Cast, decision: Decision
) -> None:
    clara = signed_in(cast.clara)

    def shown(**query: str) -> str:
        return clara.get("/boards/follow-up/", query).content.decode()

    assert "3 open, 0 late" in clara.get("/boards/").content.decode()
    everything = shown()
    assert everything.index("If SSTR PET is positive, then PRRT") < everything.index("echocardiogram")
    assert "put into practice" in shown(show="undated")
    assert "echocardiogram" not in shown(show="conditions")
    assert "echocardiogram" in shown(q="bedside")
    assert "No item is in this part of the list" in shown(q="nobody of this name")
    item = FollowUp.objects.select_related("decision__case__tumor__patient__institution").get(kind="task")
    said = {"outcome": "not_done", "reason": "lost", "line": "", "seen": 0, "meeting": None, "now": timezone.now()}
    say_outcome(actor=acting(cast.clara), item=item, **said)
    assert "echocardiogram" not in shown()
    assert "not done: lost from sight" in shown(show="closed")


def test_a_late_item_is_told_and_nobody_beyond_reach_sees_any(cast: Cast, chair: User, decision: Decision) -> None:
    tomorrow = timezone.now().date() + timedelta(days=2)
    assert follow_up_said(acting(cast.clara), tomorrow) == "3 open, 1 late"
    (late,) = follow_up_page(acting(cast.cora), {"show": "late"}, tomorrow).rows
    assert (late.late, late.owner) == (True, "Dr. Tracer")
    stranger = person(cast.northside, "Ruth", *acting(cast.theo).roles, teams=(cast.thorax,))
    assert follow_up_said(acting(stranger), tomorrow) == ""
    assert "Nothing follows yet" in signed_in(cast.theo).get("/boards/follow-up/").content.decode()


def test_an_option_taken_forward_has_who_sees_to_it_and_by_when(cast: Cast, chair: User, first: Meeting) -> None:
    case = again(first.cases.get())
    address = f"/patients/{case.tumor.patient_id}/cases/{case.pk}/screen/"
    said = {f"word-{PRRT}": "taken", f"owner-{PRRT}": "Dr. Tracer", f"due-{PRRT}": "2020-01-01"}
    refused = signed_in(chair).post(address, said)
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "1 Jan 2020 is not accepted. Accepted is a day from today on, within three years." in page
    assert 'value="Dr. Tracer"' in page
    due = timezone.now().date() + timedelta(days=9)
    assert signed_in(chair).post(address, said | {f"due-{PRRT}": due.isoformat()}).status_code == 302
    item = FollowUp.objects.get()
    assert (item.kind, item.owner_name, item.due_on) == ("option", "Dr. Tracer", due)


def test_whoever_is_invited_again_comes_as_of_another_discipline(cast: Cast, chair: User, first: Meeting) -> None:
    cora = acting(cast.cora)
    invite(actor=cora, meeting=first, invited=Invited("surgery", chair), now=timezone.now())
    assert first.members.get().discipline == "surgery"
    with pytest.raises(Refused, match="Gaston is invited already, as surgery."):
        invite(actor=cora, meeting=first, invited=Invited("surgery", chair), now=timezone.now())


def test_signed_minutes_keep_every_row_and_say_apart_what_became_of_it_since(
    cast: Cast, chair: User, decision: Decision, second: Meeting
) -> None:
    task = FollowUp.objects.select_related("decision__case__tumor__patient__institution").get(kind="task")
    cora, chairing, now = acting(cast.cora), acting(chair), timezone.now()
    said = {"reason": "", "meeting": second, "now": now}
    say_outcome(actor=cora, item=task, outcome="open", line="booked", seen=0, **said)
    record_decision(actor=chairing, case=again(second.cases.get()), said=WITH_TASK, now=now)
    second = end_meeting(actor=chairing, meeting=Meeting.objects.get(pk=second.pk), now=second.begins_at)
    digest = digest_of(content_of(second))
    sign_minutes(actor=chairing, meeting=second, digest=digest, remark="", now=second.begins_at)
    before = minutes_of(second, cora)
    page = signed_in(cast.cora).get(f"/boards/{second.pk}/minutes/").content.decode()
    assert "became of it since" not in page
    assert [row.became for row in before.last_time] == ["open: booked"]
    assert before.since == ()
    own = FollowUp.objects.select_related("decision__case__tumor__patient__institution").get(decision__meeting=second)
    for item, seen in ((task, 1), (own, 0)):
        said = {"outcome": "done", "reason": "", "line": "", "seen": seen, "meeting": None, "now": second.begins_at}
        say_outcome(actor=cora, item=item, **said)
    after = minutes_of(second, cora)
    assert (replace(after, since=()), after.code) == (before, before.code)
    assert [row.became.partition(" (")[0] for row in after.since] == ["done", "done"]
    assert replace(after, last_time=()).code != after.code
    page = signed_in(cast.cora).get(f"/boards/{second.pk}/minutes/").content.decode()
    signed, _, since = page.partition("What became of it since")
    assert "open: booked" in signed
    assert "done (" not in signed
    assert since.count(": done (Cora") == 2


def test_partly_done_closes_an_item_everywhere_and_can_be_corrected_where_it_was_said(
    cast: Cast, chair: User, decision: Decision, second: Meeting
) -> None:
    now = timezone.now()
    third = called(cast, chair, now=now + SOON * 2, title="Third")
    case = on_agenda(cast, third, "N-3", now=now)
    third = locked(cast, third, now=now)
    record_decision(actor=acting(chair), case=again(second.cases.get()), said=WITH_TASK, now=now)
    item = FollowUp.objects.get(kind="condition")
    cora = signed_in(cast.cora)
    earlier = f"/boards/{third.pk}/earlier/"
    assert f'id="item-{item.pk}"' in cora.get(earlier).content.decode()
    address = f"/patients/{decision.case.tumor.patient_id}/follow-ups/{item.pk}/"
    sent = {"outcome": "partly", "reason": "patient_declined", "meeting": str(third.pk), "next": earlier}
    assert cora.post(address, sent | {"seen": "0"}).status_code == 302
    page = cora.get(earlier).content.decode()
    assert f'id="item-{item.pk}"' in page
    assert "partly done: the patient did not want it" in page
    assert "3 of 4 open" in page
    later = now.date() + timedelta(days=400)
    counts = {one.code: one.number for one in follow_up_page(acting(cast.cora), {}, later).counts}
    assert counts == {"open": 3, "late": 1, "conditions": 0, "undated": 2, "closed": 1}
    assert cora.post(address, sent | {"seen": "1", "outcome": "open", "reason": ""}).status_code == 302
    assert "4 of 4 open" in cora.get(earlier).content.decode()
    assert case.meeting_id == third.pk
