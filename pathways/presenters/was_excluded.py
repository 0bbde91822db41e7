"""Facts that ruled an option out and have since become too old: they lead what is missing, as "was: excluded".

It asks the engine what each of them would rule out if it counted; it decides nothing. Called by the candidates page, the
page of what is missing and the printed sheet.
"""

from dataclasses import dataclass

from pathways.assessing import TumorAssessment
from pathways.engine import statuses
from pathways.presenters.explanation import FieldUrl
from pathways.presenters.readings import age_against_limit
from pathways.presenters.words import listing


@dataclass(frozen=True, slots=True)
class WasExcluded:
    """One such fact: its value with its age, and what it ruled out as long as it counted."""

    feature: str
    title: str
    said: str
    options: str
    codes: tuple[str, ...]
    url: str


def was_excluded(done: TumorAssessment, link: FieldUrl) -> tuple[WasExcluded, ...]:
    """These facts in the order of the dictionary; none where nothing that is too old ruled anything out."""
    if not done.excluded_before:
        return ()
    ruleset = done.in_force.ruleset
    features = ruleset.dictionary.features
    found: list[WasExcluded] = []
    explained: set[str] = set()
    alone = {entry.feature: _ruled_out_by(done, entry.feature) for entry in done.stale}
    for codes in alone.values():
        explained.update(codes)
    # What several of them ruled out only together is named at each that the option now waits for.
    together = [code for code in done.excluded_before if code not in explained]
    for entry in done.stale:
        waiting = tuple(code for code in together if _waits_for(done, code, entry.feature))
        codes = (*alone[entry.feature], *waiting)
        if codes:
            feature = features[entry.feature]
            said = f"{feature.show(entry.value)}, {age_against_limit(entry)}"
            titles = listing([ruleset.option(code).title for code in codes])
            found.append(WasExcluded(entry.feature, feature.title, said, titles, codes, link(entry.feature)))
    return tuple(found)


def _waits_for(done: TumorAssessment, code: str, feature: str) -> bool:
    """Whether the option waits for the fact; one that waits for none that is too old is named at each."""
    missing = done.assessment.option(code).missing
    return feature in missing or not any(entry.feature in missing for entry in done.stale)


def _ruled_out_by(done: TumorAssessment, feature: str) -> tuple[str, ...]:
    """The options that this one value, had it counted, would rule out as before."""
    restored = {**done.assessment.record.recorded, feature: done.facts.features[feature]}
    under = statuses(done.in_force.ruleset, restored, overlay=done.in_force.overlay)
    return tuple(code for code in done.excluded_before if under[code] == "excluded")
