"""Proofs over every possible patient, known or partly unknown, with z3: what a ruleset guarantees, and what an edit does.

What it is: `prove` (invariants, rules out of reach or implied by others, options that never vary, holes, gaps between
thresholds), `prove_change` (whose status an edit can change, and how) and `guards` (which invariant would notice the
loss of an exclusion). Every example is a smallest patient that the real engine has confirmed.
What it refuses to do: sample, or call anything fine that ran out of time; that is `not_proved`.
Who calls it: the pages of a draft, submitting and publishing, `manage.py ruleset verify`. z3 is loaded by the first
proof, not by this import, and no other room of the project may use it.
"""

from pathways.engine.verification.changing import prove_change
from pathways.engine.verification.findings import (
    KINDS,
    ChangeProof,
    Count,
    Finding,
    Kind,
    Proof,
    ProofFault,
    Region,
    Severity,
    StatusChange,
    Verdict,
)
from pathways.engine.verification.proving import prove
from pathways.engine.verification.safety import guards

__all__ = [
    "KINDS",
    "ChangeProof",
    "Count",
    "Finding",
    "Kind",
    "Proof",
    "ProofFault",
    "Region",
    "Severity",
    "StatusChange",
    "Verdict",
    "guards",
    "prove",
    "prove_change",
]
