"""Calling meetings, single ones and series; inviting; attendance; locking, unlocking, ending and calling off.

What it refuses to do: call a meeting in the past, or one that a clinician does not chair. Locking freezes the assessment of
every case. Who calls it: the views of meetings, and the demo.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from boards.actions.shared import close_ranks, hold_agenda, note, step_noted, write_case
from boards.calendar import NoSuchTime, dates_after, instant
from boards.models import (
    Attendance,
    Case,
    CaseKind,
    CaseState,
    Discipline,
    Meeting,
    MeetingSeries,
    MeetingState,
    Member,
    Presence,
    Repeats,
    Step,
)  # fmt: skip
from boards.policies import require_meeting
from boards.selectors import chairs_of, live_members
from boards.states import ATTENDED_IN, CHANGED_IN, OVER, TRANSITIONS, not_begun, wrong_state
from netcare.access import Actor, Capability, User, today_for
from netcare.access import require as require_capability
from netcare.audit import record
from pathways.assessing import assess_tumor
from pathways.reviews.snapshots import freeze
from patients.actions.shared import Fault, Refused, gathered, one_line
from patients.entry.dates import show_day

FURTHEST = timedelta(days=2 * 366)
MOST_AHEAD = 26


@dataclass(frozen=True)
class Plan:
    """What a meeting or a series is to be. `repeats` is empty for a single date; `ahead` how many dates are made."""

    title: str
    on: date
    at: time
    time_zone: str
    minutes: int
    chair: User
    place: str = ""
    link: str = ""
    repeats: str = ""
    ahead: int = 1


@dataclass(frozen=True)
class Invited:
    """Somebody to invite: an account of the institution, or a name from outside."""

    discipline: str
    user: User | None = None
    name: str = ""


@transaction.atomic
def call_meetings(*, actor: Actor, plan: Plan, now: datetime) -> list[Meeting]:
    """Call one meeting, or a series with its next dates. Raises NotAllowed, or Refused with every fault."""
    require_capability(actor, Capability.BOARD_MANAGE)
    _check(actor, plan, now)
    series = _series(actor, plan, now) if plan.repeats else None
    days = [plan.on]
    if series:
        days += dates_after(plan.repeats, plan.on, plan.on, plan.ahead - 1)
    return [_call(actor, plan, day, series, now) for day in days]


@transaction.atomic
def extend_series(*, actor: Actor, series: MeetingSeries, how_many: int, now: datetime) -> list[Meeting]:
    """Make the next dates of a series; who is invited is taken over from its last meeting. Raises NotAllowed, Refused."""
    require_capability(actor, Capability.BOARD_MANAGE)
    if series.institution_id != actor.institution_id or not 1 <= how_many <= MOST_AHEAD:
        raise Refused([Fault("ahead", f"{how_many} is not accepted. Accepted are 1 to {MOST_AHEAD} dates.")])
    last = series.meetings.order_by("-begins_at", "id")[0]
    plan = Plan(
        series.title, series.first_on, series.local_time, series.time_zone, series.minutes, series.chair, series.place,
        series.link,
    )  # fmt: skip
    after = max(today_for(series.institution, at=last.begins_at), today_for(series.institution, at=now))
    made = [
        _call(actor, plan, day, series, now) for day in dates_after(series.repeats, series.first_on, after, how_many)
    ]
    for meeting in made:
        for member in live_members(last):
            if member.user_id != meeting.chair_id:
                _invite(actor, meeting, Invited(member.discipline, member.user, member.name), now)
    return made


@transaction.atomic
def change_meeting(*, actor: Actor, meeting: Meeting, plan: Plan, seen: int, now: datetime) -> Meeting:
    """Change when, where and who chairs, until the minutes are signed; a meeting that took place keeps its time.

    Raises NotAllowed, Refused.
    """
    require_meeting(actor, Capability.BOARD_MANAGE, meeting)
    _check(actor, plan, now, has=meeting.begins_at)
    fresh = hold_agenda(meeting, states=CHANGED_IN, seen=seen)
    if fresh.state == MeetingState.HELD and instant(plan.on, plan.at, plan.time_zone) != fresh.begins_at:
        raise Refused([Fault("on", "The meeting took place; its time stays as it was. The rest can be changed.")])
    if fresh.chair_id != plan.chair.pk and not live_members(fresh).filter(user=plan.chair).exists():
        _invite(actor, fresh, Invited(_discipline_of(plan.chair), plan.chair), now)
    fresh.title, fresh.minutes, fresh.chair = " ".join(plan.title.split()), plan.minutes, plan.chair
    fresh.time_zone, fresh.begins_at = plan.time_zone, instant(plan.on, plan.at, plan.time_zone)
    fresh.place, fresh.link = plan.place, plan.link
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError:
        raise Refused([Fault("on", "The series has another meeting at this time.")]) from None
    record(actor=actor, action="meeting.change", subject=f"meeting {fresh.pk}", at=now)
    return fresh


@transaction.atomic
def invite(*, actor: Actor, meeting: Meeting, invited: Invited, now: datetime) -> Member:
    """Invite somebody. Raises NotAllowed, Refused."""
    require_meeting(actor, Capability.BOARD_MANAGE, meeting)
    if meeting.state in OVER:
        raise Refused([Fault("", f"The meeting is {meeting.get_state_display()}; nobody is invited any more.")])
    return _invite(actor, meeting, invited, now)


@transaction.atomic
def uninvite(*, actor: Actor, member: Member, now: datetime) -> None:
    """Take an invitation back; reading the cases ends with it. The chair stays. Raises NotAllowed, Refused."""
    meeting = member.meeting
    require_meeting(actor, Capability.BOARD_MANAGE, meeting)
    if meeting.state in OVER:
        raise Refused([Fault("", f"The meeting is {meeting.get_state_display()}; its members stay as they were.")])
    if member.user_id == meeting.chair_id:
        raise Refused([Fault("", f"{member.name} chairs this meeting. Name another chair first.")])
    Member.objects.filter(pk=member.pk, removed_at__isnull=True).update(removed_at=now)
    record(
        actor=actor,
        action="meeting.uninvite",
        subject=f"meeting {meeting.pk}",
        detail={"member": str(member.pk)},
        at=now,
    )


@transaction.atomic
def attend(*, actor: Actor, meeting: Meeting, presences: dict[Member, str], now: datetime) -> None:
    """Record who came. Raises NotAllowed, Refused."""
    user = require_meeting(actor, Capability.BOARD_DRAFT, meeting)
    hold_agenda(meeting, states=ATTENDED_IN)
    for member, presence in presences.items():
        if presence not in Presence.values or member.meeting_id != meeting.pk:
            raise Refused(
                [Fault("", f"“{presence[:20]}” is not accepted for {member.name}. Accepted is one of the list.")]
            )
        said = {"presence": presence, "recorded_by": user, "recorded_at": now}
        Attendance.objects.update_or_create(member=member, defaults=said)
    record(actor=actor, action="meeting.attend", subject=f"meeting {meeting.pk}", at=now)


@transaction.atomic
def lock_agenda(*, actor: Actor, meeting: Meeting, seen: int, now: datetime) -> Meeting:
    """Lock the agenda as the page showed it, and keep the assessment of every case. Raises NotAllowed, Refused."""
    require_meeting(actor, Capability.BOARD_MANAGE, meeting)
    _may_step(meeting, Step.LOCK)
    fresh = hold_agenda(meeting, states=TRANSITIONS[Step.LOCK][0], seen=seen)
    cases = list(
        Case.objects.filter(meeting=fresh, state=CaseState.SCHEDULED)
        .select_related("tumor__patient__institution", "meeting")
        .order_by("position", "id")
    )
    if not cases:
        raise Refused([Fault("", "There is no case on the agenda yet. Put one on it before you lock it.")])
    close_ranks(fresh)
    for case in cases:
        snapshot = freeze(assess_tumor(case.tumor, as_of=today_for(case.institution, at=now)), at=now)
        Case.objects.filter(pk=case.pk).update(snapshot=snapshot, version=F("version") + 1)
        note(actor, case, CaseKind.SNAPSHOT, now=now, meeting=fresh, snapshot=snapshot)
    Meeting.objects.filter(pk=fresh.pk).update(state=MeetingState.LOCKED, locked_at=now)
    step_noted(actor, fresh, Step.LOCK, now=now)
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def unlock_agenda(*, actor: Actor, meeting: Meeting, now: datetime) -> Meeting:
    """Open the agenda again, as long as nothing is decided; members no longer read the cases. Raises NotAllowed, Refused."""
    require_meeting(actor, Capability.BOARD_MANAGE, meeting)
    _may_step(meeting, Step.UNLOCK)
    fresh = hold_agenda(meeting, states=TRANSITIONS[Step.UNLOCK][0])
    if Case.objects.filter(meeting=fresh, state=CaseState.DECIDED).exists():
        raise Refused([Fault("", "A decision is recorded already; the agenda stays locked.")])
    Case.objects.filter(meeting=fresh).update(snapshot=None)
    Meeting.objects.filter(pk=fresh.pk).update(state=MeetingState.PLANNED, locked_at=None)
    step_noted(actor, fresh, Step.UNLOCK, now=now)
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def end_meeting(*, actor: Actor, meeting: Meeting, now: datetime) -> Meeting:
    """The meeting took place; what is left is decided or postponed before the minutes. Raises NotAllowed, Refused.

    Not before it begins: whoever meets earlier unlocks the agenda and changes the time.
    """
    user = require_meeting(actor, Capability.BOARD_DRAFT, meeting)
    if user.pk != meeting.chair_id:
        require_capability(actor, Capability.BOARD_MANAGE)
    _may_step(meeting, Step.HOLD)
    fresh = hold_agenda(meeting, states=TRANSITIONS[Step.HOLD][0])
    if sentence := not_begun(fresh, now):
        raise Refused([Fault("", sentence)])
    Meeting.objects.filter(pk=fresh.pk).update(state=MeetingState.HELD)
    step_noted(actor, fresh, Step.HOLD, now=now)
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def call_off(*, actor: Actor, meeting: Meeting, why: str, seen: int, now: datetime) -> Meeting:
    """A planned meeting does not take place; its cases go back to those that wait, with their history.

    Raises NotAllowed, Refused.
    """
    require_meeting(actor, Capability.BOARD_MANAGE, meeting)
    why = one_line("why", "Why it is called off", why, longest=300, needed=True)
    _may_step(meeting, Step.OFF)
    fresh = hold_agenda(meeting, states=TRANSITIONS[Step.OFF][0], seen=seen)
    for case in Case.objects.filter(meeting=fresh).select_related("tumor__patient__institution").order_by("position"):
        back = write_case(case, state=CaseState.REFERRED, meeting=None, position=None, snapshot=None)
        note(actor, back, CaseKind.POSTPONED, now=now, meeting=fresh, reason="meeting_off", line=why)
    Meeting.objects.filter(pk=fresh.pk).update(state=MeetingState.OFF)
    step_noted(actor, fresh, Step.OFF, now=now, text=why)
    fresh.refresh_from_db()
    return fresh


def _may_step(meeting: Meeting, step: Step) -> None:
    state = Meeting.objects.values_list("state", flat=True).get(pk=meeting.pk)
    if sentence := wrong_state(step, state):
        raise Refused([Fault("", sentence)])


def _discipline_of(user: User) -> str:
    """What somebody was the last time; the page of members corrects it."""
    last = Member.objects.filter(user=user).exclude(discipline=Discipline.OTHER).order_by("-meeting__begins_at", "-id")
    return last.values_list("discipline", flat=True).first() or Discipline.OTHER


def _check(actor: Actor, plan: Plan, now: datetime, has: datetime | None = None) -> None:
    """`has`: when the meeting begins already; keeping that is accepted, past or not."""

    def when() -> list[Fault]:
        try:
            begins = instant(plan.on, plan.at, plan.time_zone)
        except NoSuchTime as problem:
            return [Fault("time_zone" if "time zone" in str(problem) else "at", str(problem))]
        if begins <= now and begins != has:
            said = f"{show_day(plan.on)}, {plan.at:%H:%M}, is in the past. Accepted is a time from now on."
            return [Fault("on", said)]
        if begins > now + FURTHEST:
            return [
                Fault("on", f"{show_day(plan.on)} is more than two years ahead. Accepted is a day within two years.")
            ]
        return []

    def numbers() -> list[Fault]:
        faults = []
        if not 5 <= plan.minutes <= 480:
            faults.append(Fault("minutes", f"{plan.minutes} minutes are not accepted. Accepted are 5 to 480."))
        if plan.repeats and plan.repeats not in Repeats.values:
            faults.append(Fault("repeats", f"“{plan.repeats[:20]}” is not a rule of the list."))
        if not 1 <= plan.ahead <= MOST_AHEAD:
            faults.append(Fault("ahead", f"{plan.ahead} dates are not accepted. Accepted are 1 to {MOST_AHEAD}."))
        if not chairs_of(actor.home).filter(pk=plan.chair.pk).exists():
            faults.append(
                Fault("chair", f"{plan.chair.display_name} is no clinician of {actor.home.name}; only one can chair.")
            )
        return faults

    gathered(
        lambda: one_line("title", "The title", plan.title, longest=120, needed=True) and None,
        lambda: one_line("place", "The place", plan.place, longest=200) and None,
        when,
        numbers,
    )


def _series(actor: Actor, plan: Plan, now: datetime) -> MeetingSeries:
    return MeetingSeries.objects.create(
        institution=actor.home, title=" ".join(plan.title.split()), time_zone=plan.time_zone, minutes=plan.minutes,
        place=plan.place, link=plan.link, repeats=plan.repeats, first_on=plan.on, local_time=plan.at, chair=plan.chair,
        made_by=actor.person, made_at=now,
    )  # fmt: skip


def _call(actor: Actor, plan: Plan, day: date, series: MeetingSeries | None, now: datetime) -> Meeting:
    meeting = Meeting.objects.create(
        institution=actor.home, series=series, title=" ".join(plan.title.split()), time_zone=plan.time_zone,
        begins_at=instant(day, plan.at, plan.time_zone, strict=False), minutes=plan.minutes, place=plan.place,
        link=plan.link, chair=plan.chair,
    )  # fmt: skip
    _invite(actor, meeting, Invited(_discipline_of(plan.chair), plan.chair), now)
    step_noted(actor, meeting, Step.CALL, now=now)
    return meeting


def _invite(actor: Actor, meeting: Meeting, invited: Invited, now: datetime) -> Member:
    name = (
        invited.user.display_name
        if invited.user
        else one_line("name", "The name", invited.name, longest=200, needed=True)
    )
    if invited.discipline not in Discipline.values:
        raise Refused([Fault("discipline", "Choose one of the disciplines listed.")])
    if invited.user and (invited.user.institution_id != meeting.institution_id or not invited.user.is_active):
        raise Refused(
            [Fault("user", f"{name} is nobody of this institution; invite by name, without access to the cases.")]
        )
    try:
        with transaction.atomic():
            member = Member.objects.create(
                meeting=meeting, user=invited.user, name=name, discipline=invited.discipline, invited_by=actor.person,
                invited_at=now,
            )  # fmt: skip
    except IntegrityError:
        return _as(actor, meeting, invited, now)
    record(
        actor=actor, action="meeting.invite", subject=f"meeting {meeting.pk}", detail={"member": str(member.pk)}, at=now
    )
    return member


def _as(actor: Actor, meeting: Meeting, invited: Invited, now: datetime) -> Member:
    """Somebody who is invited already comes as of another discipline. Raises Refused where nothing would change."""
    member = live_members(meeting).get(user=invited.user)
    if member.discipline == invited.discipline:
        raise Refused([Fault("user", f"{member.name} is invited already, as {member.get_discipline_display()}.")])
    Member.objects.filter(pk=member.pk).update(discipline=invited.discipline)
    about = {"member": str(member.pk), "discipline": invited.discipline}
    record(actor=actor, action="meeting.discipline", subject=f"meeting {meeting.pk}", detail=about, at=now)
    member.refresh_from_db()
    return member


def presences_from(members: Sequence[Member], said: dict[str, str]) -> dict[Member, str]:
    """What a form says of each member, those left blank out."""
    return {member: said[str(member.pk)] for member in members if said.get(str(member.pk))}
