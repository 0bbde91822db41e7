"""Why an entry of the recall list was closed: coded, so that it can be counted. A code is never used for something else.

Those of people are offered on the page; those of the program say what it did by itself.
"""

# What a person can say.
BY_PEOPLE: dict[str, str] = {
    "no_consequence": "looked at; nothing changes for this patient",
    "plan_changed": "looked at; the plan was changed",
    "to_the_board": "brought to the board",
    "treated_elsewhere": "treated elsewhere",
    "died": "the patient has died",
    "other": "other (say what)",
}

REVIEWED_AGAIN = "reviewed_again"
DECIDED_AGAIN = "decided_again"
NO_LONGER_DIFFERS = "no_longer_differs"
REPLACED = "replaced"
BY_THE_PROGRAM: dict[str, str] = {
    REVIEWED_AGAIN: "reviewed again",
    DECIDED_AGAIN: "decided at a board since",
    NO_LONGER_DIFFERS: "no longer differs",
    REPLACED: "replaced by the entry of a later version",
}

REASONS: dict[str, str] = BY_PEOPLE | BY_THE_PROGRAM
