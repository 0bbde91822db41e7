"""What the tests of recall and feedback do again and again: a patient, a review, a version with an edited rule, the job."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from netcare.access import Institution, Team, User
from netcare.jobs import runner
from netcare.jobs.models import Job
from pathways.actions.publishing import publish
from pathways.assessing import assess_tumor
from pathways.engine import Ruleset
from pathways.models import RecallEntry, Review, RulesetVersion
from pathways.reviews.signing import Draft, Word, seen_token, sign_review
from pathways.selectors import ruleset_in_force
from patients.actions import NewFinding, record_findings, register_patient
from patients.models import Tumor
from tests.cast import SYSTEM, Cast, acting

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PRRT = "lutetium_dotatate"
Edit = Callable[[dict[str, Any]], None]


def with_uptake(
    cast: Cast, mrn: str = "N-1", *, team: Team | None = None, by: User | None = None, krenning: int = 2, **more: Any
) -> Tumor:
    """A patient for whom PRRT has a reason, and whose uptake is so strong."""
    clinician = by or cast.clara
    patient = register_patient(
        actor=acting(clinician), mrn=mrn, family_name=f"Ash{mrn}", given_name="Rowan", birth_on=date(1965, 12, 24),
        sex="male", teams=[team or cast.abdomen], now=NOW, **more,
    )  # fmt: skip
    tumor = Tumor.objects.select_related("patient__institution").get(patient=patient)
    values = {
        "primary_site": "small_bowel", "extent": "metastatic", "differentiation": "well", "progression": "progressing",
        "sstr_status": "positive", "krenning_score": Decimal(krenning),
    }  # fmt: skip
    findings = [
        NewFinding(name, date(2026, 11, 1), "imaging", value=value, tumor=tumor) for name, value in values.items()
    ]
    record_findings(actor=acting(clinician), patient=patient, findings=findings, now=NOW)
    return tumor


def sign(tumor: Tumor, by: User, *words: Word, now: datetime = NOW) -> Review:
    """A review of the list of that day."""
    seen = seen_token(assess_tumor(tumor, as_of=now.date()))
    said = words or (Word(PRRT, "discuss"),)
    return sign_review(actor=acting(by), tumor=tumor, seen=seen, draft=Draft(said, "yes"), now=now)


def publish_edited(edit: Edit, *, now: datetime = NOW) -> RulesetVersion:
    """The next version: the one in force with an edit, through the real action."""
    data = ruleset_in_force().ruleset.to_data()
    edit(data)
    return publish(ruleset=Ruleset.from_data(data), note="Edited.", actor=SYSTEM, by=None, at=now)


def rule(data: dict[str, Any], code: str) -> dict[str, Any]:
    return next(entry for entry in data["rules"] if entry["code"] == code)


def uptake_up_to(score: int) -> Edit:
    """PRRT-E5 rules out uptake up to this score; the starter says 1."""

    def edit(data: dict[str, Any]) -> None:
        rule(data, "PRRT-E5")["when"]["value"] = score

    return edit


def run_recall(version: RulesetVersion, institution: Institution | None = None) -> list[Job]:
    """Run the jobs that publishing asked for."""
    jobs = Job.objects.filter(kind="recall_reviews", payload__version=str(version.pk)).order_by("created_at", "id")
    jobs = jobs.filter(institution=institution) if institution else jobs
    for job in jobs:
        runner.run(job.pk)
    return list(jobs.all())


def recalled(tumor: Tumor) -> RecallEntry:
    """The latest entry of a tumor."""
    return RecallEntry.objects.filter(tumor=tumor).order_by("-version__version")[0]
