"""The case sheet on paper: every option the screen shows, with its values, cautions, what is missing, and sources.

It is built from the same rows as the candidates page, so paper and screen cannot say different things. Pure. Called by the
print view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pathways.engine import Assessment
from pathways.presenters.candidates import CandidatesPage, candidates_page
from pathways.presenters.citations import SourceLine
from pathways.presenters.explanation import Explanation, RuleView
from pathways.presenters.trace_rows import Readings, TraceRow
from pathways.presenters.words import one_of_each


@dataclass(frozen=True, slots=True)
class Value:
    """One value that the listed options rest on."""

    text: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """The list, the values behind it, and the sources, each once."""

    page: CandidatesPage
    values: tuple[Value, ...]
    sources: tuple[SourceLine, ...]
    facts: tuple[str, ...]

    @property
    def listed(self) -> tuple[Explanation, ...]:
        return tuple(view for group in self.page.groups for view in group.rows)

    @property
    def noted(self) -> tuple[Explanation, ...]:
        return tuple(view for view in self.listed if view.row.note)

    @property
    def has_open_exclusions(self) -> bool:
        return any(view.open_exclusions for view in self.listed)


def printed_sheet(
    assessment: Assessment, readings: Readings, *, differs: Mapping[str, str] | None = None
) -> PrintedSheet:
    """The sheet of one tumor; `differs` says for an option how its status is under another report."""
    page = candidates_page(assessment, readings, differs=differs)
    shown = [view for group in page.groups for view in group.rows] + list(page.excluded)
    lines = {line.id: line for view in shown for line in view.sources.lines}
    facts = sorted({fact for view in shown for fact in view.sources.facts})
    return PrintedSheet(page, tuple(_values(assessment, shown)), tuple(lines.values()), tuple(facts))


def _values(assessment: Assessment, shown: Sequence[Explanation]) -> list[Value]:
    """Each feature that the shown rules read and that is known, once, in the order of the dictionary."""
    rows: dict[str, TraceRow] = {}
    for view in shown:
        for rule in _rules(view):
            for row in rule.table.rows if rule.table else ():
                if row.feature and row.value and row.feature in assessment.record.known:
                    rows.setdefault(row.feature, row)
    features = assessment.ruleset.dictionary.features
    return [
        Value(features[name].title, rows[name].value, _origin(rows[name]))
        for name in assessment.ruleset.dictionary.in_order(rows)
    ]


def _rules(view: Explanation) -> Sequence[RuleView]:
    return [*view.reasons, *view.open_reasons, *view.ruling_out, *view.open_exclusions]


def _origin(row: TraceRow) -> str:
    if row.follows:
        return f"follows from: {row.follows}"
    return ", ".join(one_of_each(part for part in (row.source, row.when, row.old) if part))
