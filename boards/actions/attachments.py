"""Attaching a report or an image to a case, and withdrawing it with a reason.

What it refuses to do: keep a file that `boards.attachments.checking` does not accept, or take one after the meeting is
closed. A withdrawn attachment stays on record. Who calls it: the pages of attachments, and the demo.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from boards import files
from boards.attachments.checking import Checked, check
from boards.attachments.problems import AttachmentRefused
from boards.models import Attachment, AttachmentKind, AttachmentWithdrawal, Case, CaseState, Meeting, MeetingState
from boards.policies import require_case
from netcare.access import Actor, Capability, today_for
from netcare.audit import record
from patients.actions.shared import Fault, Refused, gathered, one_line
from patients.entry.dates import show_day

# Enough for every report of a long course; more is no preparation.
MOST = 30
LONGEST_TITLE, LONGEST_REASON = 120, 300


@dataclass(frozen=True)
class Sent:
    """A file as it was sent, and what was said of it."""

    name: str
    data: bytes
    title: str
    kind: str
    document_on: date


def attach(*, actor: Actor, case: Case, sent: Sent, now: datetime) -> Attachment:
    """Check the file, keep it, and append its row. Raises NotAllowed, or Refused with every fault; then nothing is kept."""
    require_case(actor, Capability.PATIENT_WRITE, case)
    _open_for_files(case)
    checked, title = _checked(case, sent, now)
    stored = files.keep(files.ATTACHMENTS, sent.data, checked.content_type)
    try:
        with transaction.atomic():
            _hold(case)
            _open_for_files(case)
            return _noted(actor, case, sent, checked, title, stored, now)
    except BaseException:
        files.remove(files.ATTACHMENTS, stored.key)
        raise


@transaction.atomic
def withdraw_attachment(*, actor: Actor, attachment: Attachment, reason: str, now: datetime) -> AttachmentWithdrawal:
    """From now on the file is not handed out; its row stays, with the reason. Raises NotAllowed, Refused."""
    user = require_case(actor, Capability.PATIENT_WRITE, attachment.case)
    reason = one_line("reason", "The reason", reason, longest=LONGEST_REASON, needed=True)
    try:
        with transaction.atomic():
            gone = AttachmentWithdrawal.objects.create(
                attachment=attachment, reason=reason, by=user, by_name=actor.name, at=now
            )
    except IntegrityError:
        raise Refused([Fault("", f"“{attachment.title}” is withdrawn already.")]) from None
    _audited(actor, "attachment.withdraw", attachment, now)
    return gone


def closed_for_files(case: Case) -> str:
    """Why nothing more is attached, as a sentence; empty where files are accepted."""
    if case.state == CaseState.WITHDRAWN:
        return "The case is withdrawn; nothing more is attached to it."
    if case.meeting and case.meeting.state == MeetingState.CLOSED:
        return "The meeting is closed; nothing more is attached. What is said later is an addendum to the decision."
    return ""


def _hold(case: Case) -> None:
    """Keep the case and its meeting for this transaction, so that neither is signed nor filled up meanwhile."""
    held = Case.objects.select_for_update().get(pk=case.pk)
    list(Meeting.objects.select_for_update().filter(pk=held.meeting_id))


def _open_for_files(case: Case) -> None:
    fresh = Case.objects.select_related("meeting").get(pk=case.pk)
    if sentence := closed_for_files(fresh):
        raise Refused([Fault("", sentence)])
    if Attachment.objects.filter(case=case, withdrawal__isnull=True).count() >= MOST:
        said = (
            f"{MOST} files are attached already. Withdraw one that the board does not need, or join several as one PDF."
        )
        raise Refused([Fault("", said)])


def _checked(case: Case, sent: Sent, now: datetime) -> tuple[Checked, str]:
    """The file as it may be kept, and its title. Raises Refused with every fault."""
    title, checked = "", None

    def titled() -> None:
        nonlocal title
        title = one_line("title", "The title", sent.title, longest=LONGEST_TITLE, needed=True)

    def file() -> list[Fault]:
        nonlocal checked
        try:
            checked = check(sent.name, sent.data)
        except AttachmentRefused as refusal:
            return [Fault("file", str(refusal))]
        return [Fault("file", f"{checked.name} is attached to this case already.")] if _there(case, checked) else []

    gathered(titled, lambda: _said_faults(case, sent, now), file)
    assert checked is not None  # a file that was not accepted is a fault
    return checked, title


def _said_faults(case: Case, sent: Sent, now: datetime) -> list[Fault]:
    """What is wrong with kind and date."""
    faults = []
    today, born = today_for(case.institution, at=now), case.tumor.patient.birth_on
    if sent.kind not in AttachmentKind.values:
        accepted = ", ".join(one.label for one in AttachmentKind)
        faults.append(Fault("kind", f"“{sent.kind[:20]}” is not accepted. Accepted is {accepted}."))
    if sent.document_on > today:
        said = f"{show_day(sent.document_on)} is in the future. Today is {show_day(today)}."
        faults.append(Fault("document_on", said))
    if sent.document_on < born:
        said = f"{show_day(sent.document_on)} is before the patient was born ({show_day(born)})."
        faults.append(Fault("document_on", said))
    return faults


def _there(case: Case, checked: Checked) -> bool:
    """The same bytes, attached and not withdrawn."""
    return Attachment.objects.filter(case=case, digest=checked.digest, withdrawal__isnull=True).exists()


def _noted(
    actor: Actor, case: Case, sent: Sent, checked: Checked, title: str, stored: files.StoredFile, now: datetime
) -> Attachment:
    made = Attachment.objects.create(
        case=case, title=title, kind=sent.kind, document_on=sent.document_on, file_name=checked.name,
        content_type=stored.content_type, pages=checked.pages, key=stored.key, size=stored.size, digest=stored.digest,
        by=actor.person, by_name=actor.name, at=now,
    )  # fmt: skip
    _audited(actor, "attachment.add", made, now)
    return made


def _audited(actor: Actor, action: str, attachment: Attachment, now: datetime) -> None:
    patient = attachment.case.tumor.patient
    record(
        actor=actor, action=action, patient_id=patient.pk, institution_id=patient.institution_id,
        subject=f"attachment {attachment.pk}", detail={"kind": attachment.kind, "digest": attachment.digest}, at=now,
    )  # fmt: skip
