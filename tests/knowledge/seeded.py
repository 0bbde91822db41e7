"""Faults as an editor might make them, each seeded into a copy of the starter ruleset, and edits that are no fault.

What it is: one small change per entry, by name, with the one thing that must notice it: the key of a finding, a rule's
case or a test patient. What it refuses to do: look for anything; `test_seeded_faults` does. The demo's patients stand
in the copy as test patients with the lists that were confirmed for them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pathways import knowledge
from pathways.knowledge.demo import demo_patients

Data = dict[str, Any]
Edit = Callable[[Data], object]


@cache
def _test_patients() -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "code": patient.mrn,
            "title": f"Demo patient {patient.mrn}",
            "features": {name: list(v) if isinstance(v, tuple) else v for name, v in patient.features.items()},
            "expected": dict(patient.expected_statuses),
        }
        for patient in demo_patients()
    )


def copy_of_the_starter() -> Data:
    """The starter ruleset's data with the demo's patients as test patients, made anew."""
    return {**knowledge.starter(), "test_patients": [dict(patient) for patient in _test_patients()]}


def rule(data: Data, code: str) -> Data:
    """One rule's entry."""
    return next(one for one in data["rules"] if one["code"] == code)


def definition(data: Data, code: str) -> Data:
    """One definition's entry."""
    return next(one for one in data["definitions"] if one["code"] == code)


def comparison(data: Any, feature: str, op: str | None = None) -> Data:
    """The first comparison with a feature in a condition."""
    for found in _comparisons(data):
        if found["feature"] == feature and op in (None, found["op"]):
            return found
    raise AssertionError(f"No comparison with {feature} stands there.")


def _comparisons(data: Any) -> Any:
    if isinstance(data, dict):
        if "feature" in data:
            yield data
        for part in data.values():
            yield from _comparisons(part)
    elif isinstance(data, list):
        for part in data:
            yield from _comparisons(part)


def is_(feature: str, value: Any, op: str = "=") -> Data:
    """A comparison."""
    return {"feature": feature, "op": op, "value": value}


def when(code: str, change: Callable[[Data], Data]) -> Edit:
    """The condition of a rule replaced by another one made of it."""

    def edit(data: Data) -> None:
        rule(data, code)["when"] = change(rule(data, code)["when"])

    return edit


def compare(code: str, feature: str, **changed: Any) -> Edit:
    """The first comparison with a feature in a rule changed: its `op`, its `value`."""
    return lambda data: comparison(rule(data, code)["when"], feature).update(changed)


def defined(code: str, feature: str, **changed: Any) -> Edit:
    """The last comparison with a feature in a definition changed."""
    return lambda data: [c for c in _comparisons(definition(data, code)["when"]) if c["feature"] == feature][-1].update(
        changed
    )


def effect(code: str, other: str) -> Edit:
    """A rule with another effect."""
    return lambda data: rule(data, code).update(effect=other)


def without(code: str) -> Edit:
    """A rule taken out."""
    return lambda data: data["rules"].remove(rule(data, code))


def copied(code: str, new: str, change: Callable[[Data], Data], **changed: Any) -> Edit:
    """Another rule like one that is there, with a condition made of its condition."""

    def edit(data: Data) -> None:
        one = rule(data, code)
        data["rules"].append({**one, "code": new, "when": change(one["when"]), **changed})

    return edit


def and_(*more: Data) -> Callable[[Data], Data]:
    """The condition, and more."""
    return lambda condition: {"all": [condition, *more]}


def swapped(condition: Data) -> Data:
    """`all` for `any`, and `any` for `all`."""
    ((kind, parts),) = condition.items()
    return {"any" if kind == "all" else "all": parts}


def implication(data: Data, code: str) -> Data:
    """One implication's entry."""
    return next(one for one in data["dictionary"]["implications"] if one["code"] == code)


ONLY_FREE = {"use": "free_of_disease"}

FAULTS: dict[str, tuple[Edit, str]] = {
    "a rule that asks for two sites at once can never be true": (
        when("EVE-I1", and_(is_("primary_site", "lung"))), "unreachable_rule:EVE-I1"),
    "the lower bound is above the upper one": (
        compare("PRRT-I2", "ki67_percent", value=60), "unreachable_rule:PRRT-I2"),
    "a caution asks for what its option excludes from being indicated": (
        copied("TRIAL-C1", "TELO-C9", lambda _: is_("symptom_control", "controlled"), option="telotristat"),
        "unreachable_rule:TELO-C9"),
    "two options leave a gap between their thresholds": (
        compare("PLAT-I2", "ki67_percent", value=56), "threshold_gap:ki67_percent:PRRT-I2:PLAT-I2"),
    "two indications of one option leave a gap": (
        copied("ENUC-I2", "ENUC-I3", lambda c: {"all": [*c["all"][:-1], is_("tumor_size_mm", 31, ">=")]}),
        "threshold_gap:tumor_size_mm:ENUC-I2:ENUC-I3"),
    "an exclusion begins where the indication still holds": (
        copied("ENUC-E3", "ENUC-E9", lambda _: is_("tumor_size_mm", 30, ">=")),
        "threshold_overlap:tumor_size_mm:ENUC-I2:ENUC-E9"),
    "the exclusion for kidney failure is lost": (without("PRRT-E4"), "invariant_broken:INV-08:lutetium_dotatate"),
    "the exclusion in pregnancy is lost": (without("EVE-E1"), "invariant_broken:INV-01:everolimus"),
    "below is written as above": (
        compare("PRRT-E4", "egfr_ml_min", op=">"), "invariant_broken:INV-08:lutetium_dotatate"),
    "at most is written as below": (
        compare("PRRT-E5", "krenning_score", op="<"), "invariant_broken:INV-03:lutetium_dotatate"),
    "a threshold of the label is moved": (
        compare("MIBG-E2", "platelets_10e9_l", value=75), "invariant_broken:INV-29:mibg_therapy"),
    "a threshold is moved to the careful side": (
        compare("PRRT-E4", "egfr_ml_min", value=45), "case PRRT-E4 false"),
    "or is written as and": (when("MIBG-E2", swapped), "invariant_broken:INV-29:mibg_therapy"),
    "and is written as or": (when("SURV-I5", swapped), "case SURV-I5 false"),
    "a not is dropped": (
        when("SURV-E2", lambda c: {"all": [ONLY_FREE, c["all"][1]]}), "invariant_broken:INV-10:active_surveillance"),
    "a not is put where none belongs": (
        when("MIBG-I1", lambda c: {"all": [{"not": c["all"][0]}, *c["all"][1:]]}),
        "invariant_broken:INV-29:mibg_therapy"),
    "an exclusion is made a caution": (effect("FOLF-E3", "caution"), "invariant_broken:INV-51:folfox"),
    "an indication is made an exclusion": (
        effect("PPI-I1", "exclusion"), "invariant_broken:INV-44:proton_pump_inhibitor"),
    "a caution is made an exclusion": (
        effect("PRRT-C7", "exclusion"), "test patient DEMO-003"),
    "the wrong grade is named": (
        compare("ENUC-E2", "grade", value="G2"), "invariant_broken:INV-27:enucleation"),
    "the wrong syndrome is named": (
        compare("PERI-I1", "hormone_syndrome", value="catecholamine"),
        "invariant_broken:INV-43:perioperative_octreotide"),
    "one of two reasons is left out": (
        when("PLAT-E1", lambda c: c["any"][0]), "invariant_broken:INV-33:platinum_etoposide"),
    "a site is left out of a list": (
        compare("EVE-I2", "primary_site", value=["stomach", "duodenum", "appendix", "colon", "rectum", "lung"]),
        "test patient DEMO-012"),
    "every branch of an option comes to the same": (
        when("PPI-I2", lambda _: {"any": [is_("functional_status", "functional"),
                                          {"not": is_("functional_status", "functional")}]}),
        "always_same_option:proton_pump_inhibitor"),
    "an exclusion takes back all that an indication gives": (
        copied("MIBG-E1", "MIBG-E9", lambda _: is_("mibg_avid", True)), "indication_always_excluded:MIBG-I1"),
    "an exclusion holds for everyone": (
        when("EVE-E3", lambda _: {"always": True}), "indication_always_excluded:EVE-I1"),
    "a rule only repeats another one more narrowly": (
        copied("EVE-I1", "EVE-I9", and_(is_("grade", "G2"))), "redundant_rule:EVE-I9"),
    "a rule repeats what the dictionary implies": (
        copied("CRES-E1", "PLAT-I9", lambda _: is_("lung_histology", ["lcnec", "sclc"], "in"),
               option="platinum_etoposide", effect="indication"), "redundant_rule:PLAT-I9"),
    "nobody is offered a trial any more unless they ask": (
        when("TRIAL-I1", lambda _: is_("preferences", "interested_in_trials", "contains")), "hole_nothing:"),
    "a definition counts another threshold": (
        defined("marrow_failure", "platelets_10e9_l", value=50), "case PRRT-E7 true"),
    "a definition leaves out a value": (
        defined("procedure_planned", "planned_procedure", value=["surgery", "other_invasive"]), "case EVE-C5 true"),
    "a definition loses its is known": (
        lambda data: definition(data, "free_of_disease").update(
            when=is_("disease_status", "no_evidence_of_disease")), "case SURV-E2 true"),
    "a definition asks for all of its reasons instead of any": (
        lambda data: definition(data, "high_grade").update(when=swapped(definition(data, "high_grade")["when"])),
        "invariant_broken:INV-15:liver_transplant"),
    "an implication gives the wrong value": (
        lambda data: implication(data, "IMP-24").update(value="functional"), "case ALPH-I1 false"),
    "a feature no longer applies where it did": (
        lambda data: data["dictionary"]["tumor"]["gastric_type"].update(only_when=is_("primary_site", "lung")),
        "unreachable_rule:SURV-I5"),
}  # fmt: skip

SOUND: dict[str, Edit] = {
    "nothing is changed": lambda data: None,
    "a title and a rationale are said otherwise": lambda data: rule(data, "PRRT-E4").update(
        title="Kidney", rationale="The kidneys cannot bear it."
    ),
    "a condition is written the other way round": when("PLAT-E1", lambda c: {"any": c["any"][::-1]}),
    "not below is written for at least": when("PRRT-E4", lambda c: {"not": is_(c["feature"], c["value"], ">=")}),
    "a caution is added": copied("PRRT-C4", "PRRT-C19", lambda _: is_("comorbidities", "cirrhosis", "contains")),
    "a source is cited as well": lambda data: rule(data, "PRRT-E4")["sources"].append({"id": data["sources"][0]["id"]}),
    "a definition is written out": when(
        "PRRT-E8", lambda _: definition(knowledge.starter(), "free_of_disease")["when"]
    ),
    "an exclusion is added for a good reason": copied(
        "EVE-E1", "EVE-E9", lambda _: is_("comorbidities", "active_infection", "contains")
    ),
    "rules stand in another order": lambda data: data["rules"].reverse(),
    "an option gets a note": lambda data: data["options"][3].update(note="Check the supply."),
}
