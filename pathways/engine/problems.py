"""What the engine says when it refuses something: a place and a sentence, never a bare exception text.

Who calls it: dictionary, conditions and rulesets while they are built; the doors and the loader show the sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from reprlib import Repr

_SHALLOW = Repr()
_SHALLOW.maxlevel, _SHALLOW.maxstring, _SHALLOW.maxlong, _SHALLOW.maxother = 4, 200, 200, 200
_SHALLOW.maxlist = _SHALLOW.maxtuple = _SHALLOW.maxdict = 8


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: `place` names where ("rule SURV-I1", "feature grade"), `sentence` says what and what to do."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


class ValueRefused(ValueError):
    """A value that the data dictionary does not allow; the text is one sentence for the person who gave it."""


class RulesetError(ValueError):
    """A dictionary or ruleset that cannot be built; `problems` lists everything that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class TooManyProblems(RulesetError):
    """So much is wrong that looking on would only cost time."""


# Whoever mends this many faults looks again anyway.
MOST_PROBLEMS = 100


def note(problems: list[Problem], place: str, sentence: str) -> None:
    """Keep one more problem. Raises TooManyProblems at the last one that is kept."""
    problems.append(Problem(place, sentence))
    if len(problems) >= MOST_PROBLEMS:
        more = Problem("ruleset", f"There may be more; these are the first {MOST_PROBLEMS} faults.")
        raise TooManyProblems([*problems, more])


LONGEST_NAME = 80


def brief(value: object, most: int = 60) -> str:
    """A value as a program writes it, shortened, in bounded time: of what is nested without end only the beginning."""
    try:
        text = _SHALLOW.repr(value)
    except ValueError:
        text = "a number of thousands of digits"
    return text if len(text) <= most else f"{text[: most - 3]}…"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """' Did you mean …?' for a name that is nearly one of the known ones, else nothing."""
    if len(str(name)) > LONGEST_NAME:
        return ""
    names = [str(entry) for entry in known]
    near = get_close_matches(str(name), names, n=1, cutoff=0.6)
    near = near or [entry for entry in names if len(str(name)) > 2 and entry.startswith(str(name))]
    return f" Did you mean {near[0]}?" if near else ""


def listed(words: Iterable[str], last: str = "or") -> str:
    """'a', 'a or b', 'a, b or c'."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
