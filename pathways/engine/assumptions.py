"""Assumptions: where a condition settled a missing fact by `is_known`.

What it is: a sentence for each place in which a record that does not mention something was read in one way
("no evidence of disease" not on record is read as present disease). Who calls it: `Assessment.assumed`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathways.engine.conditions import All, Any, Comparison, Condition, Not
from pathways.engine.logic import Truth
from pathways.engine.network import Network, Values
from pathways.engine.record import Record
from pathways.engine.sentences import comparison_sentence


def assumptions(network: Network, values: Values, record: Record) -> tuple[str, ...]:
    """One sentence for each definition or rule in which `is_known` found nothing recorded, without repeats."""
    ruleset = network.ruleset
    found: dict[str, None] = {}
    for definition in (d for d in ruleset.definitions.values() if d.code in network.definitions):
        note = f" ({definition.note})" if definition.note else ""
        for said in _unrecorded(network, values, definition.when):
            found[f"{said[0]} is not recorded, so {said[1]} counts as not met in “{definition.title}”{note}."] = None
    for rule in ruleset.rules:
        for said in _unrecorded(network, values, rule.when):
            found[f"{said[0]} is not recorded, so {said[1]} counts as not met in rule {rule.code}."] = None
    return tuple(found)


def _unrecorded(network: Network, values: Values, condition: Condition) -> Iterator[tuple[str, str]]:
    match condition:
        case All(parts):
            known = [p for p in parts if isinstance(p, Comparison) and p.operator == "is_known"]
            unrecorded = {p.feature.name for p in known if values[network.node(p)] == Truth.FALSE}
            for part in parts:
                if isinstance(part, Comparison) and part.operator != "is_known" and part.feature.name in unrecorded:
                    yield part.feature.title, f"“{comparison_sentence(part)}”"
                else:
                    yield from _unrecorded(network, values, part)
        case Any(parts):
            for part in parts:
                yield from _unrecorded(network, values, part)
        case Not(part):
            yield from _unrecorded(network, values, part)
        case _:
            return
