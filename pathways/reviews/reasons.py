"""Why an option is not suitable: coded reasons, so that they can be counted and reach the editors of the pathway.

The codes are the override reasons that CDS Hooks services offer, with the usual reasons for leaving a pathway. Stable for
ever: a code is never used again for something else.
"""

REASONS: dict[str, str] = {
    "contraindication": "contraindicated in this patient",
    "patient_preference": "the patient does not want it",
    "comorbidity": "comorbidity or frailty",
    "prior_treatment": "earlier treatment precludes it",
    "already_done": "done or under way already",
    "not_available": "not available here",
    "disagree_with_evidence": "the evidence does not convince for this patient",
    "concern_about_outcome": "expected benefit too small, or harm too likely",
    "not_applicable": "the situation is another one than the rules see",
    "more_information_needed": "more information needed first",
    "in_trial": "the patient takes part in a trial",
    "transferred": "treated elsewhere",
    "other": "other (say what)",
}
