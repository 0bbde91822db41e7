"""Submission, approval and publication: a second person, bound to the very content, never on a stale base."""

from datetime import date, timedelta

import pytest

from netcare.access import Actor, NotAllowed
from netcare.jobs import runner
from netcare.jobs.models import Job
from pathways.actions.publishing import publish
from pathways.drafting.content import apply
from pathways.drafting.going_with import retiring_option
from pathways.drafts.acknowledged import acknowledged
from pathways.drafts.acknowledging import acknowledge_finding
from pathways.drafts.editing import open_draft, undo
from pathways.drafts.effects import start_effect
from pathways.drafts.gate import blockers, changes_of
from pathways.drafts.policies import APPROVAL_LASTS
from pathways.drafts.reports import report_of
from pathways.drafts.steps import comment, publish_draft, take_step
from pathways.drafts.updating import bring_up_to_date
from pathways.engine import Ruleset, read_json
from pathways.models import Draft, DraftState, RulesetVersion, Step
from pathways.selectors import ruleset_of, version_in_force
from patients.actions import Refused
from tests.cast import SYSTEM, signed_in
from tests.integration.drafts.conftest import NOW, edit, entry, explain, see_the_effect


def step(
    actor: Actor, draft: Draft, which: Step, *, digest: str = "", text: str = "because", on: date | None = None
) -> None:
    draft.refresh_from_db()
    if which is Step.APPROVE and draft.state == DraftState.SUBMITTED and not digest:
        see_the_effect(actor, draft)
    take_step(actor=actor, draft=draft, step=which, digest=digest or draft.digest, text=text, on=on, now=NOW)
    draft.refresh_from_db()


def acknowledge_all(actor: Actor, draft: Draft) -> None:
    for finding in report_of(draft).to_acknowledge:
        acknowledge_finding(actor=actor, draft=draft, key=finding.key, reason="Known, and meant so.", now=NOW)


@pytest.fixture
def ready(draft: Draft, edda: Actor) -> Draft:
    """A draft with one harmless change, explained and with its findings acknowledged."""
    edit(edda, draft, "rules", "PRRT-C4", rationale="Fluid load may harm a failing heart; weigh it beforehand.")
    explain(edda, draft)
    draft.refresh_from_db()
    acknowledge_all(edda, draft)
    return draft


@pytest.fixture
def submitted(ready: Draft, edda: Actor) -> Draft:
    step(edda, ready, Step.SUBMIT)
    return ready


def test_three_people_and_the_whole_life_of_a_change(submitted: Draft, edda: Actor, apollo: Actor) -> None:
    assert submitted.state == DraftState.SUBMITTED
    step(apollo, submitted, Step.REJECT, text="Say it in fewer words.")
    assert submitted.state == DraftState.OPEN
    edit(edda, submitted, "rules", "PRRT-C4", rationale="Fluid load may harm a failing heart.")
    explain(edda, submitted)
    step(edda, submitted, Step.SUBMIT)
    step(apollo, submitted, Step.APPROVE)
    version = publish_draft(actor=apollo, draft=submitted, digest=submitted.digest, now=NOW)
    assert (version.version, version.published_by_name) == (2, "Apollo")
    assert ruleset_of(version_in_force()).rule("PRRT-C4").rationale == "Fluid load may harm a failing heart."
    submitted.refresh_from_db()
    assert (submitted.state, submitted.published_id) == (DraftState.PUBLISHED, version.pk)
    assert [one.step for one in submitted.steps.order_by("id")] == ["submit", "reject", "submit", "approve", "publish"]
    assert Job.objects.filter(kind="refresh_statuses").exists()
    with pytest.raises(NotAllowed, match="no longer edited"):
        edit(edda, submitted, "rules", "PRRT-C4", title="Later")


@pytest.mark.parametrize("which", [Step.APPROVE, Step.PUBLISH])
def test_nobody_lets_pass_what_they_contributed_to(submitted: Draft, apollo: Actor, both: Actor, which: Step) -> None:
    edit(both, submitted, "rules", "PRRT-C3", rationale="Low counts recover slowly.")
    explain(both, submitted)
    step(both, submitted, Step.SUBMIT)
    if which is Step.PUBLISH:
        step(apollo, submitted, Step.APPROVE)
    with pytest.raises(NotAllowed, match="You contributed to this draft"):
        if which is Step.PUBLISH:
            publish_draft(actor=both, draft=submitted, digest=submitted.digest, now=NOW)
        else:
            step(both, submitted, which)
    assert version_in_force().version == 1


def test_an_approval_dies_with_any_change_even_one_that_is_undone(submitted: Draft, edda: Actor, apollo: Actor) -> None:
    step(apollo, submitted, Step.APPROVE)
    approved = submitted.digest
    made = edit(edda, submitted, "rules", "PRRT-C4", title="Other")
    assert made is not None
    undo(actor=edda, draft=submitted, edit=made, now=NOW)
    submitted.refresh_from_db()
    assert (submitted.digest, submitted.state) == (approved, DraftState.OPEN)
    with pytest.raises(NotAllowed, match="The draft is being edited; it must be approved to be published."):
        publish_draft(actor=apollo, draft=submitted, digest=approved, now=NOW)
    assert version_in_force().version == 1


def test_a_form_of_yesterday_publishes_nothing(submitted: Draft, edda: Actor, apollo: Actor) -> None:
    seen = submitted.digest
    edit(edda, submitted, "rules", "PRRT-C4", title="Other")
    explain(edda, submitted)
    step(edda, submitted, Step.SUBMIT)
    with pytest.raises(Refused, match="The draft changed since you opened this page"):
        step(apollo, submitted, Step.APPROVE, digest=seen)
    assert submitted.state == DraftState.SUBMITTED


def test_an_old_approval_must_be_given_again(submitted: Draft, apollo: Actor) -> None:
    step(apollo, submitted, Step.APPROVE)
    later = NOW + APPROVAL_LASTS + timedelta(minutes=1)
    with pytest.raises(Refused, match="more than 30 days old"):
        publish_draft(actor=apollo, draft=submitted, digest=submitted.digest, now=later)
    last = NOW + APPROVAL_LASTS
    with pytest.raises(Refused, match="more than 7 days ago: compute it again"):
        publish_draft(actor=apollo, draft=submitted, digest=submitted.digest, now=last)
    run = start_effect(actor=apollo, draft=submitted, now=last)
    assert run.job_id is not None
    runner.run(run.job_id)
    assert publish_draft(actor=apollo, draft=submitted, digest=submitted.digest, now=last).version == 2


def test_what_stands_in_the_way_is_said_and_nothing_is_submitted(draft: Draft, edda: Actor) -> None:
    with pytest.raises(Refused, match="The draft changes nothing yet"):
        step(edda, draft, Step.SUBMIT)
    edit(edda, draft, "rules", "PRRT-E5", when={"feature": "krenning_score", "op": "=", "value": 0})
    with pytest.raises(Refused) as refused:
        step(edda, draft, Step.SUBMIT)
    said = [fault.sentence for fault in refused.value.faults]
    assert said[0] == (
        "Why it is changed, and from which source, is not said for rule “Uptake below liver (Krenning 0–1)” (PRRT-E5)."
    )
    assert "A case of rule “Uptake below liver (Krenning 0–1)” (PRRT-E5): true is expected, it is false." in said
    page = signed_in(edda.person).get(f"/pathway/drafts/{draft.id}/patients/").content.decode()
    assert "PRRT-E5</a>: true is expected, it is false." in page
    assert any(sentence.startswith("INV-03 is broken") for sentence in said)
    assert any("not acknowledged yet" in sentence for sentence in said)
    draft.refresh_from_db()
    assert draft.state == DraftState.OPEN


def test_a_broken_invariant_is_mended_and_not_acknowledged(draft: Draft, edda: Actor) -> None:
    edit(edda, draft, "rules", "PRRT-E5", when={"feature": "krenning_score", "op": "=", "value": 0})
    draft.refresh_from_db()
    (broken,) = report_of(draft).blocking
    with pytest.raises(Refused, match="not acknowledged but mended"):
        acknowledge_finding(actor=edda, draft=draft, key=broken.key, reason="I want it so.", now=NOW)
    with pytest.raises(Refused, match="has no such finding"):
        acknowledge_finding(actor=edda, draft=draft, key="made up", reason="I want it so.", now=NOW)


def test_an_invariant_is_changed_in_a_draft_of_its_own(draft: Draft, edda: Actor) -> None:
    edit(edda, draft, "rules", "PRRT-C4", title="Other")
    edit(edda, draft, "invariants", "INV-03", why="Uptake below that of the liver.")
    explain(edda, draft)
    acknowledge_all(edda, draft)
    with pytest.raises(Refused, match="an invariant is changed in a draft of its own"):
        step(edda, draft, Step.SUBMIT)


def said_of(draft: Draft) -> str:
    draft.refresh_from_db()
    return " ".join(blocker.sentence for blocker in blockers(draft, Step.SUBMIT, NOW))


def test_a_version_that_retired_an_option_is_rolled_back_in_one_draft(edda: Actor, published: RulesetVersion) -> None:
    data = read_json(published.content)
    without = apply(data, retiring_option(data, "interferon_alfa"))
    second = publish(ruleset=Ruleset.from_data(without), note="", actor=SYSTEM, by=None, at=NOW)
    back = open_draft(actor=edda, title="Roll back", note="", base=second, taken_from=published, now=NOW)
    explain(edda, back)
    acknowledge_all(edda, back)
    assert {"invariants", "rules"} <= {change.place.part for change in changes_of(back)}
    step(edda, back, Step.SUBMIT)
    assert back.state == DraftState.SUBMITTED


def test_why_a_roll_back_is_made_is_said_once(edda: Actor, published: RulesetVersion) -> None:
    data = read_json(published.content)
    without = apply(data, retiring_option(data, "interferon_alfa"))
    publish(ruleset=Ruleset.from_data(without), note="", actor=SYSTEM, by=None, at=NOW)
    client = signed_in(edda.person)
    sent = {"title": "Roll back", "version": "1", "note": "", "text": "x", "source": "x"}
    refused = client.post("/pathway/drafts/", sent)
    assert refused.status_code == 422
    assert "10 characters or more" in refused.content.decode()
    assert not Draft.objects.exists()
    assert client.post("/pathway/drafts/", sent | {"text": "It is in use again.", "source": "Board"}).status_code == 302
    back = Draft.objects.get()
    assert {reason.text for reason in back.reasons.all()} == {"Taken from version 1, because: It is in use again."}
    assert "from which source" not in said_of(back)
    edit(edda, back, "options", "interferon_alfa", title="Interferon")
    assert "The reason given for option “Interferon” (interferon_alfa) is of an earlier wording" in said_of(back)
    assert "from which source" not in said_of(back)


def test_an_option_that_is_put_back_goes_back_into_its_invariants_and_nothing_else_of_them_is_bent(
    edda: Actor, published: RulesetVersion
) -> None:
    data = read_json(published.content)
    without = apply(data, retiring_option(data, "interferon_alfa"))
    second = publish(ruleset=Ruleset.from_data(without), note="", actor=SYSTEM, by=None, at=NOW)
    back = open_draft(actor=edda, title="Interferon again", note="", base=second, taken_from=published, now=NOW)
    edit(edda, back, "rules", "PRRT-C4", title="Other")
    assert "a draft of its own" not in said_of(back)
    left = [code for code in entry(back, "invariants", "INV-19")["options"] if code != "cabozantinib"]
    edit(edda, back, "invariants", "INV-19", options=left)
    assert "(INV-19) and rules as well; an invariant is changed in a draft of its own" in said_of(back)


def test_a_stale_base_must_be_brought_up_to_date_first(submitted: Draft, edda: Actor, apollo: Actor) -> None:
    step(apollo, submitted, Step.APPROVE)
    data = read_json(submitted.base.content)
    rule = next(rule for rule in data["rules"] if rule["code"] == "PRRT-C3")
    rule["title"] = "Published meanwhile"
    second = publish(ruleset=Ruleset.from_data(data), note="", actor=SYSTEM, by=None, at=NOW)
    with pytest.raises(Refused, match=r"stands on NET pathway v1, and NET pathway v2 is in force now"):
        publish_draft(actor=apollo, draft=submitted, digest=submitted.digest, now=NOW)
    bring_up_to_date(actor=edda, draft=submitted, choices={}, now=NOW)
    submitted.refresh_from_db()
    assert (submitted.base_id, submitted.state) == (second.pk, DraftState.OPEN)
    assert entry(submitted, "rules", "PRRT-C3")["title"] == "Published meanwhile"
    step(edda, submitted, Step.SUBMIT)
    step(apollo, submitted, Step.APPROVE)
    assert publish_draft(actor=apollo, draft=submitted, digest=submitted.digest, now=NOW).version == 3


def test_where_both_changed_an_entry_somebody_says_which_stands(submitted: Draft, edda: Actor) -> None:
    data = read_json(submitted.base.content)
    rule = next(rule for rule in data["rules"] if rule["code"] == "PRRT-C4")
    rule["rationale"] = "Published meanwhile."
    publish(ruleset=Ruleset.from_data(data), note="", actor=SYSTEM, by=None, at=NOW)
    with pytest.raises(Refused, match="NET pathway v2 changed these too: rule PRRT-C4"):
        bring_up_to_date(actor=edda, draft=submitted, choices={}, now=NOW)
    bring_up_to_date(actor=edda, draft=submitted, choices={"rule PRRT-C4": "theirs"}, now=NOW)
    assert entry(submitted, "rules", "PRRT-C4")["rationale"] == "Published meanwhile."


def test_rolling_back_is_a_new_version_with_the_old_content(
    submitted: Draft, edda: Actor, apollo: Actor, published: RulesetVersion
) -> None:
    step(apollo, submitted, Step.APPROVE)
    second = publish_draft(actor=apollo, draft=submitted, digest=submitted.digest, now=NOW)
    back = open_draft(actor=edda, title="Roll back", note="", base=second, taken_from=published, now=NOW)
    explain(edda, back)
    acknowledge_all(edda, back)
    step(edda, back, Step.SUBMIT)
    step(apollo, back, Step.APPROVE)
    third = publish_draft(actor=apollo, draft=back, digest=back.digest, now=NOW)
    assert (third.version, third.digest) == (3, published.digest)
    late = {"step": "publish", "digest": back.digest, "text": ""}
    answer = signed_in(apollo.person).post(f"/pathway/drafts/{back.id}/review/step/", late)
    assert answer.status_code == 409
    assert "The draft was published as NET pathway v3 by Apollo on" in answer.content.decode()


def test_acknowledgements_of_a_published_draft_carry_over(submitted: Draft, edda: Actor, apollo: Actor) -> None:
    step(apollo, submitted, Step.APPROVE)
    second = publish_draft(actor=apollo, draft=submitted, digest=submitted.digest, now=NOW)
    after = open_draft(actor=edda, title="Next", note="", base=second, taken_from=None, now=NOW)
    edit(edda, after, "rules", "PRRT-C4", rationale="Fluid load matters in heart failure.")
    explain(edda, after)
    step(edda, after, Step.SUBMIT)
    assert after.state == DraftState.SUBMITTED


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (None, "Choose a day after today"),
        (NOW.date(), "Choose a day after today"),
        (NOW.date() - timedelta(days=1), "Choose a day after today"),
        (NOW.date() + APPROVAL_LASTS, "is too late: an approval carries a publication for 30 days"),
        (NOW.date() + timedelta(days=400), "2027-12-25 is too late"),
    ],
)
def test_a_day_of_publication_lies_ahead_and_before_the_approval_ends(
    submitted: Draft, apollo: Actor, on: date | None, sentence: str
) -> None:
    step(apollo, submitted, Step.APPROVE)
    with pytest.raises(Refused, match=sentence):
        step(apollo, submitted, Step.SCHEDULE, on=on)
    assert submitted.publish_on is None


def krenning(op: str, value: int) -> dict[str, object]:
    return {"feature": "krenning_score", "op": op, "value": value}


def test_a_hole_that_an_edit_widens_is_acknowledged_anew_and_one_that_it_does_not_is_not(
    submitted: Draft, edda: Actor, apollo: Actor
) -> None:
    step(apollo, submitted, Step.APPROVE)
    second = publish_draft(actor=apollo, draft=submitted, digest=submitted.digest, now=NOW)
    after = open_draft(actor=edda, title="Next", note="", base=second, taken_from=None, now=NOW)
    edit(edda, after, "rules", "PRRT-E5", when=krenning("<=", 0))
    after.refresh_from_db()
    open_ones = {one.about for one in report_of(after).to_acknowledge} - about(after)
    assert "hole_trial_only:list" not in open_ones  # fewer are ruled out, so nobody else falls into the hole
    edit(edda, after, "rules", "PRRT-E5", when=krenning("<=", 3))
    after.refresh_from_db()
    open_ones = {one.about for one in report_of(after).to_acknowledge} - about(after)
    assert "hole_trial_only:list" in open_ones
    assert "always_same_option:clinical_trial" not in open_ones
    page = signed_in(edda.person).get(f"/pathway/drafts/{after.id}/checks/").content.decode()
    assert "Acknowledged before</strong> by Edda" in page
    assert 'value="Known, and meant so."' in page
    acknowledge_all(edda, after)
    assert "acknowledged" not in said_of(after)


def about(draft: Draft) -> set[str]:
    """What is acknowledged of a draft's findings."""
    known = acknowledged(draft, report_of(draft))
    return {one.about for one in report_of(draft).to_acknowledge if one.key in known}


def test_sending_back_and_discarding_say_why(submitted: Draft, edda: Actor, apollo: Actor) -> None:
    with pytest.raises(Refused, match="Say what has to change"):
        step(apollo, submitted, Step.REJECT, text="  ")
    step(edda, submitted, Step.WITHDRAW)
    with pytest.raises(Refused, match="Say why it is discarded"):
        step(edda, submitted, Step.DISCARD, text="")
    step(edda, submitted, Step.DISCARD, text="Superseded.")
    assert submitted.state == DraftState.DISCARDED


def test_a_comment_is_words_and_says_where(draft: Draft, apollo: Actor) -> None:
    with pytest.raises(Refused, match="Write a comment first"):
        comment(actor=apollo, draft=draft, place="rule PRRT-E5", text=" ", now=NOW)
    made = comment(actor=apollo, draft=draft, place="rule PRRT-E5", text="Why 1?", now=NOW)
    assert (made.place, made.by_name) == ("rule PRRT-E5", "Apollo")
