"""A feature found by what somebody types of its name. It guesses nothing: two that fit are none.

Called by `verbs`, for the comparison that is about to be added.
"""

from pathways.drafting.conditions.reading import Offer
from pathways.engine import Feature, did_you_mean, listed
from patients.entry.problems import quoted

MOST_NAMED = 4


def found_feature(text: str, offer: Offer) -> tuple[Feature | None, str]:
    """The one feature that is meant, or None and a sentence that says what to type."""
    wanted = _bare(text)
    features = list(offer.features.values())
    exact = [one for one in features if wanted in {_bare(one.title), _bare(one.short), _bare(one.name)}]
    if len(exact) == 1:
        return exact[0], ""
    holding = [one for one in features if wanted in _bare(f"{one.title} {one.name}")]
    if len(holding) == 1:
        return holding[0], ""
    if not holding:
        hint = did_you_mean(text, [one.title for one in features])
        return None, f"There is no feature {quoted(text)}.{hint}"
    titles = [one.title for one in holding]
    if len(titles) > MOST_NAMED:
        return None, f"{len(titles)} features have {quoted(text)} in their name; type more of it."
    return None, f"{quoted(text)} could be {listed(titles)}; type more of it."


def _bare(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
