"""Age of facts under the drafted limits, for invented records: only what is too old goes, and what it ruled out is named.

What exactly holds: (1) the rules see the record without exactly the values older than their limits; (2) the statuses are
those of that smaller record, by the second interpreter as well; (3) from one day to the next values only drop out;
(4) every option that was excluded by values now too old leads what is missing, with a value that is too old.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from pathways.assessing import assess_facts
from pathways.engine import Ruleset
from pathways.knowledge import starter_files
from pathways.models import RulesetVersion
from pathways.presenters.explanation import no_link
from pathways.presenters.was_excluded import was_excluded
from pathways.selectors import InForce
from patients.facts import Facts, Reading
from patients.models import Tumor
from tests.generative import starter
from tests.generative.comparing import differences

PATIENTS = 2_000 if starter.LONG else 120
DRAFTED = Ruleset.from_data(starter_files().under_the_draft())
IN_FORCE = InForce(RulesetVersion(), DRAFTED)
AS_OF = date(2026, 11, 12)


def facts_of_age(features: dict[str, Any], ages: dict[str, int], as_of: date = AS_OF) -> Facts:
    readings = {name: reading(name, value, AS_OF - timedelta(days=ages[name])) for name, value in features.items()}
    return Facts(as_of, features, readings)


def reading(name: str, value: Any, observed_on: date) -> Reading:
    return Reading(
        feature=name,
        value=value,
        as_written=str(value),
        unit="",
        observed_on=observed_on,
        source="clinic visit",
        source_text="",
        laboratory="",
        method="",
        specimen_or_study="",
        note="",
        entered_by="",
        entered_at=datetime(2026, 11, 12, tzinfo=UTC),
        finding_id=uuid4(),
    )


def ages(random: Random, features: dict[str, Any]) -> dict[str, int]:
    """Ages on the limit, just beside it, and anywhere."""
    found = {}
    for name in features:
        limit = DRAFTED.limits.get(name)
        days = limit.days if limit else 100
        found[name] = random.choice((0, days - 1, days, days + 1, days * 3))
    return found


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_only_what_is_too_old_goes_and_what_it_ruled_out_leads_what_is_missing(seed: int) -> None:
    random = Random(seed)
    features = {
        name: DRAFTED.dictionary.check(name, value) for name, value in starter.maker().plausible(random).items()
    }
    old = ages(random, features)
    done = assess_facts(Tumor(), facts_of_age(features, old), IN_FORCE)
    too_old = {name for name, limit in DRAFTED.limits.items() if name in features and old[name] > limit.days}
    assert {entry.feature for entry in done.stale} == too_old
    fresh = {name: value for name, value in features.items() if name not in too_old}
    assert dict(done.assessment.record.recorded) == fresh
    assert differences(DRAFTED, starter.book(), fresh) == []
    named = {code for fact in was_excluded(done, no_link) for code in fact.codes}
    assert named == set(done.excluded_before)
    tomorrow = assess_facts(Tumor(), facts_of_age(features, old, AS_OF + timedelta(days=1)), IN_FORCE)
    assert too_old <= {entry.feature for entry in tomorrow.stale}


def test_some_of_these_records_had_an_option_ruled_out_by_a_value_too_old() -> None:
    """Without one the property above would say nothing of them."""
    found = 0
    for seed in range(PATIENTS):
        random = Random(seed)
        features = {n: DRAFTED.dictionary.check(n, value) for n, value in starter.maker().plausible(random).items()}
        done = assess_facts(Tumor(), facts_of_age(features, ages(random, features)), IN_FORCE)
        found += bool(done.excluded_before)
    assert found >= 5
