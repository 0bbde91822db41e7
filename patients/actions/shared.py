"""What all actions share: who writes, the guard against a second click, and what follows from every change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from netcare import audit
from netcare.access import Actor, Capability, User, refuse, today_for
from netcare.jobs.actions import enqueue
from patients.derived import rebuild
from patients.entry.dates import show_day
from patients.models import Patient, Source, Submission
from patients.models.base import Observed
from patients.policies import require_patient


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: ``field`` names the input (empty: the whole form), ``sentence`` what is accepted."""

    field: str
    sentence: str


class Refused(Exception):
    """The change cannot stand; nothing was saved. ``faults`` lists everything that was found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.sentence for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, when, and what day that is at the patient's institution."""

    actor: Actor
    user: User
    now: datetime
    today: date

    def stamp(self) -> dict[str, Any]:
        return {"entered_by": self.user, "entered_at": self.now}


def writer(actor: Actor, patient: Patient, capability: Capability, now: datetime | None) -> Writer:
    """The writer of a change to this patient. Raises NotAllowed for whoever may not, and for programs."""
    require_patient(actor, capability, patient)
    return Writer(actor, person(actor, capability), now or datetime.now(UTC), today_for(patient.institution, at=now))


def person(actor: Actor, capability: Capability) -> User:
    """Every row of the record names the person who entered it."""
    if actor.user is None:
        raise refuse("The record is written by people: sign in with an account of your own.", capability)
    return actor.user


def first_result(key: UUID | None, *, action: str, user: User, now: datetime, result: str) -> str | None:
    """None if this form arrives for the first time, else what it led to then.

    The row is written before anything else: of two arrivals at the same time one waits and then finds it.
    """
    if key is None:
        return None
    try:
        with transaction.atomic():
            Submission.objects.create(key=key, action=action, made_by=user, made_at=now, result=result)
    except IntegrityError:
        earlier = Submission.objects.get(key=key)
        if earlier.action != action or earlier.made_by_id != user.pk:
            raise Refused(
                [Fault("", "This form was sent already. Open it again and enter what is still missing.")]
            ) from None
        return earlier.result
    return None


def changed(
    by: Writer,
    patient: Patient,
    action: str,
    *,
    subject: str = "",
    refresh: bool = True,
    readings: bool = True,
    **detail: Any,
) -> None:
    """After every change: the derived rows, the audit row, and the statuses that lists show, in this transaction.

    ``readings`` false: no reading of a finding changed, so that the derived rows say what they said.
    """
    if readings:
        rebuild(patient, as_of=by.today, now=by.now)
    audit.record(
        actor=by.actor,
        action=action,
        patient_id=patient.id,
        institution_id=patient.institution_id,
        subject=subject,
        detail=detail,
        at=by.now,
    )
    if refresh:
        enqueue(
            kind="refresh_statuses",
            payload={"patient": str(patient.id)},
            requested_by=by.user,
            institution=patient.institution,
        )


def next_place(model: type[Observed], patient: Patient) -> int:
    """The place in the order of entry: clocks jump, the order does not."""
    last: int | None = model.objects.filter(patient=patient).aggregate(last=Max("sequence"))["last"]
    return 0 if last is None else last + 1


def provenance_faults(observed_on: date, source: str, patient: Patient, today: date) -> list[Fault]:
    """What is wrong with when and where something was observed."""
    faults = []
    if observed_on > today:
        faults.append(Fault("observed_on", f"{show_day(observed_on)} is in the future. Today is {show_day(today)}."))
    if observed_on < patient.birth_on:
        born = show_day(patient.birth_on)
        faults.append(Fault("observed_on", f"{show_day(observed_on)} is before the patient was born ({born})."))
    if source not in Source.values:
        faults.append(
            Fault("source", f"The source “{source}” is not accepted. Accepted is {', '.join(Source.values)}.")
        )
    return faults


def one_line(field: str, title: str, text: str, *, longest: int, needed: bool = False) -> str:
    """A short text without line breaks or invisible signs. Raises Refused with what is accepted."""
    plain = " ".join(text.split())
    if needed and not plain:
        raise Refused([Fault(field, f"{title} is missing.")])
    if len(plain) > longest:
        raise Refused([Fault(field, f"{title} has {len(plain)} characters. Accepted are up to {longest}.")])
    if not plain.isprintable():
        raise Refused([Fault(field, f"{title} contains signs that cannot be shown. Type it again.")])
    return plain


def gathered(*checks: Any) -> None:
    """Run all checks and raise one Refused with every fault, so that a form is corrected in one go."""
    faults: list[Fault] = []
    for check in checks:
        try:
            faults.extend(check() or ())
        except Refused as refusal:
            faults.extend(refusal.faults)
    if faults:
        raise Refused(faults)


def already_corrected(what: str) -> Refused:
    return Refused([Fault("", f"This {what} was corrected or marked as an error meanwhile. Open the record again.")])
