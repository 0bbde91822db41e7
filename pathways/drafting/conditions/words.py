"""What the builder says: the sentence so far, and a name for every part for those who listen.

The sentence is the engine's own; what is not finished stands in it as a gap in square brackets. What it refuses to do:
have words of its own for a comparison. Called by `form`, `view` and `verbs`.
"""

from __future__ import annotations

from collections.abc import Mapping

from pathways.drafting.conditions.operators import operator_words
from pathways.drafting.conditions.parts import Part
from pathways.drafting.conditions.reading import Offer, problems_of, value_of
from pathways.engine import All, Always, Any, Comparison, Condition, Definition, Feature, Not, Use, sentence

GROUP_WORDS = {"all": "all of these", "any": "any of these", "not": "not"}
# Characters of no language mark where a gap begins and ends, until the sentence is whole.
_OPEN, _CLOSE = "\ue000", "\ue001"


def capital(text: str) -> str:
    """With a capital at the beginning."""
    return text[:1].upper() + text[1:]


def said(root: Part, offer: Offer) -> str:
    """The whole condition as one sentence, with a gap for whatever is not finished."""
    gaps: dict[str, Definition] = {}
    condition = with_gaps(root, offer, gaps)
    known = {**offer.ruleset.definitions, **gaps}
    text = sentence(condition, known, spell_out=isinstance(condition, Use) and condition.name not in gaps)
    return f"{capital(text.replace(f'“{_OPEN}', '[').replace(f'{_CLOSE}”', ']'))}."


def with_gaps(root: Part, offer: Offer, gaps: dict[str, Definition]) -> Condition:
    """The engine's condition, in which what is not finished is the use of a definition that is put into `gaps`."""
    broken = {problem.part for problem in problems_of(root, offer)}

    def built(part: Part) -> Condition:
        if part.id in broken:
            return _gap(part, offer, gaps)
        match part.kind:
            case "all":
                return All(tuple(built(inner) for inner in part.parts))
            case "any":
                return Any(tuple(built(inner) for inner in part.parts))
            case "not":
                return Not(built(part.parts[0]))
            case "use":
                return Use(part.name)
            case "always":
                return Always()
            case _:
                return comparison_of(part, offer.features)

    return built(root)


def comparison_of(part: Part, features: Mapping[str, Feature]) -> Comparison:
    """The engine's comparison of a part without problems."""
    feature = features[part.feature]
    value = None if part.operator == "is_known" else value_of(part, feature)
    return Comparison(feature, part.operator, tuple(value) if isinstance(value, list) else value)  # type: ignore[arg-type]


def _gap(part: Part, offer: Offer, gaps: dict[str, Definition]) -> Use:
    code = f"{_OPEN}{part.id}"
    gaps[code] = Definition(code, f"{_OPEN}{gap_words(part, offer)}{_CLOSE}", Always(), "")
    return Use(code)


def gap_words(part: Part, offer: Offer) -> str:
    """'Ki-67 is at most …' for what is not finished."""
    feature = offer.features.get(part.feature)
    if part.kind == "comparison" and feature is not None:
        return f"{feature.title} {operator_words(feature, part.operator) or '…'} …"
    return {"comparison": "a comparison …", "use": "a definition …", "not": "not …"}.get(part.kind, "nothing yet")


def name_of(part: Part, parent: Part | None) -> str:
    """'Comparison 2 of 3 in “any of these”'; the outermost part needs no place."""
    kind = {"comparison": "Comparison", "use": "Definition", "always": "“Always”"}.get(part.kind, "Group")
    if part.kind == "not":
        kind = "“Not”"
    if parent is None:
        return f"{kind}, the whole condition"
    if parent.kind == "not":
        return f"{kind} in “not”"
    place = next(n for n, inner in enumerate(parent.parts, 1) if inner.id == part.id)
    return f"{kind} {place} of {len(parent.parts)} in “{GROUP_WORDS[parent.kind]}”"


def short(part: Part, offer: Offer) -> str:
    """A part in a few words, for what is said after a step: 'Ki-67', 'the group “any of these”'."""
    match part.kind:
        case "comparison":
            feature = offer.features.get(part.feature)
            return feature.title if feature else "the comparison"
        case "use":
            title = offer.definitions.get(part.name, "")
            return f"the definition “{title}”" if title else "the definition"
        case "always" | "not":
            return f"“{part.kind}”"
    return f"the group “{GROUP_WORDS[part.kind]}”"


def value_words(part: Part, feature: Feature) -> str:
    """The values that are ticked, as the summary of their list shows them."""
    labels = [feature.label(code) for code in feature.values if code in part.values]
    return ", ".join(labels) if labels else "choose …"
