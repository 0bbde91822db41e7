"""The short words of the starter knowledge: rule titles for list rows and print, names and labels of features.

They read the files as they are shipped, so that a word too long for its place, or one that ranks, is found before it
is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pathways.knowledge.yaml_text import read_yaml

STARTER = Path(__file__).resolve().parents[2] / "pathways" / "knowledge" / "starter"
LONGEST_RULE_TITLE = 45
LONGEST_SHORT_NAME = 18
TOPICS = {"pathology", "imaging", "laboratory", "clinic", "history", "identity"}
# The product lists and never ranks: these words would turn a reason into advice.
RANKING = re.compile(
    r"\b(recommend\w*|prefer(?:red|able|ably)|best|better|should|must be given|first choice|favou?r\w*)\b",
    re.IGNORECASE,
)
FOLLOWS_THE_CATALOGUE = "option codes of options.yaml"


def knowledge(name: str) -> Any:
    return read_yaml((STARTER / name).read_bytes())


RULES: list[dict[str, Any]] = knowledge("rules.yaml")["rules"]
FEATURES: dict[str, dict[str, Any]] = {
    name: entry
    for group in ("patient", "tumor", "history")
    for name, entry in knowledge("features.yaml")[group].items()
}
OPTIONS: set[str] = {code for group in knowledge("options.yaml").values() for code in group}


def _is_a_phrase(title: str) -> bool:
    """Sentence case, no full stop, no code name."""
    return (title[0].isupper() or title.startswith("eGFR")) and not title.endswith(".") and "_" not in title


def test_every_rule_has_a_title_that_fits_its_row() -> None:
    titles = {rule["code"]: rule.get("title", "") for rule in RULES}
    assert {code: title for code, title in titles.items() if not 4 <= len(title) <= LONGEST_RULE_TITLE} == {}


def test_every_rule_title_reads_as_a_phrase() -> None:
    titles = {rule["code"]: rule["title"] for rule in RULES}
    assert {code: title for code, title in titles.items() if not _is_a_phrase(title)} == {}


def test_no_rule_title_ranks_or_advises() -> None:
    assert {rule["code"]: rule["title"] for rule in RULES if RANKING.search(rule["title"])} == {}


def test_no_two_rules_of_an_option_share_a_title() -> None:
    counted = Counter((rule["option"], rule["title"]) for rule in RULES)
    assert [place for place, times in counted.items() if times > 1] == []


def test_rules_with_the_same_rationale_and_effect_have_the_same_title_unless_they_name_the_drug() -> None:
    titles: dict[tuple[str, str], set[str]] = {}
    for rule in RULES:
        if not rule["rationale"].startswith("The record says"):
            titles.setdefault((rule["effect"], rule["rationale"]), set()).add(rule["title"])
    assert {reason: found for reason, found in titles.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_has_a_title_a_short_name_and_a_topic(name: str) -> None:
    entry = FEATURES[name]
    assert entry["title"][0].isupper() or entry["title"] == "eGFR"
    assert "_" not in entry["title"]
    assert 1 <= len(entry["short"]) <= LONGEST_SHORT_NAME, f"{name}: “{entry['short']}” is too long for a chip"
    assert entry["topic"] in TOPICS


def test_no_two_features_share_a_title_or_a_short_name() -> None:
    for word in ("title", "short"):
        counted = Counter(entry[word] for entry in FEATURES.values())
        assert [text for text, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("name", [name for name, entry in FEATURES.items() if entry["kind"] in ("enum", "set")])
def test_every_value_that_is_a_code_has_a_label(name: str) -> None:
    entry = FEATURES[name]
    labels = entry.get("labels", {})
    if entry["values"] == FOLLOWS_THE_CATALOGUE:
        assert set(labels) <= OPTIONS
        return
    assert set(labels) <= set(entry["values"]), f"{name}: a label for a value that does not exist"
    assert [value for value in entry["values"] if "_" in value and value not in labels] == []


@pytest.mark.parametrize("name", [name for name, entry in FEATURES.items() if "labels" in entry])
def test_the_labels_of_a_feature_can_be_told_apart(name: str) -> None:
    labels = FEATURES[name]["labels"]
    assert len(set(labels.values())) == len(labels)
    assert [label for label in labels.values() if "_" in label] == []
