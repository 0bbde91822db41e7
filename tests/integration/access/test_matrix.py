"""The matrix itself: the page that shows it, the rules between roles, and that every word has a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcare.access import ANONYMOUS, EXCLUDED_PAIRS, HUMAN_ROLES, MATRIX, Actor, Capability, Role, Scope, system_actor
from netcare.access.roles import API_CLIENT_SCOPES, CAPABILITY_TEXTS, ROLE_TITLES, excluded_with

PAGE = Path(__file__).resolve().parents[3] / "docs" / "access.md"
WRITING = {Capability.PATIENT_REGISTER, Capability.PATIENT_WRITE, Capability.PATIENT_REFER, Capability.PEOPLE_MANAGE}


def acting_as(*roles: Role) -> Actor:
    return Actor(kind="user", name="Pia", roles=frozenset(roles))


def test_the_page_shows_the_table_cell_by_cell() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == ["capability", *(role.title for role in Role)]
    shown = {row[0]: row[1:] for row in cells[2:]}
    wanted = {
        f"{capability.what} (`{capability}`)": [MATRIX[capability].get(role, "–") for role in Role]
        for capability in Capability
    }
    assert shown == wanted


def test_every_capability_and_role_has_a_row_and_words() -> None:
    assert set(MATRIX) == set(Capability) == set(CAPABILITY_TEXTS)
    assert set(ROLE_TITLES) == set(Role)
    assert set(HUMAN_ROLES) == set(Role) - {Role.API_CLIENT}


def test_who_audits_writes_nothing_and_excludes_every_role_that_does() -> None:
    assert not any(Role.AUDITOR in MATRIX[capability] for capability in WRITING)
    writers = {role for capability in WRITING for role in MATRIX[capability]} - {Role.API_CLIENT}
    assert writers <= set(excluded_with(Role.AUDITOR))
    assert {Role.EDITOR, Role.APPROVER} <= set(excluded_with(Role.AUDITOR))


def test_who_administers_neither_audits_nor_approves_nor_sees_a_patient() -> None:
    assert set(excluded_with(Role.ADMINISTRATOR)) == {Role.AUDITOR, Role.APPROVER}
    seen = {capability for capability in Capability if Role.ADMINISTRATOR in MATRIX[capability]}
    assert not {capability for capability in seen if capability.startswith(("patient", "assess", "explain"))}


def test_pairs_exclude_both_ways() -> None:
    for one, other in EXCLUDED_PAIRS:
        assert other in excluded_with(one)
        assert one in excluded_with(other)


def test_nobody_without_a_role_may_anything() -> None:
    for capability in Capability:
        assert acting_as().scopes(capability) == frozenset()
        assert ANONYMOUS.scopes(capability) == frozenset()
        assert not ANONYMOUS.may(capability).allowed


def test_two_roles_add_up() -> None:
    both = acting_as(Role.CLINICIAN, Role.COORDINATOR)
    assert both.scopes(Capability.PATIENT_READ) == {Scope.TEAM, Scope.REFERRED}


def test_a_denial_names_the_role_and_for_whom_it_is() -> None:
    assert acting_as(Role.VIEWER).may(Capability.PATIENT_WRITE).sentence == (
        "Your role (viewer) may not record and correct patient data. This is for: clinician, board coordinator."
    )
    assert ANONYMOUS.may(Capability.PATIENT_WRITE).sentence == "Sign in to record and correct patient data."


@pytest.mark.parametrize("capability", Capability)
def test_a_program_has_what_the_matrix_and_its_own_list_both_name(capability: Capability) -> None:
    listed = Actor(kind="api_client", roles=frozenset({Role.API_CLIENT}), granted=frozenset({capability}))
    bare = Actor(kind="api_client", roles=frozenset({Role.API_CLIENT}))
    assert bool(listed.scopes(capability)) == (capability in API_CLIENT_SCOPES)
    assert not bare.scopes(capability)


def test_the_system_may_what_the_command_lists_and_nothing_else() -> None:
    command = system_actor("command", capabilities=frozenset({Capability.PEOPLE_MANAGE}))
    assert command.may(Capability.PEOPLE_MANAGE).allowed
    assert command.may(Capability.PATIENT_READ).sentence == "command may not read a patient's record."


def test_no_capability_asks_for_a_second_factor_yet() -> None:
    assert not acting_as(Role.ADMINISTRATOR).may(Capability.PEOPLE_MANAGE).step_up
