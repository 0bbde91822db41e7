"""The map page of one option: gates with this patient's values, the five ends in words, and the same as a list.

It reads an assessment that was made elsewhere and decides nothing: every truth in the drawing is the engine's. Without a
patient the gates say only what is asked. Called by the view of the map.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pathways.drawing.map import EndBox, Gate, GateRow, OptionMap, Weigh, pathway_map
from pathways.drawing.shapes import Panel
from pathways.engine import Assessment, Effect, RuleResult, Truth
from pathways.engine.changes import Change, what_would_change
from pathways.presenters.map_conditions import inside_title, waits_for
from pathways.presenters.map_rows import deciding, gate_rows, plain_rows, value_of
from pathways.presenters.stops import stop_said
from pathways.presenters.trace_rows import Readings, TraceTable, trace_table
from pathways.presenters.words import STATUS_WORDS, count, listing, one_of_each

RuleUrl = Callable[[str], str]
TODAY, AS_ASKED = "this patient, today", "as asked above"
_MOST_CHANGES = 2
_MOST_IN_THE_WAY = 3


@dataclass(frozen=True, slots=True)
class ListedGate:
    """A gate of the list: the whole rule, nothing shortened."""

    gate: Gate
    verdict: str
    table: TraceTable


@dataclass(frozen=True, slots=True)
class MapPage:
    """What the template shows."""

    code: str
    title: str
    status: str
    error: str
    panel: Panel | None
    reasons: tuple[ListedGate, ...]
    exclusions: tuple[ListedGate, ...]
    ends: tuple[EndBox, ...]
    cautions: tuple[Weigh, ...]
    said: str
    here: str
    rules_number: int
    # What is said instead of a way where an emergency stop suspends the option.
    stopped: str = ""


def map_page(
    assessment: Assessment, code: str, readings: Readings, rule_url: RuleUrl, *, patient: str = "", here: str = TODAY
) -> MapPage:
    """The map of one option; `patient` names the patient, and is empty without one; `here` says whose status it is."""
    title, results = assessment.ruleset.option(code).title, assessment.explain(code)
    stop = assessment.option(code).stop if patient else None
    patient = "" if stop else patient  # a suspended option has no way to an end
    option = option_map(assessment, code, readings, rule_url, has_patient=bool(patient), here=here)
    of = _by_effect(results)
    said = _described(option, patient)
    return MapPage(
        code=code,
        title=title,
        status=option.status,
        error=assessment.option(code).error,
        panel=pathway_map(option, said) if results else None,
        reasons=tuple(map(_listed(readings), option.reasons, of[Effect.INDICATION])),
        exclusions=tuple(map(_listed(readings), option.exclusions, of[Effect.EXCLUSION])),
        ends=option.ends,
        cautions=option.cautions,
        said=said,
        here=here,
        rules_number=len(results),
        stopped=stop_said(stop) if stop else "",
    )


def option_map(
    assessment: Assessment, code: str, readings: Readings, rule_url: RuleUrl, *, has_patient: bool, here: str = TODAY
) -> OptionMap:
    """The values of the drawing."""
    results = assessment.explain(code)
    of = _by_effect(results)

    def gate(result: RuleResult) -> Gate:
        return _gate(result, readings, rule_url(result.code), has_patient=has_patient)

    ends = _ends(assessment, code, of) if has_patient else _plain_ends(of)
    weigh = [result for result in of[Effect.CAUTION] if not has_patient or result.value is not Truth.FALSE]
    return OptionMap(
        title=assessment.ruleset.option(code).title,
        reasons=tuple(gate(result) for result in of[Effect.INDICATION]),
        exclusions=tuple(gate(result) for result in of[Effect.EXCLUSION]),
        ends=tuple(EndBox(status, STATUS_WORDS[status], said) for status, said in ends.items()),
        status=str(assessment.option(code).status) if has_patient else "",
        cautions=tuple(Weigh(r.code, _title(r), has_patient and r.value is Truth.UNKNOWN) for r in weigh),
        cautions_in_all=len(of[Effect.CAUTION]),
        here=here,
    )


def _by_effect(results: Sequence[RuleResult]) -> dict[Effect, list[RuleResult]]:
    return {effect: [result for result in results if result.effect is effect] for effect in Effect}


def _title(result: RuleResult) -> str:
    return result.rule.title or result.rationale


def _gate(result: RuleResult, readings: Readings, url: str, *, has_patient: bool) -> Gate:
    table = trace_table(result.trace, readings)
    joined = table.heading.split()[0] if table.heading else ""
    decisive = deciding(result.trace)
    return Gate(
        code=result.code,
        title=_title(result),
        truth=result.value.word if has_patient else "",
        joined="" if has_patient and result.value is Truth.FALSE else joined,
        rows=_rows(result, readings, has_patient=has_patient),
        url=url,
        decides=waits_for(result.trace) if has_patient else (),
        value=value_of(decisive[0], readings) if has_patient and decisive else "",
    )


def _rows(result: RuleResult, readings: Readings, *, has_patient: bool) -> tuple[GateRow, ...]:
    """What decides the gate; of an exclusion that is open or holds only the parts that are not false."""
    if not has_patient:
        rows = plain_rows(result.trace)
        return tuple(replace(row, depth=max(row.depth - 1, 0)) for row in rows)
    if result.value is Truth.FALSE:
        return tuple(row for row in gate_rows(result.trace, readings) if row.truth == "false")[:_MOST_IN_THE_WAY]
    return gate_rows(result.trace, readings)


def _listed(readings: Readings) -> Callable[[Gate, RuleResult], ListedGate]:
    words = {"true": "holds", "false": "does not hold", "unknown": "cannot be told yet", "": ""}

    def listed(gate: Gate, result: RuleResult) -> ListedGate:
        holds = f"; it holds {gate.decides[0]}" if gate.decides else ""
        return ListedGate(gate, f"{words[gate.truth]}{holds}", trace_table(result.trace, readings))

    return listed


def _plain_ends(of: Mapping[Effect, Sequence[RuleResult]]) -> dict[str, tuple[str, ...]]:
    reasons, exclusions = len(of[Effect.INDICATION]), len(of[Effect.EXCLUSION])
    none = "if the one reason does not hold" if reasons == 1 else f"if none of the {reasons} reasons holds"
    ruled = f"if a reason holds or may hold, and one of {count(exclusions, 'exclusion')} holds"
    return {
        "not_indicated": (none,),
        "possible": ("if no reason holds, and one cannot be judged yet",),
        "excluded": (ruled if exclusions else "never: the ruleset has no exclusion for it",),
        "conditional": ("if a reason holds, and an exclusion cannot be judged yet",),
        "candidate": ("if a reason holds, and nothing rules it out",),
    }


def _ends(assessment: Assessment, code: str, of: Mapping[Effect, Sequence[RuleResult]]) -> dict[str, tuple[str, ...]]:
    """For each end why the patient is there, or which missing value leads there, or when it is reached at all."""
    ends = _plain_ends(of)
    changes = [change for change in what_would_change(assessment, code) if change.missing]
    for status in ends:
        leading = [change for change in changes if str(change.status) == status]
        if leading:
            ends[status] = (_if_words(assessment, leading),)
    assessed = assessment.option(code)
    if str(assessed.status) == "conditional" and len(assessed.missing) > 1:
        ends["candidate"] = (f"if {_names(assessment, assessed.missing)} are known, and none of them rules it out",)
    if str(assessed.status) in ends:
        ends[str(assessed.status)] = _here(assessment, code, of)
    return ends


def _if_words(assessment: Assessment, changes: Sequence[Change]) -> str:
    features = assessment.ruleset.dictionary.features
    said = [f"{inside_title(features[c.feature])} {c.values}" for c in changes[:_MOST_CHANGES]]
    more = f", or by {len(changes) - _MOST_CHANGES} more" if len(changes) > _MOST_CHANGES else ""
    return f"if {', or '.join(said)}{more}"


def _names(assessment: Assessment, names: Sequence[str]) -> str:
    features = assessment.ruleset.dictionary.features
    shown = [inside_title(features[name]) for name in names[:4]]
    return listing([*shown, *([f"{len(names) - 4} more"] if len(names) > 4 else [])])


def _here(assessment: Assessment, code: str, of: Mapping[Effect, Sequence[RuleResult]]) -> tuple[str, ...]:
    assessed = assessment.option(code)
    holding = [result.code for result in of[Effect.INDICATION] if result.value is Truth.TRUE]
    reason = f"{'A reason holds' if len(holding) == 1 else f'{len(holding)} reasons hold'} ({', '.join(holding[:4])})"
    names = _names(assessment, assessed.missing)
    open_ones = [result for result in of[Effect.EXCLUSION] if result.value is Truth.UNKNOWN]
    ruling = [result for result in of[Effect.EXCLUSION] if result.value is Truth.TRUE]
    match str(assessed.status):
        case "candidate":
            return (f"{reason}, and nothing known rules it out.",)
        case "conditional":
            waits = "One exclusion cannot" if len(open_ones) == 1 else f"{len(open_ones)} exclusions cannot"
            return (f"{reason}.", f"{waits} be judged until {names} {_are(assessed.missing)} entered.")
        case "possible":
            waiting = _waiting(of[Effect.INDICATION])
            return (f"No reason holds yet; one may once {_names(assessment, waiting)} {_are(waiting)} known.",)
        case "excluded":
            return (f"Ruled out: {'; '.join(f'{_title(result)} ({result.code})' for result in ruling[:3])}.",)
        case _:
            number = len(of[Effect.INDICATION])
            return ("The one reason does not hold." if number == 1 else f"None of the {number} reasons holds.",)


def _waiting(reasons: Sequence[RuleResult]) -> list[str]:
    """The features for which the reasons that cannot be judged wait."""
    unknown = [result for result in reasons if result.value is Truth.UNKNOWN]
    return one_of_each(
        one.feature for result in unknown for one in deciding(result.trace) if one.value is Truth.UNKNOWN
    )


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _described(option: OptionMap, patient: str) -> str:
    if not patient:
        return (
            f"{count(len(option.reasons), 'reason')}, {count(len(option.exclusions), 'exclusion')}; without a patient."
        )
    here = next((end for end in option.ends if end.status == option.status), None)
    return f"{patient}: {here.word}. {' '.join(here.said)}" if here else f"{patient}: not assessed."
