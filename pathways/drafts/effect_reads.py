"""Reading what was computed of a draft's effect: the run that counts, how it stands, the groups of changes.

What it refuses to do: let a run of an earlier wording, or on another version, pass for this one. Who calls it: the gate,
the acknowledging of groups, the pages.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Count
from django.utils.crypto import salted_hmac

from netcare.jobs.models import Job, JobState
from pathways.drafting.effect import direction
from pathways.models import Acknowledgement, Draft, EffectKind, EffectRow, EffectRun, EffectSubject
from pathways.models import RulesetVersion as Version

NOT_COMPARED = "not-compared"


class Standing(StrEnum):
    """How a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    SET_ASIDE = "set aside"
    OVERTAKEN = "overtaken"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many subjects of one institution and kind an option moves for, in one way and for the same rules."""

    option: str
    before: str
    after: str
    because: tuple[str, ...]
    kind: str
    institution_id: UUID
    number: int

    @property
    def direction(self) -> str:
        """Gain, lose or other."""
        return direction(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Group:
    """What is acknowledged together: one option, from one status to another. `about` names the version it is against.

    `key` has as well for whom and why it moves: one that grew or shrank since is acknowledged anew.
    """

    about: str
    option: str
    before: str
    after: str
    tallies: tuple[Tally, ...]

    @property
    def key(self) -> str:
        """What an acknowledgement names. Keyed, so that nobody can tell from it how few moved elsewhere."""
        who = sorted(f"{t.kind} {t.institution_id} {t.number} {' '.join(t.because)}" for t in self.tallies)
        return f"{self.about}@{_keyed(who)}"

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that explain it for somebody, by code."""
        return tuple(sorted({code for tally in self.tallies for code in tally.because}))


def latest_run(draft: Draft) -> EffectRun | None:
    """The run that was asked for last, of whatever wording."""
    return draft.effect_runs.select_related("base").defer("base__content").order_by("-asked_at", "-id").first()


def run_for(draft: Draft) -> EffectRun | None:
    """The latest run of the draft's wording as it is, on the version it stands on; the gate looks at no other."""
    runs = draft.effect_runs.filter(digest=draft.digest, base_id=draft.base_id, overtaken_at__isnull=True)
    return runs.select_related("base").defer("base__content").order_by("-asked_at", "-id").first()


def job_of(run: EffectRun) -> Job | None:
    """The job that does the run; None once it is over for long, or was never there."""
    return Job.objects.filter(pk=run.job_id).first() if run.job_id else None


def standing(run: EffectRun, job: Job | None) -> Standing:
    """How the run stands. Its own row says that it is done, whatever became of the job's."""
    if run.finished_at is not None:
        return Standing.DONE
    if run.overtaken_at is not None:
        return Standing.OVERTAKEN
    if job is None or job.state in (JobState.FAILED, JobState.DONE):
        return Standing.SET_ASIDE
    return Standing.RUNNING if job.state == JobState.RUNNING else Standing.WAITING


def tallies_of(run: EffectRun) -> list[Tally]:
    """Every change that the run found, counted; one query, however many patients."""
    rows = (
        EffectRow.objects.filter(subject__run=run)
        .values_list("option", "before", "after", "because", "subject__kind", "subject__institution")
        .annotate(number=Count("id"))
        .order_by("option", "before", "after", "because", "subject__kind", "subject__institution")
    )
    return [
        Tally(option, before, after, tuple(because.split()), kind, institution, number)
        for option, before, after, because, kind, institution, number in rows
    ]


def groups_from(tallies: list[Tally], base: Version) -> list[Group]:
    """The groups, in the order of the tallies."""
    found: dict[tuple[str, str, str], list[Tally]] = defaultdict(list)
    for tally in tallies:
        found[tally.option, tally.before, tally.after].append(tally)
    return [
        Group(group_key(base, option, before, after), option, before, after, tuple(members))
        for (option, before, after), members in found.items()
    ]


def group_key(base: Version, option: str, before: str, after: str) -> str:
    """What a group is about: the version compared with, the option, both statuses."""
    return f"v{base.version}:{option}:{before or '-'}>{after or '-'}"


def not_compared_key(base: Version, left_out: Mapping[UUID, int]) -> str:
    """The key of the group of those who could not be compared."""
    who = sorted(f"{institution} {number}" for institution, number in left_out.items())
    return f"v{base.version}:{NOT_COMPARED}@{_keyed(who)}"


def _keyed(parts: list[str]) -> str:
    return salted_hmac("netcare.effect.group", "\n".join(parts)).hexdigest()[:16]


def not_compared(run: EffectRun) -> dict[UUID, int]:
    """How many tumors and reviews of each institution could not be compared."""
    found = EffectSubject.objects.filter(run=run).exclude(problem="").order_by("institution")
    return dict(found.values_list("institution").annotate(number=Count("id")))


def looked_at(run: EffectRun) -> dict[tuple[UUID, str], int]:
    """How many tumors and stored assessments of each institution were compared."""
    subjects = EffectSubject.objects.filter(run=run, problem="").order_by("institution", "kind")
    counted = subjects.values_list("institution", "kind").annotate(number=Count("id"))
    return {(institution, kind): number for institution, kind, number in counted}


def keys_of(run: EffectRun) -> set[str]:
    """The keys of everything that an approver has to acknowledge of a finished run."""
    keys = {group.key for group in groups_from(tallies_of(run), run.base)}
    left_out = not_compared(run)
    return keys | ({not_compared_key(run.base, left_out)} if left_out else set())


def acknowledged_effects(draft: Draft, digest: str) -> dict[str, Acknowledgement]:
    """Key → who acknowledged the group, for this wording alone."""
    found = draft.acknowledgements.filter(kind=Acknowledgement.EFFECT, digest=digest).order_by("id")
    return {one.key: one for one in found}


KIND_WORDS = {EffectKind.TODAY: "on the facts on record", EffectKind.REVIEW: "on the facts of a signed review"}
