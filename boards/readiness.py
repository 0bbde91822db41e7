"""What a case still lacks before a meeting: six checks, each with the gaps that it finds and who usually owes them.

Pure: it reads what is handed in and judges no option. A gap is derived anew each time; what a coordinator assigned is laid
over it. Who calls it: the presenters of the agenda and of the chase list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from boards.calendar import working_day_before
from boards.models import Case, ChaseItem
from pathways.assessing import TumorAssessment
from pathways.models import Review
from pathways.presenters.words import count, inside, show_date
from patients.facts import Reading
from patients.models import Source
from patients.topics import TOPICS, topic_of

# Older imaging is asked for again before a meeting, and a review signed longer ago counts as none. Said on the page.
IMAGING_DAYS = 180
REVIEW_DAYS = 90
# The facts that settle most are asked for; the rest stand on the patient's own page.
MOST_FACTS = 3
CHECKS = ("question", "presenter", "reports", "facts", "fresh", "review")
CHECK_TITLES = {
    "question": "question",
    "presenter": "presenter",
    "reports": "pathology and imaging on record or attached",
    "facts": "facts that would settle options",
    "fresh": "nothing too old",
    "review": "a signed review",
}
READY, AT_RISK, NOT_READY = "ready", "at risk", "not ready"
CLINIC = TOPICS["clinic"].title


@dataclass(frozen=True)
class Gap:
    """One thing that lacks. `key` names it for ever; `owner`, `due_on` and `asked_on` are what was assigned.

    Until somebody assigns it (`usual`), who presents or referred owes what the clinic says, by the working day before the
    meeting.
    """

    key: str
    check: str
    title: str
    detail: str
    department: str
    owner: str = ""
    due_on: date | None = None
    asked_on: date | None = None
    seen: int = 0
    usual: bool = False

    def late(self, today: date) -> bool:
        """Whether it should have been there already."""
        return self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class Readiness:
    """The six checks of a case."""

    gaps: tuple[Gap, ...]

    @property
    def failed(self) -> frozenset[str]:
        return frozenset(gap.check for gap in self.gaps)

    @property
    def checks(self) -> tuple[tuple[str, bool], ...]:
        """Every check by its title, and whether it is met."""
        return tuple((CHECK_TITLES[check], check not in self.failed) for check in CHECKS)

    @property
    def level(self) -> str:
        """Ready: all six met. At risk: one or two fail. Not ready: three or more."""
        if not self.failed:
            return READY
        return AT_RISK if len(self.failed) <= 2 else NOT_READY


def readiness(
    case: Case,
    done: TumorAssessment,
    review: Review | None,
    assigned: Sequence[ChaseItem],
    today: date,
    attached: Iterable[str] = (),
) -> Readiness:
    """What the case lacks on this day. `attached`: the kinds of its attachments; a report that is attached is there."""
    gaps = [
        *_said(case),
        *_reports(done, frozenset(attached)),
        *_facts(done),
        *_stale(done, today),
        *_review(review, today),
    ]
    rows = {item.key: item for item in assigned}
    return Readiness(tuple(_over(case, gap, rows.get(gap.key)) for gap in gaps))


def _over(case: Case, gap: Gap, row: ChaseItem | None) -> Gap:
    if row is None:
        owner = (case.presenter_name or case.referred_by_name) if gap.department == CLINIC else ""
        return replace(gap, owner=owner, due_on=_usual_day(case), usual=True)
    return Gap(
        gap.key, gap.check, gap.title, gap.detail, row.department or gap.department, row.owner_name, row.due_on,
        row.asked_on, row.version,
    )  # fmt: skip


def _usual_day(case: Case) -> date | None:
    """The working day before the meeting, where the case is on one."""
    if case.meeting is None:
        return None
    return working_day_before(case.meeting.begins_at.astimezone(ZoneInfo(case.meeting.time_zone)).date())


def _said(case: Case) -> list[Gap]:
    gaps = []
    if not case.question:
        gaps.append(Gap("question", "question", "Question to the board", f"ask {case.referred_by_name}", CLINIC))
    if not case.presenter_name:
        gaps.append(Gap("presenter", "presenter", "Presenter", "nobody is named", "Coordination"))
    return gaps


def _of_topic(done: TumorAssessment, topic: str) -> list[Reading]:
    """What a pathology or imaging report says: readings from there, and imported ones of its features."""
    features = done.assessment.ruleset.dictionary.features
    return [
        reading
        for name, reading in done.facts.readings.items()
        if reading.known
        and (
            reading.source == TOPICS[topic].source
            or (reading.source == Source.IMPORT and name in features and topic_of(features[name]).code == topic)
        )
    ]


def _reports(done: TumorAssessment, attached: frozenset[str]) -> list[Gap]:
    """Reports of which nothing is recorded and no file is attached. What a file says no rule reads: facts stay missing."""
    return [
        Gap(
            f"report:{code}",
            "reports",
            f"{TOPICS[code].title} report",
            "nothing of it is on record, and none is attached",
            TOPICS[code].title,
        )
        for code in ("pathology", "imaging")
        if code not in attached and not _of_topic(done, code)
    ]


def _facts(done: TumorAssessment) -> list[Gap]:
    features = done.assessment.ruleset.dictionary.features
    return [
        Gap(
            f"fact:{entry.feature}",
            "facts",
            features[entry.feature].title,
            f"would settle {count(entry.settles, 'option')}",
            topic_of(features[entry.feature]).title,
        )
        for entry in done.assessment.missing[:MOST_FACTS]
    ]


def _stale(done: TumorAssessment, today: date) -> list[Gap]:
    features = done.assessment.ruleset.dictionary.features
    gaps = [
        Gap(
            f"stale:{one.feature}", "fresh", f"New {inside(features[one.feature].title)}",
            f"{one.age_days} days old, {one.limit.days} are accepted", topic_of(features[one.feature]).title,
        )
        for one in done.stale
    ]  # fmt: skip
    imaging = _of_topic(done, "imaging")
    newest = max((reading.observed_on for reading in imaging), default=None)
    if newest and today - newest > timedelta(days=IMAGING_DAYS):
        said = f"the newest is of {show_date(newest)}, {(today - newest).days} days old"
        gaps.append(Gap("stale:imaging", "fresh", "New imaging", said, TOPICS["imaging"].title))
    return gaps


def _review(review: Review | None, today: date) -> list[Gap]:
    if review is None:
        return [Gap("review", "review", "Signed review", "no review is signed", CLINIC)]
    signed = review.signed_at.date()
    if today - signed > timedelta(days=REVIEW_DAYS):
        return [Gap("review", "review", "Signed review", f"the last is of {show_date(signed)}", CLINIC)]
    return []
