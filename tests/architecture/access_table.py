"""Who may open what, address by address, written down by hand and apart from the code that decides it.

A letter says how far the role gets: `y` yes; `-` no; and for addresses that name a patient, a job, a person, a team or a
program: `T` the own team's, `R` those referred to the board, `D` demo patients, `O` what the person started, `I`
everything of the institution, `G` everything there is, whosever it is (it holds no patient data), `N` one's own of a kind
of which the person of that role has none. `p` is public. Nothing but `G` reaches another institution. Methods not listed
are refused. The columns after the methods: viewer, clinician, coordinator, editor, approver, auditor, administrator.
"""

from __future__ import annotations

from dataclasses import dataclass

from netcare.access import HUMAN_ROLES, Role

TABLE = """
access:sign_in               GET POST    p p p p p p p
access:sign_out              POST        p p p p p p p
access:account               GET POST    y y y y y y y
access:people                GET         - - - - - y y
access:new_person            GET POST    - - - - - - y
access:person                GET         - - - - - I I
access:give_role             POST        - - - - - - I
access:take_role             POST        - - - - - - I
access:disable               POST        - - - - - - I
access:enable                POST        - - - - - - I
access:new_password          POST        - - - - - - I
access:teams                 GET         - - y - - y y
access:new_team              POST        - - - - - - y
access:team                  GET POST    - - I - - - I
access:leave_team            POST        - - I - - - I
access:api_clients           GET         - - - - - y y
access:new_api_client        GET POST    - - - - - - y
access:revoke_api_client     POST        - - - - - - I

audit:list                   GET         y y - y y y -

jobs:jobs                    GET         - y y - - y y
jobs:job                     GET         - O I - - I I
jobs:again                   POST        - - I - - - -

safety:file                  GET         y y y y y y y
safety:download_markdown     GET         y y y y y y y
safety:download_json         GET         y y y y y y y
safety:report                GET POST    y y y y y - -
safety:incident              GET         I I I I I I -
safety:assess                GET POST    - - - - I - -
safety:close                 GET POST    - - - - I - -
safety:reopen                GET POST    - - - - I - -

server:health                GET         p p p p p p p

patients:register            GET POST    - y y - - - -
patients:imports             GET POST    - - y - - - -
patients:import_template     GET         - - y - - - -
patients:import_preview      GET         - - I - - - -
patients:import_apply        POST        - - I - - - -
patients:import_discard      POST        - - I - - - -
patients:import_report       GET         - - I - - - -
patients:import_left_out     GET         - - I - - - -
patients:data                GET         T T R - - - -
patients:identity            GET POST    - T R - - - -
patients:new_tumor           GET POST    - T R - - - -
patients:tumor_data          GET         T T R - - - -
patients:enter               GET POST    - T R - - - -
patients:feature             GET         T T R - - - -
patients:correct_finding     GET POST    - T R - - - -
patients:finding_in_error    GET POST    - T R - - - -
patients:settle_reading      GET POST    - T - - - - -
patients:treatments          GET POST    - T R - - - -
patients:new_treatment       GET POST    - T R - - - -
patients:edit_treatment      GET POST    - T R - - - -
patients:treatment_in_error  GET POST    - T R - - - -
patients:new_marker          GET POST    - T R - - - -
patients:edit_marker         GET POST    - T R - - - -
patients:marker_in_error     GET POST    - T R - - - -
patients:new_note            GET POST    - T R - - - -
patients:note_in_error       GET POST    - T R - - - -

pathways:home                GET         y y y y y y y
pathways:theme               POST        p p p p p p p
pathways:patients            GET         y y y y y - -
pathways:patient             GET         T T R D D - -
pathways:tumor               GET         T T R D D - -
pathways:option_explained    GET         T T R D D - -
pathways:missing             GET         T T R D D - -
pathways:what_if             GET POST    T T R D D - -
pathways:tumor_print         GET         T T R D D - -
pathways:pathway_map         GET         T T R D D - -
pathways:timeline            GET         T T R - - - -
pathways:timeline_table      GET         T T R - - - -
pathways:review              GET POST    T T R - - - -
pathways:review_signed       GET         T T R D D - -
pathways:review_check        GET         y y y y y - -
pathways:since               GET         T T R D D - -
pathways:print_frame         GET         T T R D D - -
pathways:recall              GET         y y y - - - -
pathways:recall_export       GET         - - y - - - -
pathways:recall_entry        GET         T T R - - - -
pathways:recall_assign       POST        - T R - - - -
pathways:recall_due          POST        - T R - - - -
pathways:recall_close        POST        - T R - - - -
pathways:recall_reopen       POST        - T R - - - -
pathways:feedback            GET         - - - y y - -
pathways:feedback_new        GET POST    - - - y y - -
pathways:feedback_thread     GET         - - - G G - -
pathways:feedback_take_up    POST        - - - G G - -
pathways:feedback_answer     POST        - - - G G - -
pathways:feedback_seen       POST        N O N - - - -
boards:boards                GET         y y y - - - -
boards:new_meeting           GET POST    - - y - - - -
boards:figures               GET         - - y - - - -
boards:figures_csv           GET         - - y - - - -
boards:follow_ups            GET         y y y - - - -
boards:meeting               GET         I I I - - - -
boards:change                GET POST    - - I - - - -
boards:order                 POST        - - I - - - -
boards:step                  POST        - I I - - - -
boards:extend                POST        - - I - - - -
boards:members               GET         I I I - - - -
boards:invite                POST        - - I - - - -
boards:uninvite              POST        - - I - - - -
boards:attendance            POST        - I I - - - -
boards:chase                 GET         - - I - - - -
boards:calendar              GET         I I I - - - -
boards:earlier               GET         I I I - - - -
boards:minutes               GET         I I I - - - -
boards:minutes_file          GET         I I I - - - -
boards:packets               GET         I I I - - - -
boards:make_packet           POST        I I I - - - -
boards:packet                GET         T T R - - - -
boards:sign                  POST        - O - - - - -
boards:add_minutes           POST        - O - - - - -
boards:patient               GET         T T R - - - -
boards:refer                 POST        - T - - - - -
boards:open_case             POST        - - R - - - -
boards:case                  GET         T T R - - - -
boards:edit                  POST        - - R - - - -
boards:schedule              POST        - - R - - - -
boards:postpone              POST        - T R - - - -
boards:withdraw              POST        - - R - - - -
boards:assign                POST        - - R - - - -
boards:case_sheet            GET         T T R - - - -
boards:case_text             GET         T T R - - - -
boards:attachments           GET         T T R - - - -
boards:attach                POST        - T R - - - -
boards:attachment            GET         T T R - - - -
boards:withdraw_attachment   POST        - T R - - - -
boards:screen                GET POST    - T R - - - -
boards:draft                 POST        - T R - - - -
boards:take_over             POST        - T R - - - -
boards:decision              GET         T T R - - - -
boards:add                   POST        - T - - - - -
boards:outcome               POST        - T R - - - -
pathways:options             GET         y y y y y y y
pathways:option              GET         y y y y y y y
pathways:option_map          GET         y y y y y y y
pathways:rules               GET         y y y y y y y
pathways:rule                GET         y y y y y y y
pathways:definition          GET         y y y y y y y
pathways:sources             GET         y y y y y y y
pathways:source              GET         y y y y y y y
pathways:dictionary          GET         y y y y y y y
pathways:conditions          GET POST    y y y y y y y
pathways:limits              GET         y y y y y y y
pathways:stops               GET         y y y y y y y
pathways:stop                GET         G G G G G G G
pathways:stop_ask            GET POST    - y y y - - -
pathways:stop_place          GET POST    - - - - y - -
pathways:stop_decline        POST        - - - - G - -
pathways:stop_look           POST        - - - - G - -
pathways:stop_lift           POST        - - - - G - -
pathways:versions            GET         y y y y y y y
pathways:version_changes     GET         y y y y y y y
pathways:version_file        GET         y y y y y y y
pathways:about               GET         y y y y y y y
pathways:attributes_csv      GET         y y y y y y y
pathways:attributes_json     GET         y y y y y y y
pathways:drafts              GET POST    - - - y y - -
pathways:draft_from_file     POST        - - - y - - -
pathways:draft               GET         - - - y y - -
pathways:draft_file          GET         - - - y y - -
pathways:draft_part          GET         - - - y y - -
pathways:draft_entry_new     GET POST    - - - y y - -
pathways:draft_entry         GET POST    - - - y y - -
pathways:draft_entry_retire  POST        - - - y - - -
pathways:draft_live          POST        - - - y y - -
pathways:draft_try           GET         - - - y y - -
pathways:draft_patients      GET         - - - y y - -
pathways:draft_patient_new   GET POST    - - - y y - -
pathways:draft_patient       GET POST    - - - y y - -
pathways:draft_cases         GET POST    - - - y y - -
pathways:draft_changes       GET         - - - y y - -
pathways:draft_reason        POST        - - - y - - -
pathways:draft_checks        GET         - - - y y - -
pathways:draft_acknowledge   POST        - - - y y - -
pathways:draft_effect        GET         - - - y y - -
pathways:draft_effect_start  POST        - - - y y - -
pathways:draft_effect_acknowledge POST   - - - - y - -
pathways:draft_effect_rows   GET         - - - y y - -
pathways:draft_effect_file   GET         - - - y y - -
pathways:draft_gate          GET         - - - y y - -
pathways:draft_history       GET         - - - y y - -
pathways:draft_undo          POST        - - - y - - -
pathways:draft_review        GET         - - - y y - -
pathways:draft_step          POST        - - - y y - -
pathways:draft_comment       POST        - - - y y - -
pathways:draft_update        GET POST    - - - y - - -
pathways:api_assess          POST        y y y y y - -
"""

# Which places of `places.py` each letter reaches.
REACH: dict[str, frozenset[str]] = {
    "-": frozenset(),
    "T": frozenset({"own"}),
    "R": frozenset({"own"}),
    "O": frozenset({"own"}),
    "D": frozenset({"demo"}),
    "I": frozenset({"own", "other_team", "demo"}),
    "G": frozenset({"own", "other_team", "demo", "other_institution"}),
    "N": frozenset(),
}

# Whose patients a role may see anywhere at all: no answer to it may hold a name of any other place.
SEES: dict[Role, frozenset[str]] = {
    Role.VIEWER: frozenset({"own"}),
    Role.CLINICIAN: frozenset({"own"}),
    Role.COORDINATOR: frozenset({"own"}),
    Role.EDITOR: frozenset({"demo"}),
    Role.APPROVER: frozenset({"demo"}),
    Role.AUDITOR: frozenset(),
    Role.ADMINISTRATOR: frozenset(),
}


@dataclass(frozen=True)
class Row:
    """The expectation for one address."""

    name: str
    methods: frozenset[str]
    letters: dict[Role, str]

    @property
    def is_public(self) -> bool:
        return set(self.letters.values()) == {"p"}

    def allows(self, role: Role | None, place: str) -> bool:
        """Whether a person of this role (None: of no role) gets through, to the things of that place."""
        letter = "-" if role is None else self.letters[role]
        return letter in "py" if letter in "py-" else place in REACH[letter]


def expected() -> dict[str, Row]:
    """The table by name of address."""
    rows = {}
    for line in TABLE.strip().splitlines():
        if line.strip():
            name, *rest = line.split()
            letters, methods = rest[-len(HUMAN_ROLES) :], set(rest[: -len(HUMAN_ROLES)])
            allowed = methods | ({"HEAD"} if "GET" in methods else set())
            rows[name] = Row(name, frozenset(allowed), dict(zip(HUMAN_ROLES, letters, strict=True)))
    return rows
