"""Prints docs/safety.md from the hazard log.

`python -m netcare.safety.document` writes the document; a test holds that the committed one is the same. What it refuses
to do: say anything about hazards that is not in `hazards.yaml`. `hazard_lines` is also the body of the Markdown export.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from netcare.safety.hazards import STATES, Hazard, hazards

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "safety.md"

HEAD = """\
# Hazard log

Printed from `netcare/safety/hazards.yaml`; do not edit it here (`python -m netcare.safety.document` prints it anew).

What can go wrong for a patient through this program, what stands in the way today, and the tests that fail when it no
longer does. Severity: catastrophic, major, considerable. The program is not clinically validated, and its output is for
review by qualified clinicians. The page "Safety file" shows the same, with the concerns that people reported and the
release in force.

The tests named here run at every commit (`make test`); `.venv/bin/pytest` with a name from the table runs one alone.
"""

FOOT = """\
## Clinical content

What the review of the starter rules found, corrected and left for clinicians stands in
[the pathway's changelog](../pathways/knowledge/starter/CHANGELOG.md). The points there that bear on safety most:
surveillance with an unrecorded disease status (3), the bilirubin limit of radioembolization (9), bilirubin and severe
heart failure before PRRT (10), and Child-Pugh A by implication (12).
"""


def document() -> str:
    """The whole document."""
    return "\n".join([HEAD, *hazard_lines(hazards(), 2), FOOT])


def hazard_lines(entries: Iterable[Hazard], level: int) -> Iterator[str]:
    """The hazards by state, each with control, what is lacking, and proof; Markdown."""
    entries = tuple(entries)
    for state, title in STATES.items():
        found = [hazard for hazard in entries if hazard.state == state]
        if found:
            yield f"{'#' * level} {title}\n"
        for hazard in found:
            yield from _lines(hazard, level + 1)


def _lines(hazard: Hazard, level: int) -> Iterator[str]:
    yield f"{'#' * level} {hazard.id}: {hazard.hazard} ({hazard.severity})\n"
    if hazard.control:
        yield f"{hazard.control}.\n"
    if hazard.lacking:
        yield f"**Lacking:** {hazard.lacking.rstrip('.')}.\n"
    if hazard.tests:
        yield "Proved by:\n"
        yield from (f"- `{test}`" for test in hazard.tests)
        yield ""


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
