"""How things are compared, in the words of the sentence. Called by the other modules of the builder."""

from pathways.engine import Feature
from pathways.engine.sentences import NUMBER_WORDS, ORDER_WORDS


def operator_words(feature: Feature, operator: str) -> str:
    """'is at most', 'is one of', 'include any of': the same words as in the sentence."""
    match operator:
        case "is_known":
            return "is recorded"
        case "in":
            return "is one of"
        case "contains":
            return "include"
        case "contains_any":
            return "include any of"
    words = NUMBER_WORDS if feature.kind == "number" else ORDER_WORDS
    return words.get(operator, operator)
