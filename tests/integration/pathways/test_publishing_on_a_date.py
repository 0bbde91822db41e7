"""Approved drafts whose day has come: published once by the daily job, or their date is taken away with the reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from netcare.access import today_for
from netcare.access.models import User
from netcare.audit.models import AuditEvent
from netcare.jobs import runner
from netcare.jobs.actions import enqueue
from netcare.jobs.models import Job, JobState
from pathways.drafting.content import Place
from pathways.drafts.acknowledging import acknowledge_finding
from pathways.drafts.reports import report_of
from pathways.drafts.steps import take_step
from pathways.models import Draft, DraftState, DraftStep, EffectRun, Step
from pathways.selectors import version_in_force
from tests.cast import acting
from tests.effects import a_draft, acknowledge_all, computed, edited

E5 = Place("rules", "PRRT-E5")


@pytest.fixture
def editor(demo: None, db: None) -> Any:
    return acting(User.objects.get(username="editor"))


@pytest.fixture
def approver(demo: None, db: None) -> Any:
    return acting(User.objects.get(username="approver"))


@pytest.fixture
def due(editor: Any, approver: Any) -> Draft:
    """A draft that was approved and given a date, which is today now."""
    draft = edited(a_draft(editor), editor, E5, lambda entry: {**entry, "title": "Too little uptake"})
    for finding in report_of(draft).to_acknowledge:
        acknowledge_finding(
            actor=editor, draft=draft, key=finding.key, reason="Known, and meant so.", now=timezone.now()
        )
    _step(editor, draft, Step.SUBMIT)
    computed(draft, editor)
    acknowledge_all(draft, approver)
    _step(approver, draft, Step.APPROVE)
    _step(approver, draft, Step.SCHEDULE, on=timezone.now().date() + timedelta(days=2))
    Draft.objects.filter(pk=draft.pk).update(publish_on=today_for(approver.home))
    draft.refresh_from_db()
    return draft


def _step(actor: Any, draft: Draft, step: Step, on: date | None = None) -> None:
    take_step(actor=actor, draft=draft, step=step, digest=draft.digest, text="", on=on, now=timezone.now())
    draft.refresh_from_db()


def _daily(institution: Any) -> None:
    job = enqueue(kind="publish_due_drafts", payload={}, institution=institution)
    runner.run(job.id)
    assert Job.objects.get(pk=job.id).state == JobState.DONE


def test_what_is_due_is_published_once_in_the_name_of_whoever_set_the_date(due: Draft, approver: Any) -> None:
    for _ in range(2):
        _daily(approver.home)
    due.refresh_from_db()
    assert (due.state, due.published) == (DraftState.PUBLISHED, version_in_force())
    assert version_in_force().version == due.base.version + 1
    assert DraftStep.objects.get(draft=due, step=Step.PUBLISH).by == approver.user
    assert AuditEvent.objects.filter(action="draft.publish", actor_name=approver.name).count() == 1


def test_a_day_that_has_not_come_and_a_draft_of_another_institution_stay(due: Draft, approver: Any) -> None:
    elsewhere = User.objects.get(username="outsider").institution
    _daily(elsewhere)
    Draft.objects.filter(pk=due.pk).update(publish_on=today_for(approver.home) + timedelta(days=1))
    _daily(approver.home)
    due.refresh_from_db()
    assert (due.state, due.publish_on is None) == (DraftState.APPROVED, False)


def test_a_draft_that_something_stands_in_the_way_of_loses_its_date_and_says_why(
    due: Draft, approver: Any, as_person: Any
) -> None:
    due.effect_runs.all().delete()
    _daily(approver.home)
    due.refresh_from_db()
    assert (due.state, due.publish_on) == (DraftState.APPROVED, None)
    step = DraftStep.objects.filter(draft=due).order_by("-id")[0]
    assert (step.step, step.by, step.by_name) == (Step.UNSCHEDULE, None, "the daily publication")
    assert "and was not: Its effect on the patients on record is not computed" in step.text
    assert AuditEvent.objects.filter(action="draft.unschedule", actor_kind="system").exists()
    assert (
        "It was to be published on" in as_person("approver").get(f"/pathway/drafts/{due.id}/review/").content.decode()
    )


def test_whoever_set_the_date_must_still_be_allowed_to_publish_on_the_day(due: Draft, approver: Any) -> None:
    User.objects.filter(pk=approver.id).update(is_active=False)
    _daily(approver.home)
    due.refresh_from_db()
    assert (due.state, due.publish_on) == (DraftState.APPROVED, None)
    step = DraftStep.objects.filter(draft=due).order_by("-id")[0]
    assert "Dr. Apollo Secondlook, who set the date, may not publish it any more." in step.text


def test_a_draft_whose_effect_has_grown_old_is_published_once_it_is_computed_anew(due: Draft, approver: Any) -> None:
    EffectRun.objects.filter(draft=due).update(asked_at=timezone.now() - timedelta(days=8))
    _daily(approver.home)
    due.refresh_from_db()
    assert (due.state, due.publish_on) == (DraftState.APPROVED, today_for(approver.home))
    run = EffectRun.objects.filter(draft=due).latest("asked_at")
    assert run.finished_at is None
    runner.run(run.job_id)
    again = Job.objects.filter(kind="publish_due_drafts", state=JobState.QUEUED).get()
    runner.run(again.id)
    due.refresh_from_db()
    assert due.state == DraftState.PUBLISHED
