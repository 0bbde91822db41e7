"""The work of a run: every tumor on record and every stored assessment under the draft and the version it stands on.

Patient by patient, each in a transaction with the job's own progress, so that a run that is killed at any point goes on
where it stopped; a subject that was looked at is marked, once. What it refuses to do: go on when the draft's wording is
not the run's any more. Called by the job `draft_effect`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from netcare.jobs.batches import for_each
from netcare.jobs.leases import JobFailed, RunningJob
from pathways.assessing import fresh_features
from pathways.drafting.effect import Moved, moved_options
from pathways.drafts.due import publish_after
from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine import Ruleset, Value, ValueRefused, without_stale
from pathways.models import Draft, EffectKind, EffectRow, EffectRun, EffectSubject, Snapshot
from pathways.reviews.snapshots import stored_features, stored_readings
from pathways.selectors import ruleset_of
from patients.facts import facts_of_many
from patients.models import Patient, Tumor
from patients.selectors import tumors_of

PATIENT, REVIEW = "p:", "r:"
REFUSED = "A value on record is not one that the data dictionary of both versions allows."


class _Overtaken(JobFailed):
    """The draft was changed while its effect was computed. It ends the walk, and is no failure of the job."""


@dataclass(frozen=True)
class _Both:
    """The run with the two rulesets that it compares."""

    run: EffectRun
    before: Ruleset
    after: Ruleset

    def is_current(self) -> bool:
        """Whether the draft still says what the run is about."""
        wording = Draft.objects.filter(pk=self.run.draft_id, digest=self.run.digest, base_id=self.run.base_id)
        return wording.exists()


def compute_effect(job: RunningJob) -> None:
    """Do, or go on with, the run that the job names."""
    run = EffectRun.objects.select_related("base").filter(pk=job.payload["run"]).first()
    if run is None:
        raise JobFailed("There is no such run of a draft's effect.")
    if run.finished_at is not None or run.overtaken_at is not None:
        return
    try:
        both = _both(run)
        for_each(job, _keys(run), lambda key: _look_at(both, key), noun="record")
    except _Overtaken:
        EffectRun.objects.filter(pk=run.pk).update(overtaken_at=timezone.now())
        return
    with transaction.atomic():
        for skipped in job.skipped:
            _leave_out(run, skipped["key"], skipped["sentence"])
        EffectRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
        publish_after(run)
        job.progress(job.done)


def _both(run: EffectRun) -> _Both:
    draft = Draft.objects.get(pk=run.draft_id)
    if (draft.digest, draft.base_id) != (run.digest, run.base_id):
        raise _Overtaken
    return _Both(run, ruleset_of(run.base), ruleset_of_draft(draft))


def _keys(run: EffectRun) -> list[str]:
    """Everybody who was on record when the run was asked for, and every assessment stored by then."""
    patients = Patient.objects.filter(registered_at__lte=run.asked_at).order_by("id")
    stored = Snapshot.objects.filter(taken_at__lte=run.asked_at).order_by("id")
    return [
        *(f"{PATIENT}{one}" for one in patients.values_list("id", flat=True)),
        *(f"{REVIEW}{one}" for one in stored.values_list("id", flat=True)),
    ]


def _look_at(both: _Both, key: str) -> None:
    if not both.is_current():
        raise _Overtaken
    if key.startswith(PATIENT):
        _look_at_patient(both, key.removeprefix(PATIENT))
    else:
        _look_at_review(both, key.removeprefix(REVIEW))


def _look_at_patient(both: _Both, patient_id: str) -> None:
    patient = Patient.objects.select_related("institution").get(pk=patient_id)
    seen = set(EffectSubject.objects.filter(run=both.run, tumor__patient=patient, snapshot=None).values_list("tumor"))
    tumors = [tumor for tumor in tumors_of(patient) if (tumor.pk,) not in seen]
    facts = facts_of_many(tumors, as_of=both.run.as_of, known_at=both.run.asked_at)
    for tumor in tumors:
        subject = EffectSubject(run=both.run, institution_id=patient.institution_id, kind=EffectKind.TODAY, tumor=tumor)
        known = facts[tumor.id]
        _keep(both, subject, fresh_features(both.before, known)[0], fresh_features(both.after, known)[0])


def _look_at_review(both: _Both, snapshot_id: str) -> None:
    if EffectSubject.objects.filter(run=both.run, snapshot=snapshot_id).exists():
        return
    snapshot = Snapshot.objects.select_related("tumor__patient").get(pk=snapshot_id)
    subject = EffectSubject(
        run=both.run,
        institution_id=snapshot.tumor.patient.institution_id,
        kind=EffectKind.REVIEW,
        tumor=snapshot.tumor,
        snapshot=snapshot,
    )
    _keep(both, subject, features_under(both.before, snapshot), features_under(both.after, snapshot))


def features_under(ruleset: Ruleset, snapshot: Snapshot) -> dict[str, Value]:
    """The features of a stored assessment that are fresh enough, on its day, for a ruleset's limits."""
    readings = stored_readings(snapshot)
    ages = {
        name: (snapshot.as_of - date.fromisoformat(reading["observed_on"])).days for name, reading in readings.items()
    }
    return without_stale(ruleset, stored_features(snapshot), ages)[0]


def _keep(both: _Both, subject: EffectSubject, before: Mapping[str, Value], after: Mapping[str, Value]) -> None:
    """Mark the subject as looked at, with a row per option that moves."""
    moved: tuple[Moved, ...] = ()
    try:
        moved = moved_options(both.before, before, both.after, after)
    except ValueRefused:
        subject.problem = REFUSED
    subject.save(force_insert=True)
    EffectRow.objects.bulk_create(
        EffectRow(
            subject=subject,
            option=one.option,
            before=one.before,
            after=one.after,
            because=f" {' '.join(one.because)} " if one.because else "",
        )
        for one in moved
    )


def _leave_out(run: EffectRun, key: str, sentence: str) -> None:
    """Somebody whose comparison failed is named as not compared, never passed over."""
    snapshot_id = UUID(key.removeprefix(REVIEW)) if key.startswith(REVIEW) else None
    if snapshot_id is not None:
        tumors = Tumor.objects.filter(snapshots=snapshot_id)
    else:
        tumors = Tumor.objects.filter(patient=key.removeprefix(PATIENT))
    EffectSubject.objects.bulk_create(
        (
            EffectSubject(
                run=run,
                institution_id=tumor.patient.institution_id,
                kind=EffectKind.REVIEW if snapshot_id else EffectKind.TODAY,
                tumor=tumor,
                snapshot_id=snapshot_id,
                problem=sentence[:300],
            )
            for tumor in tumors.select_related("patient").order_by("id")
        ),
        ignore_conflicts=True,
    )
