"""The parts of a ruleset: what each is called, what one entry of it is called, and by which key an entry is known.

What it is: the one table of them; editing, comparing and reading files take theirs from it.
What it refuses to do: know the shape of an entry (`exported.py`). Called by `exported.py` and `pathways.drafting`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `key` is empty for an object whose own keys are the codes; `of` is what one of its entries is told as.

    `edited`: whether drafts change it entry by entry. The data dictionary changes with a release of the program.
    """

    title: str
    noun: str
    key: str = "code"
    of: str = ""
    edited: bool = True

    @property
    def told(self) -> str:
        """What stands before a code where a change is told."""
        return self.of or self.noun


# In the order in which they stand in a file, and in which changes are found.
PARTS: dict[str, Part] = {
    "ruleset": Part("The ruleset", "ruleset", ""),
    "options": Part("Options", "option"),
    "definitions": Part("Definitions", "definition"),
    "rules": Part("Rules", "rule"),
    "sources": Part("Sources", "source", "id"),
    "invariants": Part("Invariants", "invariant"),
    "limits": Part("Limits on the age of facts", "limit", "", "limit of"),
    "cases": Part("Test patients of rules", "cases", "", "test patients of rule"),
    "test_patients": Part("Test patients", "test patient"),
    "facts": Part("Facts", "fact", "id"),
    "features": Part("Features", "feature", "", edited=False),
    "implications": Part("What follows from what", "implication", edited=False),
    "contradictions": Part("What contradicts what", "contradiction", edited=False),
    "dictionary": Part("Dictionary", "dictionary", "", edited=False),
}
