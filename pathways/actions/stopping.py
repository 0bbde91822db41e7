"""Emergency stops: asking for one, placing it, the second look, lifting it.

What it refuses to do: stop less than a whole option, or let one person both stop and confirm. Whatever changes the set of
stops writes the overlay that follows under the next number, in the same transaction, and has every list refreshed. Of two
people at once one is first; the other sees what the first did, and goes on or is told. Who calls it: the pages of stops.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Max

from netcare.access import Actor, Capability, Institution, User, require
from netcare.audit import record
from netcare.jobs.actions import enqueue
from pathways.engine import Overlay, Stop
from pathways.models import EmergencyStop, StopEvent, StopEventKind, StopOverlay
from pathways.presenters.words import show_instant
from pathways.selectors import ruleset_in_force
from pathways.stops import OWN_MISTAKE_WITHIN, StopCase, active_cases, stop_case
from patients.actions.shared import Fault, Refused, first_result, gathered, one_line, person

SHORTEST_REASON, LONGEST_REASON = 20, 1000
MOST_TRIES = 8
Result = TypeVar("Result")


class _SomebodyWasFirst(Exception):
    """Another change of the set of stops was committed while this one was being written."""


@dataclass(frozen=True)
class Target:
    """What is stopped: always a whole option; `rule` is the rule through which it was named, if any."""

    option: str
    rule: str = ""


@transaction.atomic
def ask_for_stop(
    *, actor: Actor, option: str, rule: str = "", reason: str, now: datetime, submission: UUID | None = None
) -> EmergencyStop:
    """Ask the approvers to stop an option. Raises NotAllowed or Refused."""
    require(actor, Capability.STOP_ASK)
    user = person(actor, Capability.STOP_ASK)
    target, why = _asked_for(option, rule, reason)
    new = EmergencyStop(id=uuid4(), option=target.option, rule=target.rule, opened_at=now)
    if earlier := first_result(submission, action="stop.ask", user=user, now=now, result=str(new.id)):
        return EmergencyStop.objects.get(id=earlier)
    _refuse_if_stopped(target.option)
    new.save()
    _event(new, StopEventKind.ASKED, actor, user, why, now)
    return new


@transaction.atomic
def place_stop(
    *,
    actor: Actor,
    option: str,
    rule: str = "",
    reason: str,
    now: datetime,
    asked: EmergencyStop | None = None,
    submission: UUID | None = None,
) -> EmergencyStop:
    """Suspend an option at once; `asked`: the request that this answers. Raises NotAllowed or Refused."""
    require(actor, Capability.STOP_PLACE)
    user = person(actor, Capability.STOP_PLACE)
    target, why = (Target(asked.option, asked.rule), _reason(reason)) if asked else _asked_for(option, rule, reason)
    stop = asked or EmergencyStop(id=uuid4(), option=target.option, rule=target.rule, opened_at=now)
    if earlier := first_result(submission, action="stop.place", user=user, now=now, result=str(stop.id)):
        return EmergencyStop.objects.get(id=earlier)

    def place() -> EmergencyStop:
        _refuse_if_stopped(target.option)
        if asked and not _now_at(asked).is_open_ask:
            raise _refused("This request was answered meanwhile. Open the page of stops again.")
        if not asked:
            stop._state.adding = True  # a second try after somebody else was first begins anew
            stop.save()
        _event(stop, StopEventKind.PLACED, actor, user, why, now)
        return stop

    return _changing(place, now)


@transaction.atomic
def decline_ask(*, actor: Actor, stop: EmergencyStop, reason: str, now: datetime) -> StopEvent:
    """Answer a request with no, and why. Raises NotAllowed or Refused."""
    require(actor, Capability.STOP_PLACE)
    user = person(actor, Capability.STOP_PLACE)
    why = _reason(reason)
    if not _now_at(stop).is_open_ask:
        raise _refused("This request was answered meanwhile. Open the page of stops again.")
    return _once(stop, StopEventKind.DECLINED, actor, user, why, now)


@transaction.atomic
def take_second_look(*, actor: Actor, stop: EmergencyStop, confirm: bool, reason: str, now: datetime) -> StopEvent:
    """Another approver's look at a stop: confirm it, or lift it. Raises NotAllowed or Refused."""
    if not confirm:
        return lift_stop(actor=actor, stop=stop, reason=reason, now=now)
    require(actor, Capability.STOP_PLACE)
    user = person(actor, Capability.STOP_PLACE)
    why, case = _reason(reason), _now_at(stop)
    if refusal := may_look(actor, case):
        raise _refused(refusal)
    return _once(stop, StopEventKind.CONFIRMED, actor, user, why, now)


@transaction.atomic
def lift_stop(*, actor: Actor, stop: EmergencyStop, reason: str, now: datetime) -> StopEvent:
    """End a stop: the rules say again what the option is for whom. Raises NotAllowed or Refused."""
    require(actor, Capability.STOP_PLACE)
    user = person(actor, Capability.STOP_PLACE)
    why = _reason(reason)

    def lift() -> StopEvent:
        if refusal := may_lift(actor, _now_at(stop), now):
            raise _refused(refusal)
        return _event(stop, StopEventKind.LIFTED, actor, user, why, now)

    return _changing(lift, now)


def check_stop(*, option: str, rule: str, reason: str) -> Target:
    """What would be stopped, checked as placing checks it and changing nothing. Raises Refused."""
    target, _ = _asked_for(option, rule, reason)
    _refuse_if_stopped(target.option)
    return target


def may_look(actor: Actor, case: StopCase) -> str:
    """Why this approver may not take the second look, in a sentence; '' if nothing stands against it."""
    if refusal := _not_in_force(case):
        return refusal
    if case.confirmed:
        return f"{case.confirmed.by_name} took the second look on {show_instant(case.confirmed.at)}."
    if case.placed and case.placed.by_id == actor.id:
        return "You placed this stop; the second look is another approver's."
    return ""


def may_lift(actor: Actor, case: StopCase, now: datetime) -> str:
    """Why this approver may not lift the stop, in a sentence; '' if nothing stands against it."""
    if refusal := _not_in_force(case):
        return refusal
    if case.placed is None or case.placed.by_id != actor.id:
        return ""
    if case.confirmed:
        return f"You placed this stop and {case.confirmed.by_name} confirmed it; another approver lifts it."
    if now - case.placed.at > OWN_MISTAKE_WITHIN:
        return "You placed this stop more than an hour ago; another approver lifts it."
    return ""


def _not_in_force(case: StopCase) -> str:
    if case.lifted:
        return f"{case.lifted.by_name} lifted this stop on {show_instant(case.lifted.at)}."
    return "" if case.placed else "This stop was not placed; it was only asked for."


def _changing(write: Callable[[], Result], now: datetime) -> Result:
    """One change of the set of stops, with the overlay that follows from it; again where somebody else was first.

    The number is read before anything is checked and once more after the stops are read: whoever commits in between has
    the number, or takes it from this one, and this begins anew.
    """
    for _ in range(MOST_TRIES):
        try:
            with transaction.atomic():
                last = _last_number()
                done = write()
                stops = _stops_in_force()
                if _last_number() != last:
                    raise _SomebodyWasFirst
                _write_overlay(last + 1, stops, now)
        except (IntegrityError, _SomebodyWasFirst):
            continue
        for institution in Institution.objects.order_by("name", "id"):
            enqueue(kind="refresh_statuses", payload={"all": True}, institution=institution)
        return done
    raise _refused("Other people are changing the emergency stops at this moment. Open the page of stops again.")


def _last_number() -> int:
    return StopOverlay.objects.aggregate(last=Max("number"))["last"] or 0


def _stops_in_force() -> list[Stop]:
    placed = [(case.stop, case.placed) for case in active_cases() if case.placed]
    return [Stop(stop.option, event.reason, _instant(event.at), event.by_name) for stop, event in placed]


def _write_overlay(number: int, stops: Sequence[Stop], now: datetime) -> None:
    overlay = Overlay.of(number, stops)
    StopOverlay.objects.create(number=number, content=overlay.canonical, digest=overlay.digest, made_at=now)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _event(stop: EmergencyStop, kind: str, actor: Actor, user: User, reason: str, now: datetime) -> StopEvent:
    """The event, and its audit row."""
    event = StopEvent.objects.create(
        stop=stop, kind=kind, by=user, by_name=actor.name, by_role=actor.role_titles, at=now, reason=reason
    )
    record(
        actor=actor,
        action=f"stop.{kind}",
        subject=stop.option,
        detail={"stop": str(stop.id), "rule": stop.rule, "sentence": reason},
        at=now,
    )
    return event


def _once(stop: EmergencyStop, kind: str, actor: Actor, user: User, reason: str, now: datetime) -> StopEvent:
    """The event, or a refusal where somebody else wrote the same at the same moment."""
    try:
        with transaction.atomic():
            return _event(stop, kind, actor, user, reason, now)
    except IntegrityError:
        first = StopEvent.objects.get(stop=stop, kind=kind)
        raise _refused(f"{first.by_name} was first, on {show_instant(first.at)}; nothing else is needed.") from None


def _now_at(stop: EmergencyStop) -> StopCase:
    """The stop as it stands at this moment."""
    case = stop_case(stop.id)
    if case is None:
        raise _refused("There is no such stop. Open the page of stops again.")
    return case


def _refuse_if_stopped(option: str) -> None:
    for case in active_cases():
        if case.stop.option == option and case.placed:
            by, since = case.placed.by_name, show_instant(case.placed.at)
            raise Refused([Fault("option", f"{by} stopped this option already, on {since}. One stop is enough.")])


def _asked_for(option: str, rule: str, reason: str) -> tuple[Target, str]:
    """What is to be stopped and why. Raises Refused with every fault of both."""
    targets: list[Target] = []
    reasons: list[str] = []
    gathered(lambda: targets.append(_target(option, rule)), lambda: reasons.append(_reason(reason)))
    return targets[0], reasons[0]


def _target(option: str, rule: str) -> Target:
    """The option meant, by itself or through one of its rules. Raises Refused with what is accepted."""
    ruleset = ruleset_in_force().ruleset
    rules = {one.code: one.option for one in ruleset.rules}
    option, rule = option.strip(), rule.strip()
    if rule and rule not in rules:
        raise Refused([Fault("rule", f"“{rule[:60]}” is no rule of the ruleset in force. Accepted is a code such as "
                             f"{ruleset.rules[0].code}, or nothing.")])  # fmt: skip
    if rule and option and rules[rule] != option:
        title = ruleset.option(rules[rule]).title
        raise Refused(
            [Fault("rule", f"{rule} is a rule of {title}. Choose that option, or leave one of the two empty.")]
        )
    chosen = option or rules.get(rule, "")
    if not chosen:
        raise Refused([Fault("option", "Option is missing: choose one, or name one of its rules.")])
    if chosen not in {one.code for one in ruleset.options}:
        raise Refused([Fault("option", f"“{chosen[:60]}” is no option of the catalogue. Choose one of the list.")])
    return Target(chosen, rule)


def _reason(text: str) -> str:
    plain = one_line("reason", "Reason", text, longest=LONGEST_REASON, needed=True)
    if len(plain) < SHORTEST_REASON:
        raise Refused([Fault("reason", f"Reason has {len(plain)} characters. Everybody who meets the stop reads it: "
                             f"write at least {SHORTEST_REASON}.")])  # fmt: skip
    return plain


def _refused(sentence: str) -> Refused:
    return Refused([Fault("", sentence)])
