"""A draft on the starter pathway, an editor, a second editor and an approver, all made through the real actions."""

from datetime import UTC, datetime

import pytest

from netcare.access import Actor, Role
from netcare.jobs import runner
from pathways.drafting.content import Place, entry_at, entry_digest
from pathways.drafts.editing import Edit, open_draft, save_entry
from pathways.drafts.effect_reads import run_for
from pathways.drafts.gate import changes_of
from pathways.drafts.reasons import give_reason
from pathways.engine import read_json
from pathways.models import Draft, DraftEdit, RulesetVersion
from tests.cast import Cast, acting, gather, person
from tests.effects import acknowledge_all

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def edda(cast: Cast) -> Actor:
    return acting(cast.edda)


@pytest.fixture
def enno(cast: Cast) -> Actor:
    """A second editor."""
    return acting(person(cast.northside, "Enno", Role.EDITOR))


@pytest.fixture
def apollo(cast: Cast) -> Actor:
    return acting(cast.apollo)


@pytest.fixture
def both(cast: Cast) -> Actor:
    """Somebody who is editor and approver."""
    return acting(person(cast.northside, "Bo", Role.EDITOR, Role.APPROVER))


@pytest.fixture
def draft(published: RulesetVersion, edda: Actor) -> Draft:
    return open_draft(actor=edda, title="Receptor imaging", note="", base=published, taken_from=None, now=NOW)


def entry(draft: Draft, part: str, code: str) -> dict:
    draft.refresh_from_db()
    found = entry_at(read_json(draft.content), Place(part, code))
    assert found is not None
    return found


def edit(
    actor: Actor, draft: Draft, part: str, code: str, seen: str | None = None, **fields: object
) -> DraftEdit | None:
    """Change fields of an entry as it is now; `seen` is the digest of what was on the screen."""
    draft.refresh_from_db()
    current = entry_at(read_json(draft.content), Place(part, code))
    wanted = Edit(Place(part, code), {**(current or {}), **fields}, entry_digest(current) if seen is None else seen)
    return save_entry(actor=actor, draft=draft, edit=wanted, now=NOW)


def see_the_effect(approver: Actor, draft: Draft) -> None:
    """Let the job run that submitting asked for, and acknowledge what it found."""
    run = run_for(draft)
    assert run is not None
    assert run.job_id is not None
    runner.run(run.job_id)
    acknowledge_all(draft, approver)


def explain(actor: Actor, draft: Draft) -> None:
    """Give a reason and a source for every change."""
    draft.refresh_from_db()
    for change in changes_of(draft):
        give_reason(
            actor=actor,
            draft=draft,
            place=str(change.place),
            text="It is clearer.",
            source="Board, 3 Nov 2026",
            now=NOW,
        )
