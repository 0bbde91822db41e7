"""Recording what the board decided: the draft kept while it is said, then one deliberate act, then addenda.

What it refuses to do: hinder a departure from the list (it asks why), change a decision, or overwrite what the same person
typed in another window. Who calls it: the meeting screen, the page of a decision, and the demo.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from boards.actions.shared import hold_agenda, note, told, write_case
from boards.models import (
    Addendum,
    Case,
    CaseKind,
    CaseState,
    Decision,
    DecisionDraft,
    DecisionOption,
    FollowUp,
    FollowUpKind,
    Meeting,
    Trial,
    Word,
)  # fmt: skip
from boards.policies import require_case, require_chair
from boards.reasons import DEPARTURES
from boards.states import DECIDED_IN
from netcare.access import Actor, Capability, User, today_for
from netcare.audit import record
from pathways.engine import Assessment
from pathways.presenters.words import LISTED, STATUS_WORDS
from pathways.recall.actions import looked_again
from pathways.recall.opening import recall_tumor
from pathways.recall.reasons import DECIDED_AGAIN
from pathways.reviews.reasons import REASONS
from pathways.reviews.snapshots import NotReplayable, replay
from pathways.selectors import version_in_force
from patients.actions.shared import Fault, Refused
from patients.entry.dates import show_day

LONGEST_DRAFT = 40_000
FURTHEST_DUE = timedelta(days=3 * 366)


@dataclass(frozen=True)
class OptionSaid:
    """The board's word on one option, with coded reasons and a line; of one taken forward who sees to it, by when."""

    code: str
    word: str
    reasons: tuple[str, ...] = ()
    line: str = ""
    owner_name: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class ItemSaid:
    """A task, or a condition where `then` is given: if `what`, then `then`, else `otherwise`. `row`: its row of the form."""

    what: str
    owner_name: str = ""
    due_on: date | None = None
    then: str = ""
    otherwise: str = ""
    conditional: bool = False
    row: str = ""


@dataclass(frozen=True)
class Said:
    """Everything that is said of a case."""

    options: Sequence[OptionSaid] = ()
    items: Sequence[ItemSaid] = ()
    note: str = ""
    trial: str = Trial.NOT_RECORDED
    trial_line: str = ""
    preference: str = ""
    informs: str = ""
    departure_reasons: tuple[str, ...] = ()
    departure_line: str = ""
    # What had to be understood, and could not be; said with the other faults.
    faults: Sequence[Fault] = field(default_factory=tuple)


class DraftElsewhere(Exception):
    """The draft was kept from another window meanwhile; `draft` is what stands there."""

    def __init__(self, draft: DecisionDraft) -> None:
        super().__init__("The draft was changed in another window of yours. Open the case again to go on from there.")
        self.draft = draft


@dataclass(frozen=True)
class Sending:
    """What stood behind one sending of a draft: the revision last kept (0: none), and which of the window's it is.

    A window's later sending follows its earlier one, whether or not the answer to that one arrived before it left.
    """

    seen: int
    window: str = ""
    number: int = 0


@transaction.atomic
def keep_draft(
    *, actor: Actor, case: Case, content: Mapping[str, Any], sending: Sending, now: datetime
) -> DecisionDraft:
    """Keep what this person has typed so far. Raises DraftElsewhere where another window kept it, Refused."""
    user = require_case(actor, Capability.BOARD_DRAFT, case)
    if case.state != CaseState.SCHEDULED:
        raise Refused([Fault("", f"The case is {case.get_state_display()}; its draft is not changed any more.")])
    if sum(len(str(part)) for part in content.items()) > LONGEST_DRAFT:
        raise Refused(
            [Fault("", f"The draft is longer than {LONGEST_DRAFT} characters. Shorten it; nothing is lost yet.")]
        )
    mine = DecisionDraft.objects.filter(case=case, by=user)
    kept = mine.first()
    if kept is None:
        return _first_draft(case, user, content, sending, now)
    if kept.window and kept.window == sending.window and kept.number >= sending.number:
        return kept  # overtaken by a later sending of the same window
    follows = kept.revision == sending.seen or (kept.window != "" and kept.window == sending.window)
    after = {"content": dict(content), "window": sending.window, "number": sending.number, "kept_at": now}
    if not follows or not mine.filter(revision=kept.revision).update(**after, revision=F("revision") + 1):
        raise DraftElsewhere(mine.get())
    return mine.get()


@transaction.atomic
def take_draft(
    *, actor: Actor, case: Case, theirs: DecisionDraft, content: Mapping[str, Any], sending: Sending, now: datetime
) -> DecisionDraft:
    """Keep as one's own draft what was joined with somebody else's; theirs stays. Raises as `keep_draft` does."""
    kept = keep_draft(actor=actor, case=case, content=content, sending=sending, now=now)
    patient_id = case.tumor.patient_id
    detail = {"draft": theirs.pk, "revision": theirs.revision, "by": str(theirs.by_id)}
    record(actor=actor, action="decision.take_draft", patient_id=patient_id, subject=f"case {case.pk}", detail=detail,
           at=now)  # fmt: skip
    return kept


def _first_draft(case: Case, user: User, content: Mapping[str, Any], sending: Sending, now: datetime) -> DecisionDraft:
    said = {"content": dict(content), "window": sending.window, "number": sending.number, "kept_at": now}
    try:
        with transaction.atomic():
            return DecisionDraft.objects.create(case=case, by=user, **said)
    except IntegrityError:
        raise DraftElsewhere(DecisionDraft.objects.get(case=case, by=user)) from None


@transaction.atomic
def record_decision(
    *, actor: Actor, case: Case, said: Said, now: datetime, taken: Mapping[int, int] = MappingProxyType({})
) -> Decision:
    """Record the decision of a case on a locked agenda, once. Raises NotAllowed, or Refused with every fault.

    `taken`: drafts of others that were taken over, with their revision; they go with one's own, all others stay.
    """
    user = require_case(actor, Capability.BOARD_DECIDE, case)
    if case.state != CaseState.SCHEDULED or case.meeting is None:
        raise Refused(
            [Fault("", f"The case is {case.get_state_display()}; a decision is recorded once, at a meeting.")]
        )
    meeting = hold_agenda(case.meeting, states=DECIDED_IN)
    assessment = _before_the_board(case)
    departing = departures(assessment, said)
    faults = [*said.faults, *_faults(assessment, said, departing), *_day_faults(case, said, now)]
    if faults:
        raise Refused(faults)
    decision = Decision.objects.create(
        case=case, meeting=meeting, snapshot=case.snapshot, note=said.note.strip(), trial=said.trial or Trial.NOT_RECORDED,
        trial_line=said.trial_line.strip(), preference=said.preference.strip(), informs=said.informs.strip(),
        departs=bool(departing), departure_reasons=list(said.departure_reasons) if departing else [],
        departure_line=said.departure_line.strip() if departing else "", recorded_by=user, recorded_by_name=actor.name,
        recorded_role=actor.role_titles, recorded_at=now,
    )  # fmt: skip
    _options(decision, assessment, said)
    _items(decision, assessment, said)
    written = write_case(case, state=CaseState.DECIDED)
    drafts = DecisionDraft.objects.filter(case=case)
    drafts.filter(by=user).delete()
    for draft, revision in taken.items():
        drafts.filter(pk=draft, revision=revision).delete()
    note(actor, written, CaseKind.DECIDED, now=now, meeting=meeting, snapshot=case.snapshot)
    _recalled(decision, now)
    return decision


def _recalled(decision: Decision, now: datetime) -> None:
    """Entries of the recall that the board has answered close; a list that is no longer that of the rules opens one."""
    tumor, meeting = decision.case.tumor, decision.meeting
    line = f"{meeting.title}, {show_day(today_for(meeting.institution, at=meeting.begins_at))}"
    looked_again(decision.snapshot, tumor, DECIDED_AGAIN, line, at=now)
    version = version_in_force(decision.snapshot.ruleset_version.code)
    if version.pk != decision.snapshot.ruleset_version_id:
        recall_tumor(tumor=tumor, version=version, at=now)


def departures(assessment: Assessment, said: Said) -> list[str]:
    """The options taken forward that the list did not name as candidates, or that are stopped."""
    return [
        one.code
        for one in said.options
        if one.word == Word.TAKEN
        and one.code in assessment.by_code
        and str(assessment.option(one.code).status) not in LISTED
    ]


@transaction.atomic
def add_to_decision(*, actor: Actor, decision: Decision, text: str, now: datetime) -> Addendum:
    """Correct or complete a decision: what was recorded stays, this stands beside it. Raises NotAllowed, Refused."""
    require_case(actor, Capability.BOARD_DECIDE, decision.case)
    return _addendum(actor, decision.meeting, decision, text, now)


@transaction.atomic
def add_to_minutes(*, actor: Actor, meeting: Meeting, text: str, now: datetime) -> Addendum:
    """The chair adds to the signed minutes as a whole. Raises NotAllowed, Refused."""
    require_chair(actor, Capability.BOARD_SIGN, meeting)
    return _addendum(actor, meeting, None, text, now)


def _addendum(actor: Actor, meeting: Meeting, decision: Decision | None, text: str, now: datetime) -> Addendum:
    text = text.strip()
    if not text or len(text) > 2000:
        raise Refused([Fault("text", f"It has {len(text)} characters. Accepted are 1 to 2000.")])
    made = Addendum.objects.create(meeting=meeting, decision=decision, text=text, **told(actor.person, actor, now))
    if decision:
        DecisionDraft.objects.filter(case=decision.case, by=actor.person).delete()
    patient_id = decision.case.tumor.patient_id if decision else None
    record(actor=actor, action="decision.add", patient_id=patient_id, subject=f"meeting {meeting.pk}", at=now)
    return made


def _before_the_board(case: Case) -> Assessment:
    if case.snapshot is None:
        raise Refused([Fault("", "There is no kept assessment of this case; lock the agenda again.")])
    try:
        return replay(case.snapshot)
    except NotReplayable as fault:
        raise Refused([Fault("", f"The kept assessment cannot be given again: {fault}")]) from None


def _faults(assessment: Assessment, said: Said, departing: list[str]) -> list[Fault]:
    faults = [fault for one in said.options for fault in _option_faults(assessment, one)]
    if not any(one.word for one in said.options) and not said.note.strip():
        faults.append(Fault("", "Nothing is decided yet: choose an option, or write what was decided."))
    if (said.trial or Trial.NOT_RECORDED) not in Trial.values:
        faults.append(Fault("trial", "Choose one of the answers listed."))
    for name, longest in (
        ("note", 4000),
        ("trial_line", 300),
        ("preference", 1000),
        ("informs", 200),
        ("departure_line", 500),
    ):
        if len(getattr(said, name)) > longest:
            faults.append(Fault(name, f"It has {len(getattr(said, name))} characters. Accepted are up to {longest}."))
    if departing and not said.departure_reasons:
        titles = ", ".join(_named(assessment, code) for code in departing)
        faults.append(Fault("departure_reasons", f"The list did not name this as a candidate: {titles}. Say why the board "
                            "takes it forward; anything can be decided."))  # fmt: skip
    if not set(said.departure_reasons) <= set(DEPARTURES):
        faults.append(Fault("departure_reasons", "Choose reasons from the list."))
    if "other" in said.departure_reasons and not said.departure_line.strip():
        faults.append(Fault("departure_line", "Say in a line what the other reason is."))
    return faults


def _named(assessment: Assessment, code: str) -> str:
    word = STATUS_WORDS[str(assessment.option(code).status)].lower()
    return f"{assessment.ruleset.option(code).title} ({word})"


def _option_faults(assessment: Assessment, one: OptionSaid) -> list[Fault]:
    if one.code not in assessment.by_code:
        return [Fault("", f"“{one.code[:40]}” is not an option of the list that lay before the board.")]
    title = assessment.ruleset.option(one.code).title
    if one.word not in Word.values or not set(one.reasons) <= set(REASONS):
        return [Fault(one.code, f"{title}: this is not one of the choices of the page.")]
    if one.word == Word.DECLINED and not one.reasons:
        return [Fault(one.code, f"{title}: choose why it is declined.")]
    if "other" in one.reasons and not one.line.strip():
        return [Fault(one.code, f"{title}: say in a line what the other reason is.")]
    if len(one.line) > 300:
        return [Fault(one.code, f"{title}: the line has {len(one.line)} characters. Accepted are up to 300.")]
    return []


def _day_faults(case: Case, said: Said, now: datetime) -> list[Fault]:
    today, faults = today_for(case.institution, at=now), []
    for item in said.items:
        if not item.what.strip():
            faults.append(Fault(item.row, "Say what is to be done, or what it depends on."))
        if item.conditional and not item.then.strip():
            faults.append(Fault(item.row, "Say what is done if the condition holds."))
        if max(len(item.what), len(item.then), len(item.otherwise)) > 300 or len(item.owner_name) > 200:
            faults.append(Fault(item.row, "A part of it is longer than 300 characters (200 for the name)."))
    for option in said.options:
        if len(option.owner_name) > 200:
            faults.append(Fault(option.code, "The name of who sees to it is longer than 200 characters."))
    due = [*((item.row, item.due_on) for item in said.items), *((one.code, one.due_on) for one in said.options)]
    for place, day in due:
        if day and not today <= day <= today + FURTHEST_DUE:
            said_of = f"{show_day(day)} is not accepted. Accepted is a day from today on, within three years."
            faults.append(Fault(place, said_of))
    return faults


def _options(decision: Decision, assessment: Assessment, said: Said) -> None:
    DecisionOption.objects.bulk_create(
        DecisionOption(
            decision=decision, option=one.code, title=assessment.ruleset.option(one.code).title,
            status=str(assessment.option(one.code).status), word=one.word, reasons=list(one.reasons), line=one.line.strip(),
        )
        for one in said.options
    )  # fmt: skip


def _items(decision: Decision, assessment: Assessment, said: Said) -> None:
    """Options taken forward first, then conditions, then tasks, each tracked until it is closed."""
    rows: list[dict[str, Any]] = [
        {
            "kind": FollowUpKind.OPTION,
            "what": assessment.ruleset.option(one.code).title,
            "option": one.code,
            "owner_name": one.owner_name.strip(),
            "due_on": one.due_on,
        }
        for one in said.options
        if one.word == Word.TAKEN
    ]
    for item in sorted(said.items, key=lambda one: not one.conditional):
        rows.append(
            {
                "kind": FollowUpKind.CONDITION if item.conditional else FollowUpKind.TASK,
                "what": item.what.strip(),
                "then": item.then.strip(),
                "otherwise": item.otherwise.strip(),
                "owner_name": item.owner_name.strip(),
                "due_on": item.due_on,
            }
        )
    for number, row in enumerate(rows, 1):
        FollowUp.objects.create(decision=decision, number=number, **row)
