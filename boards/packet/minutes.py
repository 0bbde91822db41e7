"""The minutes of one meeting as frozen values, and their PDF with the place to sign and the addenda.

It records what was decided and adds nothing: what the chair signed is in `signed`, and what was said later stands below it,
each addendum under its own name and date. Pure. Filled by whoever knows meetings; called by the page of the minutes.
"""

from dataclasses import dataclass, replace

from boards.packet.codes import code_of, plain_values
from boards.packet.contents import Printing
from boards.packet.pdf import made_from


@dataclass(frozen=True, slots=True)
class OptionDecided:
    """One option in the decision: taken forward, discussed, deferred or declined, with the reason where one was given."""

    option: str
    verdict: str
    reason: str = ""
    status: str = ""
    departs: str = ""


@dataclass(frozen=True, slots=True)
class ConditionalItem:
    """'If SSTR PET is positive then PRRT, else …', with owner, due date and what became of it."""

    condition: str
    then: str
    otherwise: str
    owner: str
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class FollowUpItem:
    """Who does what by when, and what became of it."""

    what: str
    owner: str
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class CaseMinutes:
    """What was decided about one case; `postponed` says to when and why instead."""

    number: int
    name: str
    mrn: str
    line: str
    question: str
    presenter: str
    decision: str
    options: tuple[OptionDecided, ...] = ()
    conditionals: tuple[ConditionalItem, ...] = ()
    follow_ups: tuple[FollowUpItem, ...] = ()
    trial: str = ""
    preference: str = ""
    informs: str = ""
    postponed: str = ""
    rules: str = ""
    packet_code: str = ""


@dataclass(frozen=True, slots=True)
class Addendum:
    """What was added after the signature."""

    by: str
    at: str
    text: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class LastTime:
    """What a meeting said of an earlier decision, or what was said of an item since the meeting."""

    case: str
    decided: str
    became: str


@dataclass(frozen=True, slots=True)
class MinutesContents:
    """The minutes of one meeting. `signed` is '' until the chair has signed; `left_out`: cases beyond the reader's reach.

    `last_time` is what this meeting said of earlier decisions; `since` is no part of what was signed and stands apart.
    """

    title: str
    when: str
    place: str
    chair: str
    present: tuple[str, ...]
    excused: tuple[str, ...]
    cases: tuple[CaseMinutes, ...]
    last_time: tuple[LastTime, ...] = ()
    signed: str = ""
    remark: str = ""
    addenda: tuple[Addendum, ...] = ()
    since: tuple[LastTime, ...] = ()
    left_out: int = 0

    @property
    def code(self) -> str:
        """The check code of what was recorded at the meeting: neither addenda nor what became of it since change it."""
        cases = tuple(_without_states(case) for case in self.cases)
        return code_of(replace(self, addenda=(), since=(), cases=cases))


def _without_states(case: CaseMinutes) -> CaseMinutes:
    return replace(
        case,
        conditionals=tuple(replace(item, state="") for item in case.conditionals),
        follow_ups=tuple(replace(item, state="") for item in case.follow_ups),
    )


def minutes_pdf(minutes: MinutesContents, printing: Printing) -> bytes:
    """The minutes as tagged PDF. Raises NotMade."""
    content = {
        "title": f"Minutes: {minutes.title}, {minutes.when}",
        "minutes": plain_values(minutes) | {"code": minutes.code},
    }
    return made_from("minutes.typ", content, printing)
