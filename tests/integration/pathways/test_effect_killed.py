"""A worker killed while it computes the effect of a draft: after the next start every row is there, each once.

The points are before and after each statement and each commit, so at every record and between any two. At every commit
run a sample of the points is taken; `make test-long` takes every one.
"""

import os
import signal
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from netcare.access import today_for
from netcare.jobs import leases, runner
from netcare.jobs.models import Job, JobState
from pathways.assessing import assess_tumor
from pathways.drafting.content import Place
from pathways.drafts.effects import start_effect
from pathways.models import Draft, EffectRow, EffectRun, EffectSubject
from pathways.reviews.signing import Draft as Said
from pathways.reviews.signing import Word, seen_token, sign_review
from patients.actions import NewFinding, record_findings, register_patient
from tests.cast import Cast, acting, gather
from tests.effects import a_draft, edited
from tests.integration.jobs.test_crashes import Points, _in_a_process_of_its_own
from tests.starting import publish_starter

SAMPLE = 12
LONG = os.environ.get("NETCARE_TEST_LONG", "") == "1"
BEFORE = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
FEATURES = {
    "primary_site": "small_bowel",
    "differentiation": "well",
    "extent": "metastatic",
    "progression": "progressing",
}


def _patients(cast: Cast) -> None:
    """Three patients whom the draft moves, one of them with a signed review."""
    for number, (clinician, team) in enumerate(
        [(cast.clara, cast.abdomen), (cast.theo, cast.thorax), (cast.silas, cast.south_team)]
    ):
        by = acting(clinician)
        patient = register_patient(
            actor=by, mrn=f"K-{number}", family_name="Quill", given_name="Ann", birth_on=date(1961, 3, 4),
            sex="female", teams=[team], fictional=True, now=BEFORE,
        )  # fmt: skip
        tumor = patient.tumors.get(number=1)
        told = {**FEATURES, "krenning_score": 2}
        findings = [
            NewFinding(feature=name, value=value, tumor=tumor, observed_on=date(2026, 10, 2), source="clinic")
            for name, value in told.items()
        ]
        record_findings(actor=by, patient=patient, findings=findings, now=BEFORE)
    today = today_for(cast.southside, at=timezone.now())
    seen = seen_token(assess_tumor(tumor, as_of=today))
    said = Said([Word("clinical_trial", "discuss")], "not_recorded")
    sign_review(actor=acting(cast.silas), tumor=tumor, seen=seen, draft=said, now=timezone.now())


def _run(draft: Draft, editor: Any) -> EffectRun:
    """A new run of the draft; the one before it is over."""
    return start_effect(actor=editor, draft=draft, now=timezone.now())


def _rows(run: EffectRun) -> list[tuple[Any, ...]]:
    found = EffectRow.objects.filter(subject__run=run)
    return sorted(
        found.values_list("subject__tumor", "subject__snapshot", "option", "before", "after", "because"), key=str
    )


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_an_effect_killed_at_any_point_goes_on_and_loses_and_doubles_nothing(tmp_path: Path) -> None:
    publish_starter(BEFORE)
    cast = gather()
    _patients(cast)
    editor = acting(cast.edda)
    wider = {"feature": "krenning_score", "op": "<=", "value": 2}
    draft = edited(a_draft(editor), editor, Place("rules", "PRRT-E5"), lambda entry: {**entry, "when": wider})
    whole, counted = _run(draft, editor), tmp_path / "points"

    def count() -> None:
        points = Points()
        points.watch()
        runner.run(whole.job_id)
        counted.write_text(str(points.passed))

    assert _in_a_process_of_its_own(count) == 0
    total, expected = int(counted.read_text()), _rows(whole)
    assert total > 60
    assert len(expected) == 4
    for deadly in range(1, total + 1, 1 if LONG else max(1, total // SAMPLE)):
        run = _run(draft, editor)

        def killed(deadly: int = deadly, run: EffectRun = run) -> None:
            Points(deadly).watch()
            runner.run(run.job_id)

        status = _in_a_process_of_its_own(killed)
        assert os.WIFSIGNALED(status), f"point {deadly} of {total} was not reached"
        assert os.WTERMSIG(status) == signal.SIGKILL
        leases.release_abandoned(now=timezone.now(), every=True)
        runner.run(run.job_id)
        run.refresh_from_db()
        assert Job.objects.get(pk=run.job_id).state == JobState.DONE
        assert run.finished_at is not None, f"killed at point {deadly}"
        assert _rows(run) == expected, f"killed at point {deadly}"
        assert EffectSubject.objects.filter(run=run, problem="").count() == 4, f"killed at point {deadly}"
