"""Editors and publishers at the same moment: no edit is lost, one version is published, the others are told."""

from typing import Any

import pytest

from netcare.access import Actor, Role
from pathways.drafting.content import Place, entries, entry_digest
from pathways.drafts.acknowledging import acknowledge_finding
from pathways.drafts.editing import Edit, EditConflict, open_draft, save_entry
from pathways.drafts.gate import changes_of
from pathways.drafts.reports import report_of
from pathways.drafts.steps import publish_draft, take_step
from pathways.engine import read_json
from pathways.models import Draft, RulesetVersion, Step
from patients.actions import Refused
from tests.at_once import all_at_once
from tests.cast import acting, gather, person
from tests.integration.drafts.conftest import NOW, edit, entry, explain, see_the_effect
from tests.starting import publish_starter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> tuple[list[Actor], list[Actor], Draft]:
    """Four editors, two approvers, and a draft on the starter pathway."""
    cast = gather()
    publish_starter(NOW)
    editors = [acting(person(cast.northside, name, Role.EDITOR)) for name in ("Ea", "Eb", "Ec", "Ed")]
    approvers = [acting(cast.apollo), acting(person(cast.northside, "Aa", Role.APPROVER))]
    base = RulesetVersion.objects.get()
    draft = open_draft(actor=editors[0], title="Races", note="", base=base, taken_from=None, now=NOW)
    return editors, approvers, draft


def test_edits_of_different_entries_are_all_kept(people: tuple[list[Actor], list[Actor], Draft]) -> None:
    editors, _, draft = people
    codes = list(entries(read_json(draft.content), "rules"))[: len(editors) * 3]
    acts = [
        lambda e=editor, c=code: edit(e, Draft.objects.get(pk=draft.pk), "rules", c, title=f"By {e.name}")
        for number, code in enumerate(codes)
        for editor in (editors[number % len(editors)],)
    ]
    for begin in range(0, len(acts), 4):
        results = all_at_once(acts[begin : begin + 4])
        assert not [one for one in results if isinstance(one, Exception)]
    draft.refresh_from_db()
    assert {change.place.code for change in changes_of(draft)} == set(codes)
    assert draft.revision == len(codes)
    assert sorted(draft.edits.values_list("revision", flat=True)) == list(range(1, len(codes) + 1))


def test_of_edits_of_one_entry_one_is_kept_and_the_others_see_it(
    people: tuple[list[Actor], list[Actor], Draft],
) -> None:
    editors, _, draft = people
    held = entry(draft, "rules", "PRRT-E5")
    seen = entry_digest(held)

    def save(editor: Actor) -> Any:
        wanted = Edit(Place("rules", "PRRT-E5"), {**held, "title": f"By {editor.name}"}, seen)
        return save_entry(actor=editor, draft=draft, edit=wanted, now=NOW)

    results = all_at_once([lambda e=editor: save(e) for editor in editors])
    conflicts = [one for one in results if isinstance(one, EditConflict)]
    assert len(conflicts) == len(editors) - 1
    kept = entry(draft, "rules", "PRRT-E5")
    assert {str((one.theirs or {})["title"]) for one in conflicts} == {kept["title"]}
    assert draft.edits.count() == 1


def ready(editor: Actor, approver: Actor, draft: Draft, code: str) -> Draft:
    edit(editor, draft, "rules", code, rationale="Said in other words.")
    explain(editor, draft)
    draft.refresh_from_db()
    for finding in report_of(draft).to_acknowledge:
        acknowledge_finding(actor=editor, draft=draft, key=finding.key, reason="Known, and meant so.", now=NOW)
    take_step(actor=editor, draft=draft, step=Step.SUBMIT, digest=draft.digest, now=NOW)
    see_the_effect(approver, draft)
    take_step(actor=approver, draft=draft, step=Step.APPROVE, digest=draft.digest, now=NOW)
    draft.refresh_from_db()
    return draft


def test_two_drafts_published_at_once_are_one_version_and_one_refusal(
    people: tuple[list[Actor], list[Actor], Draft],
) -> None:
    editors, approvers, draft = people
    other = open_draft(actor=editors[1], title="Other", note="", base=draft.base, taken_from=None, now=NOW)
    drafts = [ready(editors[0], approvers[0], draft, "PRRT-C4"), ready(editors[1], approvers[0], other, "PRRT-C3")]
    results = all_at_once(
        [
            lambda d=one, a=approver: publish_draft(actor=a, draft=d, digest=d.digest, now=NOW)
            for one, approver in zip(drafts, approvers, strict=True)
        ]
    )
    published = [one for one in results if isinstance(one, RulesetVersion)]
    refused = [one for one in results if isinstance(one, Refused)]
    assert (len(published), len(refused)) == (1, 1)
    assert "in force" in str(refused[0])
    assert list(RulesetVersion.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_one_draft_published_twice_at_once_is_published_once(
    people: tuple[list[Actor], list[Actor], Draft],
) -> None:
    editors, approvers, draft = people
    ready(editors[0], approvers[0], draft, "PRRT-C4")
    results = all_at_once(
        [lambda a=approver: publish_draft(actor=a, draft=draft, digest=draft.digest, now=NOW) for approver in approvers]
    )
    assert len([one for one in results if isinstance(one, RulesetVersion)]) == 1
    (refused,) = [one for one in results if isinstance(one, Refused)]
    assert "in force now" in str(refused) or "was published as NET pathway v2 by" in str(refused)
    assert RulesetVersion.objects.count() == 2
    assert draft.steps.filter(step=Step.PUBLISH).count() == 1


def test_an_edit_and_an_approval_at_once_leave_no_approved_draft_that_nobody_saw(
    people: tuple[list[Actor], list[Actor], Draft],
) -> None:
    editors, approvers, draft = people
    ready(editors[0], approvers[0], draft, "PRRT-C4")
    take_step(actor=editors[0], draft=draft, step=Step.WITHDRAW, digest=draft.digest, now=NOW)
    take_step(actor=editors[0], draft=draft, step=Step.SUBMIT, digest=draft.digest, now=NOW)
    seen = draft.digest
    all_at_once(
        [
            lambda: edit(editors[1], Draft.objects.get(pk=draft.pk), "rules", "PRRT-C4", title="Changed"),
            lambda: take_step(actor=approvers[0], draft=draft, step=Step.APPROVE, digest=seen, now=NOW),
        ]
    )
    draft.refresh_from_db()
    assert draft.state == "open"  # the edit opens it again whichever came first
    assert entry(draft, "rules", "PRRT-C4")["title"] == "Changed"
