"""How long the proofs of the starter ruleset take: everything, one option, an edit. `python -m bench.proofs`.

Correctness first: the whole proof must be complete, with all invariants proved, or nothing is timed and the status
is 1. Times never fail it. Each time is the median of several runs, with the processor time beside it, which says what
the work itself costs on a machine that does something else as well. `--record` keeps them in bench/results/.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.rounds import ROOT, circumstances
from pathways.engine import Ruleset, check_cases, coverage
from pathways.engine.verification import guards, prove, prove_change
from pathways.knowledge import starter

RUNS = 5


def edited(change: Callable[[dict[str, Any]], object]) -> Ruleset:
    data = starter()
    change(data)
    return Ruleset.from_data(data)


def rule(data: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in data["rules"] if one["code"] == code)


def without_is_known(data: dict[str, Any]) -> None:
    """The definition that most options use, read otherwise."""
    free = next(one for one in data["definitions"] if one["code"] == "free_of_disease")
    free["when"] = free["when"]["all"][1]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Median milliseconds by the wall clock, and of the processor."""
    walls, processor = [], []
    for _ in range(RUNS):
        began, worked = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    return statistics.median(walls), statistics.median(processor)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the proofs.")
    parser.add_argument("--record", action="store_true", help="keep the figures in bench/results/proofs.json")
    options = parser.parse_args()
    ruleset = Ruleset.from_data(starter())
    proof = prove(ruleset)
    invariants, rules = (proof.counts[subject] for subject in ("invariants", "rules"))
    if not proof.complete or invariants.proved < invariants.total:
        print(f"{invariants.sentence}, complete: {proof.complete}; nothing is timed.")
        return 1
    print(f"{invariants.sentence}, {rules.sentence}, {len(proof.findings)} findings, {len(proof.verdicts)} questions.")
    moved = edited(lambda data: rule(data, "PRRT-E5")["when"].update(value=2))
    shared = edited(without_is_known)
    works: dict[str, Callable[[], object]] = {
        "everything": lambda: prove(ruleset),
        "the invariants alone": lambda: prove(ruleset, only=("invariant_broken",)),
        "one option, as it is edited (PRRT)": lambda: prove(ruleset, only=("lutetium_dotatate",)),
        "one option (everolimus)": lambda: prove(ruleset, only=("everolimus",)),
        "an edit that changes no meaning": lambda: prove_change(ruleset, ruleset),
        "an edit of one rule": lambda: prove_change(ruleset, moved),
        "an edit of what most options share": lambda: prove_change(ruleset, shared),
        "which invariant guards each exclusion": lambda: guards(ruleset),
        "all rule cases": lambda: check_cases(ruleset),
        "coverage by them": lambda: coverage(ruleset),
    }
    found = {name: timed(work) for name, work in works.items()}
    for name, (wall, processor) in found.items():
        print(f"{name:<40} {wall:8.0f} ms, of the processor {processor:8.0f} ms")
    if options.record:
        target = ROOT / "bench" / "results" / "proofs.json"
        target.parent.mkdir(exist_ok=True)
        kept = circumstances() | {"runs": RUNS, "milliseconds": {name: list(times) for name, times in found.items()}}
        target.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
