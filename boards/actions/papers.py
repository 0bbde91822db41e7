"""Papers: asking for a meeting's packet in the background, and noting what was made, with its check codes.

What it refuses to do: hand anything out, or forget a paper. The row says what was made, for whom and of which cases; a file
that was kept is named in it. Who calls it: the pages of papers, the packet's job and the command.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from boards.files import StoredFile
from boards.models import Case, Meeting, Paper, PaperCase, PaperForm, PaperKind
from boards.packet.contents import CasePacket
from boards.policies import require_meeting
from boards.selectors import agenda_of
from netcare.access import Actor, Capability, Institution
from netcare.audit import record
from netcare.jobs.actions import enqueue
from netcare.jobs.models import Job
from patients.actions.shared import Fault, Refused
from patients.models import Tumor

KIND_OF_JOB = "make_packet"
PACKET_FORMS = (PaperForm.PDF, PaperForm.HTML)


@dataclass(frozen=True)
class Shown:
    """One tumor on a paper, with the sheet that was made of it (None: on minutes)."""

    tumor: Tumor
    case: Case | None = None
    sheet: CasePacket | None = None
    snapshot_id: UUID | None = None


@dataclass(frozen=True)
class About:
    """What a paper is."""

    kind: PaperKind
    form: PaperForm
    code: str
    meeting: Meeting | None = None
    deidentified: bool = False
    signed: bool = False
    left_out: int = 0
    file: StoredFile | None = None


@transaction.atomic
def ask_for_packet(*, actor: Actor, meeting: Meeting, form: str, deidentified: bool, now: datetime) -> Job:
    """Have the packet made in the background, within the reach of who asks. Raises NotAllowed, Refused.

    Where the same person's same wish still waits, it is that job.
    """
    user = require_meeting(actor, Capability.BOARD_READ, meeting)
    if form not in PACKET_FORMS:
        accepted = ", ".join(f"{one.value} ({one.label})" for one in PACKET_FORMS)
        raise Refused([Fault("form", f"There is no packet in the form “{form[:20]}”. Accepted is {accepted}.")])
    if not agenda_of(actor, meeting):
        there = Case.objects.filter(meeting=meeting).exists()
        said = (
            "No case of this meeting is within your reach." if there else "The agenda is empty. Put a case on it first."
        )
        raise Refused([Fault("", said)])
    payload = {"meeting": str(meeting.pk), "form": form, "deidentified": deidentified, "by": str(user.pk)}
    job = enqueue(kind=KIND_OF_JOB, payload=payload, requested_by=user, institution=meeting.institution)
    detail = {"form": form, "deidentified": deidentified}
    record(actor=actor, action="packet.ask", subject=f"meeting {meeting.pk}", detail=detail, at=now)
    return job


@transaction.atomic
def note_paper(*, actor: Actor, institution: Institution, about: About, shown: Sequence[Shown], now: datetime) -> Paper:
    """Append a paper and what is on it. One audit row names every patient. What was streamed twice alike is noted once."""
    earlier = _same(actor, institution, about, shown)
    paper = earlier or _written(actor, institution, about, shown, now)
    record(
        actor=actor, action=f"paper.{about.kind.value}", institution_id=institution.pk, subject=f"paper {paper.pk}",
        patient_ids=list(dict.fromkeys(one.tumor.patient_id for one in shown)),
        detail={"form": about.form.value, "code": about.code, "deidentified": about.deidentified}, at=now,
    )  # fmt: skip
    return paper


def _same(actor: Actor, institution: Institution, about: About, shown: Sequence[Shown]) -> Paper | None:
    """The paper that this person had made last of the same thing, where it said the same."""
    if about.file is not None:
        return None
    rows = Paper.objects.filter(
        institution=institution, kind=about.kind, form=about.form, deidentified=about.deidentified,
        meeting=about.meeting, made_by=actor.user, key__isnull=True,
    )  # fmt: skip
    if about.kind in (PaperKind.SHEET, PaperKind.TEXT):
        rows = rows.filter(cases__tumor=shown[0].tumor)
    last = rows.order_by("-made_at", "-id").first()
    return last if last and last.code == about.code else None


def _written(actor: Actor, institution: Institution, about: About, shown: Sequence[Shown], now: datetime) -> Paper:
    meeting, file = about.meeting, about.file
    kept: dict[str, Any] = {}
    if file:
        kept = {"key": file.key, "content_type": file.content_type, "size": file.size, "digest": file.digest}
    paper = Paper.objects.create(
        institution=institution, kind=about.kind, form=about.form, code=about.code, meeting=meeting,
        order_version=meeting.order_version if meeting else 0, begins_at=meeting.begins_at if meeting else None,
        deidentified=about.deidentified, signed=about.signed, left_out=about.left_out, made_by=actor.user,
        made_by_name=actor.name, made_at=now, **kept,
    )  # fmt: skip
    PaperCase.objects.bulk_create(_row(paper, number, one) for number, one in enumerate(shown, start=1))
    return paper


def _row(paper: Paper, number: int, one: Shown) -> PaperCase:
    said: dict[str, str] = {}
    if one.sheet:
        stamp = one.sheet.stamp
        said = {
            "code": one.sheet.code, "ruleset": stamp.ruleset, "ruleset_digest": stamp.digest,
            "overlay": one.sheet.overlay, "facts": one.sheet.facts, "facts_of": stamp.facts_of,
        }  # fmt: skip
    ends = one.sheet.out_of_date_on if one.sheet else None
    return PaperCase(
        out_of_date_on=ends,
        paper=paper,
        tumor=one.tumor,
        case=one.case,
        number=number,
        snapshot_id=one.snapshot_id,
        **said,
    )
