"""A worker killed while it recalls reviews: after the next start every entry is there, whole, and none twice.

The points are before and after each statement and each commit, counted by a run that is not killed. At every commit run
a sample of the points is taken; `make test-long` takes every one.
"""

import os
import signal
from pathlib import Path

import pytest
from django.utils import timezone

from netcare.jobs import leases, runner
from netcare.jobs.models import Job, JobState
from pathways.models import RecallDifference, RecallEntry, RecallEvent, RulesetVersion
from tests.cast import gather
from tests.integration.jobs.test_crashes import Points, _in_a_process_of_its_own
from tests.integration.recall.clinic import NOW, publish_edited, sign, uptake_up_to, with_uptake
from tests.starting import publish_starter

SAMPLE = 8
LONG = os.environ.get("NETCARE_TEST_LONG", "") == "1"
PATIENTS = 2


def _job(version: RulesetVersion) -> Job:
    return Job.objects.get(
        kind="recall_reviews", payload__version=str(version.pk), institution__name__startswith="North"
    )


def _made(version: RulesetVersion) -> list[tuple[int, int]]:
    """Differences and first events of each entry of a version."""
    entries = RecallEntry.objects.filter(version=version).order_by("id")
    return [
        (RecallDifference.objects.filter(entry=one).count(), RecallEvent.objects.filter(entry=one, number=1).count())
        for one in entries
    ]


def _next_version() -> RulesetVersion:
    """Every other version rules uptake 2 and 3 out, so that each differs from the reviews and from the one before."""
    return publish_edited(uptake_up_to(2 + RulesetVersion.objects.count() % 2))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_a_recall_killed_at_any_point_goes_on_and_makes_every_entry_once(tmp_path: Path) -> None:
    publish_starter(NOW)
    cast = gather()
    for number in range(PATIENTS):
        sign(with_uptake(cast, f"N-{number}"), cast.clara)
    counted, whole = tmp_path / "points", _next_version()

    def count() -> None:
        points = Points()
        points.watch()
        runner.run(_job(whole).pk)
        counted.write_text(str(points.passed))

    assert _in_a_process_of_its_own(count) == 0
    total = int(counted.read_text())
    assert total > 100
    step = 1 if LONG else max(1, total // SAMPLE)
    for deadly in range(1, total + 1, step):
        version = _next_version()
        job = _job(version)

        def killed(deadly: int = deadly, job: Job = job) -> None:
            Points(deadly).watch()
            runner.run(job.pk)

        status = _in_a_process_of_its_own(killed)
        assert os.WIFSIGNALED(status), f"point {deadly} of {total} was not reached"
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert all(parts == (1, 1) for parts in _made(version)), f"half an entry after point {deadly}: {_made(version)}"
        leases.release_abandoned(now=timezone.now(), every=True)
        runner.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.skipped) == (JobState.DONE, [])
        assert _made(version) == [(1, 1)] * PATIENTS, f"killed at point {deadly}"
        open_now = [one for one in RecallEntry.objects.all() if one.events.order_by("-number")[0].is_open]
        assert {one.version_id for one in open_now} == {version.pk}
