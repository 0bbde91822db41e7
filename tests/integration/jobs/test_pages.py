"""The pages of background work: who sees which job, progress that survives leaving the page, and asking again."""

import uuid
from datetime import UTC, datetime

import pytest
from django.test import Client

from netcare.access.models import User
from netcare.jobs import leases
from netcare.jobs.actions import enqueue
from netcare.jobs.models import Job, JobState
from tests.cast import PASSWORD, Cast, gather

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 12, 14, 5, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    return gather()


def _signed_in(user: User) -> Client:
    client = Client()
    assert client.login(username=user.username, password=PASSWORD)
    return client


def _job(cast: Cast, by: User | None = None) -> Job:
    return enqueue(
        kind="mark_items",
        payload={"items": ["secret-item-one", "secret-item-two"]},
        institution=cast.northside,
        requested_by=by,
    )


def test_the_coordinator_sees_the_institution_s_jobs_and_a_clinician_those_asked_for_in_person(cast: Cast) -> None:
    job, own = _job(cast), _job(cast, by=cast.clara)
    coordinators = _signed_in(cast.cora).get("/jobs/").content.decode()
    assert str(job.id) in coordinators
    assert str(own.id) in coordinators
    clinicians = _signed_in(cast.clara).get("/jobs/").content.decode()
    assert str(job.id) not in clinicians
    assert str(own.id) in clinicians


def test_a_job_of_another_institution_and_one_that_is_missing_answer_the_same(cast: Cast) -> None:
    elsewhere = enqueue(kind="mark_items", payload={"items": []}, institution=cast.southside)
    client = _signed_in(cast.cora)
    foreign, missing = client.get(f"/jobs/{elsewhere.id}/"), client.get(f"/jobs/{uuid.uuid4()}/")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content


def test_a_viewer_may_not_follow_background_work(cast: Cast) -> None:
    answer = _signed_in(cast.vera).get("/jobs/")
    assert answer.status_code == 403
    assert "may not follow background work" in answer.content.decode()


def test_progress_is_on_the_page_whenever_one_comes_back_to_it_and_no_payload_is(cast: Cast) -> None:
    job = _job(cast)
    client = _signed_in(cast.cora)
    assert "Waiting for a worker." in client.get(f"/jobs/{job.id}/").content.decode()
    taken = leases.take(job_id=job.id, now=NOW)
    assert taken is not None
    taken.progress(1, 2, "1 of 2 items")
    page = client.get(f"/jobs/{job.id}/").content.decode()
    assert "1 of 2 items" in page
    assert 'value="1" max="2"' in page
    assert "secret-item" not in page


def test_htmx_gets_the_part_that_changes_and_stops_asking_when_the_job_is_over(cast: Cast) -> None:
    job = _job(cast)
    client = _signed_in(cast.cora)
    part = client.get(f"/jobs/{job.id}/", headers={"HX-Request": "true", "HX-Target": "job-progress"}).content.decode()
    assert part.strip().startswith('<div id="job-progress"')
    assert 'hx-trigger="every 2s"' in part
    taken = leases.take(job_id=job.id, now=NOW)
    assert taken is not None
    leases.finish(job=taken, now=NOW)
    part = client.get(f"/jobs/{job.id}/", headers={"HX-Request": "true", "HX-Target": "job-progress"}).content.decode()
    assert "hx-trigger" not in part


def test_what_was_left_out_is_said_on_the_page(cast: Cast) -> None:
    job = _job(cast)
    taken = leases.take(job_id=job.id, now=NOW)
    assert taken is not None
    taken.skipped.append({"key": "a", "sentence": "This item failed with ValueError."})
    taken.progress(1, 2, "1 of 2 items; 1 left out")
    page = _signed_in(cast.cora).get(f"/jobs/{job.id}/").content.decode()
    assert "1 could not be done and was left out; what was shown for it before is not renewed." in page


def test_a_job_that_was_set_aside_shows_its_sentence_and_the_coordinator_may_repeat_it(cast: Cast) -> None:
    job = _job(cast)
    taken = leases.take(job_id=job.id, now=NOW)
    assert taken is not None
    leases.set_aside(job=taken, sentence="There is no pathway in force.", now=NOW)
    client = _signed_in(cast.cora)
    page = client.get(f"/jobs/{job.id}/").content.decode()
    assert "There is no pathway in force." in page
    assert "Try again" in page
    assert "Try again" not in _signed_in(cast.audra).get(f"/jobs/{job.id}/").content.decode()
    answer = client.post(f"/jobs/{job.id}/again/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/jobs/{job.id}/")
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    again = client.post(f"/jobs/{job.id}/again/", follow=True)
    assert "This job is not set aside; there is nothing to repeat." in again.content.decode()
