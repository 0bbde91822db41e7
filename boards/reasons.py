"""The coded reasons of the board, so that they can be counted. Stable for ever: a code is never used for something else.

Why an option is declined is coded by `pathways.reviews.reasons`.
"""

POSTPONED: dict[str, str] = {
    "missing_facts": "facts that matter are missing",
    "missing_pathology": "the pathology is not ready",
    "missing_imaging": "the imaging is not ready or too old",
    "patient_unwell": "the patient is not well enough",
    "patient_wish": "the patient asked to wait",
    "presenter_absent": "nobody could present it",
    "no_time": "the meeting ran out of time",
    "meeting_off": "the meeting was called off",
    "other": "other (say what)",
}

WITHDRAWN: dict[str, str] = {
    "settled": "the question is settled",
    "treated_elsewhere": "the patient is treated elsewhere",
    "patient_wish": "the patient asked not to be presented",
    "died": "the patient died",
    "by_mistake": "referred by mistake",
    "other": "other (say what)",
}

# Why the board takes an option forward that the list did not name as a candidate.
DEPARTURES: dict[str, str] = {
    "not_in_record": "the board knows something that is not in the record",
    "rule_does_not_fit": "the rule does not fit this patient",
    "benefit_outweighs": "the board weighs benefit and harm otherwise here",
    "newer_evidence": "newer evidence than the pathway holds",
    "no_alternative": "nothing that is listed can be given",
    "patient_preference": "the patient's informed wish",
    "other": "other (say what)",
}

# Why something that was decided was done in part or not at all.
NOT_DONE: dict[str, str] = {
    "patient_declined": "the patient did not want it",
    "condition_not_met": "what it depended on did not come about",
    "contraindication": "something spoke against it that was not known then",
    "progressed": "the disease or the patient's state changed",
    "not_available": "it was not available in time",
    "other_decision": "decided otherwise since",
    "lost": "lost from sight",
    "died": "the patient died",
    "other": "other (say what)",
}
