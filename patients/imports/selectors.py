"""Reads of imports: which files somebody may see, and their rows as lists and counts. Called by views and presenters."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from netcare.access import Actor, Capability, Scope
from patients.models import ImportedFile, ImportedRow, RowOutcome, Verdict

LEFT_OUT = Q(verdict__in=[Verdict.CONFLICTING, Verdict.REFUSED]) | Q(outcome=RowOutcome.NOT_APPLIED)
# What became of the rows, as the report counts them.
STANDINGS: dict[str, Q] = {
    "applied": Q(outcome=RowOutcome.APPLIED),
    "same": Q(outcome=RowOutcome.SAME) | Q(outcome="", verdict=Verdict.SAME),
    "left_out": LEFT_OUT & ~Q(outcome__in=[RowOutcome.APPLIED, RowOutcome.SAME]),
    "waiting": Q(outcome="", verdict__in=[Verdict.NEW, Verdict.CHANGED]),
}
STANDING_TITLES = {"applied": "applied", "same": "on record already", "left_out": "not applied", "waiting": "waiting"}


def visible_imports(actor: Actor) -> QuerySet[ImportedFile]:
    """The imports of the actor's institution, if any of the actor's roles imports; latest first."""
    if Scope.INSTITUTION not in actor.scopes(Capability.PATIENT_IMPORT) or actor.institution_id is None:
        return ImportedFile.objects.none()
    files = ImportedFile.objects.filter(institution_id=actor.institution_id)
    return files.select_related("institution", "sent_by", "applied_by").order_by("-sent_at", "id")


def visible_import(actor: Actor, import_id: UUID) -> ImportedFile | None:
    """The import, or None where there is none or it is not the actor's to see: the two answer the same."""
    return visible_imports(actor).filter(id=import_id).first()


def rows_of(file: ImportedFile) -> QuerySet[ImportedRow]:
    return ImportedRow.objects.filter(file=file)


def verdict_counts(file: ImportedFile) -> dict[str, int]:
    """How many rows of each verdict."""
    counted = rows_of(file).order_by().values("verdict").annotate(number=Count("id"))
    found = {entry["verdict"]: entry["number"] for entry in counted}
    return {verdict.value: found.get(verdict.value, 0) for verdict in Verdict}


def standing_counts(file: ImportedFile) -> dict[str, int]:
    """How many rows were applied, were on record, were left out, or still wait."""
    counts: dict[str, int] = rows_of(file).aggregate(
        **{name: Count("id", filter=condition) for name, condition in STANDINGS.items()}
    )
    return counts


def kinds_left_out(file: ImportedFile) -> list[str]:
    """The kinds of rows of which some were not taken."""
    found = rows_of(file).filter(STANDINGS["left_out"]).exclude(kind="")
    return list(found.order_by("kind").values_list("kind", flat=True).distinct())


def left_out(file: ImportedFile, kind: str) -> QuerySet[ImportedRow]:
    return rows_of(file).filter(STANDINGS["left_out"], kind=kind).order_by("sheet", "number", "id")
