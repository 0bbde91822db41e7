"""A worker killed while it applies an import: no patient is half there, and after the next start nothing is doubled.

The points are before and after each statement and each commit, counted by a run that is not killed. At every commit run
a sample of the points between two commits is taken; `make test-long` takes every one.
"""

import os
import signal
from pathlib import Path

import pytest
from django.utils import timezone

from netcare.access import Actor
from netcare.jobs import leases, runner
from netcare.jobs.models import Job, JobState
from patients.imports.actions import apply_import
from patients.models import Finding, ImportedFile, ImportState, Patient, Treatment
from tests.cast import acting, gather
from tests.imports import finding, outcomes, patient, staged, treatment, workbook
from tests.integration.jobs.test_crashes import Points, _in_a_process_of_its_own

SAMPLE = 16
LONG = os.environ.get("NETCARE_TEST_LONG", "") == "1"


def _file(actor: Actor, name: str) -> ImportedFile:
    """Two patients, each with a finding and a treatment, and a row that is refused."""
    mrns = [f"{name}-A", f"{name}-B"]
    rows = [finding(mrns[0], value="0.5"), *(finding(mrn) for mrn in mrns)]
    book = workbook(patients=[patient(mrn) for mrn in mrns], findings=rows, treatments=[treatment(mrn) for mrn in mrns])
    return apply_import(actor=actor, file=staged(actor, book))


def _parts(name: str) -> list[tuple[int, int]]:
    """Findings and treatments of each patient of a file who is there."""
    found = Patient.objects.filter(mrn__startswith=f"{name}-").order_by("mrn")
    return [
        (Finding.objects.filter(patient=one).count(), Treatment.objects.filter(patient=one).count()) for one in found
    ]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_an_import_killed_at_any_point_goes_on_and_enters_everything_once(tmp_path: Path) -> None:
    cora = acting(gather().cora)
    counted, whole = tmp_path / "points", _file(cora, "whole")

    def count() -> None:
        points = Points()
        points.watch()
        runner.run(whole.job_id)
        counted.write_text(str(points.passed))

    assert _in_a_process_of_its_own(count) == 0
    total = int(counted.read_text())
    assert total > 100
    step = 1 if LONG else max(1, total // SAMPLE)
    for deadly in range(1, total + 1, step):
        name = f"k{deadly}"
        file = _file(cora, name)

        def killed(deadly: int = deadly, file: ImportedFile = file) -> None:
            Points(deadly).watch()
            runner.run(file.job_id)

        status = _in_a_process_of_its_own(killed)
        assert os.WIFSIGNALED(status), f"point {deadly} of {total} was not reached"
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert all(parts == (1, 1) for parts in _parts(name)), f"half a patient after point {deadly}: {_parts(name)}"
        leases.release_abandoned(now=timezone.now(), every=True)
        runner.run(file.job_id)
        file.refresh_from_db()
        assert Job.objects.get(pk=file.job_id).state == JobState.DONE
        assert (file.state, _parts(name)) == (ImportState.APPLIED, [(1, 1), (1, 1)]), f"killed at point {deadly}"
        assert sorted(outcomes(file)) == ["applied"] * 6 + ["refused"]
