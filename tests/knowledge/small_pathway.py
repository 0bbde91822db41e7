"""A pathway of two options and three rules, small enough to be read at a glance, for tests of the loader.

Every test writes it whole into a directory of its own and changes one thing in it.
"""

from __future__ import annotations

from pathlib import Path

from pathways.knowledge import KnowledgeError, load

FILES = {
    "options.yaml": """\
surveillance:
  watching: {title: "Watching"}
surgery:
  resection: {title: "Resection", note: "Check locally.", beyond: true}
""",
    "features.yaml": """\
patient:
  age_years: {kind: number, min: 0, max: 120, unit: years}
  frail: {kind: bool}
tumor:
  grade: {kind: enum, values: [G1, G2, G3], ordered: true}
  sites: {kind: set, values: [liver, bone]}
history:
  prior_treatments: {kind: set, values: option codes of options.yaml}
implications:
- {code: IMP-01, when: {feature: age_years, op: '>=', value: 90}, feature: frail, value: true, why: Ninety or older.}
contradictions:
- {code: CON-01, when: {feature: grade, op: '=', value: G3}, message: No such grade.}
""",
    "rules.yaml": """\
ruleset: {code: small, version: 1, title: Small pathway}
definitions:
- code: spread
  title: Spread
  when: {feature: sites, op: contains_any, value: [liver, bone]}
- code: calm
  title: Calm
  when: {not: {use: spread}}
rules:
- code: WATCH-I1
  option: watching
  effect: indication
  title: Calm low grade
  when: {all: [{feature: grade, op: '=', value: G1}, {use: calm}]}
  rationale: Low grade without spread can be watched.
  sources: [{id: F001}, {id: GL-ONE, locator: page 3}]
  strength: guideline
- code: WATCH-C1
  option: watching
  effect: caution
  when: {feature: age_years, op: '>', value: 80.5}
  rationale: Visits are a burden.
  sources: [{id: GL-ONE}]
  strength: expert page
- code: RES-I1
  option: resection
  effect: indication
  when: {feature: grade, op: in, value: [G1, G2]}
  rationale: It can be taken out.
  sources: [{id: F002}]
  strength: guideline
""",
    "rule-cases.yaml": """\
WATCH-I1: {'true': {grade: G1, sites: []}, 'false': {grade: G2}, unknown: {grade: G1}}
WATCH-C1: {'true': {age_years: 81}, 'false': {age_years: 80.5}, unknown: {}}
RES-I1: {'true': {grade: G2}, 'false': {grade: G3}}
""",
    "sources.yaml": """\
sources:
- {id: SEED-000, kind: seed, file: one.txt, citation: A page, year: null, identifier: null, address: null,
   verified: read in full}
- {id: GL-ONE, kind: guideline, citation: A guideline, year: 2020, identifier: DOI 10.1/1,
   address: "https://example.org/1", verified: not checked}
""",
    "facts.yaml": """\
facts:
- {id: F001, fact: Low grade may be watched., seeds: [SEED-000], section: Watching, shown: [rule rationale],
   features: [grade], options: [watching]}
- {id: F002, fact: Tumors are cut out., seeds: [SEED-000], section: Surgery, shown: [option page],
   features: [], options: [resection]}
- {id: F003, fact: Ask about goals., seeds: [SEED-000], section: Opening, shown: [patient-facing],
   features: [], options: []}
""",
    "invariants.yaml": """\
invariants:
- code: INV-01
  options: [watching]
  when: {use: spread}
  never: [candidate]
  holds_for: all records
  sentence: Nobody with spread is only watched.
  why: Spread is treated.
""",
    "readings.yaml": """\
readings:
- {topic: Watching, says: One says early and one says late., reading: Early., facts: [F001]}
""",
    "option-texts/surveillance.yaml": """\
options:
  watching:
    what_it_is:
    - {text: "Visits without treatment.", from: [F001]}
    what_to_watch:
    - {text: "Visits can be a burden.", from: [WATCH-C1]}
""",
    "option-texts/surgery.yaml": """\
every_option:
  conversation:
  - {text: "Ask about scars.", from: [F002]}
options:
  resection:
    what_it_is:
    - {text: "The tumor is taken out.", from: [F002, RES-I1]}
""",
}


def write(directory: Path, *changes: tuple[str, str, str]) -> Path:
    """The small pathway in a directory, each change being (file, what stands there once, what shall stand there)."""
    files = dict(FILES)
    for file, old, new in changes:
        if old and files[file].count(old) != 1:
            raise AssertionError(f"{old!r} stands {files[file].count(old)} times in {file}")
        files[file] = files[file].replace(old, new) if old else new
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


def problems(directory: Path) -> list[str]:
    """What the loader says to the files of a directory, one line per fault."""
    try:
        load(directory)
    except KnowledgeError as error:
        return [str(problem) for problem in error.problems]
    return []
