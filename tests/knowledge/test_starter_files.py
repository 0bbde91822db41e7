"""The starter pathway as it is shipped: it loads whole, is read as YAML means it, and says what was checked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from pathways.engine import Ruleset
from pathways.knowledge import STARTER, dictionary, load, starter, starter_files
from pathways.knowledge.demo import DEMO
from pathways.knowledge.yaml_text import read_yaml

FILES = sorted([*STARTER.glob("*.yaml"), *STARTER.glob("option-texts/*.yaml"), *DEMO.glob("*.yaml")])
# The library's own reading, by its fast parser where it is built in.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TREATMENT_SETS = ("prior_treatments", "progressed_on", "intolerant_to", "current_treatments")


def _with_floats(data: Any) -> Any:
    match data:
        case Decimal():
            return float(data)
        case dict():
            return {key: _with_floats(part) for key, part in data.items()}
        case list():
            return [_with_floats(part) for part in data]
        case _:
            return data


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_read_as_yaml_means_it(path: Path) -> None:
    assert _with_floats(read_yaml(path.read_bytes())) == yaml.load(path.read_bytes(), Loader=LOADER)


def test_the_starter_pathway_holds_what_it_announces() -> None:
    files = load(STARTER)
    assert (len(files.options), len(files.option_titles())) == (13, 48)
    assert (len(files.rules), len(files.definitions), len(files.cases)) == (348, 27, 348)
    assert (len(files.facts), len(files.sources), len(files.invariants)) == (177, 67, 73)
    assert len(files.dictionary().features) == 52
    assert len(files.readings) == 30


def test_it_becomes_one_ruleset_of_version_1() -> None:
    ruleset = Ruleset.from_data(starter())
    assert (ruleset.code, ruleset.version, ruleset.title) == ("starter", 1, "NET pathway")
    assert ruleset.digest == Ruleset.from_data(starter()).digest


def test_the_ruleset_data_are_made_anew_at_every_call() -> None:
    data = starter()
    data["rules"][0]["rationale"] = "changed"
    data["dictionary"]["patient"]["sex"]["values"].append("changed")
    assert starter()["rules"][0]["rationale"] != "changed"
    assert starter()["dictionary"]["patient"]["sex"]["values"] == ["female", "male", "other"]


def test_features_over_treatments_take_the_catalogues_codes_in_its_order() -> None:
    codes = tuple(starter_files().option_titles())
    assert {name: dictionary().features[name].values == codes for name in TREATMENT_SETS} == dict.fromkeys(
        TREATMENT_SETS, True
    )


def test_the_dictionary_keeps_the_order_of_its_file_and_is_built_once() -> None:
    features = read_yaml((STARTER / "features.yaml").read_bytes())
    names = [name for group in ("patient", "tumor", "history") for name in features[group]]
    assert list(dictionary().features) == names
    assert dictionary() is dictionary()


def test_every_source_says_what_of_it_was_checked() -> None:
    sources = {source["id"]: source for source in starter()["sources"]}
    assert [name for name, source in sources.items() if not source["verified"]] == []
    assert sources["GL-ESMO2020"]["verified"] == "not checked against the source"
    assert sources["TR-NETTER2"]["verified"] == "figures checked against this address"


def test_a_fact_is_a_source_that_names_its_documents_and_what_of_them_was_checked() -> None:
    sources = {source["id"]: source for source in starter()["sources"]}
    assert sources["F035"] == {
        "id": "F035",
        "kind": "seed",
        "of": ["SEED-001", "SEED-002"],
        "section": "Active surveillance / Active monitoring",
        "citation": "Surveillance tests named: physical examination, blood tests, CT or MRI.",
        "year": None,
        "identifier": None,
        "address": None,
        "verified": "read in full",
    }


def test_every_source_that_is_no_seed_document_is_cited_by_a_rule_but_the_one_of_the_grade_limits() -> None:
    data = starter()
    cited = {entry["id"] for rule in data["rules"] for entry in rule["sources"]}
    sources = [source for source in data["sources"] if source["kind"] != "seed"]
    assert [source["id"] for source in sources if source["id"] not in cited] == ["GL-WHO2022"]


def test_every_feature_is_read_by_a_rule_an_implication_or_a_contradiction() -> None:
    data = starter()
    text = repr(
        [data["rules"], data["definitions"], data["dictionary"]["implications"], data["dictionary"]["contradictions"]]
    )
    assert [name for name in dictionary().features if f"'{name}'" not in text] == []
