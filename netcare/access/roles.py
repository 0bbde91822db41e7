"""Roles, capabilities, and the one table that says who may do what: `MATRIX`.

The table is literal so that a reader can hold it against the hospital's own policy, cell by cell; nothing computes a
cell, and what is not written here is refused. `docs/access.md` shows the same table, and a test keeps the two equal.
Refuses to know the state of a record: that somebody may publish does not mean that this draft is ready. Pure: no
Django models, no database. Called by `netcare.access.actors` and by whoever names a capability.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "viewer"
    CLINICIAN = "clinician"
    COORDINATOR = "coordinator"
    EDITOR = "editor"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    API_CLIENT = "api_client"

    @property
    def title(self) -> str:
        return ROLE_TITLES[self]


ROLE_TITLES: dict[Role, str] = {
    Role.VIEWER: "viewer",
    Role.CLINICIAN: "clinician",
    Role.COORDINATOR: "board coordinator",
    Role.EDITOR: "pathway editor",
    Role.APPROVER: "pathway approver",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
    Role.API_CLIENT: "API client",
}

# Roles that a person can be given; `api_client` belongs to programs.
HUMAN_ROLES: tuple[Role, ...] = (
    Role.VIEWER,
    Role.CLINICIAN,
    Role.COORDINATOR,
    Role.EDITOR,
    Role.APPROVER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)

# Nobody holds both roles of a pair: who runs the accounts neither approves rules nor reads the audit record, and who
# audits writes nothing. The database refuses the pair as well (migration 0002 of access).
EXCLUDED_PAIRS: tuple[tuple[Role, Role], ...] = (
    (Role.ADMINISTRATOR, Role.AUDITOR),
    (Role.ADMINISTRATOR, Role.APPROVER),
    (Role.AUDITOR, Role.CLINICIAN),
    (Role.AUDITOR, Role.COORDINATOR),
    (Role.AUDITOR, Role.EDITOR),
    (Role.AUDITOR, Role.APPROVER),
)

# Roles of which an institution that has one always keeps one: without an approver or auditor nobody checks, and without
# an administrator nobody could appoint the next one.
NEVER_THE_LAST_REMOVED: frozenset[Role] = frozenset({Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR})


class Scope(StrEnum):
    """How far a capability reaches."""

    TEAM = "team"  # patients of the actor's own care teams
    INSTITUTION = "institution"  # everything of the actor's own institution
    REFERRED = "referred"  # patients referred to the board of the actor's institution
    SYNTHETIC = "synthetic"  # demo, test and invented patients of the actor's institution, never real ones
    OWN = "own"  # what the actor did or started
    GLOBAL = "global"  # holds no patient data, the same for everybody


class Capability(StrEnum):
    PATIENT_LIST = "patient_list"
    PATIENT_READ = "patient_read"
    PATIENT_REGISTER = "patient_register"
    PATIENT_WRITE = "patient_write"
    PATIENT_REFER = "patient_refer"
    PATIENT_REVIEW = "patient_review"
    PATIENT_SETTLE = "patient_settle"
    PATIENT_IMPORT = "patient_import"
    ASSESS = "assess"
    EXPLAIN = "explain"
    RECALL_READ = "recall_read"
    RECALL_WORK = "recall_work"
    RECALL_EXPORT = "recall_export"
    FEEDBACK_OWN = "feedback_own"
    FEEDBACK_WORK = "feedback_work"
    BOARD_READ = "board_read"
    BOARD_MANAGE = "board_manage"
    BOARD_DRAFT = "board_draft"
    BOARD_DECIDE = "board_decide"
    BOARD_FOLLOW = "board_follow"
    BOARD_SIGN = "board_sign"
    BOARD_FIGURES = "board_figures"
    COHORT_REFRESH = "cohort_refresh"
    PATHWAY_READ = "pathway_read"
    DRAFT_READ = "draft_read"
    DRAFT_EDIT = "draft_edit"
    DRAFT_COMMENT = "draft_comment"
    DRAFT_APPROVE = "draft_approve"
    DRAFT_PUBLISH = "draft_publish"
    STOP_ASK = "stop_ask"
    STOP_PLACE = "stop_place"
    API_ASSESS = "api_assess"
    AUDIT_OWN = "audit_own"
    AUDIT_READ = "audit_read"
    AUDIT_PATHWAY = "audit_pathway"
    PEOPLE_READ = "people_read"
    PEOPLE_MANAGE = "people_manage"
    TEAM_ASSIGN = "team_assign"
    API_CLIENTS_MANAGE = "api_clients_manage"
    JOBS_READ = "jobs_read"
    INCIDENT_REPORT = "incident_report"
    INCIDENT_READ = "incident_read"
    INCIDENT_TRIAGE = "incident_triage"
    ACCOUNT = "account"

    @property
    def what(self) -> str:
        """The capability as the object of "may": "may read a patient's record"."""
        return CAPABILITY_TEXTS[self]


CAPABILITY_TEXTS: dict[Capability, str] = {
    Capability.PATIENT_LIST: "list and search patients",
    Capability.PATIENT_READ: "read a patient's record",
    Capability.PATIENT_REGISTER: "register a patient",
    Capability.PATIENT_WRITE: "record and correct patient data",
    Capability.PATIENT_REFER: "refer a patient to the tumor board",
    Capability.PATIENT_SETTLE: "settle which of several readings counts",
    Capability.PATIENT_REVIEW: "review the options of a patient and sign the review",
    Capability.PATIENT_IMPORT: "import patients and their data from a file",
    Capability.ASSESS: "assess a patient",
    Capability.EXPLAIN: "read and print the explanation of an assessment",
    Capability.RECALL_READ: "see which signed reviews a later version of the rules would give otherwise",
    Capability.RECALL_WORK: "assign, move and close entries of the recall list",
    Capability.RECALL_EXPORT: "export the recall list",
    Capability.FEEDBACK_OWN: "be told what came of one's own feedback",
    Capability.FEEDBACK_WORK: "read the feedback of reviews, propose changes from it, and answer",
    Capability.BOARD_READ: "read the meetings of the board and their cases",
    Capability.BOARD_MANAGE: "call meetings of the board and prepare their agendas",
    Capability.BOARD_DRAFT: "open the meeting screen and draft what the board decides",
    Capability.BOARD_DECIDE: "record a decision of the board, and add to one",
    Capability.BOARD_FOLLOW: "say what became of a decision of the board",
    Capability.BOARD_SIGN: "sign the minutes of a meeting that one chairs",
    Capability.BOARD_FIGURES: "see the figures of the board over time",
    Capability.COHORT_REFRESH: "assess all patients again",
    Capability.PATHWAY_READ: "read the pathway",
    Capability.DRAFT_READ: "read drafts of the pathway",
    Capability.DRAFT_EDIT: "edit a draft of the pathway and submit it for review",
    Capability.DRAFT_COMMENT: "comment on a draft and acknowledge what its checks found",
    Capability.DRAFT_APPROVE: "approve a draft or send it back",
    Capability.DRAFT_PUBLISH: "publish an approved draft, now or on a date",
    Capability.STOP_ASK: "ask for the emergency stop of an option",
    Capability.STOP_PLACE: "stop an option in an emergency, take the second look at a stop, and lift one",
    Capability.API_ASSESS: "assess features that are sent along, without a patient",
    Capability.AUDIT_OWN: "read the audit rows of one's own actions",
    Capability.AUDIT_READ: "read the audit record",
    Capability.AUDIT_PATHWAY: "read the audit rows of the pathway and of the administration",
    Capability.PEOPLE_READ: "see people, roles, teams and API clients",
    Capability.PEOPLE_MANAGE: "manage people and their roles",
    Capability.TEAM_ASSIGN: "assign people to care teams",
    Capability.API_CLIENTS_MANAGE: "manage API clients",
    Capability.JOBS_READ: "follow background work",
    Capability.INCIDENT_REPORT: "report a concern about safety",
    Capability.INCIDENT_READ: "read the concerns about safety that were reported",
    Capability.INCIDENT_TRIAGE: "assess and close concerns about safety",
    Capability.ACCOUNT: "see one's own account",
}

_VIEWER, _CLINICIAN, _COORDINATOR, _EDITOR = Role.VIEWER, Role.CLINICIAN, Role.COORDINATOR, Role.EDITOR
_APPROVER, _AUDITOR, _ADMINISTRATOR, _API_CLIENT = Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR, Role.API_CLIENT
_T, _I, _R, _D, _O, _G = (
    Scope.TEAM,
    Scope.INSTITUTION,
    Scope.REFERRED,
    Scope.SYNTHETIC,
    Scope.OWN,
    Scope.GLOBAL,
)

# An API client has what its cell says and its own list of scopes names, both.
MATRIX: dict[Capability, dict[Role, Scope]] = {
    Capability.PATIENT_LIST: {
        _VIEWER: _T, _CLINICIAN: _T, _COORDINATOR: _R, _EDITOR: _D, _APPROVER: _D, _API_CLIENT: _I,
    },
    Capability.PATIENT_READ: {_VIEWER: _T, _CLINICIAN: _T, _COORDINATOR: _R, _API_CLIENT: _I},
    Capability.PATIENT_REGISTER: {_CLINICIAN: _T, _COORDINATOR: _R, _API_CLIENT: _I},
    Capability.PATIENT_WRITE: {_CLINICIAN: _T, _COORDINATOR: _R, _API_CLIENT: _I},
    Capability.PATIENT_REFER: {_CLINICIAN: _T},
    Capability.PATIENT_SETTLE: {_CLINICIAN: _T},
    Capability.PATIENT_REVIEW: {_VIEWER: _T, _CLINICIAN: _T, _COORDINATOR: _R},
    Capability.PATIENT_IMPORT: {_COORDINATOR: _I},
    Capability.ASSESS: {
        _VIEWER: _T, _CLINICIAN: _T, _COORDINATOR: _R, _EDITOR: _D, _APPROVER: _D, _API_CLIENT: _I,
    },
    Capability.EXPLAIN: {
        _VIEWER: _T, _CLINICIAN: _T, _COORDINATOR: _R, _EDITOR: _D, _APPROVER: _D, _API_CLIENT: _I,
    },
    Capability.RECALL_READ: {_VIEWER: _T, _CLINICIAN: _T, _COORDINATOR: _R},
    Capability.RECALL_WORK: {_CLINICIAN: _T, _COORDINATOR: _R},
    Capability.RECALL_EXPORT: {_COORDINATOR: _R},
    Capability.FEEDBACK_OWN: {_VIEWER: _O, _CLINICIAN: _O, _COORDINATOR: _O},
    Capability.FEEDBACK_WORK: {_EDITOR: _G, _APPROVER: _G},
    Capability.BOARD_READ: {_VIEWER: _T, _CLINICIAN: _T, _COORDINATOR: _R},
    Capability.BOARD_MANAGE: {_COORDINATOR: _R},
    Capability.BOARD_DRAFT: {_CLINICIAN: _T, _COORDINATOR: _R},
    Capability.BOARD_DECIDE: {_CLINICIAN: _T},
    Capability.BOARD_FOLLOW: {_CLINICIAN: _T, _COORDINATOR: _R},
    Capability.BOARD_SIGN: {_CLINICIAN: _O},
    Capability.BOARD_FIGURES: {_COORDINATOR: _I},
    Capability.COHORT_REFRESH: {_COORDINATOR: _I},
    Capability.PATHWAY_READ: {
        _VIEWER: _G, _CLINICIAN: _G, _COORDINATOR: _G, _EDITOR: _G, _APPROVER: _G, _AUDITOR: _G, _ADMINISTRATOR: _G,
        _API_CLIENT: _G,
    },
    Capability.DRAFT_READ: {_EDITOR: _G, _APPROVER: _G},
    Capability.DRAFT_EDIT: {_EDITOR: _G},
    Capability.DRAFT_COMMENT: {_EDITOR: _G, _APPROVER: _G},
    Capability.DRAFT_APPROVE: {_APPROVER: _G},
    Capability.DRAFT_PUBLISH: {_APPROVER: _G},
    Capability.STOP_ASK: {_CLINICIAN: _G, _COORDINATOR: _G, _EDITOR: _G},
    Capability.STOP_PLACE: {_APPROVER: _G},
    Capability.API_ASSESS: {
        _VIEWER: _G, _CLINICIAN: _G, _COORDINATOR: _G, _EDITOR: _G, _APPROVER: _G, _API_CLIENT: _G,
    },
    Capability.AUDIT_OWN: {_VIEWER: _O, _CLINICIAN: _O, _EDITOR: _O},
    Capability.AUDIT_READ: {_AUDITOR: _I},
    Capability.AUDIT_PATHWAY: {_EDITOR: _O, _APPROVER: _G, _AUDITOR: _G},
    Capability.PEOPLE_READ: {_AUDITOR: _I, _ADMINISTRATOR: _I},
    Capability.PEOPLE_MANAGE: {_ADMINISTRATOR: _I},
    Capability.TEAM_ASSIGN: {_COORDINATOR: _I, _ADMINISTRATOR: _I},
    Capability.API_CLIENTS_MANAGE: {_ADMINISTRATOR: _I},
    Capability.JOBS_READ: {_CLINICIAN: _O, _COORDINATOR: _I, _AUDITOR: _I, _ADMINISTRATOR: _I},
    Capability.INCIDENT_REPORT: {_VIEWER: _I, _CLINICIAN: _I, _COORDINATOR: _I, _EDITOR: _I, _APPROVER: _I},
    Capability.INCIDENT_READ: {
        _VIEWER: _I, _CLINICIAN: _I, _COORDINATOR: _I, _EDITOR: _I, _APPROVER: _I, _AUDITOR: _I,
    },
    Capability.INCIDENT_TRIAGE: {_APPROVER: _I},
    Capability.ACCOUNT: {
        _VIEWER: _O, _CLINICIAN: _O, _COORDINATOR: _O, _EDITOR: _O, _APPROVER: _O, _AUDITOR: _O, _ADMINISTRATOR: _O,
    },
}  # fmt: skip

# What an administrator may list for a program: what the matrix grants to API clients at all.
API_CLIENT_SCOPES: tuple[Capability, ...] = tuple(one for one, cells in MATRIX.items() if Role.API_CLIENT in cells)

# Hook for step-up: capabilities for which `Decision.step_up` is set, so that a policy can ask for a fresh second factor
# before it lets the actor through. Empty until a second factor exists.
STEP_UP: frozenset[Capability] = frozenset()


def excluded_with(role: Role) -> tuple[Role, ...]:
    """The roles that nobody holding `role` may be given."""
    return tuple(b if a is role else a for a, b in EXCLUDED_PAIRS if role in (a, b))
