"""The single changes of a draft's effect, patient by patient: the reader's own institution alone.

Fictional patients go by their name. What it refuses to do: name a real one, or give an MRN, a birth date or any date;
they have a name made of a keyed digest, the same within one draft, a decade of age, sex and primary site.
Called by the views of the effect, for the page and for the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from netcare.access import Actor, Capability
from pathways.drafting.effect import GAIN, LOSE, OTHER, direction
from pathways.drafts.effect_reads import group_key
from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine import LISTED, Value
from pathways.knowledge import dictionary
from pathways.models import Draft, EffectKind, EffectRow, EffectRun
from pathways.presenters.draft_effect import DIRECTION_WORDS, KINDS, NOT_THERE, EffectFilter
from pathways.presenters.words import STATUS_WORDS
from pathways.reviews.snapshots import stored_features
from pathways.selectors import ruleset_of
from patients.facts import facts_of_many
from patients.imports.downloads import csv_bytes
from patients.models import Patient, Tumor
from patients.selectors import visible_patients

HEADINGS = (
    "patient", "facts", "option", "option_title", "before", "after", "change", "rules", "age", "sex", "primary_site",
)  # fmt: skip
TOGETHER = 500


@dataclass(frozen=True, slots=True)
class RowView:
    """One option that moves for one tumor or review."""

    who: str
    url: str
    fictional: bool
    age: str
    sex: str
    site: str
    facts: str
    option: str
    title: str
    before: str
    after: str
    before_words: str
    after_words: str
    direction: str
    rules: tuple[str, ...]

    @property
    def about(self) -> str:
        """What is said of the patient beside the name."""
        return " · ".join(part for part in (self.age, self.sex, self.site) if part)


def effect_rows(run: EffectRun, actor: Actor, filters: EffectFilter) -> QuerySet[EffectRow]:
    """The changes of the reader's own institution that the filter keeps."""
    rows = EffectRow.objects.filter(subject__run=run, subject__institution=actor.institution_id)
    if filters.option:
        rows = rows.filter(option=filters.option)
    if filters.kind:
        rows = rows.filter(subject__kind=filters.kind)
    if filters.rule:
        rows = rows.filter(because__contains=f" {filters.rule} ")
    if filters.direction:
        rows = rows.filter(_in_direction(filters.direction))
    if filters.group:
        rows = rows.filter(_in_group(run, filters.group))
    chosen = rows.select_related("subject__tumor__patient__institution", "subject__snapshot")
    return chosen.order_by("option", "before", "after", "subject_id", "id")


def _in_direction(wanted: str) -> Q:
    was, now = Q(before__in=LISTED), Q(after__in=LISTED)
    return {GAIN: ~was & now, LOSE: was & ~now, OTHER: (was & now) | (~was & ~now)}[wanted]


def _in_group(run: EffectRun, key: str) -> Q:
    """The rows of one group; none for a key that is no group's."""
    moves = EffectRow.objects.filter(subject__run=run).order_by("option").values_list("option", "before", "after")
    for option, before, after in moves.distinct():
        if group_key(run.base, option, before, after) == key:
            return Q(option=option, before=before, after=after)
    return Q(pk__in=[])


def row_views(rows: Sequence[EffectRow], run: EffectRun, draft: Draft, actor: Actor) -> list[RowView]:
    """The rows as page and file show them, in a number of queries that does not grow with them."""
    named = _named(rows, actor)
    features = _features(rows, run)
    titles = {o.code: o.title for ruleset in (ruleset_of(draft.base), ruleset_of_draft(draft)) for o in ruleset.options}
    return [_view(row, draft, named, features[row.subject_id], titles) for row in rows]


def _named(rows: Sequence[EffectRow], actor: Actor) -> set[UUID]:
    """The patients whose name the reader may see: fictional ones in reach."""
    ids = {row.subject.tumor.patient_id for row in rows}
    known = visible_patients(actor, Capability.ASSESS).filter(fictional=True, id__in=ids)
    return set(known.values_list("id", flat=True))


def _features(rows: Sequence[EffectRow], run: EffectRun) -> dict[int, Mapping[str, Value]]:
    """The features of each subject: of the record as the run saw it, or of the stored assessment."""
    tumors = {row.subject.tumor_id: row.subject.tumor for row in rows if row.subject.snapshot is None}
    facts = facts_of_many(list(tumors.values()), as_of=run.as_of, known_at=run.asked_at)
    return {
        row.subject_id: facts[row.subject.tumor_id].features
        if row.subject.snapshot is None
        else stored_features(row.subject.snapshot)
        for row in rows
    }


def _view(
    row: EffectRow, draft: Draft, named: set[UUID], features: Mapping[str, Value], titles: Mapping[str, str]
) -> RowView:
    tumor = row.subject.tumor
    patient, is_named = tumor.patient, tumor.patient_id in named
    return RowView(
        who=_who(patient, tumor, draft, is_named),
        url=reverse("pathways:tumor", args=[patient.id, tumor.number]) if is_named else "",
        fictional=patient.fictional,
        age=decade(features.get("age_years")),
        sex=_shown("sex", features),
        site=_shown("primary_site", features) or "primary site not recorded",
        facts=dict(KINDS)[row.subject.kind] if row.subject.kind == EffectKind.TODAY else "a signed review",
        option=row.option,
        title=titles.get(row.option, row.option),
        before=row.before,
        after=row.after,
        before_words=STATUS_WORDS.get(row.before, NOT_THERE),
        after_words=STATUS_WORDS.get(row.after, NOT_THERE),
        direction=DIRECTION_WORDS[direction(row.before, row.after)],
        rules=tuple(row.because.split()),
    )


def _who(patient: Patient, tumor: Tumor, draft: Draft, is_named: bool) -> str:
    name = str(patient) if is_named else pseudonym(draft, patient)
    return name if tumor.number == 1 else f"{name}, tumor {tumor.number}"


def pseudonym(draft: Draft, patient: Patient) -> str:
    """ "Patient 7F3A-21C4": the same for one patient within one draft, and of no use outside it."""
    digest = salted_hmac("netcare.draft.effect", f"{draft.id}:{patient.id}", algorithm="sha256").hexdigest().upper()
    return f"Patient {digest[:4]}-{digest[4:8]}"


def decade(age: Value | None) -> str:
    """The decade of an age: "60 to 69 years"; "" where it is not known."""
    if not isinstance(age, Decimal):
        return ""
    first = int(age) // 10 * 10
    return "90 years or older" if first >= 90 else "under 20 years" if first < 20 else f"{first} to {first + 9} years"


def _shown(name: str, features: Mapping[str, Value]) -> str:
    value = features.get(name)
    return "" if value is None else dictionary().features[name].show(value)


def effect_file(rows: QuerySet[EffectRow], run: EffectRun, draft: Draft, actor: Actor) -> tuple[bytes, set[UUID]]:
    """The rows as CSV that no spreadsheet computes, and the patients who are in it."""
    chosen = list(rows)
    table: list[Sequence[str]] = [HEADINGS, *_cells(chosen, run, draft, actor)]
    return csv_bytes(table), {row.subject.tumor.patient_id for row in chosen}


def _cells(rows: Sequence[EffectRow], run: EffectRun, draft: Draft, actor: Actor) -> Iterator[Sequence[str]]:
    for start in range(0, len(rows), TOGETHER):
        for view in row_views(rows[start : start + TOGETHER], run, draft, actor):
            yield (
                view.who, view.facts, view.option, view.title, view.before_words, view.after_words, view.direction,
                " ".join(view.rules), view.age, view.sex, view.site,
            )  # fmt: skip
