"""What every page of one patient shares: the banner that stays in view, what heads an assessment, and its stamp.

It reads an assessment that was made elsewhere and decides nothing. The links to data entry are given only to those who may
write, and the Data tab only to those who may read the record. Called by the views of a patient's pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from netcare.access import Actor, Capability
from pathways.assessing import TumorAssessment
from pathways.engine import Assessment, Contradiction
from pathways.presenters.clinical_line import ClinicalLine, clinical_line, line_facts
from pathways.presenters.explanation import FieldUrl, no_link
from pathways.presenters.readings import Disagreement, stale_sentences
from pathways.presenters.stops import PatientStop, patient_stops
from pathways.presenters.words import count, short_digest, show_date, show_instant
from patients.facts import age_on
from patients.links import data_url, field_url, history_url
from patients.models import Patient, Tumor


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the patient, or one tumor."""

    title: str
    url: str
    current: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Fork:
    """Readings that disagree, said where the value is read."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Banner:
    """Who the patient is, in two identifiers and one clinical line, and the pages there are."""

    name: str
    mrn: str
    birth: str
    age: str
    sex: str
    tag: str
    line: ClinicalLine | None
    forks: tuple[Fork, ...]
    tumors: tuple[Tab, ...]
    tabs: tuple[Tab, ...]
    print_url: str
    add_url: str
    stops: tuple[PatientStop, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedField:
    """A value named by a contradiction, with the way to it."""

    title: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class ContradictionView:
    """One contradiction and the values to check."""

    sentence: str
    fields: tuple[CheckedField, ...]


@dataclass(frozen=True, slots=True)
class Heads:
    """What stands at the head of an assessment, the gravest first."""

    incomplete: str
    unusable: tuple[str, ...]
    contradictions: tuple[ContradictionView, ...]
    stale: tuple[str, ...]
    assumed: tuple[str, ...]
    stops: tuple[PatientStop, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.incomplete or self.stops or self.unusable or self.contradictions or self.stale or self.assumed)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Under which ruleset, with which facts and when the page was made."""

    ruleset: str
    published: str
    digest: str
    short_digest: str
    facts_of: str
    assessed: str


def entry_links(actor: Actor, patient: Patient, tumor: Tumor) -> FieldUrl:
    """The address of a feature's entry field, for those who may write; nothing for the others."""
    if not actor.may(Capability.PATIENT_WRITE).allowed or patient.reached_through:
        return no_link
    return lambda feature: field_url(patient, tumor, feature)


def history_links(patient: Patient, tumor: Tumor) -> FieldUrl:
    """The address of every reading of a feature, where it is also settled which one counts."""
    return lambda feature: history_url(patient, tumor, feature)


def banner(
    patient: Patient,
    *,
    actor: Actor,
    as_of: date,
    current: str,
    tumors: Sequence[Tumor] = (),
    tumor: Tumor | None = None,
    done: TumorAssessment | None = None,
    forks: Sequence[Disagreement] = (),
) -> Banner:
    """The banner of one of the patient's pages; `current` names the tab (candidates, missing, print or data)."""
    link = history_links(patient, tumor) if tumor and actor.may(Capability.PATIENT_READ).allowed else no_link
    may_write = actor.may(Capability.PATIENT_WRITE).allowed and not patient.reached_through
    return Banner(
        name=str(patient),
        mrn=patient.mrn,
        birth=show_date(patient.birth_on),
        age=f"{age_on(patient.birth_on, as_of)} y" if patient.birth_on <= as_of else "",
        sex=f"sex {patient.get_sex_display()}" if patient.sex == "unknown" else patient.get_sex_display(),
        tag=fictional_tag(patient),
        line=line_of(done.assessment) if done else None,
        forks=tuple(_fork(one, link) for one in forks),
        tumors=_tumor_tabs(patient, tumors, tumor, current) if len(tumors) > 1 else (),
        tabs=_tabs(patient, tumor, actor, done, current),
        print_url=_tumor_url("tumor_print", patient, tumor) if tumor else "",
        add_url=data_url(patient) if may_write else "",
        stops=patient_stops(done.assessment) if done else (),
    )


def fictional_tag(patient: Patient) -> str:
    """What marks a patient who is no real person."""
    return "Invented patient" if patient.invented else "Fictional patient" if patient.fictional else ""


def line_of(assessment: Assessment) -> ClinicalLine:
    """The clinical line from the values that the rules read."""
    dictionary = assessment.ruleset.dictionary
    return clinical_line(line_facts(assessment.record.known, assessment.inapplicable, dictionary), dictionary)


def _fork(one: Disagreement, link: FieldUrl) -> Fork:
    values = "; ".join(f"{row.title} {row.other}" for row in one.rows)
    return Fork(f"{values} ({one.other_origin})", link(one.rows[0].feature))


def _tumor_url(name: str, patient: Patient, tumor: Tumor | None) -> str:
    return reverse(f"pathways:{name}", args=[patient.id, tumor.number]) if tumor else ""


def _tumor_tabs(patient: Patient, tumors: Sequence[Tumor], tumor: Tumor | None, current: str) -> tuple[Tab, ...]:
    name = "missing" if current == "missing" else "tumor"
    return tuple(
        Tab(str(one), _tumor_url(name, patient, one), tumor is not None and one.id == tumor.id) for one in tumors
    )


def _tabs(
    patient: Patient, tumor: Tumor | None, actor: Actor, done: TumorAssessment | None, current: str
) -> tuple[Tab, ...]:
    tabs = []
    if tumor and actor.may(Capability.EXPLAIN).allowed:
        assessed = done.assessment if done else None
        listed = (
            str(sum(str(o.status) in ("candidate", "conditional", "possible") for o in assessed.options))
            if assessed
            else ""
        )
        missing = str(len(assessed.missing) or "") if assessed else ""
        tabs.append(Tab("Candidates", _tumor_url("tumor", patient, tumor), current == "candidates", listed))
        tabs.append(Tab("What is missing", _tumor_url("missing", patient, tumor), current == "missing", missing))
        if actor.may(Capability.ASSESS).allowed:
            tabs.append(Tab("What if", _tumor_url("what_if", patient, tumor), current == "what_if"))
        tabs.append(Tab("Since last time", _tumor_url("since", patient, tumor), current == "since"))
        if actor.may(Capability.PATIENT_REVIEW).allowed and not patient.reached_through:
            tabs.append(Tab("Review", _tumor_url("review", patient, tumor), current == "review"))
    if actor.may(Capability.BOARD_READ).allowed:
        tabs.append(Tab("Board", reverse("boards:patient", args=[patient.id]), current == "board"))
    if actor.may(Capability.PATIENT_READ).allowed:
        if tumor:
            tabs.append(Tab("Timeline", _tumor_url("timeline", patient, tumor), current == "timeline"))
        tabs.append(Tab("Data", data_url(patient), current == "data"))
    return tuple(tabs)


def heads(done: TumorAssessment, link: FieldUrl) -> Heads:
    """What must be read before the list."""
    assessment = done.assessment
    contradictions = tuple(_contradiction(entry, assessment, link) for entry in assessment.contradictions)
    unusable = tuple(done.facts.unusable.values())
    return Heads(
        _incomplete(assessment),
        unusable,
        contradictions,
        stale_sentences(done),
        assessment.assumed,
        patient_stops(assessment),
    )


def _incomplete(assessment: Assessment) -> str:
    faulty = [option.code for option in assessment.options if str(option.status) == "not_assessed"]
    if not faulty:
        return ""
    names = ", ".join(assessment.ruleset.option(code).title for code in faulty[:5])
    more = f" and {len(faulty) - 5} more" if len(faulty) > 5 else ""
    said = f"{count(len(faulty), 'option')} not assessed because of a fault in the program: {names}{more}."
    return f"{said} Do not sign or act on this list as a whole."


def _contradiction(entry: Contradiction, assessment: Assessment, link: FieldUrl) -> ContradictionView:
    features, known = assessment.ruleset.dictionary.features, assessment.record.known
    return ContradictionView(
        entry.sentence,
        tuple(
            CheckedField(features[name].title, features[name].show(known[name]), link(name))
            for name in entry.features
            if name in known
        ),
    )


def stamp(done: TumorAssessment, at: datetime) -> Stamp:
    """The footer line of every page that shows an assessment."""
    version, overlay = done.in_force.version, done.assessment.overlay
    stopped = f", emergency stops {overlay.number}" if overlay else ""
    return Stamp(
        ruleset=f"{version.title} v{version.version}{stopped}",
        published=show_date(version.published_at.date()),
        digest=version.digest,
        short_digest=short_digest(version.digest),
        facts_of=show_date(done.as_of),
        assessed=show_instant(at),
    )
