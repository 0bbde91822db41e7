"""A small runner: interleaved rounds with the order flipped, medians with p10 and p90, and an A/A pair that says whether
the machine was calm enough for the figures to mean anything.

Used by the benches of this folder. Refuses to judge: a noisy run is called inconclusive, never good.
"""

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 15
Work = Callable[[], object]


@dataclass(frozen=True)
class Measured:
    """Microseconds per item over all rounds."""

    name: str
    median: float
    p10: float
    p90: float

    def line(self, width: int) -> str:
        return f"{self.name:<{width}}  {self.median:>10.1f} µs   p10 {self.p10:>10.1f}   p90 {self.p90:>10.1f}"


def _once(work: Work, items: int, repeat: int) -> float:
    began = time.perf_counter_ns()
    for _ in range(repeat):
        work()
    return (time.perf_counter_ns() - began) / 1000 / items / repeat


def _repeats(work: Work, *, at_least: float = 0.05) -> int:
    """How often the work must be repeated for one round to last `at_least` seconds; warms it up on the way."""
    work()
    began = time.perf_counter()
    work()
    return max(1, int(at_least / max(time.perf_counter() - began, 1e-7)))


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def measure(works: Mapping[str, tuple[Work, int]], *, rounds: int = ROUNDS) -> list[Measured]:
    """Every work (name -> what to do, for how many items), `rounds` times, the order flipped each round."""
    repeats = {name: _repeats(work) for name, (work, _) in works.items()}
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        for name in list(works)[:: 1 if number % 2 else -1]:
            work, items = works[name]
            times[name].append(_once(work, items, repeats[name]))
    return [
        Measured(name, statistics.median(taken), percentile(taken, 0.1), percentile(taken, 0.9))
        for name, taken in times.items()
    ]


def calm(work: Work, *, rounds: int = ROUNDS) -> tuple[bool, float, float]:
    """The A/A pair: the same work against itself. Calm when p10 and p90 of the ratio stay within 0.9 and 1.1."""
    repeat = _repeats(work)
    ratios = []
    for number in range(rounds):
        pair = [_once(work, 1, repeat), _once(work, 1, repeat)]
        first, second = pair if number % 2 else pair[::-1]
        ratios.append(first / second)
    low, high = percentile(ratios, 0.1), percentile(ratios, 0.9)
    return low >= 0.9 and high <= 1.1, low, high


def circumstances() -> dict[str, Any]:
    """Machine, Python and commit, for the record of a run."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return {
        "machine": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "commit": commit.stdout.strip() or "not in a repository",
        "rounds": ROUNDS,
    }


def as_data(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    return [asdict(one) for one in measured]
