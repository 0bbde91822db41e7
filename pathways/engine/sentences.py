"""Plain English for conditions: what a rule asks for, as a clinician would say it.

What it refuses to do: shorten; every comparison of the condition is in the sentence.
Who calls it: traces, the pages of rules and options, later the condition builder.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

from pathways.engine.conditions import All, Always, Any, Comparison, Condition, Not, Use
from pathways.engine.problems import listed
from pathways.engine.ruleset import Definition

NUMBER_WORDS = {
    "=": "is exactly",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
}
ORDER_WORDS = {**NUMBER_WORDS, "<": "is lower than", ">": "is higher than", "=": "is"}
NEGATED = {
    "is exactly": "is not",
    "is below": "is not below",
    "is at most": "is not at most",
    "is above": "is not above",
    "is at least": "is not at least",
    "is lower than": "is not lower than",
    "is higher than": "is not higher than",
    "is": "is not",
    "include": "do not include",
    "is recorded": "is not recorded",
}


def comparison_sentence(comparison: Comparison, *, negated: bool = False) -> str:
    """'Ki-67 is at most 20 %', 'Comorbidities include heart failure', 'Grade is not G3'."""
    feature, wanted = comparison.feature, comparison.value

    def verb(words: str) -> str:
        return NEGATED[words] if negated else words

    match comparison.operator, wanted:
        case "is_known", _:
            return f"{feature.title} {verb('is recorded')}"
        case "contains", str():
            return f"{feature.title} {verb('include')} {feature.label(wanted)}"
        case "contains_any", tuple():
            some = "any of " if len(wanted) > 1 else ""
            return f"{feature.title} {verb('include')} {some}{listed(map(feature.label, wanted))}"
        case "in", tuple():
            return f"{feature.title} {verb('is')} {listed(map(feature.label, wanted))}"
        case "=", bool():
            return f"{feature.title}: {'yes' if wanted is not negated else 'no'}"
        case operator, Decimal():
            return f"{feature.title} {verb(NUMBER_WORDS[operator])} {feature.show(wanted)}"
        case operator, str():
            return f"{feature.title} {verb(ORDER_WORDS[operator])} {feature.label(wanted)}"
        case _:
            raise AssertionError(f"{comparison} cannot have been built.")


def sentence(condition: Condition, definitions: Mapping[str, Definition], *, spell_out: bool = False) -> str:
    """The whole condition as one sentence without a full stop.

    A used definition stands as its title in quotation marks; with `spell_out` its own sentence follows in brackets.
    """
    return _say(condition, definitions, spell_out, top=True)


def _say(condition: Condition, definitions: Mapping[str, Definition], spell_out: bool, *, top: bool = False) -> str:
    match condition:
        case Comparison():
            return comparison_sentence(condition)
        case All(parts) | Any(parts):
            word = " and " if isinstance(condition, All) else " or "
            if len(parts) == 1:
                return _say(parts[0], definitions, spell_out, top=top)
            text = word.join(_say(part, definitions, spell_out) for part in parts)
            return text if top else f"({text})"
        case Not(Comparison() as comparison):
            return comparison_sentence(comparison, negated=True)
        case Not(part):
            inner = _say(part, definitions, spell_out)
            return f"not {inner}" if inner.startswith(("(", "“")) else f"not ({inner})"
        case Use(name):
            title = f"“{definitions[name].title}”"
            return f"{title} {_bracketed(name, definitions)}" if spell_out else title
        case Always():
            return "always, for everyone"
        case _:
            assert_never(condition)


def _bracketed(name: str, definitions: Mapping[str, Definition]) -> str:
    inner = _say(definitions[name].when, definitions, True, top=True)
    return f"({inner})"
