"""The published versions: any two compared as sentences, each as a file, and what there is when nothing differs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from netcare.access import actor_for_user, system_actor
from netcare.access.models import User
from pathways.actions.publishing import publish
from pathways.drafting.going_with import retiring_option
from pathways.drafts.editing import change, open_draft
from pathways.drafts.reasons import give_reason
from pathways.engine import Ruleset, read_json
from pathways.knowledge import starter
from pathways.knowledge.one_file import from_yaml, to_yaml
from pathways.models import Draft, RulesetVersion
from pathways.presenters.words import show_date
from pathways.selectors import ruleset_of, version_in_force

AsPerson = Callable[[str], Client]


def second_version() -> RulesetVersion:
    """Version 2: one definition, two rules, one with markup-like words, and one rule gone."""
    data = copy.deepcopy(starter())
    rules = {rule["code"]: rule for rule in data["rules"]}
    rules["ENUC-E3"]["when"]["value"] = 3
    rules["SURV-I1"]["rationale"] = rules["SURV-I1"]["rationale"].replace("rarely", "seldom <i>")
    data["definitions"][3]["when"]["any"][1]["value"] = 20
    data["rules"].remove(rules["OSB-C3"])
    del data["cases"]["OSB-C3"]
    actor = system_actor("tests", capabilities=frozenset())
    return publish(ruleset=Ruleset.from_data(data), note="", actor=actor, by=None, at=timezone.now())


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def test_two_versions_are_compared_as_sentences_with_marks(as_person: AsPerson) -> None:
    second_version()
    page = text_of(as_person("clinician"), "/pathway/versions/1/to/2/")
    assert "What changed from NET pathway v1 to NET pathway v2" in page
    assert "5 changes: 1 in definitions, 3 in rules and 1 in test patients of rules." in page
    assert "Ki-67 up to 10 % → up to 20 %" in page
    assert "Distance to the main pancreatic duct below 2 mm → below 3 mm" in page
    assert "is below <del>2</del> mm" in page
    assert "is below <ins>3</ins> mm" in page
    assert "Reaches 6 rules of 5 options" in page
    assert "rule OSB-C3" in page
    assert '<a href="/pathway/rules/ENUC-E3/">rule ENUC-E3</a>' in page
    assert "/pathway/rules/OSB-C3/" not in page


def test_the_other_way_round_the_retired_rule_is_added(as_person: AsPerson) -> None:
    second_version()
    page = text_of(as_person("clinician"), "/pathway/versions/2/to/1/")
    assert "Ki-67 up to 20 % → up to 10 %" in page
    assert '<span class="chip change-added">added</span>' in page


def test_words_of_a_ruleset_are_shown_and_never_obeyed(as_person: AsPerson) -> None:
    second_version()
    answer = as_person("clinician").get("/pathway/versions/1/to/2/").content.decode()
    assert "seldom &lt;" in answer
    assert "<i>" not in answer


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("q=duct+below", "rule ENUC-E3", "rule SURV-I1"),
        ("part=definitions", "definition low_ki67", "rule ENUC-E3"),
        ("option=enucleation", "rule ENUC-E3", "rule SURV-I1"),
        ("option=lanreotide", "definition low_ki67", "rule ENUC-E3"),
        ("kind=retired", "rule OSB-C3", "rule ENUC-E3"),
    ],
)
def test_changes_are_searched_and_filtered(as_person: AsPerson, query: str, shown: str, hidden: str) -> None:
    second_version()
    page = text_of(as_person("clinician"), f"/pathway/versions/1/to/2/?{query}")
    assert shown in page
    assert hidden not in page


def test_a_filter_that_matches_nothing_says_so(as_person: AsPerson) -> None:
    second_version()
    page = text_of(as_person("clinician"), "/pathway/versions/1/to/2/?q=zzz&kind=nonsense&part=%00")
    assert "No change matches" in page


def test_a_version_compared_with_itself_differs_in_nothing(as_person: AsPerson) -> None:
    page = text_of(as_person("viewer"), "/pathway/versions/1/to/1/")
    assert "Nothing: both have the same content." in page


def test_two_versions_are_chosen_on_the_versions_page(as_person: AsPerson) -> None:
    second_version()
    client = as_person("clinician")
    assert 'href="/pathway/versions/1/to/2/"' in text_of(client, "/pathway/versions/")
    assert client.get("/pathway/versions/?before=2&after=1").headers["Location"] == "/pathway/versions/2/to/1/"
    for odd in ("before=1&after=9", "before=x&after=1", "before=1", "before=%00&after=1"):
        assert client.get(f"/pathway/versions/?{odd}").status_code == 200


@pytest.mark.parametrize(
    "address", ["1/to/9/", "9/to/1/", f"1/to/{10**30}/", "9/ruleset.yaml", f"{10**30}/ruleset.yaml"]
)
def test_a_version_that_is_not_there_is_not_found(as_person: AsPerson, address: str) -> None:
    assert as_person("clinician").get(f"/pathway/versions/{address}").status_code == 404


def test_a_version_is_kept_as_a_file_that_reads_back_to_the_same_digest(as_person: AsPerson) -> None:
    client = as_person("auditor")
    assert 'href="/pathway/versions/1/ruleset.yaml" download' in text_of(client, "/pathway/versions/")
    answer = client.get("/pathway/versions/1/ruleset.yaml")
    version = version_in_force()
    assert answer.headers["Content-Type"] == "application/yaml; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="starter-v1.yaml"'
    assert answer.content.decode() == to_yaml(ruleset_of(version))
    assert from_yaml(answer.content).digest == version.digest


def test_the_page_of_a_retired_rule_shows_its_last_wording_says_why_it_went_and_offers_nothing(
    as_person: AsPerson,
) -> None:
    second = second_version()
    client = as_person("approver")
    page = text_of(client, "/pathway/rules/OSB-C3/")
    day = show_date(second.published_at.astimezone(ZoneInfo("Europe/Vienna")))
    assert f"Retired in version 2, on {day}; no reason is on record." in page
    assert "Below is the wording of version 1, the last that was in force." in page
    assert rule_page_says(page)
    assert "Stop this option" not in page
    assert "Stop this option" in text_of(client, "/pathway/rules/OSB-C1/")
    assert "Retired in version" not in text_of(client, "/pathway/rules/OSB-C1/")


def rule_page_says(page: str) -> bool:
    rule = Ruleset.from_data(starter()).rule("OSB-C3")
    return rule.title in page and rule.rationale in page


def test_the_page_of_a_retired_option_gives_the_reason_of_the_draft_that_took_it_out_and_so_do_its_rules(
    as_person: AsPerson,
) -> None:
    first = version_in_force()
    first.refresh_from_db()
    data = read_json(first.content)
    editor = actor_for_user(User.objects.get(username="editor"))
    draft = open_draft(actor=editor, title="Out", note="", base=first, taken_from=None, now=timezone.now())
    changes = retiring_option(data, "interferon_alfa")
    change(actor=editor, draft=draft, make=lambda content: changes, what="retired", now=timezone.now())
    why = {"text": "Out of use since 2020.", "source": "Board, 3 Nov 2026"}
    give_reason(actor=editor, draft=draft, place="option interferon_alfa", now=timezone.now(), **why)
    draft.refresh_from_db()
    actor = system_actor("tests", capabilities=frozenset())
    ruleset = Ruleset.from_data(read_json(draft.content))
    second = publish(ruleset=ruleset, note="", actor=actor, by=None, at=timezone.now())
    Draft.objects.filter(pk=draft.pk).update(state="published", published=second)
    compared = text_of(as_person("clinician"), "/pathway/versions/1/to/2/")
    assert "In version 2: Out of use since 2020. Source: Board, 3 Nov 2026; Dr. Edda Draftwell" in compared
    assert "Out of use since 2020." not in text_of(as_person("clinician"), "/pathway/versions/2/to/1/")
    rule = next(one.place.code for one in changes if one.place.part == "rules")
    for address in ("options/interferon_alfa/", f"rules/{rule}/"):
        page = text_of(as_person("approver"), f"/pathway/{address}")
        assert "because: Out of use since 2020.</strong> Source: Board, 3 Nov 2026." in page
        assert "Stop this option" not in page
    assert "Pathway map" not in text_of(as_person("editor"), "/pathway/options/interferon_alfa/")
