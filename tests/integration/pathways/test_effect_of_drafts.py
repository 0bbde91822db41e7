"""The effect of a draft over the demo: its rows are those that a plain comparison gives, and no name gets out."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from netcare.access import NotAllowed
from netcare.access.models import Institution, User
from netcare.audit.models import AuditEvent
from netcare.jobs.models import Job, JobState
from pathways.actions.stopping import place_stop
from pathways.assessing import assess_tumor, fresh_features
from pathways.drafting.content import Place
from pathways.drafts.effect_reads import keys_of, run_for
from pathways.drafts.effects import acknowledge_effects, start_effect
from pathways.drafts.gate import blockers
from pathways.drafts.selectors import ruleset_of_draft
from pathways.drafts.steps import take_step
from pathways.engine import statuses
from pathways.models import Acknowledgement, Draft, EffectKind, EffectRow, EffectRun, EffectSubject, Step
from pathways.reviews.signing import Draft as Said
from pathways.reviews.signing import Word, seen_token, sign_review
from pathways.selectors import ruleset_of
from patients.facts import facts_of
from patients.models import Patient, Tumor
from tests.cast import acting
from tests.effects import REASON, a_draft, acknowledge_all, computed, edited

KRENNING = {"feature": "krenning_score", "op": "<=", "value": 4}
KNOWN = {"feature": "primary_site", "op": "is_known"}
E5 = Place("rules", "PRRT-E5")


def _wider(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "when": KRENNING}


def _never(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "when": {"all": [entry["when"], {"not": entry["when"]}]}}


EDITS: dict[str, list[tuple[Place, Callable[[dict[str, Any]], dict[str, Any] | None]]]] = {
    "a threshold moves": [(E5, _wider)],
    "an exclusion becomes a caution": [(E5, lambda entry: {**entry, "effect": "caution"})],
    "a reason for everybody": [(Place("rules", "PRRT-I1"), lambda entry: {**entry, "when": KNOWN})],
    "a definition means less": [(Place("definitions", "advanced"), _never)],
    "a limit on age": [
        (Place("limits", "krenning_score"), lambda entry: {"days": 1, "reason": "A reading ages fast."})
    ],
    "a title alone": [(E5, lambda entry: {**entry, "title": "Too little uptake"})],
}


@pytest.fixture
def editor(demo: None, db: None) -> Any:
    return acting(User.objects.get(username="editor"))


@pytest.fixture
def approver(demo: None, db: None) -> Any:
    return acting(User.objects.get(username="approver"))


def _signed(username: str, mrn: str) -> None:
    """A review of a demo patient, so that a stored assessment is there."""
    user = User.objects.get(username=username)
    tumor = Tumor.objects.select_related("patient__institution").get(patient__mrn=mrn, number=1)
    today = timezone.now().date()
    sign_review(
        actor=acting(user),
        tumor=tumor,
        seen=seen_token(assess_tumor(tumor, as_of=today)),
        draft=Said([Word("clinical_trial", "discuss")], "not_recorded"),
        now=timezone.now(),
    )


def _plainly(run: EffectRun, draft: Draft) -> Iterator[tuple[Any, str, str, str]]:
    """Every option of every tumor whose status differs, one assessment after the other."""
    before, after = ruleset_of(run.base), ruleset_of_draft(draft)
    for tumor in Tumor.objects.select_related("patient__institution"):
        facts = facts_of(tumor, as_of=run.as_of)
        old = statuses(before, fresh_features(before, facts)[0])
        new = statuses(after, fresh_features(after, facts)[0])
        for option in dict.fromkeys([*old, *new]):
            if old.get(option) != new.get(option):
                yield tumor.id, option, str(old.get(option, "")), str(new.get(option, ""))


@pytest.mark.parametrize("edit", EDITS)
def test_the_rows_are_those_of_a_plain_comparison_of_every_tumor(edit: str, editor: Any) -> None:
    draft = a_draft(editor)
    for place, make in EDITS[edit]:
        draft = edited(draft, editor, place, make)
    run = computed(draft, editor)
    rows = EffectRow.objects.filter(subject__run=run, subject__kind=EffectKind.TODAY)
    found = list(rows.values_list("subject__tumor", "option", "before", "after"))
    assert sorted(found, key=str) == sorted(_plainly(run, draft), key=str)
    assert (edit == "a title alone") == (not found)
    assert all(row.because for row in rows) or edit == "a limit on age"
    today = EffectSubject.objects.filter(run=run, problem="", kind=EffectKind.TODAY)
    assert today.count() == Tumor.objects.count()


def _signals(draft: Draft, step: Step = Step.APPROVE) -> list[str]:
    """What the gate says of the effect."""
    draft.refresh_from_db()
    return [one.sentence for one in blockers(draft, step, timezone.now()) if one.tab == "effect"]


def _findings_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proofs are another matter; here nothing of theirs stands in the way."""
    monkeypatch.setattr("pathways.drafts.gate._report", lambda draft, report: [])
    monkeypatch.setattr("pathways.drafts.gate.report_of", lambda draft: None)


def test_the_gate_asks_for_the_effect_of_this_wording_and_for_each_group(
    editor: Any, approver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _findings_acknowledged(monkeypatch)
    draft = edited(a_draft(editor), editor, E5, _wider)
    assert _signals(draft) == ["Its effect on the patients on record is not computed for this wording yet."]
    assert _signals(draft, Step.SUBMIT) == []
    run = start_effect(actor=editor, draft=draft, now=timezone.now())
    assert _signals(draft) == ["Its effect on the patients on record is still being computed."]
    assert computed(draft, editor).id == run.id
    groups = len(keys_of(run))
    assert groups > 0
    expected = f"{groups} groups of changes are" if groups > 1 else "1 group of changes is"
    assert _signals(draft) == [f"{expected} not acknowledged yet by the approver, with a reason."]
    acknowledge_all(draft, approver)
    assert _signals(draft) == []


def test_submitting_asks_for_the_effect_in_the_same_transaction_and_no_second_time(
    editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _findings_acknowledged(monkeypatch)
    draft = edited(a_draft(editor), editor, E5, _wider)
    for _ in range(2):
        take_step(actor=editor, draft=draft, step=Step.SUBMIT, digest=draft.digest, now=timezone.now())
        take_step(actor=editor, draft=draft, step=Step.WITHDRAW, digest=draft.digest, now=timezone.now())
    (run,) = EffectRun.objects.filter(draft=draft)
    assert (run.digest, Job.objects.get(pk=run.job_id).state) == (draft.digest, JobState.QUEUED)


def test_a_change_of_the_draft_makes_the_effect_one_of_an_earlier_wording(
    editor: Any, as_person: Callable[[str], Client]
) -> None:
    draft = edited(a_draft(editor), editor, E5, _wider)
    computed(draft, editor)
    draft = edited(draft, editor, E5, lambda entry: {**entry, "title": "Too little uptake"})
    assert run_for(draft) is None
    page = as_person("editor").get(f"/pathway/drafts/{draft.id}/effect/").content.decode()
    assert "This effect is of an earlier wording of the draft" in page
    assert "Acknowledge the ticked groups" not in page


def test_a_draft_changed_while_the_run_waits_or_runs_stops_it_and_the_new_wording_needs_a_new_one(editor: Any) -> None:
    draft = edited(a_draft(editor), editor, E5, _wider)
    run = start_effect(actor=editor, draft=draft, now=timezone.now())
    draft = edited(draft, editor, E5, lambda entry: {**entry, "title": "Too little uptake"})
    after = computed(draft, editor)
    assert after.id != run.id
    from netcare.jobs import runner

    assert runner.run(run.job_id) == JobState.DONE
    run.refresh_from_db()
    assert (run.finished_at, run.overtaken_at is None, run.subjects.count()) == (None, False, 0)
    assert after.finished_at is not None


def test_done_twice_it_doubles_nothing(editor: Any) -> None:
    draft = edited(a_draft(editor), editor, E5, _wider)
    run = computed(draft, editor)
    before = list(EffectRow.objects.filter(subject__run=run).values_list("subject", "option", "before", "after"))
    Job.objects.filter(pk=run.job_id).update(state=JobState.QUEUED, finished_at=None, cursor="", done=0, total=None)
    EffectRun.objects.filter(pk=run.pk).update(finished_at=None)
    assert computed(draft, editor).id == run.id
    after = list(EffectRow.objects.filter(subject__run=run).values_list("subject", "option", "before", "after"))
    assert sorted(before) == sorted(after)
    again = computed(draft, editor)
    assert again.id != run.id
    assert EffectRow.objects.filter(subject__run=again).count() == len(before)


def test_a_group_is_acknowledged_with_a_reason_by_an_approver_who_wrote_nothing(editor: Any, approver: Any) -> None:
    draft = edited(a_draft(editor), editor, E5, _wider)
    run, now = computed(draft, editor), timezone.now()
    keys = sorted(keys_of(run))
    whole = {"draft": draft, "digest": draft.digest, "keys": keys, "reason": REASON, "now": now}
    with pytest.raises(NotAllowed):
        acknowledge_effects(**{**whole, "actor": editor})
    for name, value in {"digest": "sha256:0", "keys": [], "reason": "short"}.items():
        with pytest.raises(Exception, match="(changed since|Tick the groups|10 characters)"):
            acknowledge_effects(**{**whole, "actor": approver, name: value})
    with pytest.raises(Exception, match="not among the changes any more"):
        acknowledge_effects(**{**whole, "actor": approver, "keys": [*keys, "v1:made_up:candidate>excluded"]})
    assert not Acknowledgement.objects.filter(draft=draft).exists()
    assert acknowledge_effects(**whole, actor=approver) == len(keys)
    assert acknowledge_effects(**whole, actor=approver) == 0
    draft = edited(draft, editor, E5, lambda entry: {**entry, "title": "Too little uptake"})
    computed(draft, editor)
    assert _signals(draft) != []


@pytest.fixture
def seen(editor: Any, approver: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Draft, EffectRun]:
    """A draft whose effect is computed and acknowledged."""
    _findings_acknowledged(monkeypatch)
    draft = edited(a_draft(editor), editor, E5, _wider)
    run = computed(draft, editor)
    acknowledge_all(draft, approver)
    assert _signals(draft) == []
    return draft, run


def _said(draft: Draft, after: timedelta) -> str:
    now = EffectRun.objects.filter(draft=draft).latest("asked_at").asked_at + after
    return " ".join(one.sentence for one in blockers(draft, Step.APPROVE, now) if one.tab == "effect")


def test_an_effect_of_more_than_a_week_ago_is_computed_again_and_unchanged_groups_stay_acknowledged(
    seen: tuple[Draft, EffectRun], editor: Any, as_person: Callable[[str], Client]
) -> None:
    draft, run = seen
    assert _said(draft, timedelta(days=7)) == ""
    assert "more than 7 days ago: compute it again." in _said(draft, timedelta(days=7, minutes=1))
    again = computed(draft, editor)
    assert again.id != run.id
    assert keys_of(again) == keys_of(run)
    assert _signals(draft) == []


def test_what_is_recorded_or_signed_since_counts_after_an_hour_and_a_group_that_grew_is_acknowledged_anew(
    seen: tuple[Draft, EffectRun], editor: Any, as_person: Callable[[str], Client]
) -> None:
    draft, run = seen
    mrn = EffectRow.objects.filter(subject__run=run).order_by("id")[0].subject.tumor.patient.mrn
    assert _said(draft, timedelta(hours=2)) == ""
    EffectRun.objects.filter(pk=run.pk).update(asked_at=timezone.now() - timedelta(minutes=1))
    _signed("clinician", mrn)
    assert _said(draft, timedelta(minutes=59)) == ""
    page = as_person("approver").get(f"/pathway/drafts/{draft.id}/effect/").content.decode()
    assert "Data of patients were recorded since this was computed; they are not in it." in page
    assert "Data of patients were recorded since its effect was computed" in _said(draft, timedelta(hours=2))
    before = keys_of(run)
    again = computed(draft, editor)
    grown = keys_of(again) - before
    assert {key.partition("@")[0] for key in grown} <= {key.partition("@")[0] for key in before}
    assert grown
    assert "not acknowledged yet by the approver" in _said(draft, timedelta(minutes=5))


def test_a_stop_since_makes_the_effect_old_at_once(seen: tuple[Draft, EffectRun], approver: Any) -> None:
    draft, run = seen
    EffectRun.objects.filter(pk=run.pk).update(asked_at=timezone.now() - timedelta(minutes=1))
    place_stop(actor=approver, option="everolimus", reason="Reports of harm from two centers.", now=timezone.now())
    assert "An emergency stop was placed or lifted since" in _said(draft, timedelta(minutes=5))


def test_a_record_that_cannot_be_compared_is_named_and_must_be_acknowledged(
    editor: Any, approver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = Tumor.objects.order_by("id")[0]
    from pathways.drafts import effect_job

    plain = effect_job.moved_options

    def stumbles(*arguments: Any) -> Any:
        if EffectSubject.objects.count() == 2:
            raise ZeroDivisionError
        return plain(*arguments)

    draft = edited(a_draft(editor), editor, E5, lambda entry: {**entry, "title": "Too little uptake"})
    EffectSubject.objects.all().delete()
    monkeypatch.setattr(effect_job, "moved_options", stumbles)
    run = computed(draft, editor)
    assert run.finished_at is not None
    assert victim.id
    problems = EffectSubject.objects.filter(run=run).exclude(problem="")
    assert {one.problem for one in problems} == {"This record failed with ZeroDivisionError."}
    assert [key.partition("@")[0] for key in keys_of(run)] == ["v1:not-compared"]
    assert len(_signals(draft)) == 1


def _real(mrn: str) -> Patient:
    """A demo patient as if real, with a name that occurs nowhere else."""
    Patient.objects.filter(mrn=mrn).update(
        fictional=False, family_name="Canaryfamily", given_name="Canarygiven", mrn=f"CANARY-{mrn}"
    )
    return Patient.objects.get(mrn=f"CANARY-{mrn}")


def test_no_page_and_no_file_names_a_real_patient_and_each_shown_one_is_in_the_audit_record(
    editor: Any, approver: Any, as_person: Callable[[str], Client]
) -> None:
    draft = edited(a_draft(editor), editor, E5, _wider)
    moved = computed(draft, editor)
    tumor = EffectRow.objects.filter(subject__run=moved).order_by("id")[0].subject.tumor
    _signed("clinician", tumor.patient.mrn)
    real = _real(tumor.patient.mrn)
    computed(draft, editor)
    for person in ("editor", "approver"):
        client = as_person(person)
        pages = {
            where: client.get(f"/pathway/drafts/{draft.id}/effect/{where}").content.decode()
            for where in ("", "rows/", "effect.csv", "rows/?kind=review", "rows/?option=lutetium_dotatate")
        }
        for where, body in pages.items():
            assert "canary" not in body.lower(), (person, where)
            assert str(real.id) not in body, (person, where)
            assert real.birth_on.isoformat() not in body, (person, where)
        assert "Patient " in pages["rows/"]
        assert "signed review" in pages["rows/?kind=review"]
        event = AuditEvent.objects.filter(action="draft.effect_file").newest_first()[0]
        assert str(real.id) in event.patient_ids


def test_the_file_holds_the_rows_of_the_own_institution_and_no_formula(
    editor: Any, as_person: Callable[[str], Client]
) -> None:
    draft = edited(a_draft(editor), editor, E5, _wider)
    Patient.objects.filter(fictional=True).update(family_name="=HYPERLINK(1)")
    run = computed(draft, editor)
    body = as_person("editor").get(f"/pathway/drafts/{draft.id}/effect/effect.csv").content.decode("utf-8-sig")
    head, *lines = list(csv.reader(io.StringIO(body)))
    own = EffectRow.objects.filter(subject__run=run, subject__institution=editor.institution_id).count()
    assert head[0] == "patient"
    assert len(lines) == own > 0
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)


def test_counts_of_other_institutions_below_five_are_not_told(editor: Any, as_person: Callable[[str], Client]) -> None:
    draft = edited(a_draft(editor), editor, Place("rules", "PRRT-I1"), lambda entry: {**entry, "when": KNOWN})
    run = computed(draft, editor)
    other = Institution.objects.exclude(pk=editor.institution_id).get()
    assert 0 < EffectRow.objects.filter(subject__run=run, subject__institution=other).count() < 5
    client, address = as_person("editor"), f"/pathway/drafts/{draft.id}/effect/"
    assert "fewer than 5 tumors" in client.get(address).content.decode()
    assert "Otherplace" not in client.get(f"{address}rows/").content.decode()
    EffectSubject.objects.filter(run=run).update(institution=other)
    page = client.get(address).content.decode()
    assert "0 tumors" in page
    assert f"{EffectRow.objects.filter(subject__run=run, subject__kind='today').count()}" in page


@pytest.mark.parametrize("narrow", ["option=lutetium_dotatate", "direction=lose", "rule=PRRT-E5", "kind=today"])
def test_filters_keep_what_fits_and_what_is_unknown_keeps_everything(
    narrow: str, editor: Any, as_person: Callable[[str], Client]
) -> None:
    draft = edited(a_draft(editor), editor, E5, _wider)
    computed(draft, editor)
    client, address = as_person("editor"), f"/pathway/drafts/{draft.id}/effect/effect.csv"
    whole = client.get(address).content
    assert 0 < len(client.get(f"{address}?{narrow}").content) <= len(whole)
    assert client.get(f"{address}?direction=sideways&kind=%27;--").content == whole
    assert len(client.get(f"{address}?rule=NO-SUCH").content.splitlines()) == 1


def test_a_draft_that_changes_nobody_needs_the_run_and_no_word(
    editor: Any, as_person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    _findings_acknowledged(monkeypatch)
    draft = edited(a_draft(editor), editor, E5, lambda entry: {**entry, "title": "Too little uptake"})
    assert len(_signals(draft)) == 1
    computed(draft, editor)
    assert _signals(draft) == []
    page = as_person("approver").get(f"/pathway/drafts/{draft.id}/effect/").content.decode()
    assert "Nobody’s list changes" in page


def test_progress_survives_leaving_the_page_and_the_part_refreshes_the_page_at_the_end(
    editor: Any, as_person: Callable[[str], Client]
) -> None:
    draft = edited(a_draft(editor), editor, E5, _wider)
    client, address = as_person("editor"), f"/pathway/drafts/{draft.id}/effect/"
    assert "Not computed yet" in client.get(address).content.decode()
    assert client.post(f"{address}start/").status_code == 302
    part = client.get(address, headers={"HX-Target": "effect-progress"})
    assert "Waiting for a worker." in part.content.decode()
    assert "HX-Refresh" not in part
    run = run_for(draft)
    assert run is not None
    Job.objects.filter(pk=run.job_id).update(
        state=JobState.RUNNING, done=3, total=10, lease_expires_at=timezone.now(), message="3 of 10 records"
    )
    page = client.get(address).content.decode()
    assert "30 % of all records are compared." in page
    assert "3 of 10" not in page
    Job.objects.filter(pk=run.job_id).update(
        state=JobState.FAILED, lease_expires_at=None, failure="x", finished_at=timezone.now()
    )
    assert "it goes on where it stopped" in client.get(address).content.decode()
    computed(draft, editor)
    assert client.get(address, headers={"HX-Target": "effect-progress"})["HX-Refresh"] == "true"


def test_somebody_who_does_not_work_on_drafts_sees_nothing_of_it(
    editor: Any, as_person: Callable[[str], Client]
) -> None:
    draft = a_draft(editor)
    for person in ("clinician", "viewer", "coordinator", "auditor", "administrator"):
        client = as_person(person)
        assert client.get(f"/pathway/drafts/{draft.id}/effect/").status_code == 403
        assert client.post(f"/pathway/drafts/{draft.id}/effect/acknowledge/").status_code == 403
    assert as_person("editor").post(f"/pathway/drafts/{draft.id}/effect/acknowledge/").status_code == 403
