"""The rule in a form, not saved yet, put into the draft for a moment: on patients, and before the proofs.

What it refuses to do: store anything. A form that is not whole says what lacks instead of showing an old answer.
"""

from dataclasses import dataclass
from datetime import date

from netcare.access import Actor
from pathways.drafting.content import put
from pathways.drafting.feature_lines import to_lines
from pathways.drafting.naming import with_titles
from pathways.engine import Ruleset, RulesetError, read_json
from pathways.engine.verification import ChangeProof, Proof, prove, prove_change
from pathways.presenters.draft_checks import KIND_TITLES, example_words, keep_url, try_url
from pathways.presenters.draft_entry import EntryEditor
from pathways.presenters.draft_live import LivePanel, live_panel, live_patients
from pathways.presenters.words import STATUS_WORDS
from pathways.selectors import ruleset_of

# Milliseconds for the proofs of one option while somebody types; what is not proved by then is said to be so.
BUDGET_MS = 4000
MOST_KEPT = 32
_KEPT: dict[tuple[str, str, str], tuple[Proof, ChangeProof]] = {}


@dataclass(frozen=True, slots=True)
class TypedFinding:
    """What the proofs found for the option as the form has it."""

    kind: str
    sentence: str
    blocks: bool
    example: tuple[str, ...]
    try_url: str
    keep_url: str


@dataclass(frozen=True, slots=True)
class TypedChange:
    """One direction in which the rule in the form moves its option."""

    before: str
    before_words: str
    after: str
    after_words: str
    example: tuple[str, ...]
    try_url: str


@dataclass(frozen=True, slots=True)
class TypedRule:
    """The panel beside the form. With `lacks` there is nothing else."""

    lacks: tuple[str, ...] = ()
    live: LivePanel | None = None
    findings: tuple[TypedFinding, ...] = ()
    change: str = ""
    changes: tuple[TypedChange, ...] = ()
    regions: tuple[str, ...] = ()
    seconds: str = ""
    proved: str = ""
    all_proved: bool = True


def typed_rule(editor: EntryEditor, actor: Actor, today: date, chosen: str) -> TypedRule:
    """What the rule in the form comes to."""
    if not editor.is_valid():
        return TypedRule(lacks=("The rule is not whole yet: what lacks stands at its field.",))
    place, entry = editor.place(), editor.value()
    content = put(read_json(editor.draft.content), place, entry, editor.stands_after())
    try:
        ruleset = Ruleset.from_data(content)
    except RulesetError as error:
        return TypedRule(lacks=tuple(problem.sentence for problem in error.problems))
    rule, base = ruleset.rule(place.code), ruleset_of(editor.draft.base)
    live = live_panel(rule, ruleset, base, live_patients(actor, rule, ruleset, today), chosen)
    return _proved(editor, ruleset, base, rule.option, live)


def _proved(editor: EntryEditor, ruleset: Ruleset, base: Ruleset, option: str, live: LivePanel) -> TypedRule:
    proof, change = _proofs(ruleset, base, option)
    findings, counted = [], proof.counts["invariants"]
    for one in proof.findings:
        lines = to_lines(one.example) if one.example is not None else None
        urls = (try_url(editor.draft, lines), keep_url(editor.draft, lines))
        kind = KIND_TITLES.get(one.kind, one.kind)
        words = with_titles(one.sentence, one.codes, ruleset)
        findings.append(TypedFinding(kind, words, one.blocks, example_words(editor.draft, lines), *urls))
    moved = [one for one in change.changes if one.option == option]
    return TypedRule(
        live=live,
        findings=tuple(findings),
        change=_sentence(change.complete, bool(moved)),
        changes=tuple(
            TypedChange(
                str(one.before),
                STATUS_WORDS[str(one.before)],
                str(one.after),
                STATUS_WORDS[str(one.after)],
                example_words(editor.draft, to_lines(one.example)),
                try_url(editor.draft, to_lines(one.example)),
            )
            for one in moved
        ),
        regions=tuple(region.sentence for region in change.regions),
        seconds=f"{(proof.elapsed + change.elapsed) / 1000:.1f} s",
        proved=counted.sentence,
        all_proved=counted.proved == counted.total,
    )


def _proofs(ruleset: Ruleset, base: Ruleset, option: str) -> tuple[Proof, ChangeProof]:
    """The proofs of one wording; kept, so that choosing another patient beside the same wording proves nothing again."""
    key = (base.digest, ruleset.digest, option)
    if key not in _KEPT:
        proof = prove(ruleset, budget_ms=BUDGET_MS, only={option})
        change = prove_change(base, ruleset, budget_ms=BUDGET_MS)
        if not (proof.complete and change.complete):
            return proof, change
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = proof, change
    return _KEPT[key]


def _sentence(complete: bool, moved: bool) -> str:
    if not complete:
        return "Not proved in the time given while one types; the checks page takes longer."
    if not moved:
        return "For no possible patient does this draft change the status of this option. Proved."
    return "This draft changes the status of this option for these, and proved for nobody in any other way:"
