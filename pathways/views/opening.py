"""Opening one tumor of a patient for a page: its assessment at the patient's institution, as the page was asked for.

No view of its own. Without parameters it is the assessment as of today of the readings in force. Pages that take them hand
over `asked_of(request)`: `as_of` a past day (what was known at its end), `limits=draft` the drafted limits on the age of
facts, `reading` a finding of another report. What cannot be done as asked is a sentence on the page, never a guess. A
tumor that does not exist answers like everything else that is not there. Called by the patient views.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.utils import timezone

from netcare.access import Actor, actor_of, today_for
from pathways.assessing import DraftRefused, TumorAssessment, assess_facts, drafted
from pathways.presenters.explanation import FieldUrl
from pathways.presenters.opened_as import OpenedAs, opened_as
from pathways.presenters.patient_page import Banner, banner, entry_links, stamp
from pathways.presenters.readings import Disagreement, disagreements, reading_words, settled_words
from pathways.presenters.trace_rows import Readings
from pathways.presenters.words import show_date
from pathways.selectors import InForce, ruleset_in_force
from patients.facts import Facts, facts_of
from patients.models import Patient, Settlement, Tumor
from patients.policies import NOT_FOUND
from patients.reports import Report, facts_under, other_report
from patients.selectors import tumors_of

DRAFT = "draft"
# What an address says to have back what is in force, where a link to a what-if asks for something else.
IN_FORCE = "in-force"
KEEP_QUERY = ("Candidates", "What is missing", "What if", "Timeline")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Asked:
    """What a page was asked to show; nothing of it is a value of the patient, so it may stand in an address."""

    as_of: str = ""
    limits: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Shown:
    """What of it can be shown, and a sentence for each part that cannot."""

    as_of: date
    known_at: datetime | None = None
    draft: bool = False
    report: Report | None = None
    refusals: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Opened:
    """Everything a page of one tumor needs.

    `in_force` is the assessment of the readings in force; `done` is the one shown, another one only under another report.
    """

    patient: Patient
    tumors: list[Tumor]
    tumor: Tumor
    actor: Actor
    at: datetime
    in_force: TumorAssessment
    done: TumorAssessment
    readings: Readings
    forks: list[Disagreement]
    link: FieldUrl
    shown: Shown

    @property
    def query(self) -> str:
        """What brings another page of the tumor up in the same way: '' or '?as_of=…&limits=draft'."""
        return f"?{urlencode(self.asked)}" if self.asked else ""

    @property
    def asked(self) -> dict[str, str]:
        """The parameters in the form in which they were understood; without those that were refused."""
        parts = {
            "as_of": self.shown.as_of.isoformat() if self.shown.known_at else "",
            "limits": DRAFT if self.shown.draft else "",
            "reading": str(self.shown.report.of.finding_id) if self.shown.report else "",
        }
        return {name: value for name, value in parts.items() if value}

    @property
    def opened_as(self) -> OpenedAs:
        """How the page was asked for, in words."""
        shown = self.shown
        return opened_as(
            self.in_force,
            self.done,
            today=today_for(self.patient.institution, at=self.at),
            past=shown.known_at is not None,
            draft=shown.draft,
            report=shown.report,
            forks=self.forks,
            refusals=shown.refusals,
        )

    def banner(self, current: str) -> Banner:
        """The banner with the tab of the page marked."""
        top = banner(
            self.patient,
            actor=self.actor,
            as_of=self.done.as_of,
            current=current,
            tumors=self.tumors,
            tumor=self.tumor,
            done=self.done,
            forks=self.forks,
        )
        tabs = (replace(tab, url=tab.url + self.query) if tab.title in KEEP_QUERY else tab for tab in top.tabs)
        return replace(top, print_url=top.print_url + self.query, tabs=tuple(tabs))

    def context(self, current: str) -> dict[str, object]:
        """What every page of the tumor hands to its template."""
        line = stamp(self.done, self.at)
        said = self.opened_as
        return {
            "banner": self.banner(current),
            "stamp": replace(line, ruleset=f"{line.ruleset}, {said.short}") if said.short else line,
            "opened": said,
            "query": self.query,
            "patient": self.patient,
            "tumor": self.tumor,
        }


def asked_of(request: HttpRequest, linked: Mapping[str, str] | None = None) -> Asked:
    """The parameters of the address; what it does not name may come from a link (of a what-if)."""
    named = {name: request.GET[name].strip() for name in ("as_of", "limits", "reading") if name in request.GET}
    found = {**(linked or {}), **named}
    return Asked(**{name: "" if value == IN_FORCE else value for name, value in found.items()})


def differently(asked: Asked) -> str:
    """What makes a page another one than the one in force, apart from its day, in few words for the margin of paper."""
    parts = ["drafted limits, not in force"] if asked.limits == DRAFT else []
    parts += ["under a report that is not in force"] if asked.reading else []
    return "; ".join(parts)


def open_tumor(request: HttpRequest, patient: Patient, number: int, asked: Asked | None = None) -> Opened:
    """The tumor with its assessment, as of today unless asked otherwise. Raises Http404 for a number that is not there."""
    asked = asked or Asked()
    at = timezone.now()
    tumors = tumors_of(patient)
    tumor = next((one for one in tumors if one.number == number), None)
    if tumor is None:
        raise Http404(NOT_FOUND)
    shown = shown_day(asked, patient, at)
    facts = facts_of(tumor, as_of=shown.as_of, known_at=shown.known_at)
    rules, shown = _rules(asked, shown)
    shown = _with_report(asked, shown, facts)
    in_force = assess_facts(tumor, facts, rules)
    done = assess_facts(tumor, facts_under(facts, shown.report), rules) if shown.report else in_force
    actor = actor_of(request)
    return Opened(
        patient=patient,
        tumors=tumors,
        tumor=tumor,
        actor=actor,
        at=at,
        in_force=in_force,
        done=done,
        readings=reading_words(done.facts, done.stale, done.in_force.ruleset.dictionary),
        forks=disagreements(in_force, settled_words(_settlements(patient, shown.known_at), tumor)),
        link=entry_links(actor, patient, tumor),
        shown=shown,
    )


def shown_day(asked: Asked, patient: Patient, at: datetime) -> Shown:
    """The day asked for, today without one; a past day is shown as it was known when it ended at the institution."""
    today = today_for(patient.institution, at=at)
    if not asked.as_of:
        return Shown(today)
    try:
        day = date.fromisoformat(asked.as_of if DAY.fullmatch(asked.as_of) else "")
    except ValueError:
        said = (
            f"“{asked.as_of[:40]}” is not a day. As of: year-month-day, such as {today.isoformat()}. Shown as of today."
        )
        return Shown(today, refusals=[said])
    if day > today:
        said = f"{show_date(day)} is in the future; an assessment is as of today or a day before. Shown as of today."
        return Shown(today, refusals=[said])
    if day == today:
        return Shown(today)
    return Shown(day, datetime.combine(day, time.max, ZoneInfo(patient.institution.time_zone)))


def _rules(asked: Asked, shown: Shown) -> tuple[InForce, Shown]:
    """The version in force, with the drafted limits if they are asked for."""
    in_force = ruleset_in_force()
    if not asked.limits:
        return in_force, shown
    if asked.limits != DRAFT:
        said = f"There are no limits called “{asked.limits[:40]}”; there is “{DRAFT}”. Shown under the limits in force."
        return in_force, replace(shown, refusals=[*shown.refusals, said])
    try:
        return drafted(in_force), replace(shown, draft=True)
    except DraftRefused as problem:
        return in_force, replace(shown, refusals=[*shown.refusals, str(problem)])


def _with_report(asked: Asked, shown: Shown, facts: Facts) -> Shown:
    """The report of the finding asked for, if it says something else than the readings in force."""
    if not asked.reading:
        return shown
    try:
        report = other_report(facts, UUID(asked.reading))
    except ValueError:
        report = None
    if report:
        return replace(shown, report=report)
    said = (
        f"The reading asked for is no other report on this tumor as of {show_date(shown.as_of)}; it may be in force by now. "
        "Shown under the readings in force."
    )
    return replace(shown, refusals=[*shown.refusals, said])


def _settlements(patient: Patient, known_at: datetime | None) -> list[Settlement]:
    """The decisions on readings that disagree, in the order in which they were made; one query, also when there are none."""
    decided = Settlement.objects.filter(finding__patient=patient).select_related("finding", "settled_by")
    return [one for one in decided.order_by("settled_at", "id") if known_at is None or one.settled_at <= known_at]
