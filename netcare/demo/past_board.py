"""Two meetings of the demo's board that are over: decisions, signed minutes, follow-up that is done, open and late.

One decision departs from the list, one is conditional, a trial was considered, and a case was put off to the coming
meeting. All of it by the actions of `boards`, at the hour it would have happened, with the facts of that day; the rules are
those of today, since the demo's pathway is published when it is loaded. Called by `netcare.demo.board`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from boards.actions.afterwards import say_outcome, sign_minutes
from boards.actions.cases import Details, postpone, refer_case, schedule
from boards.actions.decisions import ItemSaid, OptionSaid, Said, record_decision
from boards.actions.meetings import attend, end_meeting, lock_agenda
from boards.minutes import content_of, digest_of
from boards.models import Case, FollowUp, Meeting, Trial
from boards.selectors import live_members
from netcare.demo import people
from patients.models import Patient, Tumor

BEFORE = timedelta(days=2)
ABSENT = "Dr. Noah Tracer"


@dataclass(frozen=True)
class Item:
    """What is to be done, by whom, how many days after the meeting; a condition has `then`."""

    what: str
    owner: str
    days: int
    then: str = ""
    otherwise: str = ""


@dataclass(frozen=True)
class PastCase:
    """One case and what was decided."""

    mrn: str
    question: str
    taken: tuple[str, ...] = ()
    declined: tuple[tuple[str, str], ...] = ()
    items: tuple[Item, ...] = ()
    said: tuple[tuple[str, object], ...] = ()


FIRST = (
    PastCase(
        "DEMO-007", "First-line chemotherapy, or a trial?", taken=("platinum_etoposide",),
        items=(Item("kidney function before the first cycle", "Dr. Clement Bedside", 3),),
        said=(
            ("note", "Chemotherapy begins as soon as the kidney function is known."), ("trial", Trial.OFFERED),
            ("trial_line", "second-line study, should the first line fail"), ("informs", "Dr. Clement Bedside"),
            ("preference", "wants treatment close to home"),
        ),
    ),
    PastCase(
        "DEMO-013", "Progression in the bones: which work-up before a radionuclide?",
        items=(
            Item(
                "MIBG is taken up by every metastasis", "Dr. Noah Tracer", 13, then="MIBG therapy is worked up",
                otherwise="PRRT or chemotherapy is discussed again",
            ),
            Item("plasma metanephrines and blood pressure under alpha blockade", "Dr. Clement Bedside", 10),
        ),
        said=(
            ("note", "Both radionuclides are possible; the MIBG scan decides."), ("trial", Trial.NONE_FITS),
            ("informs", "Dr. Clement Bedside"),
        ),
    ),
)  # fmt: skip
SECOND = (
    PastCase(
        "DEMO-010", "Endoscopic resection, or surgery?", taken=("complete_resection",),
        declined=(("endoscopic_resection", "concern_about_outcome"),),
        items=(Item("enter the endosonography into the record", "Dr. Clement Bedside", 14),),
        said=(
            ("note", "The muscle layer is reached on endosonography; resection by the surgeons."),
            ("departure_reasons", ("not_in_record",)),
            ("departure_line", "endosonography of the day before shows invasion of the muscle layer"),
            ("informs", "Dr. Charlotte Gavel"), ("preference", "one procedure, if possible"),
        ),
    ),
)  # fmt: skip
PUT_OFF = ("DEMO-014", "Disease confined to the liver, stable for 18 months. Is a transplant to be discussed?")


def load_past(first: Meeting, second: Meeting, coming: Meeting) -> None:
    """Hold both meetings, look at the first one's items in the second, and carry a case over to the coming one."""
    cases = _prepared(first, FIRST)
    _locked(first)
    _decided(first, cases)
    _over(first)
    _outcome(first, "kidney function", "done", None, first.begins_at + timedelta(days=3))
    cases = _prepared(second, SECOND)
    put_off = _referred(second, *PUT_OFF)
    _locked(second)
    put_off.refresh_from_db()
    _outcome(first, "Platinum", "done", second, second.begins_at)
    _outcome(first, "MIBG is taken up", "open", second, second.begins_at, line="the scan is booked")
    _decided(second, cases)
    if put_off.meeting_id:
        said = {"reason": "missing_imaging", "line": "the receptor scan is two years old", "to": coming}
        postpone(
            actor=people.clinician("coordinator"), case=_fresh(put_off), seen=put_off.version,
            now=second.begins_at + timedelta(minutes=20), **said,
        )  # fmt: skip
    _over(second)


def _prepared(meeting: Meeting, entries: Sequence[PastCase]) -> list[tuple[Case, PastCase]]:
    return [(_referred(meeting, entry.mrn, entry.question), entry) for entry in entries]


def _referred(meeting: Meeting, mrn: str, question: str) -> Case:
    clinician, coordinator, at = people.clinician(), people.clinician("coordinator"), meeting.begins_at - 3 * BEFORE
    patient = Patient.objects.select_related("institution").get(institution=clinician.home, mrn=mrn)
    tumor = Tumor.objects.select_related("patient__institution").get(patient=patient, number=1)
    details = Details(question, minutes=8, presenter=clinician.person)
    case = refer_case(actor=clinician, patient=patient, tumor=tumor, details=details, now=at)
    return schedule(actor=coordinator, case=case, meeting=meeting, seen=case.version, now=at)


def _locked(meeting: Meeting) -> None:
    meeting.refresh_from_db()
    at = meeting.begins_at - BEFORE
    lock_agenda(actor=people.clinician("coordinator"), meeting=meeting, seen=meeting.order_version, now=at)


def _decided(meeting: Meeting, cases: Sequence[tuple[Case, PastCase]]) -> None:
    """The clinician records; a chair who is in no care team reads a past meeting no longer."""
    for place, (case, entry) in enumerate(cases, 1):
        at = meeting.begins_at + timedelta(minutes=8 * place)
        record_decision(actor=people.clinician(), case=_fresh(case), said=_said(entry, at.date()), now=at)


def _said(entry: PastCase, day: date) -> Said:
    by = day + timedelta(days=21)
    options = [OptionSaid(code, "taken", owner_name="Dr. Clement Bedside", due_on=by) for code in entry.taken]
    options += [OptionSaid(code, "declined", (reason,)) for code, reason in entry.declined]
    items = [
        ItemSaid(
            item.what,
            item.owner,
            day + timedelta(days=item.days),
            item.then,
            item.otherwise,
            conditional=bool(item.then),
        )
        for item in entry.items
    ]
    return Said(options=options, items=items, **dict(entry.said))  # type: ignore[arg-type]


def _over(meeting: Meeting) -> None:
    coordinator, chair, ends = people.clinician("coordinator"), people.clinician("chair"), meeting.begins_at
    ends += timedelta(minutes=meeting.minutes)
    presences = {one: "excused" if one.name == ABSENT else "present" for one in live_members(meeting)}
    attend(actor=coordinator, meeting=meeting, presences=presences, now=ends)
    end_meeting(actor=coordinator, meeting=meeting, now=ends)
    signed_at, digest = ends + timedelta(hours=2), digest_of(content_of(meeting))
    sign_minutes(actor=chair, meeting=meeting, digest=digest, remark="", now=signed_at)


def _outcome(decided: Meeting, what: str, outcome: str, looked: Meeting | None, at: datetime, line: str = "") -> None:
    """What became of the item whose words begin so."""
    rows = FollowUp.objects.select_related("decision__case__tumor__patient__institution", "decision__case__institution")
    item = rows.get(decision__meeting=decided, what__startswith=what)
    say_outcome(
        actor=people.clinician(), item=item, outcome=outcome, reason="", line=line, seen=0, meeting=looked, now=at
    )


def _fresh(case: Case) -> Case:
    related = ("tumor__patient__institution", "meeting", "snapshot__ruleset_version", "institution")
    return Case.objects.select_related(*related).get(pk=case.pk)
