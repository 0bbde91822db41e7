"""What a draft changes for the patients on record, as its page shows it: the run, who gains or loses what, the groups.

What it refuses to do: show another institution's count below five, or anything that adds up to one; totals are of the
reader's own institution alone. Called by the views of the effect.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from netcare.access import Actor, Capability, Institution
from netcare.jobs.models import Job
from pathways.drafting.effect import GAIN, LOSE, OTHER
from pathways.drafts.effect_age import grown_old, has_news
from pathways.drafts.effect_reads import (
    Group,
    Standing,
    Tally,
    acknowledged_effects,
    groups_from,
    job_of,
    latest_run,
    looked_at,
    not_compared,
    not_compared_key,
    run_for,
    standing,
    tallies_of,
)
from pathways.drafts.effects import may_acknowledge_effect
from pathways.drafts.selectors import ruleset_of_draft
from pathways.drafts.states import EDITABLE
from pathways.models import Acknowledgement, Draft, EffectKind, EffectRun
from pathways.presenters.words import STATUS_WORDS, count, inside, show_date, show_instant
from pathways.selectors import ruleset_of

DIRECTIONS = ((GAIN, "gained, as listed"), (LOSE, "lost from the list"), (OTHER, "changed otherwise"))
DIRECTION_WORDS = dict(DIRECTIONS)
KINDS = ((EffectKind.TODAY.value, "facts on record"), (EffectKind.REVIEW.value, "signed reviews"))
NOT_THERE = "Not in the catalogue"
FEW = 5


@dataclass(frozen=True, slots=True)
class EffectFilter:
    """What the reader narrows the changes to; empty means any."""

    option: str = ""
    direction: str = ""
    rule: str = ""
    kind: str = ""
    group: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "EffectFilter":
        """From the address; a word that is none of the known ones narrows nothing."""
        direction, kind = query.get("direction", ""), query.get("kind", "")
        return cls(
            query.get("option", "")[:60],
            direction if direction in DIRECTION_WORDS else "",
            query.get("rule", "").strip()[:60],
            kind if kind in dict(KINDS) else "",
            query.get("group", "")[:300],
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is chosen."""
        return any((self.option, self.direction, self.rule, self.kind, self.group))

    def keeps(self, tally: Tally) -> bool:
        """Whether the changes of a tally are among those chosen, apart from the group."""
        return (
            self.option in ("", tally.option)
            and self.direction in ("", tally.direction)
            and (not self.rule or self.rule in tally.because)
            and self.kind in ("", tally.kind)
        )

    def as_query(self, **changes: str) -> str:
        """The query of an address with this filter."""
        wanted = {"option": self.option, "direction": self.direction, "rule": self.rule, "kind": self.kind}
        return urlencode({name: value for name, value in {**wanted, **changes}.items() if value})


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One option that moves for somebody of the reader's institution."""

    title: str
    gain: int
    lose: int
    other: int
    unchanged: int
    reviews: str

    @property
    def sentence(self) -> str:
        """ "3 gain PRRT as listed · 0 lose it · 211 unchanged"."""
        other = f" · {self.other} otherwise changed" if self.other else ""
        title = inside(self.title)
        return f"{self.gain} gain {title} as listed · {self.lose} lose it{other} · {self.unchanged} unchanged"


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule that explains a group, and for how many of the reader's institution."""

    code: str
    title: str
    url: str
    number: int


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group of changes, as its row shows it."""

    key: str
    title: str
    before: str
    after: str
    before_words: str
    after_words: str
    direction: str
    rules: tuple[RuleCount, ...]
    today: int
    reviews: int
    elsewhere: str
    rows_url: str
    acknowledged: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunView:
    """How the run stands, in words and as a share."""

    standing: str
    sentence: str
    percent: int | None
    asked: str
    as_of: str
    going_on: bool


@dataclass(frozen=True, slots=True)
class EffectPage:
    """The page. Without a run there is nothing but the button."""

    run: RunView | None
    earlier: str
    old: str
    may_start: bool
    start_title: str
    compared: str
    options: tuple[OptionLine, ...]
    groups: tuple[GroupView, ...]
    open: int
    nobody: bool
    left_out: str
    filters: EffectFilter
    option_choices: tuple[tuple[str, str], ...]
    rule_choices: tuple[str, ...]
    directions: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    has_elsewhere: bool
    may_acknowledge: bool
    may_not_acknowledge: str
    digest: str
    rows_url: str
    csv_url: str


def shown_run(draft: Draft) -> EffectRun | None:
    """The run of the wording as it is; else the latest of an earlier one."""
    return run_for(draft) or latest_run(draft)


def effect_page(draft: Draft, actor: Actor, filters: EffectFilter, now: datetime) -> EffectPage:
    """The page of a draft's effect, as somebody of one institution may see it."""
    run = shown_run(draft)
    job = job_of(run) if run else None
    state = standing(run, job) if run else None
    current = run is not None and (run.digest, run.base_id) == (draft.digest, draft.base_id)
    done = run if state is Standing.DONE else None
    view = _View(draft, actor, done, current)
    decision = may_acknowledge_effect(actor, draft)
    may_start = draft.state in EDITABLE and actor.may(Capability.DRAFT_COMMENT).allowed
    groups = view.groups(filters)
    return EffectPage(
        run=_run_view(run, job, state) if run and state else None,
        earlier="" if current or run is None else _earlier(run),
        old=_old(done, now) if current and done and draft.state in EDITABLE else "",
        may_start=may_start and not (current and state in (Standing.WAITING, Standing.RUNNING)),
        start_title=_start_title(current, state),
        compared=view.compared,
        options=view.options(),
        groups=groups,
        open=sum(not one.acknowledged for one in groups),
        nobody=not view.tallies,
        left_out=view.left_out,
        filters=filters,
        option_choices=view.option_choices,
        rule_choices=tuple(sorted({code for tally in view.tallies for code in tally.because})),
        directions=DIRECTIONS,
        kinds=KINDS,
        has_elsewhere=view.has_elsewhere,
        may_acknowledge=decision.allowed and current and done is not None,
        may_not_acknowledge="" if decision.allowed else decision.sentence,
        digest=draft.digest,
        rows_url=_address("draft_effect_rows", draft, filters.as_query()),
        csv_url=_address("draft_effect_file", draft, filters.as_query()),
    )


def _earlier(run: EffectRun) -> str:
    return (
        f"This effect is of an earlier wording of the draft, asked for on {show_instant(run.asked_at)}. "
        "It does not count for the draft as it is."
    )


def _old(run: EffectRun, now: datetime) -> str:
    """What is said of a run that does not count any more, or that will not for long."""
    if sentence := grown_old(run, now):
        return sentence
    return "Data of patients were recorded since this was computed; they are not in it." if has_news(run) else ""


def _start_title(current: bool, state: Standing | None) -> str:
    if not current or state is None:
        return "Compute the effect of this wording"
    return "Go on" if state is Standing.SET_ASIDE else "Compute it again"


def _address(name: str, draft: Draft, query: str) -> str:
    address = reverse(f"pathways:{name}", args=[draft.id])
    return f"{address}?{query}" if query else address


def _run_view(run: EffectRun, job: Job | None, state: Standing) -> RunView:
    """No counts of records, and a share in coarse steps: less the reader's own they would tell how few are elsewhere."""
    share = 5 * round(20 * job.done / job.total) if job and job.total else None
    sentence = {
        Standing.WAITING: "Waiting for a worker.",
        Standing.RUNNING: f"{share} % of all records are compared." if share is not None else "It has begun.",
        Standing.SET_ASIDE: "The work stopped before it was done. Nothing is lost: it goes on where it stopped.",
        Standing.OVERTAKEN: "The draft was changed while this ran, so it stopped.",
        Standing.DONE: "Done.",
    }[state]
    return RunView(
        standing=state.value,
        sentence=sentence,
        percent=share if state is Standing.RUNNING else None,
        asked=f"asked for by {run.asked_by_name}, {show_instant(run.asked_at)}",
        as_of=show_date(run.as_of),
        going_on=state in (Standing.WAITING, Standing.RUNNING),
    )


class _View:
    """A finished run as somebody of one institution sees it; without one, everything is empty."""

    def __init__(self, draft: Draft, actor: Actor, run: EffectRun | None, current: bool) -> None:
        self.draft, self.run, self.own = draft, run, actor.institution_id
        self.tallies = tallies_of(run) if run else []
        self._all = groups_from(self.tallies, run.base) if run else []
        self._looked_at = looked_at(run) if run else {}
        self._left_out = not_compared(run) if run else {}
        self._acknowledged = acknowledged_effects(draft, run.digest) if run and current else {}
        self.has_elsewhere = Institution.objects.filter(~Q(pk=self.own)).exists()
        self._titles = {o.code: o.title for o in ruleset_of(draft.base).options} if run else {}
        self._titles |= {o.code: o.title for o in ruleset_of_draft(draft).options} if run else {}
        self._kept = {rule.code: rule.title for rule in ruleset_of_draft(draft).rules} if run else {}
        self._rules = {rule.code: rule.title for rule in ruleset_of(draft.base).rules} | self._kept if run else {}

    def _seen(self, kind: str) -> int:
        return self._looked_at.get((self.own, kind), 0) if self.own else 0

    @property
    def compared(self) -> str:
        """How many of the reader's institution were compared."""
        tumors, reviews = self._seen(EffectKind.TODAY), self._seen(EffectKind.REVIEW)
        return f"{count(tumors, 'tumor')} on record and {count(reviews, 'signed review')} of your institution"

    @property
    def option_choices(self) -> tuple[tuple[str, str], ...]:
        """The options that move for anybody."""
        return tuple((code, self._titles.get(code, code)) for code in dict.fromkeys(t.option for t in self.tallies))

    def options(self) -> tuple[OptionLine, ...]:
        """One line per option: who gains, loses, changes, and who stays."""
        return tuple(self._option(code, title) for code, title in self.option_choices)

    def _option(self, code: str, title: str) -> OptionLine:
        mine = [tally for tally in self.tallies if tally.option == code and tally.institution_id == self.own]
        today = _by_direction(tally for tally in mine if tally.kind == EffectKind.TODAY)
        reviews = _by_direction(tally for tally in mine if tally.kind == EffectKind.REVIEW)
        said = [f"{reviews[name]} {word}" for name, word in DIRECTIONS if reviews[name]]
        return OptionLine(
            title=title,
            gain=today[GAIN],
            lose=today[LOSE],
            other=today[OTHER],
            unchanged=self._seen(EffectKind.TODAY) - sum(today.values()),
            reviews=", ".join(said),
        )

    def groups(self, filters: EffectFilter) -> tuple[GroupView, ...]:
        """The groups that have a change among those chosen, and the one of those who could not be compared."""
        kept = [self._group(one, filters) for one in self._all if any(map(filters.keeps, one.tallies))]
        if self._left_out and not filters.narrows:
            kept.append(self._uncompared())
        return tuple(kept)

    def _group(self, group: Group, filters: EffectFilter) -> GroupView:
        chosen = [tally for tally in group.tallies if filters.keeps(tally)]
        mine = [tally for tally in chosen if tally.institution_id == self.own]
        kinds: Counter[str] = Counter()
        rules: Counter[str] = Counter(dict.fromkeys(group.rules, 0))
        for tally in mine:
            kinds[tally.kind] += tally.number
            rules.update(dict.fromkeys(tally.because, tally.number))
        said = self._acknowledged.get(group.key)
        return GroupView(
            key=group.key,
            title=self._titles.get(group.option, group.option),
            before=group.before,
            after=group.after,
            before_words=STATUS_WORDS.get(group.before, NOT_THERE),
            after_words=STATUS_WORDS.get(group.after, NOT_THERE),
            direction=DIRECTION_WORDS[group.tallies[0].direction],
            rules=tuple(
                RuleCount(code, self._rules.get(code, ""), self._rule_url(code), number)
                for code, number in rules.items()
            ),
            today=kinds[EffectKind.TODAY],
            reviews=kinds[EffectKind.REVIEW],
            elsewhere=_elsewhere(group.tallies, self.own),
            rows_url=_address("draft_effect_rows", self.draft, filters.as_query(group=group.about)),
            acknowledged=_who(said),
            reason=said.reason if said else "",
        )

    def _rule_url(self, code: str) -> str:
        if code not in self._kept:
            return reverse("pathways:rule", args=[code])
        return reverse("pathways:draft_entry", args=[self.draft.id, "rules", code])

    def _uncompared(self) -> GroupView:
        assert self.run is not None
        key = not_compared_key(self.run.base, self._left_out)
        said = self._acknowledged.get(key)
        mine = self._left_out.get(self.own, 0) if self.own else 0
        elsewhere = sum(number for institution, number in self._left_out.items() if institution != self.own)
        return GroupView(
            key=key, title="Could not be compared", before="", after="", before_words="not assessed",
            after_words="not assessed", direction="", rules=(), today=mine, reviews=0, elsewhere=_few(elsewhere),
            rows_url="", acknowledged=_who(said), reason=said.reason if said else "",
        )  # fmt: skip

    @property
    def left_out(self) -> str:
        """What is said of those of the reader's institution who could not be compared."""
        mine = self._left_out.get(self.own, 0) if self.own else 0
        if not mine:
            return ""
        return f"{count(mine, 'record')} of your institution could not be compared, and is named as a group below."


def _by_direction(tallies: Iterable[Tally]) -> Counter[str]:
    found: Counter[str] = Counter()
    for tally in tallies:
        found[tally.direction] += tally.number
    return found


def _who(said: Acknowledgement | None) -> str:
    return f"{said.by_name}, {show_instant(said.at)}" if said else ""


def _elsewhere(tallies: Sequence[Tally], own: UUID | None) -> str:
    """Tumors of other institutions together, whatever the filter: differences between filters tell nothing."""
    return _few(sum(t.number for t in tallies if t.institution_id != own and t.kind == EffectKind.TODAY))


def _few(number: int) -> str:
    return str(number) if number >= FEW else f"fewer than {FEW}"
