"""How long one assessment of the whole starter ruleset takes, over the demo's patients. `make bench` runs it.

Correctness first: every patient's statuses are compared with those expected before anything is timed, and a
disagreement ends the run with status 1. Times never fail it. `--record` keeps the figures in bench/results/.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.rounds import ROOT, as_data, calm, circumstances, measure
from pathways.engine import Ruleset, assess, assessment_json, statuses
from pathways.knowledge import starter
from pathways.knowledge.demo import demo_patients


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure one assessment.")
    parser.add_argument("--record", action="store_true", help="keep the figures in bench/results/assess.json")
    options = parser.parse_args()
    ruleset = Ruleset.from_data(starter())
    patients = demo_patients()
    for patient in patients:
        found = {code: str(status) for code, status in statuses(ruleset, patient.features).items()}
        if found != patient.expected_statuses:
            differing = sorted(code for code, status in patient.expected_statuses.items() if found.get(code) != status)
            print(f"{patient.mrn} disagrees with its expected statuses on {', '.join(differing)}; nothing is timed.")
            return 1
    records = [patient.features for patient in patients]
    emptiest = min(records, key=len)
    count = len(records)
    works = {
        "statuses alone": (lambda: [statuses(ruleset, record) for record in records], count),
        "assessment with full trace": (lambda: [_with_trace(ruleset, record) for record in records], count),
        "… as the bytes of the API": (lambda: [assessment_json(assess(ruleset, r), "x") for r in records], count),
        "… emptiest patient, with settles": (lambda: assess(ruleset, emptiest).missing, 1),
    }
    is_calm, low, high = calm(lambda: [statuses(ruleset, record) for record in records])
    measured = measure(works)
    width = max(len(one.name) for one in measured)
    print(f"{len(ruleset.rules)} rules, {len(ruleset.options)} options, {count} patients; per patient:")
    for one in measured:
        print(one.line(width))
    print(f"A/A pair: p10 {low:.2f}, p90 {high:.2f}{'' if is_calm else ': the machine was not calm; inconclusive'}")
    if options.record:
        target = ROOT / "bench" / "results" / "assess.json"
        target.parent.mkdir(exist_ok=True)
        kept = circumstances() | {"calm": is_calm, "a_a": [low, high], "microseconds": as_data(measured)}
        target.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _with_trace(ruleset: Ruleset, record: dict[str, object]) -> int:
    """Every rule of every option with its trace, as a page that opens all explanations would need it."""
    assessment = assess(ruleset, record)
    return sum(len(assessment.explain(option.code)) for option in ruleset.options)


if __name__ == "__main__":
    sys.exit(main())
