"""The engine: what a rule means, what a record gives, and why. Pure: no Django, no clock, no input or output.

Everything else in netcare goes through the names below.
"""

from pathways.engine.ageing import Stale, excluded_before_ageing, without_stale
from pathways.engine.assessment import ENGINE, Assessment, OptionAssessment, RuleResult, assess, statuses
from pathways.engine.blanks import Together, idle_blanks, makes_candidate, only_together
from pathways.engine.changes import Change, what_would_change
from pathways.engine.checks import CaseFailure, CaseResult, Coverage, Uncovered, check_cases, coverage
from pathways.engine.conditions import (
    All,
    Always,
    Any,
    Comparison,
    Condition,
    Not,
    Use,
    comparisons_in,
    condition_data,
    definitions_used,
)
from pathways.engine.dictionary import DataDictionary
from pathways.engine.expectations import RuleCases, TestPatient
from pathways.engine.features import Feature
from pathways.engine.invariants import Invariant
from pathways.engine.logic import Truth
from pathways.engine.missing import MissingFeature
from pathways.engine.nearness import OneFact, one_fact_away
from pathways.engine.overlay import Overlay, OverlayError, Stop, effective
from pathways.engine.problems import Problem, RulesetError, ValueRefused, did_you_mean, listed
from pathways.engine.reading import Reading, features_of_rule, features_of_rules
from pathways.engine.record import Contradiction, Implied, Record, contradictions_of
from pathways.engine.ruleset import AgeLimit, Citation, Definition, Effect, Option, Rule, Ruleset, in_canonical_order
from pathways.engine.sentences import comparison_sentence, sentence
from pathways.engine.statuses import LISTED, OPEN, SETTLED, Status
from pathways.engine.succession import ChangedFeature, ChangedOption, Succession, allowed_by, compare
from pathways.engine.trace import (
    TraceAlways,
    TraceComparison,
    TraceGroup,
    TraceNode,
    TraceUse,
    comparisons_of,
    distance,
)
from pathways.engine.values import (
    DuplicateKey,
    NumberRange,
    OneOf,
    PartialSet,
    Value,
    canonical_json,
    number_text,
    plain,
    read_json,
)
from pathways.engine.wire import assessment_data, assessment_json

__all__ = [
    "ENGINE",
    "LISTED",
    "OPEN",
    "SETTLED",
    "AgeLimit",
    "All",
    "Always",
    "Any",
    "Assessment",
    "CaseFailure",
    "CaseResult",
    "Change",
    "ChangedFeature",
    "ChangedOption",
    "Citation",
    "Comparison",
    "Condition",
    "Contradiction",
    "Coverage",
    "DataDictionary",
    "Definition",
    "DuplicateKey",
    "Effect",
    "Feature",
    "Implied",
    "Invariant",
    "MissingFeature",
    "Not",
    "NumberRange",
    "OneFact",
    "OneOf",
    "Option",
    "OptionAssessment",
    "Overlay",
    "OverlayError",
    "PartialSet",
    "Problem",
    "Reading",
    "Record",
    "Rule",
    "RuleCases",
    "RuleResult",
    "Ruleset",
    "RulesetError",
    "Stale",
    "Status",
    "Stop",
    "Succession",
    "TestPatient",
    "Together",
    "TraceAlways",
    "TraceComparison",
    "TraceGroup",
    "TraceNode",
    "TraceUse",
    "Truth",
    "Uncovered",
    "Use",
    "Value",
    "ValueRefused",
    "allowed_by",
    "assess",
    "assessment_data",
    "assessment_json",
    "canonical_json",
    "check_cases",
    "compare",
    "comparison_sentence",
    "comparisons_in",
    "comparisons_of",
    "condition_data",
    "contradictions_of",
    "coverage",
    "definitions_used",
    "did_you_mean",
    "distance",
    "effective",
    "excluded_before_ageing",
    "features_of_rule",
    "features_of_rules",
    "idle_blanks",
    "in_canonical_order",
    "listed",
    "makes_candidate",
    "number_text",
    "one_fact_away",
    "only_together",
    "plain",
    "read_json",
    "sentence",
    "statuses",
    "what_would_change",
    "without_stale",
]
