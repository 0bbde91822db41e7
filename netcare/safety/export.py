"""The safety file as Markdown, for a folder or a printer, and as JSON, for a program. The same as the page, no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from netcare.safety.document import hazard_lines
from netcare.safety.presenters import IncidentView, SafetyFile


def as_markdown(file: SafetyFile, at: datetime) -> str:
    """One document, complete for whoever may read it."""
    release = file.release
    lines = [
        f"# Safety file of netcare{f' at {plain(file.institution)}' if file.institution else ''}\n",
        f"Made {at:%Y-%m-%d %H:%M} UTC. Not clinically validated; for review by qualified clinicians.\n",
        "## Release in force\n",
        f"- Ruleset: {release.ruleset or 'none is in force'}",
        f"- Digest: {release.digest or 'none'}",
        f"- Published: {_published(file)}",
        f"- Note: {plain(release.note) or 'none'}",
        f"- Proofs and gates at publishing: {file.gates}",
        f"- Program: netcare {release.program}\n",
        "## Concerns about safety\n",
        *_incidents(file),
        "## Hazards\n",
        f"{file.evidence}\n",
        *hazard_lines((one for group in file.groups for one in group.hazards), 3),
    ]
    return "\n".join(lines) + "\n"


def as_json(file: SafetyFile, at: datetime) -> str:
    """One object with release, hazards and incidents."""
    data: dict[str, Any] = {
        "made_at": at.isoformat(),
        "institution": file.institution,
        "release": {**asdict(file.release), "gates": file.gates},
        "evidence": file.evidence,
        "hazards": [one.model_dump(mode="json") for group in file.groups for one in group.hazards],
        "incidents": [asdict(view) for view in (*file.open, *file.closed)],
        "incidents_said": file.incidents_said,
    }
    for view in data["incidents"]:
        del view["reported_by_reader"]
    return json.dumps(data, ensure_ascii=False, indent=1, default=str)


def plain(text: str) -> str:
    """Typed text within Markdown: it makes no heading, list, link or markup of its own."""
    escaped = "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|!~" else sign for sign in text)
    return " ".join(escaped.split())


def _published(file: SafetyFile) -> str:
    release = file.release
    at = f"{release.published_at:%Y-%m-%d %H:%M} UTC" if release.published_at else ""
    return f"{at} by {plain(release.published_by)}" if at else "never"


def _incidents(file: SafetyFile) -> Iterator[str]:
    if file.incidents_said:
        yield f"{plain(file.incidents_said)}\n"
        return
    for title, views in (("Open", file.open), ("Closed", file.closed)):
        yield f"### {title}: {len(views)}\n"
        for view in views:
            yield from _incident(view)


def _incident(view: IncidentView) -> Iterator[str]:
    hazard = f", {plain(view.hazard)}" if view.hazard else ""
    yield f"#### {view.name}: {view.state.word}, {view.severity}{hazard}\n"
    yield f"Happened on {view.happened_on}; ruleset in force: {plain(view.ruleset)}.\n"
    if view.immediate_control:
        yield f"Done at once: {plain(view.immediate_control)}\n"
    for step in view.steps:
        yield f"- {step.at:%Y-%m-%d %H:%M} UTC, {step.word} by {plain(step.who)}: {plain(step.text)}"
    yield ""
