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


# First words of titles that keep their capital inside a sentence, though they are plain words.
PROPER_NAMES = frozenset({"Krenning"})


def comparison_sentence(comparison: Comparison, *, negated: bool = False, inside: bool = False) -> str:
    """'Ki-67 is at most 20 %', 'Comorbidities include heart failure', 'Grade is not G3'.

    `inside`: the sentence goes on from another, so the title begins in lower case unless it is a name.
    """
    feature, wanted = comparison.feature, comparison.value
    title = inside_sentence(feature.title) if inside else feature.title

    def verb(words: str) -> str:
        return NEGATED[words] if negated else words

    match comparison.operator, wanted:
        case "is_known", _:
            return f"{title} {verb('is recorded')}"
        case "contains", str():
            return f"{title} {verb('include')} {feature.label(wanted)}"
        case "contains_any", tuple():
            some = "any of " if len(wanted) > 1 else ""
            return f"{title} {verb('include')} {some}{listed(map(feature.label, wanted))}"
        case "in", tuple():
            return f"{title} {verb('is')} {listed(map(feature.label, wanted))}"
        case "=", bool():
            return f"{title}: {'yes' if wanted is not negated else 'no'}"
        case operator, Decimal():
            return f"{title} {verb(NUMBER_WORDS[operator])} {feature.show(wanted)}"
        case operator, str():
            label = feature.label(wanted)
            quoted = f"“{label}”" if negated and label.startswith("no ") else label
            return f"{title} {verb(ORDER_WORDS[operator])} {quoted}"
        case _:
            raise AssertionError(f"{comparison} cannot have been built.")


def inside_sentence(title: str) -> str:
    """A title as it stands inside a sentence: in lower case, unless it is a name."""
    word = title.split()[0]
    plain_word = word.isalpha() and word[1:].islower() and word not in PROPER_NAMES
    return title[0].lower() + title[1:] if plain_word else title


def sentence(
    condition: Condition, definitions: Mapping[str, Definition], *, spell_out: bool = False, inside: bool = False
) -> str:
    """The whole condition as one sentence without a full stop; `inside`: as it stands within another sentence.

    A used definition stands as its title in quotation marks; with `spell_out` its own sentence follows in brackets.
    """
    return _say(condition, definitions, spell_out, bare=True, inside=inside)


def _say(
    condition: Condition, definitions: Mapping[str, Definition], spell_out: bool, *, bare: bool, inside: bool
) -> str:
    match condition:
        case Comparison():
            return comparison_sentence(condition, inside=inside)
        case All(parts) | Any(parts):
            if len(parts) == 1:
                return _say(parts[0], definitions, spell_out, bare=bare, inside=inside)
            said = [
                _say(part, definitions, spell_out, bare=False, inside=inside or position > 0)
                for position, part in enumerate(parts)
            ]
            text = (" and " if isinstance(condition, All) else " or ").join(said)
            return text if bare else f"({text})"
        case Not(Comparison() as comparison):
            return comparison_sentence(comparison, negated=True, inside=inside)
        case Not(part):
            inner = _say(part, definitions, spell_out, bare=False, inside=True)
            return f"not {inner}" if inner.startswith(("(", "“")) else f"not ({inner})"
        case Use(name):
            title = f"“{definitions[name].title}”"
            return f"{title} {_bracketed(name, definitions)}" if spell_out else title
        case Always():
            return "always, for everyone"
        case _:
            assert_never(condition)


def _bracketed(name: str, definitions: Mapping[str, Definition]) -> str:
    inner = _say(definitions[name].when, definitions, True, bare=True, inside=True)
    return f"({inner})"
