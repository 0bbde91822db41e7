"""The pathway's knowledge as data: options, features, rules, cases, sources, facts, invariants and option pages.

What it is: the starter files and the loader that checks them before anything is made of them. No models live here.
Who calls it: publishing, the data dictionary's users, the demo, the tests.
"""

from pathways.knowledge.files import (
    STARTER,
    KnowledgeFiles,
    LimitsDraft,
    dictionary,
    limits_draft,
    load,
    starter,
    starter_files,
)
from pathways.knowledge.problems import FileProblem, KnowledgeError

__all__ = [
    "STARTER",
    "FileProblem",
    "KnowledgeError",
    "KnowledgeFiles",
    "LimitsDraft",
    "dictionary",
    "limits_draft",
    "load",
    "starter",
    "starter_files",
]
