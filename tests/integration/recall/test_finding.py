"""Which reviews a new version recalls: exactly those whose list it would give otherwise, and each once."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from netcare.access import actor_for_user, today_for
from netcare.access.actions import end_membership
from netcare.access.models import User
from netcare.audit import append_only
from netcare.audit.models import AuditEvent
from netcare.jobs.models import JobState
from pathways.actions.publishing import publish
from pathways.assessing import assess_facts, assess_tumor
from pathways.drafting.going_with import retiring_option
from pathways.drafts.editing import change
from pathways.drafts.reasons import give_reason
from pathways.drafts.selectors import ruleset_of_draft
from pathways.models import Draft as RulesetDraft
from pathways.models import RecallDifference, RecallEntry, RecallEvent, RulesetVersion
from pathways.presenters.recall import changes_of, recall_notice
from pathways.recall.actions import close
from pathways.recall.finding import differences, signed_statuses
from pathways.recall.looked import of_review
from pathways.recall.opening import Due, recall_tumor
from pathways.recall.retired import retired_since
from pathways.recall.standing import standing_of
from pathways.reviews.signing import Draft, Word, seen_token, sign_review
from pathways.selectors import InForce, ruleset_in_force, ruleset_of
from patients.actions import NewFinding, record_findings
from patients.facts import facts_of
from patients.models import Tumor
from tests.cast import SYSTEM, Cast, acting, gather
from tests.effects import a_draft
from tests.integration.recall.clinic import (
    NOW,
    PRRT,
    TODAY,
    Edit,
    publish_edited,
    recalled,
    rule,
    run_recall,
    sign,
    uptake_up_to,
    with_uptake,
)

pytestmark = pytest.mark.usefixtures("published")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


def told(entry: RecallEntry) -> list[tuple[str, str, str, list[str]]]:
    rows = RecallDifference.objects.filter(entry=entry).order_by("place")
    return [(row.option, row.before, row.after, row.rules) for row in rows]


def test_a_review_is_recalled_with_the_option_the_statuses_and_the_rule(cast: Cast) -> None:
    tumor = with_uptake(cast)
    review = sign(tumor, cast.clara)
    version = publish_edited(uptake_up_to(2))
    run_recall(version)
    entry = recalled(tumor)
    assert (entry.version, entry.review, entry.snapshot) == (version, review, review.snapshot)
    (difference,) = told(entry)
    assert difference[0] == PRRT
    assert (difference[2], difference[3]) == ("excluded", ["PRRT-E5"])
    standing = standing_of(entry)
    assert (standing.is_open, standing.owner, standing.by_name) == (True, cast.clara, "netcare")
    event = AuditEvent.objects.get(action="recall.found")
    assert (event.patient_id, event.subject) == (tumor.patient_id, str(entry.pk))


def test_a_list_that_is_the_same_under_the_new_version_is_not_recalled(cast: Cast) -> None:
    tumor = with_uptake(cast, krenning=4)
    sign(tumor, cast.clara)
    run_recall(publish_edited(uptake_up_to(2)))
    assert RecallEntry.objects.count() == 0


def test_an_option_that_was_retired_recalls_whose_list_had_it_and_names_the_retirement(cast: Cast) -> None:
    tumor = with_uptake(cast)
    review = sign(tumor, cast.clara, Word("clinical_trial", "discuss"))
    listed = signed_statuses(review.snapshot)
    gone = {status: next(c for c, s in listed.items() if s == status) for status in ("not_indicated", "candidate")}

    def retire(code: str, why: str = "") -> RulesetVersion:
        draft, editor = a_draft(acting(cast.edda)), acting(cast.edda)
        change(actor=editor, draft=draft, make=lambda content: retiring_option(content, code), what="out", now=NOW)
        if why:
            place = f"option {code}"
            give_reason(actor=editor, draft=draft, place=place, text=why, source="Board, 3 Nov 2026", now=NOW)
        ruleset = ruleset_of_draft(RulesetDraft.objects.get(pk=draft.pk))
        version = publish(ruleset=ruleset, note="Retired.", actor=SYSTEM, by=None, at=NOW)
        RulesetDraft.objects.filter(pk=draft.pk).update(state="published", published=version)
        return version

    run_recall(retire(gone["not_indicated"]))
    assert not RecallEntry.objects.exists()
    run_recall(retire(gone["candidate"], "It is out of use."))
    entry = recalled(tumor)
    assert told(entry) == [(gone["candidate"], "candidate", "", [])]
    (one,) = changes_of(entry)
    assert one.retired == (
        "The option was retired in version 3, because: It is out of use. (Source: Board, 3 Nov 2026)"
    )
    before = entry.snapshot.ruleset_version
    assert retired_since(gone["not_indicated"], before, entry.version) == " in version 2."
    assert recall_notice(entry, acting(cast.clara)).sentence.endswith(
        f"because of the retired option {one.title} in v3. {one.title}: candidate → not in the catalogue."
    )


def test_new_facts_alone_recall_nobody(cast: Cast) -> None:
    """The facts of the review are compared, not those of today; the page says by itself what new facts change."""
    tumor = with_uptake(cast, krenning=4)
    sign(tumor, cast.clara)
    poor = NewFinding("differentiation", date(2026, 11, 19), "pathology", value="poor", tumor=tumor)
    record_findings(actor=acting(cast.clara), patient=tumor.patient, findings=[poor], now=NOW)
    run_recall(publish_edited(lambda data: rule(data, "PRRT-E5").update(rationale="In other words.")))
    assert RecallEntry.objects.count() == 0


def test_an_option_that_was_to_be_discussed_and_is_ruled_out_is_due_sooner(cast: Cast) -> None:
    discussed, other = with_uptake(cast, "N-1"), with_uptake(cast, "N-2")
    sign(discussed, cast.clara, Word(PRRT, "bring_to_board"))
    sign(other, cast.clara, Word("clinical_trial", "discuss"))
    version = publish_edited(uptake_up_to(2))
    for tumor in (discussed, other):
        recall_tumor(tumor=tumor, version=version, at=NOW)
    assert standing_of(recalled(discussed)).due_on == TODAY + Due.SOON
    assert standing_of(recalled(other)).due_on == TODAY + Due.USUAL


def test_a_reviewer_who_lost_access_owns_nothing(cast: Cast) -> None:
    tumor = with_uptake(cast)
    sign(tumor, cast.clara)
    end_membership(team=cast.abdomen, user=cast.clara, by=acting(cast.cora))
    run_recall(publish_edited(uptake_up_to(2)))
    assert standing_of(recalled(tumor)).owner is None


def test_reviewing_again_under_the_new_version_closes_the_entry(cast: Cast) -> None:
    tumor = with_uptake(cast)
    sign(tumor, cast.clara)
    run_recall(publish_edited(uptake_up_to(2)))
    again = sign(tumor, cast.vera, now=LATER)
    standing = standing_of(recalled(tumor))
    assert (standing.is_open, standing.reason, standing.line) == (False, "reviewed_again", f"review {again.check_code}")


def test_a_later_version_that_makes_it_equal_again_closes_the_entry(cast: Cast) -> None:
    tumor = with_uptake(cast)
    sign(tumor, cast.clara)
    run_recall(publish_edited(uptake_up_to(2)))
    run_recall(publish_edited(uptake_up_to(1)))
    standing = standing_of(recalled(tumor))
    assert (standing.is_open, standing.reason) == (False, "no_longer_differs")
    assert RecallEntry.objects.count() == 1


def test_a_later_version_takes_over_owner_and_earlier_date(cast: Cast) -> None:
    tumor = with_uptake(cast)
    sign(tumor, cast.clara)
    first = recall_tumor(tumor=tumor, version=publish_edited(uptake_up_to(2)), at=NOW)
    assert first is not None
    version = publish_edited(
        lambda data: rule(data, "TRIAL-I1").update(when={"feature": "ecog", "op": "=", "value": 0})
    )
    entry = recall_tumor(tumor=tumor, version=version, at=NOW + timedelta(days=3))
    assert entry is not None
    assert {option for option, *_ in told(entry)} == {PRRT, "clinical_trial"}
    assert (standing_of(first).is_open, standing_of(first).reason, standing_of(first).line) == (False, "replaced", "v3")
    assert (standing_of(entry).owner, standing_of(entry).due_on) == (cast.clara, standing_of(first).due_on)


def test_what_a_person_closed_is_not_asked_again_for_the_same_differences(cast: Cast) -> None:
    tumor = with_uptake(cast)
    sign(tumor, cast.clara)
    run_recall(publish_edited(uptake_up_to(2)))
    close(actor=acting(cast.clara), entry=recalled(tumor), seen=1, reason="no_consequence", line="", now=LATER)
    run_recall(publish_edited(lambda data: rule(data, "PRRT-E5").update(rationale="In other words.")))
    assert RecallEntry.objects.count() == 1
    run_recall(
        publish_edited(lambda data: rule(data, "TRIAL-I1").update(when={"feature": "ecog", "op": "=", "value": 0}))
    )
    assert standing_of(recalled(tumor)).is_open


def test_a_limit_on_age_counts_as_it_would_have_on_the_day_of_the_review(cast: Cast) -> None:
    tumor = with_uptake(cast, krenning=1)  # seen on 1 November, signed on the 20th
    sign(tumor, cast.clara)

    def limit(days: int) -> Edit:
        def edit(data: dict[str, Any]) -> None:
            data["limits"] = {"krenning_score": {"days": days, "reason": "Uptake moves."}}

        return edit

    run_recall(publish_edited(limit(19)))
    assert RecallEntry.objects.count() == 0
    run_recall(publish_edited(limit(18)))
    options = {option: (before, after) for option, before, after, _ in told(recalled(tumor))}
    assert options[PRRT][0] == "excluded"
    assert options[PRRT][1] != "excluded"


def test_a_job_of_a_version_that_was_superseded_recalls_nobody(cast: Cast) -> None:
    tumor = with_uptake(cast)
    sign(tumor, cast.clara)
    second = publish_edited(uptake_up_to(2))
    publish_edited(uptake_up_to(1))
    jobs = run_recall(second)
    assert RecallEntry.objects.count() == 0
    assert {job.state for job in jobs} == {JobState.DONE}


def test_a_job_delivered_twice_makes_each_entry_once(cast: Cast) -> None:
    tumor = with_uptake(cast)
    sign(tumor, cast.clara)
    version = publish_edited(uptake_up_to(2))
    for _ in range(3):
        recall_tumor(tumor=tumor, version=version, at=NOW)
    assert (RecallEntry.objects.count(), RecallEvent.objects.count()) == (1, 1)


def test_a_job_recalls_the_patients_of_its_own_institution_alone(cast: Cast) -> None:
    here = with_uptake(cast)
    there = with_uptake(cast, "S-1", team=cast.south_team, by=cast.silas)
    sign(here, cast.clara)
    sign(there, cast.silas)
    run_recall(publish_edited(uptake_up_to(2)), cast.southside)
    assert [entry.tumor for entry in RecallEntry.objects.all()] == [there]


def test_a_snapshot_that_was_altered_is_left_out_by_name_and_the_others_are_done(cast: Cast) -> None:
    good, bad = with_uptake(cast, "N-1"), with_uptake(cast, "N-2")
    sign(good, cast.clara)
    damaged = sign(bad, cast.clara).snapshot
    protected = next(one for one in append_only.protected_tables() if one.table == "pathways_snapshot")
    if connection.vendor == "postgresql":  # what this transaction wrote so far is checked now, or no trigger can go
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    append_only.remove(connection, protected)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pathways_snapshot SET features = '{}' WHERE digest = %s", [damaged.digest])
    append_only.install(connection, protected)
    (job,) = run_recall(publish_edited(uptake_up_to(2)), cast.northside)
    assert [entry.tumor for entry in RecallEntry.objects.all()] == [good]
    assert [(one["key"], one["sentence"]) for one in job.skipped] == [
        (str(bad.pk), "This tumor failed with NotReplayable.")
    ]


TABLES = ("pathways_recallentry", "pathways_recalldifference", "pathways_recallevent")


@pytest.mark.parametrize("table", TABLES)
def test_what_happened_to_an_entry_cannot_be_altered(table: str, cast: Cast) -> None:
    tumor = with_uptake(cast)
    sign(tumor, cast.clara)
    run_recall(publish_edited(uptake_up_to(2)))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def _loosen_uptake(data: dict[str, Any]) -> None:
    rule(data, "PRRT-E5")["when"]["value"] = 3


def _drop_a_third_of_the_rules(data: dict[str, Any]) -> None:
    kept = [entry for place, entry in enumerate(data["rules"]) if place % 3]
    data["rules"] = kept
    data["cases"] = {code: case for code, case in data["cases"].items() if code in {entry["code"] for entry in kept}}


def _limit_everything(data: dict[str, Any]) -> None:
    names = [name for part in ("patient", "tumor") for name in data["dictionary"][part]]
    allowed = [name for name in names if name not in ("age_years", "sex")]
    data["limits"] = {name: {"days": 60, "reason": "Everything moves."} for name in allowed}


@pytest.mark.parametrize("edit", [_loosen_uptake, _drop_a_third_of_the_rules, _limit_everything])
def test_the_recall_of_the_demo_is_exactly_the_difference_between_the_two_lists(edit: Edit, db: None) -> None:
    """Held against assessing every patient again under the other version, which shares nothing with the recall but the
    engine."""
    call_command("load_demo", stdout=io.StringIO())
    clinician = User.objects.select_related("institution").get(username="clinician")
    actor, at = actor_for_user(clinician), timezone.now()
    today = today_for(clinician.institution, at=at)
    tumors = list(
        Tumor.objects.filter(patient__institution=clinician.institution).select_related("patient__institution")
    )
    before = {}
    for tumor in tumors:
        done = assess_tumor(tumor, as_of=today)
        before[tumor.pk] = {one.code: one.status.value for one in done.assessment.options}
        draft = Draft([Word("clinical_trial", "discuss")], "yes")
        sign_review(actor=actor, tumor=tumor, seen=seen_token(done), draft=draft, now=at)
    version = publish_edited(edit, now=at)
    expected = {}
    for tumor in tumors:
        facts = facts_of(tumor, as_of=today)
        now = assess_facts(tumor, facts, InForce(version, ruleset_of(version))).assessment
        after = {one.code: one.status.value for one in now.options}
        changed = {
            code: (before[tumor.pk][code], after[code]) for code in after if after[code] != before[tumor.pk][code]
        }
        if changed:
            expected[tumor.pk] = changed
    run_recall(version)
    found: dict[Any, dict[str, tuple[str, str]]] = {}
    for row in RecallDifference.objects.select_related("entry"):
        found.setdefault(row.entry.tumor_id, {})[row.option] = (row.before, row.after)
        assert row.rules, f"{row.option} changed and no rule is named"
    assert found == expected
    assert expected, "the edit changes nobody, so this shows nothing"


def test_without_a_version_in_between_nothing_differs(cast: Cast) -> None:
    review = sign(with_uptake(cast), cast.clara)
    assert differences(of_review(review), ruleset_in_force().ruleset) == []
