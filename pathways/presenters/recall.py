"""The recall list and its entries in words: which option has which other status, and because of which rule.

The words come from the two versions, never from the record. What it refuses to do: say that a list is wrong; it is
another one, and somebody looks again. Who calls it: recall views, the candidates page, the start page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from netcare.access import Actor, Capability
from pathways.engine import Ruleset
from pathways.models import RecallDifference, RecallEntry, RecallEvent, RecallKind
from pathways.presenters.library import data_of
from pathways.presenters.patient_page import fictional_tag
from pathways.presenters.rule_words import in_words
from pathways.presenters.words import EFFECT_TITLES, STATUS_WORDS, count, listing, show_date, show_instant
from pathways.recall.actions import why_not_reopened
from pathways.recall.looked import Credit, credits_of, words_said
from pathways.recall.reasons import REASONS
from pathways.recall.retired import retired_since
from pathways.selectors import ruleset_of

NOT_THERE = "not in the catalogue"
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Because:
    """A rule whose value differs between the two versions for the facts of the list."""

    code: str
    effect: str
    title: str
    how: str
    before: str
    after: str
    url: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One option with another status."""

    code: str
    title: str
    before: str
    after: str
    said: str
    rules: tuple[Because, ...]
    retired: str = ""

    @property
    def in_short(self) -> str:
        """PRRT: candidate → excluded."""
        return f"{self.title}: {_word(self.before)} → {_word(self.after)}"


@dataclass(frozen=True, slots=True)
class RecallRow:
    """One line of the list."""

    url: str
    name: str
    mrn: str
    tag: str
    tumor: str
    changes: tuple[str, ...]
    more: str
    rules: str
    reviewed: str
    version: str
    owner: str
    is_mine: bool
    due: str
    overdue: str
    closed: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history of an entry."""

    when: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class RecallPage:
    """Everything about one entry."""

    title: str
    because: str
    looked_url: str
    looked_link: str
    said_as: str
    since_url: str
    list_url: str
    then: str
    now: str
    changes: tuple[Changed, ...]
    is_open: bool
    state: str
    owner: str
    due: str
    overdue: str
    history: tuple[Happened, ...]
    seen: int
    why_not_reopened: str


@dataclass(frozen=True, slots=True)
class RecallNotice:
    """What stands above the list of candidates while an entry is open."""

    sentence: str
    url: str
    since_url: str


@dataclass(frozen=True, slots=True)
class RecallCount:
    """One filter of the list with how many it holds."""

    code: str
    title: str
    number: int
    current: bool


def recall_rows(events: Sequence[RecallEvent], actor: Actor, today: date) -> list[RecallRow]:
    """The lines of the list; the entry's tumor, review, versions and differences are at hand."""
    credits = credits_of([event.entry for event in events])
    return [_row(event, actor, today, credits.get(event.entry.snapshot_id)) for event in events]


def changes_of(entry: RecallEntry) -> tuple[Changed, ...]:
    """The differences of an entry, with their rules in words."""
    old, new = ruleset_of(entry.snapshot.ruleset_version), ruleset_of(entry.version)
    found = sorted(entry.differences.all(), key=lambda one: one.place)
    return tuple(_changed(one, old, new) if one.after else _gone(one, entry) for one in found)


def recall_page(entry: RecallEntry, events: Sequence[RecallEvent], actor: Actor, today: date) -> RecallPage:
    """The page of one entry."""
    changes, last = changes_of(entry), events[-1]
    credit = credits_of([entry]).get(entry.snapshot_id)
    address = [entry.tumor.patient_id, entry.tumor.number]
    return RecallPage(
        title=f"{count(len(changes), 'option')} changed since {_whose(entry, actor, credit)}",
        because=f"because of {_rules_said(changes)} in v{entry.version.version}",
        looked_url=_looked_url(entry, credit),
        looked_link=credit.link if credit else "The signed review",
        said_as=credit.how if credit else "reviewed",
        since_url=_since_url(entry),
        list_url=reverse("pathways:review", args=address),
        then=f"v{entry.snapshot.ruleset_version.version}",
        now=f"v{entry.version.version}",
        changes=changes,
        is_open=last.is_open,
        state="Open" if last.is_open else f"Closed: {_reason(last)}",
        owner=last.owner.display_name if last.owner else "nobody yet",
        due=show_date(last.due_on),
        overdue=_overdue(last, today),
        history=tuple(_happened(event) for event in events),
        seen=last.number,
        why_not_reopened=why_not_reopened(last),
    )


def recall_notice(entry: RecallEntry, actor: Actor) -> RecallNotice:
    """“Changed since you reviewed on 3 Nov 2026, because of rule PRRT-E5 in v4.”"""
    changes = changes_of(entry)
    credit = credits_of([entry]).get(entry.snapshot_id)
    mine = entry.review is not None and entry.review.signed_by_id == actor.id
    who = "you" if mine else entry.review.signed_by_name if entry.review else "somebody"
    since = f"{who} reviewed on {_day_of(entry)}" if credit is None else _whose(entry, actor, credit)
    more = f", and {count(len(changes) - 1, 'more option', 'more options')}" if len(changes) > 1 else ""
    cause = f"because of {_rules_said(changes)} in v{entry.version.version}"
    sentence = f"Changed since {since}, {cause}. {changes[0].in_short}{more}."
    url = reverse("pathways:recall_entry", args=[entry.tumor.patient_id, entry.pk])
    return RecallNotice(sentence, url, _since_url(entry))


def recall_table(events: Sequence[RecallEvent], today: date) -> list[list[str]]:
    """The list for a spreadsheet: a header, and a line per entry with all of its options."""
    header = [
        "mrn", "family_name", "given_name", "tumor", "reviewed_on", "reviewed_by", "version", "changed", "rules",
        "owner", "due_on", "overdue", "state", "reason", "line",
    ]  # fmt: skip
    credits = credits_of([event.entry for event in events])
    return [header, *(_line(event, today, credits.get(event.entry.snapshot_id)) for event in events)]


def _line(event: RecallEvent, today: date, credit: Credit | None) -> list[str]:
    entry, patient = event.entry, event.entry.tumor.patient
    changes = changes_of(entry)
    rules = list(dict.fromkeys(rule.code for change in changes for rule in change.rules))
    reviewed_by = entry.review.signed_by_name if entry.review else credit.who if credit else ""
    return [
        patient.mrn, patient.family_name, patient.given_name, str(entry.tumor.number), _day_of(entry, credit), reviewed_by,
        f"v{entry.version.version}", "; ".join(change.in_short for change in changes), ", ".join(rules),
        event.owner.display_name if event.owner else "", event.due_on.isoformat(),
        "yes" if _overdue(event, today) else "", "open" if event.is_open else "closed",
        REASONS.get(event.reason, ""), event.line if not event.is_open else "",
    ]  # fmt: skip


def _row(event: RecallEvent, actor: Actor, today: date, credit: Credit | None) -> RecallRow:
    entry, tumor = event.entry, event.entry.tumor
    changes, patient = changes_of(entry), tumor.patient
    looked = f"{_day_of(entry)} by {entry.review.signed_by_name}" if entry.review else _day_of(entry)
    looked = f"{credit.how} on {_day_of(entry, credit)}, {credit.who}" if credit else looked
    return RecallRow(
        url=reverse("pathways:recall_entry", args=[patient.pk, entry.pk]),
        name=str(patient),
        mrn=patient.mrn,
        tag=fictional_tag(patient),
        tumor=f"Tumor {tumor.number}" if tumor.number > 1 else "",
        changes=tuple(change.in_short for change in changes[:MOST_NAMED]),
        more=f"and {len(changes) - MOST_NAMED} more" if len(changes) > MOST_NAMED else "",
        rules=_rules_said(changes),
        reviewed=looked,
        version=f"v{entry.version.version}",
        owner=event.owner.display_name if event.owner else "",
        is_mine=actor.id is not None and event.owner_id == actor.id,
        due=show_date(event.due_on),
        overdue=_overdue(event, today),
        closed="" if event.is_open else f"{_reason(event)}, {show_date(event.at)}",
    )


def _gone(one: RecallDifference, entry: RecallEntry) -> Changed:
    """An option that was retired: no rule of it is the cause, and the draft that retired it says why."""
    signed, said = entry.snapshot.ruleset_version, words_said().get(one.verdict, "")
    title = ruleset_of(signed).option(one.option).title
    retired = retired_since(one.option, signed, entry.version)
    return Changed(one.option, title, one.before, one.after, said, (), f"The option was retired{retired}")


def _changed(one: RecallDifference, old: Ruleset, new: Ruleset) -> Changed:
    titled = new if any(option.code == one.option for option in new.options) else old
    said = words_said().get(one.verdict, "")
    because = tuple(_because(code, old, new) for code in one.rules)
    ordered = sorted(because, key=lambda rule: rule.how == SAME)
    return Changed(one.option, titled.option(one.option).title, one.before, one.after, said, tuple(ordered))


SAME = "the rule reads as before; a definition, a feature or a limit on age that it rests on changed"


def _because(code: str, old: Ruleset, new: Ruleset) -> Because:
    """What became of a rule from one version to the other, with its sentence in each where they differ."""
    was, now = _entry_of(old, code), _entry_of(new, code)
    rule = (new if now else old).rule(code)
    how = "new" if not was else "no longer there" if not now else "changed" if was != now else SAME
    before = in_words(old.rule(code).when, old) if was else ""
    after = in_words(new.rule(code).when, new) if now else ""
    return Because(
        code=code,
        effect=EFFECT_TITLES[str(rule.effect)],
        title=rule.title or rule.rationale,
        how=how,
        before=before if before != after else "",
        after=after,
        url=reverse("pathways:rule", args=[code]),
    )


def _entry_of(ruleset: Ruleset, code: str) -> dict[str, object] | None:
    return next((entry for entry in data_of(ruleset)["rules"] if entry["code"] == code), None)


def _rules_said(changes: Sequence[Changed]) -> str:
    """rule PRRT-E5; rules A, B and 2 more. Where no rule is named, what else it is."""
    codes = list(dict.fromkeys(rule.code for change in changes for rule in change.rules))
    gone = [change.title for change in changes if change.retired]
    if gone:
        options = f"the retired option{'' if len(gone) == 1 else 's'} {listing(gone)}"
        return options if not codes else f"rule{'' if len(codes) == 1 else 's'} {_named(codes)} and {options}"
    if not codes:
        return "other options or another program version"
    return f"rule{'' if len(codes) == 1 else 's'} {_named(codes)}"


def _named(codes: list[str]) -> str:
    named = codes if len(codes) <= MOST_NAMED else [*codes[: MOST_NAMED - 1], f"{len(codes) - MOST_NAMED + 1} more"]
    return listing(named)


def _word(status: str) -> str:
    return STATUS_WORDS[status].lower() if status else NOT_THERE


def _whose(entry: RecallEntry, actor: Actor, credit: Credit | None) -> str:
    """“your review of 3 Nov 2026”; “it was decided at the board on 12 Nov 2026”."""
    if credit is not None:
        return f"it was {credit.how} on {_day_of(entry, credit)}"
    if entry.review is None:
        return f"the list of {_day_of(entry)}"
    mine = entry.review.signed_by_id == actor.id
    return f"{'your review' if mine else f'the review by {entry.review.signed_by_name}'} of {_day_of(entry)}"


def _day_of(entry: RecallEntry, credit: Credit | None = None) -> str:
    at = credit.at if credit else entry.review.signed_at if entry.review else entry.snapshot.taken_at
    return show_instant(at).split(",")[0]


def _looked_url(entry: RecallEntry, credit: Credit | None) -> str:
    if entry.review_id:
        return reverse("pathways:review_signed", args=[entry.tumor.patient_id, entry.review_id])
    return credit.url if credit else ""


def _since_url(entry: RecallEntry) -> str:
    address = reverse("pathways:since", args=[entry.tumor.patient_id, entry.tumor.number])
    return f"{address}?before=review-{entry.review_id}" if entry.review_id else address


def _overdue(event: RecallEvent, today: date) -> str:
    late = (today - event.due_on).days
    return f"overdue by {count(late, 'day')}" if event.is_open and late > 0 else ""


def _reason(event: RecallEvent) -> str:
    return f"{REASONS[event.reason]}{f': {event.line}' if event.line else ''}"


def _happened(event: RecallEvent) -> Happened:
    owner = event.owner.display_name if event.owner else "nobody"
    match event.kind:
        case RecallKind.FOUND:
            what = f"found; owner {owner}, due {show_date(event.due_on)}"
        case RecallKind.ASSIGNED:
            what = f"assigned to {owner}"
        case RecallKind.DUE_MOVED:
            what = f"due date moved to {show_date(event.due_on)}{f': {event.line}' if event.line else ''}"
        case RecallKind.CLOSED:
            what = f"closed: {_reason(event)}"
        case _:
            what = f"opened again: {event.line}"
    return Happened(show_instant(event.at), event.by_name, what)


def may_work(actor: Actor) -> bool:
    """Whether the forms of an entry are shown."""
    return actor.may(Capability.RECALL_WORK).allowed
