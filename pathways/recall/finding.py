"""What differs between a list as it was signed or decided on and the same facts under another version of the rules.

What it refuses to do: look at the record of today. New facts change a list too, and the page says so by itself; a recall
is about rules. A feature that the new version would call too old on the day of the list is left out, as it would have
been then. Who calls it: the job `recall_reviews`, and the tests that hold it against every patient.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pathways.engine import (
    Effect,
    Ruleset,
    Status,
    Value,
    allowed_by,
    assess,
    compare,
    read_json,
    statuses,
    without_stale,
)
from pathways.models import Snapshot
from pathways.recall.looked import Looked
from pathways.reviews.snapshots import NotReplayable, digest_of, stored_features, stored_readings
from pathways.selectors import ruleset_of

NOT_LISTED = frozenset({Status.NOT_INDICATED.value, Status.EXCLUDED.value})


@dataclass(frozen=True, slots=True)
class Difference:
    """One option whose status is another one, with the rules that changed their value for these facts."""

    option: str
    before: str
    after: str
    rules: tuple[str, ...]
    verdict: str = ""


def differences(looked: Looked, ruleset: Ruleset) -> list[Difference]:
    """The options whose status would be another one. Raises NotReplayable for a snapshot that was altered.

    What is compared is the statuses that were signed or decided on; whether this engine would still give them plays no
    part, so that a later engine does not lose the recall of an older list. What was suspended when it was signed was
    judged by nobody: an emergency stop has banners of its own, and is no matter of a version. An option that was retired
    takes nothing away from a list on which it was not indicated or excluded, unless the reviewer wanted it all the same.
    """
    snapshot = looked.snapshot
    if digest_of(snapshot) != snapshot.digest:
        raise NotReplayable("Its rows are not what was written when it was signed.")
    signed = signed_statuses(snapshot)
    features = features_under(snapshot, ruleset)
    now = {code: status.value for code, status in statuses(ruleset, features).items()}
    changed = [
        code
        for code in {**now, **signed}
        if now.get(code, "") != signed.get(code, "")
        and signed.get(code) != Status.SUSPENDED.value
        and not (code not in now and signed[code] in NOT_LISTED and code not in looked.wanted)
    ]
    if not changed:
        return []
    rules = _rules(snapshot, ruleset, features)
    # No rule makes an option go: it was retired, and the version says why.
    rules = {code: found for code, found in rules.items() if code in now}
    return [
        Difference(code, signed.get(code, ""), now.get(code, ""), rules.get(code, ()), looked.said.get(code, ""))
        for code in changed
    ]


def signed_statuses(snapshot: Snapshot) -> dict[str, str]:
    """The statuses that were signed, by option."""
    return {entry["code"]: entry["status"] for entry in read_json(snapshot.result)["options"]}


def features_under(snapshot: Snapshot, ruleset: Ruleset) -> dict[str, Value]:
    """The facts of the list as this ruleset would have read them on its day."""
    ages = {
        name: (snapshot.as_of - date.fromisoformat(reading["observed_on"])).days
        for name, reading in stored_readings(snapshot).items()
    }
    return without_stale(ruleset, allowed_by(ruleset, stored_features(snapshot)), ages)[0]


def _rules(snapshot: Snapshot, ruleset: Ruleset, features: Mapping[str, Value]) -> dict[str, tuple[str, ...]]:
    """For each option the rules whose value differs; cautions never change a status."""
    before, after = assess(ruleset_of(snapshot.ruleset_version), stored_features(snapshot)), assess(ruleset, features)
    effects = {rule.code: rule.effect for one in (before, after) for rule in one.ruleset.rules}
    return {
        changed.option: tuple(code for code in changed.rules if effects[code] is not Effect.CAUTION)
        for changed in compare(before, after).options
    }
