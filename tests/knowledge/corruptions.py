"""Every kind of corrupt knowledge file: what is wrong, where, and the one sentence that the loader says."""

from __future__ import annotations

RULES, FEATURES, OPTIONS, SOURCES = "rules.yaml", "features.yaml", "options.yaml", "sources.yaml"
FACTS, CASES, INVARIANTS, READINGS = "facts.yaml", "rule-cases.yaml", "invariants.yaml", "readings.yaml"
WATCHING, SURGERY = "option-texts/surveillance.yaml", "option-texts/surgery.yaml"
RATIONALE = "  rationale: It can be taken out."
HEAD = "ruleset: {code: small, version: 1, title: Small pathway}"
IN_GRADE = "{feature: grade, op: in, value: [G1, G2]}"

# What is wrong → file, what stood there, what stands there now, the one sentence that the loader says.
CORRUPT: dict[str, tuple[str, str, str, str]] = {
    # The text itself.
    "a bomb of aliases": (
        RULES,
        HEAD,
        f"a: &a [x, x]\nb: [*a, *a]\n{HEAD}",
        "rules.yaml, line 1: Anchors and aliases (& and *) are not read; write the value out.",
    ),
    "a tag that would run a program": (
        RULES,
        "title: Spread",
        "title: !!python/object/apply:os.system [ls]",
        "rules.yaml, line 4: Tags are not read; leave 'tag:yaml.org,2002:python/object/apply:os.system' out.",
    ),
    "a tab": (
        RULES,
        RATIONALE,
        RATIONALE.replace("  ", "\t"),
        "rules.yaml, line 29: A tab character stands here; indent with spaces.",
    ),
    "a control character": (
        RULES,
        "taken out",
        "taken \x07out",
        "rules.yaml, line 29: A control character stands here; remove it.",
    ),
    "an escaped control character": (
        RULES,
        "It can be taken out.",
        '"It can \\x07 be taken out."',
        "rules.yaml, line 29: A control character stands in this text; remove it.",
    ),
    "a key that stands twice": (
        RULES,
        RATIONALE,
        f"{RATIONALE}\n  rationale: Or not.",
        "rules.yaml, line 30: The key rationale stands twice in one object; which one is meant?",
    ),
    "a key that is no word": (
        CASES,
        "RES-I1:",
        "7:",
        "rule-cases.yaml, line 3: The key 7 is not a word; put it in quotes.",
    ),
    "a bracket left open": (
        RULES,
        "sources: [{id: F002}]",
        "sources: [{id: F002}",
        "rules.yaml, line 31: This is not YAML: check brackets, quotes and indentation here and just above.",
    ),
    "a second document": (
        RULES,
        "rules:\n",
        "---\nrules:\n",
        "rules.yaml, line 9: A second document begins here; a file holds one.",
    ),
    "no content": (FACTS, "", "", "facts.yaml: The file is empty."),
    "a list where an object belongs": (
        FACTS,
        "",
        "- a\n",
        "facts.yaml: The file holds an object with keys, here is ['a'].",
    ),
    "not a number": (
        RULES,
        "80.5",
        ".nan",
        "rules.yaml, line 21: .nan is not a number; leave the entry out if the value is unknown.",
    ),
    "a number without end": (
        RULES,
        "80.5",
        "-.inf",
        "rules.yaml, line 21: -.inf is not a number; leave the entry out if the value is unknown.",
    ),
    "a number in powers of ten": (
        RULES,
        "80.5",
        "8e1",
        "rules.yaml, line 21: 8e1 can be read in two ways; write the number out in digits.",
    ),
    "an octal number": (
        RULES,
        "80.5",
        "0120",
        "rules.yaml, line 21: 0120 can be read in two ways; write the number out in digits.",
    ),
    "a number of a hundred digits": (RULES, "80.5", "9" * 100, "rules.yaml, line 21: A number has at most 30 digits."),
    "endless nesting": (
        RULES,
        IN_GRADE,
        "{not: " * 45 + "{use: calm}" + "}" * 45,
        "rules.yaml, line 28: The data are nested more than 40 deep.",
    ),
    # The shape of an entry.
    "a part that is not known": (
        READINGS,
        "readings:",
        "extra: []\nreadings:",
        "readings.yaml: extra is not a part of this file.",
    ),
    "a key that is not known": (
        RULES,
        RATIONALE,
        f"{RATIONALE}\n  priority: 1",
        "rules.yaml, rule RES-I1: priority is not a key that is known here.",
    ),
    "no rationale": (RULES, f"{RATIONALE}\n", "", "rules.yaml, rule RES-I1: rationale is missing."),
    "an empty rationale": (
        RULES,
        "It can be taken out.",
        "''",
        "rules.yaml, rule RES-I1: rationale is empty; text is expected.",
    ),
    "markup": (
        RULES,
        "be taken out.",
        "<b>be</b> taken out.",
        "rules.yaml, rule RES-I1: rationale holds markup; write plain text.",
    ),
    "an entity": (
        RULES,
        "taken out.",
        "taken &lt; out.",
        "rules.yaml, rule RES-I1: rationale holds markup; write plain text.",
    ),
    "a link in markdown": (
        RULES,
        "It can be taken out.",
        "'[see](https://example.org)'",
        "rules.yaml, rule RES-I1: rationale holds markup; write plain text.",
    ),
    "text that runs backwards": (
        RULES,
        "be taken out.",
        "be \u202etaken out.",
        "rules.yaml, rule RES-I1: rationale holds an invisible character; remove it.",
    ),
    "no source": (RULES, "[{id: F002}]", "[]", "rules.yaml, rule RES-I1: sources is empty; at least one is needed."),
    "an effect that does not exist": (
        RULES,
        "effect: caution",
        "effect: warning",
        "rules.yaml, rule WATCH-C1: effect is \"warning\"; accepted is 'indication', 'exclusion' or 'caution'.",
    ),
    "a strength that does not exist": (
        RULES,
        "expert page",
        "strong",
        "rules.yaml, rule WATCH-C1: strength is \"strong\"; accepted is 'label', 'trial', 'guideline' or 'expert page'.",
    ),
    "yes for true": (
        FEATURES,
        "ordered: true",
        "ordered: yes",
        'features.yaml, feature grade: ordered is "yes"; true or false is expected.',
    ),
    "a version before the first": (
        RULES,
        "version: 1",
        "version: 0",
        "rules.yaml, ruleset: version is 0; the smallest accepted is 1.",
    ),
    "a year that is no whole number": (
        SOURCES,
        "year: 2020",
        "year: 20.5",
        "sources.yaml, source GL-ONE: year is 20.5; a whole number is expected.",
    ),
    "an address that runs a script": (
        SOURCES,
        "https://example.org/1",
        "javascript:alert(1)",
        'sources.yaml, source GL-ONE: address is "javascript:alert(1)"; '
        "accepted is an address that begins with https:// or http://.",
    ),
    "a source nobody says was checked": (
        SOURCES,
        ", verified: not checked",
        "",
        "sources.yaml, source GL-ONE: verified is missing.",
    ),
    "a review date in words": (
        SOURCES,
        "verified: not checked",
        "verified: not checked, review_by: soon",
        'sources.yaml, source GL-ONE: review_by is "soon"; accepted is a day such as 2027-11-30.',
    ),
    "a review date that no calendar has": (
        SOURCES,
        "verified: not checked",
        "verified: not checked, review_by: '2027-02-29'",
        "sources.yaml, source GL-ONE: review_by is '2027-02-29'; accepted is a day such as 2027-11-30.",
    ),
    "an attribute of the pathway that is not known": (
        RULES,
        "title: Small pathway",
        "title: Small pathway, sponsor: us",
        "rules.yaml, ruleset: sponsor is not a key that is known here.",
    ),
    "a fact's id": (FACTS, "F003", "F3", 'facts.yaml, fact F3: id is "F3"; accepted is F and three digits.'),
    "a place where facts are not shown": (
        FACTS,
        "[patient-facing]",
        "[home page]",
        "facts.yaml, fact F003: shown entry 1 is \"home page\"; accepted is 'option page', 'rule rationale', 'caution', "
        "'missing-data checklist', 'follow-up plan', 'patient-facing' or 'tumor-board packet'.",
    ),
    "a sentence without a basis": (
        SURGERY,
        "[F002, RES-I1]",
        "[]",
        "option-texts/surgery.yaml, option resection: what_it_is entry 1 from is empty; at least one is needed.",
    ),
    "a section that does not exist": (
        WATCHING,
        "what_to_watch",
        "watch_out",
        "option-texts/surveillance.yaml, option watching: watch_out is not a key that is known here.",
    ),
    # What conditions mean.
    "an unknown feature": (
        RULES,
        IN_GRADE,
        IN_GRADE.replace("grade", "grad"),
        "rules.yaml, rule RES-I1: There is no feature 'grad'. Did you mean grade?",
    ),
    "an operator that the feature does not have": (
        RULES,
        "op: in,",
        "op: contains,",
        "rules.yaml, rule RES-I1: grade cannot be compared with 'contains'; "
        "for this feature there are =, in, <, <=, >, >= and is_known.",
    ),
    "a value outside the range": (
        RULES,
        "80.5",
        "121",
        "rules.yaml, rule WATCH-C1: age_years: 121 is outside the range; accepted is a number from 0 to 120 (years).",
    ),
    "a number in quotes": (
        RULES,
        "80.5",
        "'80.5'",
        'rules.yaml, rule WATCH-C1: age_years: "80.5" is not a number; accepted is a number from 0 to 120 (years).',
    ),
    "no value to compare with": (
        RULES,
        "80.5",
        "null",
        "rules.yaml, rule WATCH-C1: age_years: the value to compare with is missing.",
    ),
    "a value that the feature does not have": (
        RULES,
        "value: [G1, G2]",
        "value: [G1, G4]",
        'rules.yaml, rule RES-I1: grade: "G4" is not accepted; accepted is one of G1, G2 or G3.',
    ),
    "a definition that does not exist": (
        RULES,
        "{use: calm}]",
        "{use: clam}]",
        "rules.yaml, rule WATCH-I1, all 2: There is no definition 'clam'. Did you mean calm?",
    ),
    "a circular definition": (
        RULES,
        "{feature: sites, op: contains_any, value: [liver, bone]}",
        "{not: {use: calm}}",
        "rules.yaml, definition spread: The definition uses itself, directly or through others.",
    ),
    "a range upside down": (
        FEATURES,
        "min: 0, max: 120",
        "min: 120, max: 0",
        "features.yaml, feature age_years: A number has a min and a max, min not above max; here are 120 and 0.",
    ),
    "an implied value that cannot be": (
        FEATURES,
        "feature: frail, value: true",
        "feature: frail, value: maybe",
        'features.yaml, implication IMP-01: frail: "maybe" is not accepted; accepted is true or false.',
    ),
    "a contradiction that covers nothing": (
        FEATURES,
        "message: No such grade.",
        "message: No such grade., covers: [IMP-07]",
        "features.yaml, contradiction CON-01: covers names IMP-07, which is not an implication.",
    ),
    # What one file says of another.
    "a source that does not exist": (
        RULES,
        "[{id: F002}]",
        "[{id: GL-TWO}]",
        "rules.yaml, rule RES-I1: There is no source 'GL-TWO'. Did you mean GL-ONE?",
    ),
    "an id used twice": (SOURCES, "id: GL-ONE", "id: SEED-000", "sources.yaml, source SEED-000: The id is used twice."),
    "a seed document without a file": (
        SOURCES,
        "file: one.txt, ",
        "",
        "sources.yaml, source SEED-000: A seed document names its file, and no other source does.",
    ),
    "a fact of a document that does not exist": (
        FACTS,
        "cut out., seeds: [SEED-000]",
        "cut out., seeds: [SEED-009]",
        "facts.yaml, fact F002: There is no source SEED-009. Did you mean SEED-000?",
    ),
    "a fact of a guideline": (
        FACTS,
        "cut out., seeds: [SEED-000]",
        "cut out., seeds: [GL-ONE]",
        "facts.yaml, fact F002: GL-ONE is a guideline, not a seed document.",
    ),
    "a fact that bears on no such option": (
        FACTS,
        "options: [resection]",
        "options: [resect]",
        "facts.yaml, fact F002: There is no option resect. Did you mean resection?",
    ),
    "a fact that bears on no such feature": (
        FACTS,
        "features: [grade]",
        "features: [grades]",
        "facts.yaml, fact F001: There is no feature grades. Did you mean grade?",
    ),
    "a place named twice": (
        FACTS,
        "[option page]",
        "[option page, option page]",
        "facts.yaml, fact F002: shown names something twice.",
    ),
    "a test patient outside the range": (
        CASES,
        "age_years: 81",
        "age_years: 181",
        "rule-cases.yaml, rule WATCH-C1, true: age_years: 181 is outside the range; "
        "accepted is a number from 0 to 120 (years).",
    ),
    "a rule without test patients": (
        CASES,
        "RES-I1: {'true': {grade: G2}, 'false': {grade: G3}}\n",
        "",
        "rule-cases.yaml, rule RES-I1: The rule has no test patients.",
    ),
    "an invariant that is both": (
        INVARIANTS,
        "never: [candidate]",
        "never: [candidate]\n  always: [possible]",
        "invariants.yaml, invariant INV-01: An invariant has either never or always.",
    ),
    "an invariant about no such option": (
        INVARIANTS,
        "[watching]",
        "[waiting]",
        "invariants.yaml, invariant INV-01: There is no option waiting. Did you mean watching?",
    ),
    "an invariant with no such definition": (
        INVARIANTS,
        "{use: spread}",
        "{use: spred}",
        "invariants.yaml, invariant INV-01: There is no definition 'spred'. Did you mean spread?",
    ),
    "a text that rests on no such fact": (
        WATCHING,
        "[F001]",
        "[F009]",
        "option-texts/surveillance.yaml, option watching, what_it_is: There is no fact F009. Did you mean F003?",
    ),
    "a text that rests on another option's rule": (
        WATCHING,
        "[WATCH-C1]",
        "[RES-I1]",
        "option-texts/surveillance.yaml, option watching, what_to_watch: RES-I1 is a rule of resection, not of this option.",
    ),
    "a reading of no such fact": (
        READINGS,
        "[F001]",
        "[F010]",
        "readings.yaml, reading Watching: There is no fact F010. Did you mean F003?",
    ),
}
