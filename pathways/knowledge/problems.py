"""What the loader says when it refuses the knowledge files: file, place and one sentence each, all at once.

Who calls it: every part of the loader while it reads; the load command and the tests show the sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong: in which file, at which entry ("rule SURV-I1", "line 12"), and what to do about it."""

    file: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.sentence}" if self.place else f"{self.file}: {self.sentence}"


class KnowledgeError(ValueError):
    """The knowledge files cannot be loaded; `problems` lists everything that was found, not only the first."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
