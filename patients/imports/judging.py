"""What each row would do to the record: new, same, changed, conflicting or refused. Pure; the record is an argument.

The patient is found by MRN, exactly, and by birth date; where the two do not agree nothing is merged. The order of the
rows plays no part: rows of one patient are weighed together. Blank cells say nothing, so they change nothing. Called
when a file is staged, and again for each patient at the moment of applying.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from patients.entry.dates import show_day
from patients.imports.cells import Content, digest_of
from patients.imports.columns import FINDINGS, MARKERS, PATIENTS, TREATMENTS
from patients.imports.judging_entries import Weighed, weigh_findings, weigh_treatments
from patients.imports.judging_markers import weigh_markers
from patients.imports.record import KnownPatient, Record, person_in
from patients.models import Sex, Verdict
from patients.selectors import Person

NAMES = ("family_name", "given_name")
NOT_CHANGED = "not changed by an import"
BY_HAND = (
    "If it is the same person, send the rows under the one MRN; if it is another person, register the patient by hand "
    "first. Nothing is merged."
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that was understood. ``label`` is how sentences call it: row 4, findings row 4."""

    key: int
    kind: str
    label: str
    content: Content

    @property
    def digest(self) -> str:
        return digest_of(self.kind, self.content)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one row; ``on_record`` gives for a column what the record says and the verdict on the cell."""

    verdict: Verdict
    reason: str = ""
    column: str = ""
    target: UUID | None = None
    on_record: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def refused(column: str, reason: str) -> Judgement:
    return Judgement(Verdict.REFUSED, reason, column)


def conflicting(column: str, reason: str, **more: tuple[str, str]) -> Judgement:
    return Judgement(Verdict.CONFLICTING, reason, column, on_record=more)


def judge(rows: Iterable[Candidate], record: Record, *, team_count: int) -> dict[int, Judgement]:
    """The verdict on every row, by its key."""
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for row in rows:
        groups[row.content["mrn"]].append(row)
    verdicts: dict[int, Judgement] = {}
    for mrn, group in groups.items():
        verdicts |= _judge_patient(mrn, group, record, team_count)
    return verdicts | _same_people(groups, record, verdicts) | _spelled_apart(groups, record)


def _spelled_apart(groups: Mapping[str, Sequence[Candidate]], record: Record) -> dict[int, Judgement]:
    """New patients of one file whose MRNs differ in capital letters alone: one person or two, nobody here can tell."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for mrn, group in groups.items():
        if mrn not in record.patients and any(row.kind == PATIENTS for row in group):
            spellings[mrn.casefold()].append(mrn)
    apart = {mrn: sorted(alike) for alike in spellings.values() if len(alike) > 1 for mrn in alike}
    return {
        row.key: conflicting(
            "mrn", f"The MRNs {' and '.join(apart[mrn])} differ in capital letters alone. Keep one spelling."
        )
        for mrn in apart
        for row in groups[mrn]
    }


def _same_people(
    groups: Mapping[str, Sequence[Candidate]], record: Record, verdicts: Mapping[int, Judgement]
) -> dict[int, Judgement]:
    """New patients of one file who have one name and birth date under several MRNs: one person or two."""
    mrns: dict[Person, list[str]] = defaultdict(list)
    for mrn, group in groups.items():
        new = (row for row in group if row.kind == PATIENTS and mrn not in record.patients)
        for person in {person_in(row.content) for row in new if verdicts[row.key].verdict != Verdict.REFUSED}:
            mrns[person].append(mrn)
    found: dict[int, Judgement] = {}
    for same in (sorted(several) for several in mrns.values() if len(several) > 1):
        reason = f"The MRNs {' and '.join(same)} are given to one name and birth date. {BY_HAND}"
        found |= {row.key: conflicting("mrn", reason) for mrn in same for row in groups[mrn]}
    return found


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the rows of findings and treatments of a patient may count on."""

    known: KnownPatient | None
    born: str = ""
    problem: Judgement | None = None


def _judge_patient(mrn: str, group: Sequence[Candidate], record: Record, team_count: int) -> dict[int, Judgement]:
    ordered = sorted(group, key=lambda row: (row.digest, row.label))
    identities = [row for row in ordered if row.kind == PATIENTS]
    verdicts, standing = _judge_identity(mrn, identities, record, team_count)
    entries = [row for row in ordered if row.kind != PATIENTS]
    accepted: list[Candidate] = []
    for row in entries:
        problem = _entry_problem(row, standing)
        if problem is None:
            accepted.append(row)
        else:
            verdicts[row.key] = problem
    for kind, weigh in ((FINDINGS, weigh_findings), (TREATMENTS, weigh_treatments), (MARKERS, weigh_markers)):
        chosen = [Weighed(row.key, row.label, row.content) for row in accepted if row.kind == kind]
        for key, weight in weigh(chosen, standing.known).items():
            verdicts[key] = Judgement(weight.verdict, weight.reason, weight.column, weight.target, weight.on_record)
    return verdicts


def _judge_identity(
    mrn: str, rows: Sequence[Candidate], record: Record, team_count: int
) -> tuple[dict[int, Judgement], _Standing]:
    """The verdicts on the patient's own rows, and what they mean for the others."""
    known = record.patients.get(mrn)
    different = {row.digest for row in rows}
    if len(different) > 1:
        rest = f"The MRN {mrn} stands in {_listed(rows)} with different values. Leave one of them."
        verdicts = {row.key: refused("mrn", rest) for row in rows}
        return verdicts, _standing_without_row(mrn, known, record, rest)
    if not rows:
        return {}, _standing_without_row(mrn, known, record, "")
    first, *repeats = rows
    judged = _judge_one(first, known, record, team_count)
    verdicts = {first.key: judged}
    for row in repeats:
        verdicts[row.key] = Judgement(Verdict.SAME, f"Repeats {first.label}.")
    if judged.verdict in (Verdict.REFUSED, Verdict.CONFLICTING):
        reason = f"The patient’s own row ({first.label}) is {judged.verdict.label}: {judged.reason}"
        return verdicts, _Standing(known, problem=Judgement(judged.verdict, reason, "mrn"))
    return verdicts, _Standing(known, born=first.content["birth_on"])


def _standing_without_row(mrn: str, known: KnownPatient | None, record: Record, why: str) -> _Standing:
    if known is None:
        return _Standing(None, problem=_nobody(mrn, record, why))
    if not known.in_reach:
        return _Standing(known, problem=_beyond(mrn))
    return _Standing(known, born=known.born)


def _nobody(mrn: str, record: Record, why: str) -> Judgement:
    if mrn in record.alike:
        return conflicting("mrn", _alike(mrn, record))
    sentence = f"No patient has the MRN {mrn}, and no accepted row of this file registers one."
    return refused("mrn", f"{sentence} {why}".strip())


def _alike(mrn: str, record: Record) -> str:
    return f"The MRN {mrn} differs from {record.alike[mrn]}, which is on record, in capital letters alone. Write it so."


def _beyond(mrn: str) -> Judgement:
    sentence = f"The MRN {mrn} belongs to a patient who is not referred to the board, so you may not change the record."
    return refused("mrn", sentence)


def _judge_one(row: Candidate, known: KnownPatient | None, record: Record, team_count: int) -> Judgement:
    content, mrn = row.content, row.content["mrn"]
    if known is None:
        if mrn in record.alike:
            return conflicting("mrn", _alike(mrn, record))
        if others := record.namesakes.get(person_in(content)):
            name = " ".join(part for part in (content["given_name"], content["family_name"]) if part)
            born = show_day(date.fromisoformat(content["birth_on"]))
            listed = " and ".join(others)
            return conflicting("mrn", f"There is already {name}, born on {born}, under the MRN {listed}. {BY_HAND}")
        if not content["care_team"] and team_count != 1:
            return refused("care_team", "Care team is missing: a new patient needs the team that looks after them.")
        return Judgement(Verdict.NEW)
    if not known.in_reach:
        return _beyond(mrn)
    if content["birth_on"] != known.born:
        shown = show_day(date.fromisoformat(known.born))
        return conflicting(
            "birth_date",
            f"The patient with the MRN {mrn} was born on {shown}. Two people, or one with a wrong date: nothing is merged.",
            birth_date=(shown, Verdict.CONFLICTING),
        )
    return _compare(content, known)


def _compare(content: Content, known: KnownPatient) -> Judgement:
    """The fields of a patient who is on record."""
    on_record: dict[str, tuple[str, str]] = {
        "mrn": (known.mrn, Verdict.SAME),
        "birth_date": (show_day(date.fromisoformat(known.born)), Verdict.SAME),
    }
    changed = []
    for name in (*NAMES, "sex"):
        said, before = content[name], known.identity[name]
        differs = bool(said) and said != before
        shown = Sex(before).label if name == "sex" else before
        on_record[name] = (shown, Verdict.CHANGED if differs else Verdict.SAME)
        changed += [name] if differs else []
    if content["care_team"]:
        same = content["care_team"] == known.identity["care_team"]
        on_record["care_team"] = (known.identity["care_team"].replace(";", ", "), Verdict.SAME if same else NOT_CHANGED)
    if set(NAMES) <= set(changed):
        for name in NAMES:
            on_record[name] = (on_record[name][0], Verdict.CONFLICTING)
        sentence = "Family name and given name both differ from those on record: this may be another person."
        return Judgement(Verdict.CONFLICTING, sentence, "family_name", on_record=on_record)
    verdict = Verdict.CHANGED if changed else Verdict.SAME
    return Judgement(verdict, target=known.id if changed else None, on_record=on_record)


def _entry_problem(row: Candidate, standing: _Standing) -> Judgement | None:
    """Why a row of findings or treatments cannot be of this patient; None where it can."""
    if standing.problem is not None:
        return standing.problem
    if row.content["birth_on"] == standing.born:
        return None
    shown = show_day(date.fromisoformat(standing.born))
    if standing.known is None:
        return refused("birth_date", f"The birth date differs from the patient’s row of this file ({shown}).")
    sentence = f"The patient with the MRN {row.content['mrn']} was born on {shown}: nothing is merged."
    return conflicting("birth_date", sentence, birth_date=(shown, Verdict.CONFLICTING))


def _listed(rows: Iterable[Candidate]) -> str:
    labels = sorted(row.label for row in rows)
    return f"{', '.join(labels[:-1])} and {labels[-1]}"
