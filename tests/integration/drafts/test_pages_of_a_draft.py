"""The pages of a draft: what an editor reads there, and what is said to what no form here sends."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from netcare.access import Actor
from netcare.jobs import runner
from pathways.actions.publishing import publish
from pathways.drafts.effects import start_effect
from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine import Ruleset, read_json
from pathways.engine.checks import coverage
from pathways.knowledge.one_file import from_yaml
from pathways.models import Draft, DraftComment, DraftReason, DraftStep
from tests.cast import SYSTEM
from tests.integration.drafts.conftest import NOW, edit, entry

AsPerson = Callable[[str], Client]


@pytest.fixture
def desk(cast: object, client: Client, edda: Actor) -> Client:
    client.force_login(edda.person)
    return client


def address(draft: Draft, rest: str) -> str:
    return f"/pathway/drafts/{draft.id}/{rest}"


def test_a_change_of_the_pathway_itself_stands_at_its_entry_with_what_was_there(
    desk: Client, draft: Draft, edda: Actor
) -> None:
    edit(edda, draft, "ruleset", "head", funding="The ministry of health")
    page = desk.get(address(draft, "changes/")).content.decode()
    entry, _, after = page.partition("Put on record")
    assert "The ministry of health" in entry
    assert "What follows from these" not in after


@pytest.mark.parametrize("place", ["rule NOT-THERE", "p" * 5000, "", "rule PRRT-C4\0"])
def test_a_reason_is_given_for_what_the_draft_changes_alone(
    desk: Client, draft: Draft, edda: Actor, place: str
) -> None:
    edit(edda, draft, "rules", "PRRT-C4", title="Other")
    sent = {"place": place, "text": "Why.", "source": "Board."}
    answer = desk.post(address(draft, "changes/reason/"), sent, follow=True)
    assert "The draft does not change this entry any more" in answer.content.decode()
    assert not DraftReason.objects.exists()


def test_signs_that_no_database_keeps_are_refused_with_a_sentence(desk: Client, draft: Draft, edda: Actor) -> None:
    edit(edda, draft, "rules", "PRRT-C4", title="Other")
    said = desk.post(address(draft, "comments/"), {"text": "Why\0?"})
    reason = desk.post(address(draft, "changes/reason/"), {"place": "rule PRRT-C4", "text": "\0a", "source": "Board"})
    for answer in (said, reason):
        assert answer.status_code == 422
        assert "contains signs that cannot be shown" in answer.content.decode()
    assert not DraftComment.objects.exists()
    assert not DraftReason.objects.exists()


def test_a_comment_from_a_form_that_names_no_entry_leads_to_the_review(desk: Client, draft: Draft) -> None:
    answer = desk.post(address(draft, "comments/"), {"text": "Why 1?", "part": "../x", "code": "a b"})
    assert (answer.status_code, answer.headers["Location"]) == (302, address(draft, "review/"))


def test_ten_thousand_nested_parts_are_refused_in_a_sentence_and_at_once(desk: Client, draft: Draft) -> None:
    parts = [f"{n}.{n - 1}.all" for n in range(1, 10_001)]
    answer = desk.post(address(draft, "parts/rules/entries/PRRT-C4/"), {"when-part": parts, "do": "save"})
    assert answer.status_code == 400
    assert "A condition holds up to 200 parts." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 0


def test_a_draft_that_is_brought_up_to_date_says_on_which_version_it_stands(
    desk: Client, draft: Draft, edda: Actor
) -> None:
    data = read_json(draft.base.content)
    data["rules"][0]["title"] = "Published meanwhile"
    second = publish(ruleset=Ruleset.from_data(data), note="", actor=SYSTEM, by=None, at=NOW)
    page = desk.post(address(draft, "update/"), {}, follow=True).content.decode()
    assert f"The draft stands on {second} now." in page


def fields_of(page: str, **typed: str) -> dict[str, str]:
    """What a browser sends of the form on a page: the wording it was shown, and what somebody typed."""
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]*)"|name="seen"', page)
    assert found is not None
    return {"seen": found[1] or "", **typed}


def test_who_saves_second_sees_the_other_wording_and_may_let_their_own_stand(
    desk: Client, draft: Draft, edda: Actor
) -> None:
    where = address(draft, "parts/sources/entries/LBL-CABO/")
    page = desk.get(where).content.decode()
    held = entry(draft, "sources", "LBL-CABO")
    mine = {name: str(value) for name, value in held.items() if value is not None and name != "id"}
    typed = {**mine, "citation": "My wording", "do": "save"}
    edit(edda, draft, "sources", "LBL-CABO", citation="Their wording")
    met = desk.post(where, fields_of(page, **typed))
    said = met.content.decode()
    assert met.status_code == 409
    assert "Their wording" in said
    assert "My wording" in said
    assert desk.post(where, fields_of(said, **typed)).status_code == 302
    assert entry(draft, "sources", "LBL-CABO")["citation"] == "My wording"


def test_two_conditions_of_one_rule_are_told_against_each_other_in_sentences(
    desk: Client, draft: Draft, edda: Actor
) -> None:
    where = address(draft, "parts/rules/entries/PRRT-E5/")
    editor = desk.get(where).context["editor"]
    typed = {name: editor.form[name].value() for name in editor.form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, False)} | editor.builder.fields()
    edit(edda, draft, "rules", "PRRT-E5", when={"feature": "krenning_score", "op": "<=", "value": 2})
    met = desk.post(where, {**typed, "rationale": "In my words."})
    assert met.status_code == 409
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", met.content.decode()))
    assert "Edda changed rule “Uptake below liver (Krenning 0–1)” (PRRT-E5) on 20 Nov 2026" in said
    assert "Krenning score up to 2 → up to 1" in said
    assert "krenning_score" not in met.content.decode().partition('class="conflict"')[2].partition("</article>")[0]
    edit(edda, draft, "rules", "PRRT-C4", title="Theirs")
    data = read_json(draft.base.content)
    next(one for one in data["rules"] if one["code"] == "PRRT-C4")["rationale"] = "Published meanwhile."
    second = publish(ruleset=Ruleset.from_data(data), note="", actor=SYSTEM, by=None, at=NOW)
    page = desk.get(address(draft, "update/")).content.decode()
    assert "(PRRT-C4). Which wording stands?" in page
    assert f'<span class="change-when">{second}</span>' in page


def test_two_who_write_the_cases_of_a_rule_lose_neither_their_own_nor_the_others(
    desk: Client, draft: Draft, edda: Actor
) -> None:
    where = address(draft, "cases/PRRT-E5/")
    page = desk.get(where).content.decode()
    typed = {"has_true": "on", "true": "krenning_score: 0", "has_false": "on", "false": "krenning_score: 3"}
    edit(edda, draft, "cases", "PRRT-E5", false={"krenning_score": 4})
    met = desk.post(where, fields_of(page, **typed))
    said = met.content.decode()
    assert met.status_code == 422
    assert "false: Krenning score: 4" in said
    assert desk.post(where, fields_of(said, **typed)).status_code == 302
    assert entry(draft, "cases", "PRRT-E5")["false"] == {"krenning_score": 3}


def test_a_draft_that_is_done_is_not_blamed_on_the_role_of_whoever_comes_late(
    desk: Client, draft: Draft, edda: Actor
) -> None:
    digest, where = draft.digest, address(draft, "review/step/")
    assert desk.post(where, {"step": "discard", "digest": digest, "text": "Not wanted."}).status_code == 302
    late = desk.post(where, {"step": "discard", "digest": digest, "text": "Not wanted."})
    said = late.content.decode()
    assert late.status_code == 409
    assert "The draft was discarded by Edda on" in said
    assert "There is nothing left to do." in said
    assert "Your role does not allow" not in said


def test_an_option_that_was_added_by_mistake_leaves_nothing_behind(desk: Client, draft: Draft) -> None:
    before = draft.digest
    typed = {"code": "prt", "title": "Mistyped", "group": "surveillance", "do": "save"}
    assert desk.post(address(draft, "parts/options/new/"), typed).status_code == 302
    page = desk.get(address(draft, "parts/options/entries/prt/")).content.decode()
    retired = desk.post(address(draft, "parts/options/entries/prt/retire/"), fields_of(page, do="retire"))
    assert retired.status_code == 302
    draft.refresh_from_db()
    assert (draft.revision, draft.digest) == (2, before)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("0", "Days it counts is a whole number from 1 to 3650; 0 is not."),
        ("99999", "Days it counts is a whole number from 1 to 3650; 99999 is not."),
        ("soon", "Days it counts is a whole number from 1 to 3650."),
        ("", "Days it counts is missing."),
    ],
)
def test_what_a_form_cannot_take_is_said_in_our_words_with_what_is_accepted(
    desk: Client, draft: Draft, days: str, sentence: str
) -> None:
    answer = desk.post(address(draft, "parts/limits/new/"), {"code": "ecog", "days": days, "reason": "It changes."})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in said
    assert "It changes." in said
    assert "Ensure this" not in said


def test_a_limit_is_offered_for_what_can_age_alone(desk: Client, draft: Draft) -> None:
    offered = [
        code for code, _ in desk.get(address(draft, "parts/limits/new/")).context["editor"].form["code"].field.choices
    ]
    assert "ecog" in offered
    assert not {"sex", "age_years", "prior_treatments"} & set(offered)
    answer = desk.post(address(draft, "parts/limits/new/"), {"code": "sex", "days": "9", "reason": "It changes."})
    assert "“sex” is not among the choices of Feature. Choose one that is listed." in answer.content.decode()


def test_a_draft_is_handed_out_as_a_file_that_is_the_draft_again(desk: Client, draft: Draft, edda: Actor) -> None:
    edit(edda, draft, "rules", "PRRT-C4", title="Other words")
    assert address(draft, "draft.yaml") in desk.get(address(draft, "")).content.decode()
    answer = desk.get(address(draft, "draft.yaml"))
    assert "attachment" in answer.headers["Content-Disposition"]
    draft.refresh_from_db()
    assert from_yaml(answer.content.decode()).digest == draft.digest


def test_beside_a_rule_stands_the_effect_that_was_computed_for_this_wording_and_no_other(
    desk: Client, draft: Draft, edda: Actor
) -> None:
    rule = address(draft, "parts/rules/entries/PRRT-C4/")
    edit(edda, draft, "rules", "PRRT-C4", title="Other words")
    assert "Effect on today’s patients" not in desk.get(rule).content.decode()
    run = start_effect(actor=edda, draft=draft, now=NOW)
    runner.run(run.job_id)
    assert "has the same status for everybody compared" in desk.get(rule).content.decode()
    edit(edda, draft, "rules", "PRRT-C4", title="Other words again")
    assert "Effect on today’s patients" not in desk.get(rule).content.decode()


def test_empty_rows_for_sources_are_folded_and_what_is_wrong_in_one_is_not(desk: Client, draft: Draft) -> None:
    rule = address(draft, "parts/rules/entries/PRRT-C4/")
    page = desk.get(rule).content.decode()
    rows = page.count('name="source-')
    assert page.partition("another source")[2].count('name="source-') == 2
    answer = desk.post(rule, {f"locator-{rows - 1}": "section 4", "source-0": "", "do": "save"})
    assert "Choose the source in which this place is." in answer.content.decode().partition("another source")[0]


def test_coverage_names_every_rule_and_every_part_that_lacks_a_value(desk: Client, draft: Draft) -> None:
    page = unescape(desk.get(address(draft, "checks/")).content.decode())
    lacks = coverage(ruleset_of_draft(draft))
    assert len(lacks.rules) > 0
    assert len(lacks.parts) > 40
    for one in lacks.parts:
        missing = " and ".join(value.word for value in one.missing)
        assert f"“{one.sentence}” is never {missing}" in page, one
    for rule in lacks.rules:
        words = f'<span class="code">{rule.rule}</span> is never {" and ".join(v.word for v in rule.missing)}'
        assert words in page, rule


@pytest.mark.parametrize(
    ("state", "step", "said"), [("submitted", "submit", "the submission"), ("approved", "approve", "the approval")]
)
def test_a_save_says_before_and_after_which_approval_it_ends(
    desk: Client, draft: Draft, edda: Actor, apollo: Actor, state: str, step: str, said: str
) -> None:
    rule = address(draft, "parts/limits/entries/egfr_ml_min/")
    edit(edda, draft, "limits", "egfr_ml_min", days=90, reason="It changes.")
    assert "Saving takes back" not in desk.get(rule).content.decode()
    Draft.objects.filter(pk=draft.pk).update(state=state)
    by = {"by": apollo.person, "by_name": apollo.name, "at": NOW}
    DraftStep.objects.create(draft=draft, step=step, digest=draft.digest, text="", **by)
    page = desk.get(rule)
    assert f"Saving takes back {said} of {apollo.name}" in page.content.decode()
    seen = page.context["editor"].form.initial["seen"]
    answer = desk.post(rule, {"seen": seen, "days": "30", "reason": "It changes.", "do": "save"}, follow=True)
    assert f"The draft is open again: this ended {said} of {apollo.name}." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "open"


def test_a_new_rule_begins_with_no_answer_and_says_which_one_lacks(desk: Client, draft: Draft) -> None:
    form = desk.get(address(draft, "parts/rules/new/")).context["editor"].form
    assert [form[name].value() for name in ("option", "effect", "strength")] == [None, None, None]
    assert all(form.fields[name].choices[0][0] == "" for name in ("option", "effect", "strength"))
    answer = desk.post(address(draft, "parts/rules/new/"), {"code": "NEW-1", "title": "A", "do": "save"})
    assert answer.status_code == 422
    page = answer.content.decode()
    for sentence in ("Choose the option", "Choose what the rule does", "Choose how strong the source is"):
        assert sentence in page
