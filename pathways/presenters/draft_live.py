"""A rule of a draft on patients, while it is edited: its value and trace, and the option before and after.

On the fictional patients the editor may see, on the test patients, on the rule's own cases, and on invented patients
around each threshold. What it refuses to do: store anything, or show a real patient's name.
Called by the live panel and the page of an invented patient.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from netcare.access import Actor, Capability
from pathways.assessing import fresh_features
from pathways.drafting.around import patients_around
from pathways.engine import Effect, Feature, Rule, Ruleset, Status, Truth, assess, comparisons_in, statuses
from pathways.engine.network import network_of
from pathways.engine.record import reader_for
from pathways.engine.values import Value
from pathways.presenters.trace_rows import TraceTable, trace_table
from pathways.presenters.words import STATUS_WORDS, capital
from patients.facts import facts_of_many
from patients.models import Tumor
from patients.selectors import visible_patients

SAYS = {
    Effect.INDICATION: {"true": "a reason", "false": "no", "unknown": "unknown"},
    Effect.EXCLUSION: {"true": "rules out", "false": "no", "unknown": "unknown"},
    Effect.CAUTION: {"true": "to weigh", "false": "no", "unknown": "unknown"},
}
# Values below a name: more make a table nobody reads.
MOST_VALUES = 4
# Fictional patients beside a rule.
MOST_PATIENTS = 60


@dataclass(frozen=True, slots=True)
class LivePatient:
    """Somebody the rule is tried on. `group` is one of GROUPS; `expected` what a rule case wants."""

    key: str
    group: str
    title: str
    features: Mapping[str, Value]
    expected: str = ""


GROUPS = {
    "chosen": "Chosen",
    "demo": "Fictional patients",
    "test": "Test patients",
    "case": "The rule’s own cases",
    "near": "Around each threshold",
}


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One patient: what the rule reads ("" is unknown), the rule's value, the option's status in force and in the draft."""

    key: str
    title: str
    values: tuple[tuple[str, str], ...]
    truth: str
    says: str
    before: str
    before_words: str
    after: str
    after_words: str
    fails: str

    @property
    def changes(self) -> bool:
        """Whether the option has another status in the draft."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class LiveGroup:
    """Patients of one kind."""

    title: str
    rows: tuple[LiveRow, ...]


@dataclass(frozen=True, slots=True)
class LivePanel:
    """The panel: groups of rows, and the value and the trace of the chosen patient."""

    groups: tuple[LiveGroup, ...]
    patients: tuple[tuple[str, str], ...]
    chosen: str
    trace: TraceTable | None
    changed: int

    @property
    def picked(self) -> LiveRow | None:
        """The chosen patient."""
        return next((row for group in self.groups for row in group.rows if row.key == self.chosen), None)

    @property
    def failing(self) -> tuple[LiveRow, ...]:
        """The cases of the rule that come to something else than what is expected."""
        return tuple(row for group in self.groups for row in group.rows if row.fails)


def live_patients(actor: Actor, rule: Rule, ruleset: Ruleset, today: date) -> list[LivePatient]:
    """Everybody the rule is tried on."""
    return [
        *_fictional(actor, ruleset, today),
        *(LivePatient(f"test:{p.code}", "test", p.title, p.features) for p in ruleset.test_patients),
        *_cases(rule, ruleset),
    ]


def _fictional(actor: Actor, ruleset: Ruleset, today: date) -> Iterator[LivePatient]:
    patients = visible_patients(actor, Capability.ASSESS).filter(fictional=True)
    tumors = Tumor.objects.filter(patient__in=patients).select_related("patient", "patient__institution")
    chosen = list(tumors.order_by("patient__family_name", "patient__given_name", "number", "id")[:MOST_PATIENTS])
    facts = facts_of_many(chosen, as_of=today)
    for tumor in chosen:
        features, _ = fresh_features(ruleset, facts[tumor.id])
        name = f"{capital(tumor.patient.given_name)} {tumor.patient.family_name}"
        yield LivePatient(f"demo:{tumor.id}", "demo", name, features)


def _cases(rule: Rule, ruleset: Ruleset) -> Iterator[LivePatient]:
    cases = ruleset.cases.get(rule.code)
    for truth, features in cases.by_value.items() if cases else ():
        yield LivePatient(f"case:{truth.word}", "case", f"Case “{truth.word}”", features, truth.word)
    holds = dict(cases.by_value.get(Truth.TRUE, {})) if cases else {}
    for number, near in enumerate(patients_around(rule, ruleset, holds)):
        feature = ruleset.dictionary.features[near.feature]
        value = near.features.get(near.feature)
        shown = f" {feature.show(value)}" if value is not None else ""
        yield LivePatient(f"near:{number}", "near", f"{feature.title}{shown}: {near.where}", near.features)


def live_panel(rule: Rule, draft: Ruleset, base: Ruleset, patients: list[LivePatient], chosen: str = "") -> LivePanel:
    """The panel for one rule as it is in `draft`, against the version in force `base`."""
    read_first = _read_first(rule, draft)
    known = {option.code for option in base.options}
    rows: dict[str, list[LiveRow]] = {}
    for patient in patients:
        rows.setdefault(patient.group, []).append(
            _row(rule, draft, base if rule.option in known else None, patient, read_first)
        )
    picked = next((one for one in patients if one.key == chosen), None)
    everybody = [row for several in rows.values() for row in several]
    return LivePanel(
        groups=tuple(LiveGroup(GROUPS[group], tuple(several)) for group, several in rows.items()),
        patients=tuple((one.key, one.title) for one in patients if one.group != "near"),
        chosen=chosen,
        trace=_trace(rule, draft, picked) if picked else None,
        changed=sum(row.changes for row in everybody),
    )


def _read_first(rule: Rule, ruleset: Ruleset) -> tuple[Feature, ...]:
    read = dict.fromkeys(comparison.feature for comparison in comparisons_in(rule.when))
    return tuple(read)[:MOST_VALUES]


def _row(
    rule: Rule, draft: Ruleset, base: Ruleset | None, patient: LivePatient, read_first: tuple[Feature, ...]
) -> LiveRow:
    network, record = network_of(draft), reader_for(draft.dictionary).read(patient.features)
    values = network.evaluate(record)
    before = statuses(base, patient.features).get(rule.option) if base else None
    after = network.status(values, rule.option)
    truth = Truth(values[network.roots[rule.code]]).word
    return LiveRow(
        key=patient.key,
        title=patient.title,
        values=tuple((feature.short, _value(feature, patient.features, record.known)) for feature in read_first),
        truth=truth,
        says=SAYS[rule.effect][truth],
        before=before.value if before else "",
        before_words=_status(before),
        after=after.value,
        after_words=_status(after),
        fails=f"{patient.expected} is expected" if patient.expected and patient.expected != truth else "",
    )


def _status(status: Status | None) -> str:
    return STATUS_WORDS[status.value] if status else "not in it"


def _value(feature: Feature, features: Mapping[str, Value], known: Mapping[str, object]) -> str:
    value = features.get(feature.name)
    if value is None:
        implied = known.get(feature.name)
        return f"{feature.show(implied)} (follows)" if implied is not None else ""  # type: ignore[arg-type]
    return feature.show(value)


def _trace(rule: Rule, draft: Ruleset, patient: LivePatient) -> TraceTable:
    assessed = assess(draft, patient.features)
    result = next(one for one in assessed.explain(rule.option) if one.code == rule.code)
    return trace_table(result.trace, {})
