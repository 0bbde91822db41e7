"""The one way from a tumor on record to its assessment: facts as of a date, the version in force, `assess`.

What it refuses to do: keep anything. Page, print, API, job and command line all come through here or, where there is no
patient, through the engine itself. Who calls it: views, presenters, jobs.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from pathways.engine import Assessment, assess, canonical_json, plain
from pathways.selectors import InForce, ruleset_in_force
from patients.facts import Facts, facts_of
from patients.models import Tumor


@dataclass(frozen=True)
class TumorAssessment:
    """An assessment of one tumor as of one date, with the facts and the version it was made from."""

    tumor: Tumor
    as_of: date
    facts: Facts
    in_force: InForce
    assessment: Assessment


def assess_tumor(tumor: Tumor, *, as_of: date) -> TumorAssessment:
    """The assessment under the version in force of what is known on a date. Raises NoRulesetInForce."""
    in_force = ruleset_in_force()
    facts = facts_of(tumor, as_of=as_of)
    return TumorAssessment(tumor, as_of, facts, in_force, assess(in_force.ruleset, facts.features))


def facts_digest(facts: Facts) -> str:
    """sha256 of the features that an assessment reads: equal digests, equal statuses under one version."""
    data = {name: plain(value) for name, value in facts.features.items()}
    kinds = {name: type(value).__name__ for name, value in facts.features.items()}
    return "sha256:" + sha256(canonical_json({"values": data, "kinds": kinds}).encode()).hexdigest()
