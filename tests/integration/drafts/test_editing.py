"""Editing a draft: several people at once lose nothing, everything can be undone, nothing that does not stand is kept."""

import pytest
from django.db import DatabaseError, connection, transaction

from netcare.access import Actor, NotAllowed
from netcare.audit.models import AuditEvent
from pathways.actions.publishing import publish
from pathways.drafting.changes import affected_options, changes_between
from pathways.drafting.content import Place, apply, entries, entry_digest, put
from pathways.drafting.going_with import retiring_option
from pathways.drafts.editing import Edit, EditConflict, open_draft, save_entry, undo
from pathways.drafts.from_file import draft_from_file
from pathways.drafts.gate import blockers, changes_of
from pathways.drafts.reasons import give_reason
from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine import Ruleset, read_json
from pathways.knowledge.one_file import from_yaml, to_yaml
from pathways.models import Draft, DraftEdit, DraftState, RulesetVersion, Step
from pathways.selectors import ruleset_of
from patients.actions import Refused
from tests.cast import SYSTEM, Cast, acting, signed_in
from tests.integration.drafts.conftest import NOW, edit, entry, explain


def test_a_draft_begins_with_the_version_in_force_and_changes_nothing(draft: Draft, published: RulesetVersion) -> None:
    assert (draft.digest, draft.revision, draft.state) == (published.digest, 0, DraftState.OPEN)
    assert changes_of(draft) == ()


def test_only_editors_open_and_edit(cast: Cast, draft: Draft, published: RulesetVersion) -> None:
    for user in (cast.vera, cast.clara, cast.cora, cast.apollo, cast.audra, cast.ada, cast.nora):
        with pytest.raises(NotAllowed):
            open_draft(actor=acting(user), title="t", note="", base=published, taken_from=None, now=NOW)
        with pytest.raises(NotAllowed):
            edit(acting(user), draft, "rules", "PRRT-E5", title="Other")
    assert Draft.objects.count() == 1
    assert not DraftEdit.objects.exists()


def test_an_edit_is_kept_with_what_it_was_and_what_it_became(draft: Draft, edda: Actor) -> None:
    edit(edda, draft, "rules", "PRRT-E5", title="Other")
    (change,) = changes_of(Draft.objects.get(pk=draft.pk))
    assert (change.before or {})["title"] == "Uptake below liver (Krenning 0–1)"
    assert (change.after or {})["title"] == "Other"
    assert entry(draft, "rules", "PRRT-E5")["title"] == "Other"
    assert draft.revision == 1
    assert ruleset_of_draft(draft).digest == draft.digest
    row = AuditEvent.objects.filter(action="draft.edit").get()
    assert row.detail["places"] == ["rule PRRT-E5"]


def test_saving_what_is_there_already_is_no_edit(draft: Draft, edda: Actor) -> None:
    assert edit(edda, draft, "rules", "PRRT-E5") is None
    draft.refresh_from_db()
    assert draft.revision == 0


def test_two_people_who_edit_different_entries_both_keep_theirs(draft: Draft, edda: Actor, enno: Actor) -> None:
    stale = Draft.objects.get(pk=draft.pk)
    edit(edda, draft, "rules", "PRRT-E5", title="Hers")
    edit(enno, stale, "rules", "PRRT-E2", title="His")
    assert entry(draft, "rules", "PRRT-E5")["title"] == "Hers"
    assert entry(draft, "rules", "PRRT-E2")["title"] == "His"


def test_the_second_of_two_who_edit_one_entry_sees_the_other_wording_and_chooses(
    draft: Draft, edda: Actor, enno: Actor
) -> None:
    seen = entry_digest(entry(draft, "rules", "PRRT-E5"))
    edit(edda, draft, "rules", "PRRT-E5", title="Hers")
    with pytest.raises(EditConflict) as met:
        edit(enno, draft, "rules", "PRRT-E5", seen=seen, title="His")
    assert str(met.value) == "The rule PRRT-E5 was changed by Edda since you opened it."
    assert (met.value.theirs or {})["title"] == "Hers"
    assert entry(draft, "rules", "PRRT-E5")["title"] == "Hers"
    edit(enno, draft, "rules", "PRRT-E5", seen=entry_digest(met.value.theirs), title="His")
    assert entry(draft, "rules", "PRRT-E5")["title"] == "His"
    assert [one.by_name for one in draft.edits.order_by("revision")] == ["Edda", "Enno"]


def test_an_entry_that_somebody_retired_meanwhile_is_a_conflict(draft: Draft, edda: Actor, enno: Actor) -> None:
    held = (
        entry(draft, "limits", "egfr_ml_min")
        if draft.content.count('"limits"')
        else {"days": 90, "reason": "it changes"}
    )
    place = Place("limits", "egfr_ml_min")
    save_entry(actor=edda, draft=draft, edit=Edit(place, held, ""), now=NOW)
    save_entry(actor=edda, draft=draft, edit=Edit(place, None, entry_digest(held)), now=NOW)
    with pytest.raises(EditConflict) as met:
        save_entry(actor=enno, draft=draft, edit=Edit(place, {**held, "days": 30}, entry_digest(held)), now=NOW)
    assert met.value.theirs is None


def test_undo_is_an_edit_and_can_be_undone_itself(draft: Draft, edda: Actor) -> None:
    first = edit(edda, draft, "rules", "PRRT-E5", title="Other")
    assert first is not None
    back = undo(actor=edda, draft=draft, edit=first, now=NOW)
    draft.refresh_from_db()
    assert changes_of(draft) == ()
    assert draft.digest == draft.base.digest
    assert back is not None
    undo(actor=edda, draft=draft, edit=back, now=NOW)
    assert entry(draft, "rules", "PRRT-E5")["title"] == "Other"
    with pytest.raises(Refused, match="undone already"):
        undo(actor=edda, draft=draft, edit=DraftEdit.objects.get(pk=first.pk), now=NOW)


def test_what_was_changed_again_is_not_undone_under_somebodys_hands(draft: Draft, edda: Actor, enno: Actor) -> None:
    first = edit(edda, draft, "rules", "PRRT-E5", title="Hers")
    edit(enno, draft, "rules", "PRRT-E5", title="His")
    assert first is not None
    with pytest.raises(EditConflict):
        undo(actor=edda, draft=draft, edit=first, now=NOW)
    assert entry(draft, "rules", "PRRT-E5")["title"] == "His"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"when": {"feature": "krenning", "op": "<=", "value": 1}}, "Did you mean krenning_score?"),
        ({"rationale": "see <script>"}, "holds markup"),
        ({"sources": []}, "at least one is needed"),
        ({"option": "nothing"}, "There is no option 'nothing'."),
    ],
)
def test_what_does_not_stand_is_refused_and_nothing_is_kept(
    draft: Draft, edda: Actor, fields: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused, match="PRRT-E5") as refused:
        edit(edda, draft, "rules", "PRRT-E5", **fields)
    assert sentence in str(refused.value)
    draft.refresh_from_db()
    assert draft.revision == 0
    assert not draft.edits.exists()


@pytest.mark.parametrize(("text", "source"), [(" ", ""), ("x", "x"), (" 9 signs  ", " ab ")])
def test_why_a_thing_is_changed_needs_words_and_a_source(draft: Draft, edda: Actor, text: str, source: str) -> None:
    edit(edda, draft, "rules", "PRRT-E5", title="Other")
    with pytest.raises(Refused) as refused:
        give_reason(actor=edda, draft=draft, place="rule PRRT-E5", text=text, source=source, now=NOW)
    assert [fault.field for fault in refused.value.faults] == ["text", "source"]
    assert "10 characters or more" in str(refused.value)
    assert "3 characters or more" in str(refused.value)
    assert not draft.reasons.exists()


def said(draft: Draft) -> list[str]:
    draft.refresh_from_db()
    return [one.sentence for one in blockers(draft, Step.SUBMIT, NOW) if one.tab == "changes"]


def test_a_reason_explains_the_wording_it_was_given_for_until_it_is_confirmed(draft: Draft, edda: Actor) -> None:
    edit(edda, draft, "rules", "PRRT-C4", title="Other")
    explain(edda, draft)
    assert said(draft) == []
    edit(edda, draft, "rules", "PRRT-C4", title="Another")
    assert said(draft) == [
        "The reason given for rule “Another” (PRRT-C4) is of an earlier wording: confirm it or say it anew."
    ]
    client = signed_in(edda.person)
    address = f"/pathway/drafts/{draft.id}/changes/"
    page = client.get(address)
    assert "Given for an earlier wording: confirm or rewrite." in page.content.decode()
    (shown,) = page.context["page"].entries
    given = {"place": shown.place, "text": shown.reason.text, "source": shown.reason.source, "seen": shown.wording}
    edit(edda, draft, "rules", "PRRT-C4", title="Once more")
    late = client.post(f"{address}reason/", given)
    assert late.status_code == 422
    assert "The entry was changed again since you opened the page." in late.content.decode()
    (shown,) = client.get(address).context["page"].entries
    client.post(f"{address}reason/", {**given, "seen": shown.wording})
    assert said(draft) == []
    assert [one.text for one in draft.reasons.order_by("id")] == ["It is clearer.", "It is clearer."]


def test_one_reason_for_a_retired_option_covers_what_goes_with_it(draft: Draft, edda: Actor) -> None:
    client = signed_in(edda.person)
    seen = entry_digest(entry(draft, "options", "interferon_alfa"))
    client.post(f"/pathway/drafts/{draft.id}/parts/options/entries/interferon_alfa/retire/", {"seen": seen})
    draft.refresh_from_db()
    assert len(changes_of(draft)) > 10
    assert said(draft) == [
        "Why it is changed, and from which source, is not said for option “Interferon alfa” (interferon_alfa)."
    ]
    give_reason(
        actor=edda, draft=draft, place="option interferon_alfa", text="Out of use.", source="Board, 3 Nov 2026", now=NOW
    )
    assert said(draft) == []
    page = client.get(f"/pathway/drafts/{draft.id}/changes/").content.decode()
    assert "Goes with the option “Interferon alfa” (interferon_alfa); the reason given there covers it." in page


def test_the_database_refuses_to_change_or_delete_what_was_done_to_a_draft(draft: Draft, edda: Actor) -> None:
    edit(edda, draft, "rules", "PRRT-E5", title="Other")
    for statement in (
        "UPDATE pathways_draftedit SET by_name = 'nobody'",
        "DELETE FROM pathways_draftedit",
        "UPDATE pathways_draftstep SET by_name = 'nobody'"
        if draft.steps.exists()
        else "DELETE FROM pathways_draftedit",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert draft.edits.get().by_name == "Edda"


def test_a_file_becomes_a_draft_with_its_changes(published: RulesetVersion, edda: Actor) -> None:
    data = read_json(published.content)
    rule = next(one for one in data["rules"] if one["code"] == "PRRT-E5")
    rule["title"] = "From a file"
    data["ruleset"]["users"] = "Those who treat neuroendocrine tumors."
    ruleset = Ruleset.from_data(data)
    draft = draft_from_file(actor=edda, ruleset=ruleset, title="From a file", now=NOW)
    assert draft.digest == ruleset.digest
    assert {str(one.place) for one in changes_of(draft)} == {"rule PRRT-E5", "ruleset head"}
    assert [one.what for one in draft.edits.all()] == ["brought in from a file"]


def test_a_file_that_changes_the_dictionary_or_nothing_is_no_draft(published: RulesetVersion, edda: Actor) -> None:
    with pytest.raises(Refused, match="there is nothing to draft"):
        draft_from_file(actor=edda, ruleset=ruleset_of(published), title="Same", now=NOW)
    data = read_json(published.content)
    data["dictionary"]["tumor"]["ki67_percent"]["max"] = 90
    with pytest.raises(Refused, match="The data dictionary in the file is another one"):
        draft_from_file(actor=edda, ruleset=Ruleset.from_data(data), title="Other", now=NOW)
    data = {**read_json(published.content), "ruleset": {"code": "other", "title": "Other", "version": 1}}
    with pytest.raises(Refused, match="The file is of the pathway other; drafts here are of starter"):
        draft_from_file(actor=edda, ruleset=Ruleset.from_data(data), title="Other", now=NOW)
    assert not Draft.objects.exists()


def test_the_page_of_a_conflict_holds_the_other_wording_and_what_was_typed_and_saves_on_the_second_try(
    draft: Draft, edda: Actor, enno: Actor
) -> None:
    address = f"/pathway/drafts/{draft.id}/parts/limits/entries/egfr_ml_min/"
    place = Place("limits", "egfr_ml_min")
    save_entry(actor=edda, draft=draft, edit=Edit(place, {"days": 90, "reason": "It changes."}, ""), now=NOW)
    client = signed_in(enno.person)
    form = client.get(address).context["editor"].form
    typed = {"seen": form.initial["seen"], "days": "30", "reason": "It changes fast."}
    edit(edda, draft, "limits", "egfr_ml_min", days=60)
    answer = client.post(address, typed)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Edda changed limit “eGFR” (egfr_ml_min) on 20 Nov 2026, 10:00, after you opened it." in text
    assert 'value="30"' in text
    (days, reason) = answer.context["page"].conflict.told.fields
    assert (days.label, days.lines) == ("Days", ("60 → 30",))
    assert (reason.label, [one.text for one in reason.after if one.kind == "added"]) == ("Reason", ["changes fast"])
    assert '<span class="change-when">theirs</span>' in text
    again = answer.context["editor"].form["seen"].value()
    assert client.post(address, {**typed, "seen": again}).status_code == 302
    assert entry(draft, "limits", "egfr_ml_min")["days"] == 30


@pytest.mark.parametrize("part", ["rules", "definitions", "invariants", "options", "sources", "ruleset"])
def test_saving_a_form_as_it_was_opened_changes_nothing(draft: Draft, edda: Actor, part: str) -> None:
    """Whatever a form cannot say it must not lose: every entry goes through its form and back."""
    client = signed_in(edda.person)
    codes = list(entries(read_json(draft.content), part))
    for code in codes[:: max(1, len(codes) // 6)]:
        address = f"/pathway/drafts/{draft.id}/parts/{part}/entries/{code}/"
        editor = client.get(address).context["editor"]
        typed = {name: editor.form[name].value() for name in editor.form.fields}
        typed = {name: value for name, value in typed.items() if value not in (None, False)}
        builder = editor.builder.fields() if editor.builder else {}
        answer = client.post(address, {**typed, **builder})
        assert answer.status_code == 302, (code, answer.context["editor"].form.errors)
    draft.refresh_from_db()
    assert [str(one.place) for one in changes_of(draft)] == []


def test_a_file_of_before_an_option_was_retired_comes_back_in(published: RulesetVersion, edda: Actor) -> None:
    without = apply(read_json(published.content), retiring_option(read_json(published.content), "belzutifan"))
    later = publish(ruleset=Ruleset.from_data(without), note="", actor=SYSTEM, by=None, at=NOW)
    file = from_yaml(to_yaml(ruleset_of(published)))
    draft = draft_from_file(actor=edda, ruleset=file, title="As it was", now=NOW)
    assert (draft.digest, draft.base) == (published.digest, later)
    changes = changes_between(read_json(published.content), read_json(later.content))
    assert not [change for change in changes if change.part == "features"]
    assert affected_options(changes, read_json(later.content)) == ("belzutifan",)


def test_a_file_that_does_not_know_a_retired_option_keeps_its_code(published: RulesetVersion, edda: Actor) -> None:
    data = read_json(published.content)
    option = {**next(one for one in data["options"] if one["code"] == "belzutifan"), "code": "novel", "title": "Novel"}
    option.pop("about", None)
    more = put(data, Place("options", "novel"), option)
    gone = put(more, Place("options", "novel"), None)
    publish(ruleset=Ruleset.from_data(gone), note="", actor=SYSTEM, by=None, at=NOW)
    wanted = read_json(published.content)
    wanted["ruleset"]["users"] = "Those who treat neuroendocrine tumors."
    draft = draft_from_file(actor=edda, ruleset=Ruleset.from_data(wanted), title="Earlier", now=NOW)
    held = read_json(draft.content)["dictionary"]["history"]["prior_treatments"]
    assert "novel" in held["values"]
    assert held["labels"]["novel"] == "Novel"
    prior = wanted["dictionary"]["history"]["prior_treatments"]
    prior["labels"]["belzutifan"] = "Something else"
    with pytest.raises(Refused, match="The data dictionary in the file is another one"):
        draft_from_file(actor=edda, ruleset=Ruleset.from_data(wanted), title="Other", now=NOW)
    del prior["labels"]["belzutifan"]
    prior["values"].append("unheard_of")
    with pytest.raises(Refused, match="The data dictionary in the file is another one"):
        draft_from_file(actor=edda, ruleset=Ruleset.from_data(wanted), title="Other", now=NOW)
