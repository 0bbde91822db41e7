"""A case as plain text to paste into the record: the same list, in lines, with what is missing and under which rules.

Pure. It names every listed, suspended and excluded option with its reason; the traces stand in the PDF. Called by the page
of a case and the command.
"""

from collections.abc import Iterable, Iterator

from boards.packet.contents import DEIDENTIFIED, CasePacket
from pathways.presenters.explanation import Explanation
from pathways.presenters.print_frame import QUIET
from pathways.presenters.words import STATUS_WORDS


def case_text(case: CasePacket) -> str:
    """The block, ending with one line feed. Only signs that every record system shows are used for its structure."""
    return "\n".join(_one_line(line) for line in _lines(case)) + "\n"


def _lines(case: CasePacket) -> Iterator[str]:
    who, stamp, page = case.who, case.stamp, case.sheet.page
    yield ", ".join(part for part in (case.slot.meeting, case.slot.case_said) if part) or "Case sheet"
    born = f"born {who.birth}" if who.birth else ""
    yield ", ".join(p for p in (who.name, f"MRN {who.mrn}" if who.mrn else "", born, who.age, who.sex, who.tag) if p)
    yield case.line
    if case.slot.question:
        yield f"Question: {case.slot.question}"
    if case.deidentified:
        yield DEIDENTIFIED
    yield from _heads(case)
    yield ""
    yield f"{case.listed_said}. {page.order_said}"
    yield from (f"- Not assessed: {row.title}: {row.error}" for row in page.not_assessed)
    yield from (line for view in case.sheet.listed for line in _option(view))
    yield from (f"- Suspended: {e.row.title}. {e.row.reason} {e.row.without_stop}" for e in page.suspended)
    yield f"Excluded {len(page.excluded)}: {page.excluded_said or 'none'}."
    yield f"Not indicated {page.not_indicated_number}: {page.why_said or 'none'}."
    yield from _missing(case)
    if case.attachments and case.attachments.rows:
        told = (f"{row.value} ({row.what.lower()}, {row.when})" for row in case.attachments.rows)
        yield f"Attached to the case: {'; '.join(told)}"
    yield ""
    yield f"{stamp.ruleset}, published {stamp.published}, {stamp.digest}; facts of {stamp.facts_of}; check code {case.code}."
    if case.overlay:
        yield f"{case.overlay}."
    yield case.valid_until
    yield QUIET


def _heads(case: CasePacket) -> Iterator[str]:
    heads = case.heads
    if heads.incomplete:
        yield f"This list is not complete. {heads.incomplete}"
    yield from (f"{one.title}. {one.said} {one.without}" for one in heads.stops)
    yield from (f"Recorded, but not readable by the rules: {said}" for said in heads.unusable)
    yield from (f"The record contradicts itself: {one.sentence}" for one in heads.contradictions)
    yield from (f"Too old for the rules, so counted as unknown: {said}" for said in heads.stale)
    for one in case.disagreements:
        values = "; ".join(f"{row.title} {row.in_force} in force, {row.other} ({one.other_origin})" for row in one.rows)
        yield f"Two readings of {one.titles} disagree: {values}. {one.settled} {one.said}"
    if case.overdue:
        yield case.overdue


def _option(view: Explanation) -> Iterator[str]:
    row = view.row
    tags = "".join(f" ({tag})" for tag in row.tags if tag != "see note")
    yield f"- {STATUS_WORDS[row.status]}: {row.title}{tags}. {row.reason} [{_joined((row.strength, row.rule_code), ', ')}]"
    if row.cautions:
        yield f"  To weigh: {_joined(caution.title for caution in row.cautions)}"
    if row.cautions_unknown:
        yield f"  Cautions that cannot be judged yet: {_joined(caution.title for caution in row.cautions_unknown)}"
    if row.missing:
        yield f"  Missing: {_joined((fact.title for fact in row.missing), ', ')}"


def _missing(case: CasePacket) -> Iterator[str]:
    if not case.missing.facts:
        yield "No option waits for a missing fact."
        return
    yield "Missing, by effect:"
    yield from (f"- {fact.title}: settles {fact.said} ({fact.options_said})" for fact in case.missing.facts)


def _joined(parts: Iterable[str], separator: str = "; ") -> str:
    return separator.join(part for part in parts if part)


def _one_line(line: str) -> str:
    """White space within a line as single spaces, but for the two that set a line in: no text begins a line of its own."""
    inset = "  " if line.startswith("  ") else ""
    return inset + " ".join(line.split())
