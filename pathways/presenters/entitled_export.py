"""The attributes that a user is entitled to know, as a table for a spreadsheet and as one object for a program.

Both say what the page says and nothing more. Called by the views of the page.
"""

import csv
import io
import json
from dataclasses import asdict
from typing import Any

from pathways.engine import Rule, Ruleset, sentence
from pathways.knowledge.use_of_data import USE_OF_DATA
from pathways.presenters.entitled import (
    NOT_RECORDED,
    AboutPage,
    DataUse,
    SourceAttributes,
    about_page,
    rule_attributes,
)
from pathways.presenters.words import capital, show_partial_date

ATTRIBUTES_1_TO_4 = (
    "1 bibliographic citation",
    "2 developer",
    "3 funding source of the technical implementation",
    "4 release and revision dates",
)
COLUMNS = (
    "kind", "code", "title", *ATTRIBUTES_1_TO_4, *(f"{one.number} use of: {one.title}" for one in USE_OF_DATA),
    "to be reviewed by",
)  # fmt: skip
ONLY_IN_RULES = "see the rules that cite it"


def attributes_table(ruleset: Ruleset) -> str:
    """CSV: a row for the ruleset, one for each source, one for each rule."""
    page = about_page(ruleset)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerow([_guarded(cell) for cell in _ruleset_row(ruleset, page)])
    for source in page.sources:
        writer.writerow([_guarded(cell) for cell in _source_row(source)])
    for rule in ruleset.rules:
        writer.writerow([_guarded(cell) for cell in _rule_row(rule, ruleset)])
    return out.getvalue()


def attributes_data(ruleset: Ruleset) -> str:
    """JSON: the page, and the attributes of each rule."""
    page = about_page(ruleset)
    data = {
        "ruleset": {
            "code": ruleset.code,
            "title": ruleset.title,
            "version": ruleset.version,
            "digest": ruleset.digest,
            "stated": {one.title: one.text for one in page.stated},
            "logic": list(page.logic),
            "not_considered": list(page.not_considered),
            "out_of_scope": list(page.out_of_scope),
        },
        "use_of_data": [asdict(one) for one in page.uses],
        "inputs": [asdict(one) for one in page.inputs],
        "sources": [asdict(one) for one in page.sources],
        "rules": [_rule_data(rule, ruleset) for rule in ruleset.rules],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _ruleset_row(ruleset: Ruleset, page: AboutPage) -> list[str]:
    said = {one.title: one.text for one in page.stated}
    return [
        "ruleset",
        f"{ruleset.code} v{ruleset.version}",
        ruleset.title,
        "see the sources",
        said["Developer"],
        said["Funding source of the technical implementation"],
        said["Release and revision"],
        *_uses(page.uses),
        said["To be reviewed by"],
    ]


def _source_row(source: SourceAttributes) -> list[str]:
    uses = [ONLY_IN_RULES] * len(USE_OF_DATA)
    made = [source.citation, source.developer, source.funding, source.dates]
    return ["source", source.id, source.citation, *made, *uses, source.review_by]


def _rule_row(rule: Rule, ruleset: Ruleset) -> list[str]:
    said = rule_attributes(rule, ruleset)
    cited = "; ".join(f"{one.id}: {one.citation}" for one in said.sources)
    facts = f"facts of the base documents: {', '.join(said.facts)}" if said.facts else ""
    return [
        "rule",
        rule.code,
        rule.title,
        "; ".join(part for part in (cited, facts) if part),
        said.developer,
        said.funding,
        show_partial_date(ruleset.head.get("released")) or NOT_RECORDED,
        *_uses(said.uses),
        said.review_by,
    ]


def _rule_data(rule: Rule, ruleset: Ruleset) -> dict[str, Any]:
    said = rule_attributes(rule, ruleset)
    return {
        "code": rule.code,
        "option": rule.option,
        "effect": str(rule.effect),
        "title": rule.title,
        "logic": capital(sentence(rule.when, ruleset.definitions, spell_out=True)) + ".",
        "rationale": rule.rationale,
        "developer": said.developer,
        "funding": said.funding,
        "sources": [one.id for one in said.sources] + list(said.facts),
        "use_of_data": {one.title: one.sentence for one in said.uses},
        "inputs": [one.name for one in said.inputs],
        "review_by": said.review_by,
    }


def _uses(uses: tuple[DataUse, ...]) -> list[str]:
    return [one.sentence for one in uses]


def _guarded(cell: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
