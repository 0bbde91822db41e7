"""Feedback: counted by the rule that held, reason and version; answered once; told to whoever had said it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from netcare.access import NotAllowed, Role
from netcare.access.actions import end_membership
from netcare.audit.models import AuditEvent
from pathways.feedback.counting import Cell, Wanted, counts, lines
from pathways.feedback.selectors import changed_in, events_of, told
from pathways.feedback.threads import Answer, answer, open_thread, put_away, take_up
from pathways.models import FeedbackEvent, FeedbackSeen, FeedbackThread, Review, RulesetVersion
from pathways.reviews.signing import Word
from pathways.reviews.snapshots import replay
from pathways.selectors import version_in_force
from patients.actions import Refused
from patients.models import Tumor
from tests.at_once import all_at_once
from tests.cast import Cast, acting, gather, person, signed_in
from tests.integration.recall.clinic import NOW, PRRT, publish_edited, rule, sign, uptake_up_to, with_uptake
from tests.starting import publish_starter

LATER = NOW + timedelta(hours=1)
NO = Word(PRRT, "not_suitable", ("comorbidity", "patient_preference"), "heart failure of Mrs Ash")


@pytest.fixture
def cast(db: None) -> Cast:
    publish_starter(NOW)
    return gather()


def refuse_prrt(cast: Cast, mrn: str = "N-1", word: Word = NO, **more: Any) -> Review:
    tumor = with_uptake(cast, mrn, **more)
    return sign(tumor, more.get("by", cast.clara), word)


def thread_on(cast: Cast, **more: Any) -> FeedbackThread:
    asked: dict[str, Any] = {
        "option": PRRT, "rule": "PRRT-I1", "reason": "comorbidity", "version": version_in_force(),
        "sentence": "Ask for heart function first.", "now": LATER,
    }  # fmt: skip
    return open_thread(actor=acting(cast.edda), **(asked | more))


def counted(cast: Cast, wanted: Wanted | None = None) -> dict[tuple[str, str, int], tuple[int, int | None]]:
    found = counts(acting(cast.edda), wanted or Wanted())
    return {(one.cell.rule, one.cell.reason, one.cell.version): (one.own, one.elsewhere) for one in found}


def faults(act: Callable[..., Any], **options: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(**options)
    return [fault.sentence for fault in refused.value.faults]


def test_a_review_counts_once_for_each_reason_and_each_rule_that_held(cast: Cast) -> None:
    refuse_prrt(cast)
    assert counted(cast) == {
        ("PRRT-I1", "comorbidity", 1): (1, None),
        ("PRRT-I1", "patient_preference", 1): (1, None),
    }


def test_versions_are_counted_apart_and_filters_narrow(cast: Cast) -> None:
    refuse_prrt(cast, "N-1")
    publish_edited(lambda data: rule(data, "PRRT-I1").update(rationale="In other words."))
    refuse_prrt(cast, "N-2", Word(PRRT, "not_suitable", ("comorbidity",)))
    refuse_prrt(cast, "N-3", Word(PRRT, "not_suitable", ("comorbidity",)))
    assert counted(cast, Wanted(reason="comorbidity")) == {
        ("PRRT-I1", "comorbidity", 1): (1, None),
        ("PRRT-I1", "comorbidity", 2): (2, None),
    }
    assert counted(cast, Wanted(version=2, rule="PRRT-I1")) == {("PRRT-I1", "comorbidity", 2): (2, None)}
    assert counted(cast, Wanted(option="clinical_trial")) == {}


def test_an_option_without_a_reason_that_held_is_counted_under_no_rule(cast: Cast) -> None:
    refuse_prrt(cast, word=Word("diazoxide", "not_suitable", ("not_available",)))
    assert list(counted(cast)) == [("", "not_available", 1)]


def test_words_that_are_no_refusal_are_not_counted(cast: Cast) -> None:
    refuse_prrt(cast, word=Word(PRRT, "discuss", ("comorbidity",), "first echo"))
    assert counted(cast) == {}


def test_fewer_than_five_from_elsewhere_are_not_told_nor_that_there_are_any(cast: Cast) -> None:
    one = Word(PRRT, "not_suitable", ("comorbidity",))
    for number in range(4):
        refuse_prrt(cast, f"S-{number}", one, team=cast.south_team, by=cast.silas)
    assert counted(cast) == {}
    refuse_prrt(cast, "N-1", one)
    assert counted(cast) == {("PRRT-I1", "comorbidity", 1): (1, None)}
    refuse_prrt(cast, "S-5", one, team=cast.south_team, by=cast.silas)
    assert counted(cast) == {("PRRT-I1", "comorbidity", 1): (1, 5)}


def test_lines_of_real_patients_reach_no_editor_and_those_of_fictional_ones_are_recorded(cast: Cast) -> None:
    refuse_prrt(cast)
    fictional = refuse_prrt(cast, "N-2", Word(PRRT, "not_suitable", ("comorbidity",), "invented"), fictional=True)
    refuse_prrt(cast, "S-1", Word(PRRT, "not_suitable", ("comorbidity",), "far"), team=cast.south_team, by=cast.silas,
                fictional=True)  # fmt: skip
    assert [one.line for one in lines(acting(cast.edda), Wanted())] == ["invented"]
    page = signed_in(cast.edda).get("/pathway/feedback/").content.decode()
    assert "invented" in page
    for hidden in ("heart failure of Mrs Ash", "far", "AshN-2", "N-2", "Clara"):
        assert f">{hidden}" not in page, hidden
    event = AuditEvent.objects.filter(action="feedback.read").newest_first()[0]
    assert event.patient_ids == [str(fictional.snapshot.tumor.patient_id)]


def test_who_reviewed_is_told_what_came_of_it_and_puts_it_away(cast: Cast) -> None:
    refuse_prrt(cast)
    thread = thread_on(cast)
    assert told(cast.clara) == []
    take_up(actor=acting(cast.edda), thread=thread, seen=0, draft="draft-7", now=LATER)
    answer(
        actor=acting(cast.apollo), thread=thread, seen=1, given=Answer("not_changed", "It stays a caution."), now=LATER
    )
    (one,) = told(cast.clara)
    assert (one.answer.sentence, [item.option for item in one.items]) == ("It stays a caution.", [PRRT])
    assert told(cast.theo) == told(cast.vera) == []
    client = signed_in(cast.clara)
    home = client.get("/", follow=True).content.decode()
    assert (
        "You said “comorbidity or frailty”, “the patient does not want it” of PRRT with 177Lu-DOTATATE, "
        "rule “Advanced GEP NET, progressing” (PRRT-I1), on 20 Nov 2026." in home
    )
    assert "Outcome, not changed: It stays a caution." in home
    for _ in range(2):
        assert client.post(f"/feedback/{thread.pk}/seen/").status_code == 302
    assert told(cast.clara) == []
    assert FeedbackSeen.objects.count() == 1
    assert "Outcome" not in client.get("/", follow=True).content.decode()
    review = Review.objects.get()
    page = client.get(f"/patients/{review.snapshot.tumor.patient_id}/reviews/{review.pk}/").content.decode()
    assert "It stays a caution." in page
    assert "put away" not in page


def test_an_outcome_is_told_for_the_rule_the_reason_and_the_version_that_it_is_about(cast: Cast) -> None:
    refuse_prrt(cast)
    for about in ({"reason": "not_available"}, {"option": "clinical_trial", "rule": "TRIAL-I1", "reason": ""}):
        thread = thread_on(cast, **about)
        answer(actor=acting(cast.edda), thread=thread, seen=0, given=Answer("not_changed", "No."), now=LATER)
    assert told(cast.clara) == []
    thread = thread_on(cast, rule="", reason="")
    answer(actor=acting(cast.edda), thread=thread, seen=0, given=Answer("not_changed", "No."), now=LATER)
    assert [one.answer.thread for one in told(cast.clara)] == [thread]


def test_what_is_said_under_a_later_version_is_not_answered_by_an_earlier_thread(cast: Cast) -> None:
    thread = thread_on(cast)
    publish_edited(lambda data: rule(data, "PRRT-I1").update(rationale="In other words."))
    refuse_prrt(cast)
    answer(actor=acting(cast.edda), thread=thread, seen=0, given=Answer("not_changed", "No."), now=LATER)
    assert told(cast.clara) == []


def test_without_access_to_the_patient_there_is_the_outcome_and_no_link(cast: Cast) -> None:
    review = refuse_prrt(cast)
    thread = thread_on(cast)
    answer(actor=acting(cast.edda), thread=thread, seen=0, given=Answer("not_changed", "No."), now=LATER)
    assert str(review.pk) in signed_in(cast.clara).get("/patients/").content.decode()
    end_membership(team=cast.abdomen, user=cast.clara, by=acting(cast.cora))
    page = signed_in(cast.clara).get("/patients/").content.decode()
    assert "Outcome, not changed: No." in page
    assert str(review.pk) not in page


def test_a_version_that_changed_the_rule_is_offered_and_sent_by_a_person_alone(cast: Cast) -> None:
    refuse_prrt(cast)
    thread = thread_on(cast)
    publish_edited(uptake_up_to(2))
    assert changed_in(thread) == []
    third = publish_edited(lambda data: rule(data, "PRRT-I1").update(rationale="Only with a fit heart."))
    assert changed_in(thread) == [third]
    assert events_of(thread) == []
    page = signed_in(cast.edda).get(f"/pathway/feedback/{thread.pk}/").content.decode()
    assert "v3 changed this rule since." in page
    assert "Changed in v3. It reads now:" in page
    answer(actor=acting(cast.edda), thread=thread, seen=0, given=Answer("changed", "See v3.", third), now=LATER)
    assert "Outcome, changed in v3: See v3." in signed_in(cast.clara).get("/patients/").content.decode()


def test_a_version_that_left_the_rule_alone_is_not_called_its_change(cast: Cast) -> None:
    thread, second = thread_on(cast), publish_edited(uptake_up_to(2))
    given = Answer("changed", "See v2.", second)
    assert faults(answer, actor=acting(cast.edda), thread=thread, seen=0, given=given, now=LATER) == [
        "v2 did not change rule PRRT-I1. Choose a version that did, or say that it was not changed."
    ]
    given = Answer("changed", "See v2.")
    assert faults(answer, actor=acting(cast.edda), thread=thread, seen=0, given=given, now=LATER) == [
        "Choose the version that changed rule PRRT-I1."
    ]


def test_an_answer_that_contradicts_itself_is_not_sent(cast: Cast) -> None:
    given = Answer("not_changed", "Changed in v2. It reads now: always.")
    assert faults(answer, actor=acting(cast.edda), thread=thread_on(cast), seen=0, given=given, now=LATER) == [
        "The sentence says that it was changed, and the answer that it was not."
    ]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"sentence": "  "}, "What is proposed is missing."),
    ({"sentence": "x" * 501}, "What is proposed has 501 characters. Accepted are up to 500."),
    ({"option": "no_such"}, "v1 has no option “no_such”."),
    ({"rule": "TRIAL-I1"}, "The option has no rule “TRIAL-I1” in v1."),
    ({"reason": "whim"}, "“whim” is not one of the reasons of reviews."),
]


@pytest.mark.parametrize(("asked", "sentence"), REFUSED)
def test_a_thread_about_nothing_that_there_is_is_refused(asked: dict[str, Any], sentence: str, cast: Cast) -> None:
    assert faults(thread_on, cast=cast, **asked) == [sentence]
    assert FeedbackThread.objects.count() == 0


def test_who_edits_no_rules_opens_and_answers_nothing(cast: Cast) -> None:
    thread = thread_on(cast)
    for stranger in (cast.vera, cast.clara, cast.cora, cast.audra, cast.ada, cast.nora):
        with pytest.raises(NotAllowed):
            answer(actor=acting(stranger), thread=thread, seen=0, given=Answer("not_changed", "No."), now=LATER)
    for stranger in (cast.edda, cast.audra, cast.nora):
        with pytest.raises(NotAllowed):
            put_away(actor=acting(stranger), thread=thread, now=LATER)


def test_what_was_answered_is_answered(cast: Cast) -> None:
    thread = thread_on(cast)
    answer(actor=acting(cast.edda), thread=thread, seen=0, given=Answer("not_changed", "No."), now=LATER)
    asked = {"actor": acting(cast.apollo), "thread": thread, "now": LATER}
    sentence = "This was answered by Edda already. Nothing was saved; look again."
    assert faults(answer, seen=1, given=Answer("not_changed", "Yes."), **asked) == [sentence]
    assert faults(take_up, seen=0, draft="draft-1", **asked) == [sentence]
    for table in ("feedbackthread", "feedbackevent"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM pathways_{table}")


def test_counts_are_equal_to_counting_by_hand(cast: Cast) -> None:
    """Every review read again from its own bytes, without the selector."""
    words = [
        NO,
        Word(PRRT, "not_suitable", ("not_available",)),
        Word("clinical_trial", "not_suitable", ("comorbidity",)),
    ]
    for number in range(7):
        refuse_prrt(cast, f"N-{number}", words[number % 3])
    by_hand: dict[Cell, int] = {}
    for review in Review.objects.all():
        for item in review.items.all():
            held = [r.code for r in replay(review.snapshot).option(item.option).rules
                    if r.effect == "indication" and r.value.name == "TRUE"]  # fmt: skip
            for code in held or [""]:
                for reason in item.reasons:
                    cell = Cell(item.option, code, reason, 1)
                    by_hand[cell] = by_hand.get(cell, 0) + 1
    assert {one.cell: one.own for one in counts(acting(cast.edda), Wanted())} == by_hand


def test_an_editor_of_another_institution_sees_own_numbers_alone(cast: Cast) -> None:
    refuse_prrt(cast)
    editor = person(cast.southside, "Sven", Role.EDITOR)
    assert counts(acting(editor), Wanted()) == []
    assert Tumor.objects.count() == RulesetVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_who_answer_at_once_one_does() -> None:
    publish_starter(NOW)
    cast = gather()
    thread = thread_on(cast)

    def answering(number: int) -> Callable[[], FeedbackEvent]:
        actor, given = acting(cast.edda if number % 2 else cast.apollo), Answer("not_changed", f"No, {number}.")
        return lambda: answer(actor=actor, thread=thread, seen=0, given=given, now=LATER)

    results = all_at_once([answering(number) for number in range(4)])
    assert sum(isinstance(one, FeedbackEvent) for one in results) == 1
    assert FeedbackEvent.objects.count() == AuditEvent.objects.filter(action="feedback.answer").count() == 1
