"""What stands in the margins of every printed page, as a style sheet of its own.

The policy for browsers forbids styles inside a page, and only a style sheet can fill the margin boxes of paper: so the name
and number of the patient, the ruleset, who printed it and "page n of m" come as one small file. Called by its view.
"""

from datetime import date, datetime

from pathways.models import RulesetVersion
from pathways.presenters.words import short_digest, show_date, show_instant
from patients.models import Patient

QUIET = "For review by qualified clinicians; not a recommendation."
_BOX = "font: 7.5pt Inter, sans-serif; color: #333; vertical-align: middle;"


def css_text(text: str) -> str:
    """A text as a CSS string; whatever could end the string or the style sheet is written as an escape."""
    safe = "".join(sign if sign.isalnum() or sign in " .,:;·…-–'()/" else f"\\{ord(sign):06x}" for sign in text)
    return f'"{safe}"'


def page_frame(
    patient: Patient,
    version: RulesetVersion,
    *,
    printed_by: str,
    printed_at: datetime,
    facts_of: date,
    not_in_force: str = "",
) -> str:
    """The margin boxes: who and which page above; the ruleset with its digest, and who printed it when, below.

    `not_in_force`: what makes the sheet another one than the one in force; it stands on every page.
    """
    rules = (
        f"{version.title} v{version.version}, published {show_date(version.published_at.date())} · "
        f"{short_digest(version.digest)} · facts of {show_date(facts_of)}{f' · {not_in_force}' if not_in_force else ''}"
    )
    boxes = {
        "top-left": f"text-align: left; font-weight: 600; content: {css_text(f'{patient} · {patient.mrn}')}",
        "top-right": 'text-align: right; content: "page " counter(page) " of " counter(pages)',
        "bottom-left": f'text-align: left; white-space: pre; content: {css_text(QUIET)} "\\a" {css_text(rules)}',
        "bottom-right": f"text-align: right; content: {css_text(f'Printed {show_instant(printed_at)} by {printed_by}')}",
    }
    return "\n".join(["@page {", *(f"  @{place} {{ {_BOX} {says}; }}" for place, says in boxes.items()), "}", ""])
