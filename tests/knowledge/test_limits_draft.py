"""The drafted limits on the age of facts: what ages out under them, what does not, and what the loader refuses."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pathways.engine import Ruleset, statuses, without_stale
from pathways.knowledge import limits_draft, starter, starter_files
from pathways.knowledge.demo import DemoPatient, demo_patients
from tests.knowledge.small_pathway import problems, write
from tests.knowledge.test_demo_statuses import features_of

PATIENTS = [pytest.param(patient, id=patient.mrn) for patient in demo_patients()]
DRAFTED = Ruleset.from_data(starter_files().under_the_draft())
LOADED_ON = date(2026, 11, 12)


def ages_of(patient: DemoPatient) -> dict[str, int]:
    """Days since each reading that is in force was observed, on the day of loading."""
    days = {entry.feature: entry.day for entry in patient.findings if not entry.not_used}
    return {name: (LOADED_ON - (LOADED_ON + timedelta(days=day))).days for name, day in days.items()}


def test_version_1_has_no_limits_and_the_draft_is_no_part_of_it() -> None:
    in_force = Ruleset.from_data(starter())
    assert not in_force.limits
    assert DRAFTED.limits
    assert DRAFTED.digest != in_force.digest
    assert "limits" not in starter()


@pytest.mark.parametrize("patient", PATIENTS)
def test_exactly_the_features_named_as_stale_age_out_on_the_day_of_loading(patient: DemoPatient) -> None:
    _, stale = without_stale(DRAFTED, features_of(patient), ages_of(patient))
    assert sorted(entry.feature for entry in stale) == sorted(patient.stale or ())


@pytest.mark.parametrize("patient", PATIENTS)
def test_the_statuses_under_the_draft_are_those_expected(patient: DemoPatient) -> None:
    fresh, _ = without_stale(DRAFTED, features_of(patient), ages_of(patient))
    expected = {**patient.expected_statuses, **(patient.expected_if_stale_is_unknown or {})}
    assert {code: status.value for code, status in statuses(DRAFTED, fresh).items()} == expected


def test_every_drafted_limit_has_a_reason_and_a_feature_that_is_observed() -> None:
    draft = limits_draft()
    assert draft is not None
    for name, entry in draft.limits.items():
        assert entry.reason.endswith(".")
        assert not DRAFTED.dictionary.features[name].derived


SOUND = "draft: {title: A draft, note: Not in force.}\nlimits:\n  frail: {days: 90, reason: It changes.}\n"


def _problems_of(directory: Path, draft: str) -> list[str]:
    return problems(write(directory, ("limits-draft.yaml", "", draft)))


def test_a_sound_draft_loads(tmp_path: Path) -> None:
    assert _problems_of(tmp_path, SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("frail:", "frial:", "limits-draft.yaml, limit of frial: There is no feature 'frial'."),
        ("days: 90", "days: 0", "limits-draft.yaml, limit frail"),
        (", reason: It changes.", "", "limits-draft.yaml, limit frail"),
        ("frail:", "prior_treatments:", "limits-draft.yaml, limit of prior_treatments: It is derived on the day"),
        ("draft: {title: A draft, note: Not in force.}\n", "", "limits-draft.yaml: draft is missing."),
        ("frail: {days: 90, reason: It changes.}", "- frail", "limits-draft.yaml, limits: An object of features"),
    ],
    ids=["an unknown feature", "no days", "no reason", "a derived feature", "no head", "a list"],
)
def test_a_faulty_draft_stops_the_load(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    found = _problems_of(tmp_path, SOUND.replace(old, new))
    assert any(one.startswith(sentence) for one in found), found
