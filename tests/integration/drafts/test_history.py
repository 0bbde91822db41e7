"""The history of a draft as its page shows it: what each edit changed, and which can be taken back."""

import pytest
from django.test import Client

from netcare.access import Actor
from pathways.models import Draft
from pathways.presenters import draft_history
from pathways.presenters.draft_history import history
from tests.integration.drafts.conftest import edit


def test_each_edit_says_what_it_changed_and_undo_is_offered_where_it_works(
    client: Client, draft: Draft, edda: Actor
) -> None:
    edit(edda, draft, "rules", "PRRT-C4", rationale="The first wording.")
    edit(edda, draft, "rules", "PRRT-C4", rationale="The second wording.")
    edit(edda, draft, "rules", "PRRT-C3", title="Few blood cells")
    draft.refresh_from_db()
    last, second, first = history(draft, edda).lines
    assert ("Few blood cells" in str(last.told), bool(last.undo_url)) == (True, True)
    assert ("second" in str(second.told), "first" in str(second.told), bool(second.undo_url)) == (True, True, True)
    assert ("first" in str(first.told), first.undo_url) == (True, "")
    assert first.no_undo.startswith("changed again since: rule “")
    client.force_login(edda.person)
    page = client.get(f"/pathway/drafts/{draft.id}/history/").content.decode()
    assert "changed again since" in page
    assert page.count('aria-label="Undo:') == 2


def test_a_long_history_goes_on_on_the_next_page(draft: Draft, edda: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_history, "PER_PAGE", 2)
    for wording in ("One.", "Two.", "Three."):
        edit(edda, draft, "rules", "PRRT-C4", rationale=wording)
    draft.refresh_from_db()
    page = history(draft, edda)
    rest = history(draft, edda, str(page.earlier))
    assert (len(page.lines), len(rest.lines), rest.earlier) == (2, 1, 0)
    assert len(history(draft, edda, "9" * 40).lines) == 2
