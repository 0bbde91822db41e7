"""Invariants in plain words: no code of a feature, an option or a status stands in any of them."""

import re

from pathways.engine import Ruleset
from pathways.knowledge import starter
from pathways.presenters.rule_words import invariant_words

RULESET = Ruleset.from_data(starter())
WORDS = {one.code: invariant_words(one, RULESET) for one in RULESET.invariants}


def test_some_of_them_word_for_word() -> None:
    assert WORDS["INV-03"] == "Where Krenning score is at most 1, PRRT with 177Lu-DOTATATE is never listed."
    assert WORDS["INV-31"] == (
        "Where symptoms include bowel obstruction, Telotristat (carcinoid syndrome diarrhea) is never listed."
    )
    assert WORDS["INV-40"] == "For everyone, Clinical trial is always candidate."
    assert WORDS["INV-20"] == (
        "Where hormone syndrome is insulinoma and somatostatin receptor imaging is negative, each of these is never "
        "listed: Octreotide, long-acting; Lanreotide, long-acting."
    )
    assert WORDS["INV-58"] == (
        "If Treatments not tolerated contains X: X is never listed, for X each of Alpha-adrenergic blockade "
        "(catecholamine tumor), Bone-protecting drugs (bisphosphonate or denosumab)."
    )


def test_no_code_stands_in_any_of_the_73() -> None:
    codes = {option.code for option in RULESET.options} | set(RULESET.dictionary.features)
    told = {
        code: [word for word in re.findall(r"[a-z0-9_]+", said) if word in codes and "_" in word]
        for code, said in WORDS.items()
    }
    assert len(told) == 73
    assert not {code: words for code, words in told.items() if words}
    assert not [said for said in WORDS.values() if "_" in said]
