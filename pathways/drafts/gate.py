"""What stands in the way of a draft's next step: each blocker one sentence, with the place where it is resolved.

The bar at the foot of every draft page, the disabled button and the action share these sentences.
What it refuses to do: know who is asking; that is `policies.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pathways.drafting.content import EntryChange, Place, changed_places
from pathways.drafting.naming import named
from pathways.drafts.acknowledged import acknowledged
from pathways.drafts.effect_age import grown_old
from pathways.drafts.effect_reads import Standing as RunStanding
from pathways.drafts.effect_reads import acknowledged_effects, job_of, keys_of, run_for, standing
from pathways.drafts.policies import approval
from pathways.drafts.reasons import Standing, explained
from pathways.drafts.reports import Report, report_of
from pathways.engine import read_json
from pathways.models import Draft, RulesetVersion, Step
from pathways.selectors import version_in_force


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing in the way. `tab` names the page of the draft on which it is resolved."""

    sentence: str
    tab: str


# Which steps ask for what.
READY = frozenset({Step.SUBMIT, Step.APPROVE, Step.SCHEDULE, Step.PUBLISH})
SEEN_EFFECT = frozenset({Step.APPROVE, Step.SCHEDULE, Step.PUBLISH})
CARRIED = frozenset({Step.SCHEDULE, Step.PUBLISH})


def blockers(draft: Draft, step: Step, now: datetime) -> tuple[Blocker, ...]:
    """Everything that keeps the draft from this step; none for steps that nothing holds back."""
    if step not in READY:
        return ()
    found = [*_base(draft), *_changes(draft)]
    found += _report(draft, report_of(draft))
    if step in SEEN_EFFECT:
        found += _effect(draft, now)
    if step in CARRIED and (sentence := approval(draft, now)):
        found.append(Blocker(sentence, "review"))
    return tuple(found)


def _base(draft: Draft) -> list[Blocker]:
    current = version_in_force(draft.code)
    if current.pk == draft.base_id:
        return []
    return [
        Blocker(
            f"The draft stands on {draft.base}, and {current} is in force now: bring it up to date first.", "update"
        )
    ]


def changes_of(draft: Draft) -> tuple[EntryChange, ...]:
    """The entries in which the draft differs from the version it stands on."""
    return _changed(draft.base.content, draft.content)


@lru_cache(maxsize=8)
def _changed(before: str, after: str) -> tuple[EntryChange, ...]:
    """The same for two contents; every page of a draft asks for it, most of them more than once."""
    return changed_places(read_json(before), read_json(after))


def _changes(draft: Draft) -> list[Blocker]:
    changes = changes_of(draft)
    if not changes:
        return [Blocker("The draft changes nothing yet.", "edit")]
    told = explained(draft, changes)
    missing = [one.change.place for one in told if one.standing is Standing.MISSING]
    earlier = [one.change.place for one in told if one.standing is Standing.EARLIER]
    found = _mixed(draft, changes)
    if missing:
        sentence = f"Why it is changed, and from which source, is not said for {_named(draft, missing)}."
        found.append(Blocker(sentence, "changes"))
    if earlier:
        sentence = f"The reason given for {_named(draft, earlier)} is of an earlier wording: confirm it or say it anew."
        found.append(Blocker(sentence, "changes"))
    return found


def _named(draft: Draft, places: list[Place]) -> str:
    """The first entries by title and code, and how many more there are."""
    contents = read_json(draft.content), read_json(draft.base.content)
    words = ", ".join(named(place, *contents) for place in places[:3])
    return words + (f" and {len(places) - 3} more" if len(places) > 3 else "")


def _mixed(draft: Draft, changes: tuple[EntryChange, ...]) -> list[Blocker]:
    """A safety invariant is changed in a draft of its own: nobody bends the check together with what it checks.

    No such change: taking a retired option out of the invariants that name it, putting an added one in, and going
    back whole to a version that was let pass before.
    """
    bent = [one.place for one in changes if one.place.part == "invariants" and not _follows(one, changes)]
    others = [one for one in changes if one.place.part in ("rules", "definitions")]
    if not bent or not others or _was_published(draft):
        return []
    words = _named(draft, bent[:1])
    sentence = f"The draft changes {words} and rules as well; an invariant is changed in a draft of its own."
    return [Blocker(sentence, "changes")]


def _follows(change: EntryChange, changes: tuple[EntryChange, ...]) -> bool:
    """Whether an invariant differs by nothing but the options that the draft takes out or adds."""
    options = [one for one in changes if one.place.part == "options"]
    retired = {one.place.code for one in options if one.after is None}
    added = {one.place.code for one in options if one.before is None}
    if change.before is None:
        return change.after is not None and set(change.after["options"]) <= added
    kept = [code for code in change.before["options"] if code not in retired]
    if change.after is None:
        return not kept
    return {**change.after, "options": []} == {**change.before, "options": []} and kept == [
        code for code in change.after["options"] if code not in added
    ]


def _was_published(draft: Draft) -> bool:
    """Whether the content is, to the byte, that of a version: a roll back."""
    return RulesetVersion.objects.filter(code=draft.code, digest=draft.digest).exists()


def _report(draft: Draft, report: Report) -> list[Blocker]:
    found = [Blocker(failure.sentence, "checks") for failure in report.failures[:5]]
    if len(report.failures) > 5:
        found.append(Blocker(f"{len(report.failures) - 5} more test patients fail.", "checks"))
    found += [Blocker(finding.sentence, "checks") for finding in report.blocking]
    known = acknowledged(draft, report)
    open_ones = [finding for finding in report.to_acknowledge if finding.key not in known]
    if open_ones:
        count = f"{len(open_ones)} findings of the proofs are" if len(open_ones) > 1 else "1 finding of the proofs is"
        found.append(Blocker(f"{count} not acknowledged yet, each with a reason.", "checks"))
    return found


def gates_said(draft: Draft, publisher: str) -> str:
    """What checks and proofs said of a draft and who let it pass, in the words that stay with its version."""
    report, approved = report_of(draft), draft.steps.filter(step=Step.APPROVE).order_by("-id").first()
    return (
        f"{report.invariants_proved} of {report.invariants} invariants proved over every possible patient; "
        f"{report.cases} cases and test patients come to what is expected; {len(report.to_acknowledge)} findings "
        f"acknowledged with a reason; approved by {approved.by_name if approved else 'nobody'}, published by {publisher}."
    )


def _effect(draft: Draft, now: datetime) -> list[Blocker]:
    """What the draft does to the patients on record: computed for this wording, and seen group by group."""
    run = run_for(draft)
    if run is None:
        return [Blocker("Its effect on the patients on record is not computed for this wording yet.", "effect")]
    match standing(run, job_of(run)):
        case RunStanding.WAITING | RunStanding.RUNNING:
            return [Blocker("Its effect on the patients on record is still being computed.", "effect")]
        case RunStanding.SET_ASIDE:
            return [Blocker("The computing of its effect on the patients on record stopped: start it again.", "effect")]
    found = [Blocker(sentence, "effect")] if (sentence := grown_old(run, now)) else []
    left = keys_of(run) - acknowledged_effects(draft, draft.digest).keys()
    if not left:
        return found
    count = f"{len(left)} groups of changes are" if len(left) > 1 else "1 group of changes is"
    return [*found, Blocker(f"{count} not acknowledged yet by the approver, with a reason.", "effect")]
