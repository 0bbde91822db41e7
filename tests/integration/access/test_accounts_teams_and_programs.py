"""Accounts, care teams and API clients: each action, its refusals and its audit row."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from netcare.access import ApiClient, Capability, Institution, NotAllowed, Role, TeamMembership, User
from netcare.access.actions import (
    ChangeRefused,
    add_to_team,
    create_api_client,
    create_institution,
    create_team,
    create_user,
    disable_user,
    enable_user,
    end_membership,
    revoke_api_client,
    set_password,
)
from netcare.access.actors import token_digest
from netcare.audit.models import AuditEvent
from tests.cast import PASSWORD, SYSTEM, Cast, acting


def test_a_new_person_has_no_role_and_may_nothing(cast: Cast) -> None:
    user = create_user(
        institution=cast.northside, username=" Mara.Lind ", display_name="Dr  Mara Lind", password=PASSWORD,
        by=acting(cast.ada),
    )  # fmt: skip
    assert (user.username, user.display_name) == ("mara.lind", "Dr Mara Lind")
    assert not any(acting(user).may(capability).allowed for capability in Capability)
    assert acting(user).may(Capability.PATHWAY_READ).sentence == (
        "You have no role yet, so you may not read the pathway. An administrator gives one."
    )


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"username": "CLARA"}, "username", "The user name 'clara' is taken. Choose another."),
        (
            {"username": "a b"},
            "username",
            "'a b' cannot be a user name. Accepted are 2 to 150 letters a–z, digits and . _ @ + -, "
            "beginning with a letter or digit.",
        ),
        ({"display_name": "  "}, "display_name", "The name is empty. Write at least one character."),
        (
            {"password": "short"},
            "password",
            "This password is too short. It must contain at least 12 characters.",
        ),
    ],
)
def test_a_person_that_cannot_be_is_refused_beside_the_field(
    cast: Cast, changed: dict[str, str], field: str, sentence: str
) -> None:
    typed = {"username": "mara", "display_name": "Mara", "password": PASSWORD} | changed
    with pytest.raises(ChangeRefused) as refused:
        create_user(institution=cast.northside, by=acting(cast.ada), **typed)
    assert (refused.value.field, refused.value.sentence) == (field, sentence)


def test_the_database_keeps_user_names_apart_whatever_the_case(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(institution=cast.northside, username="CLARA", display_name="Another")


def test_a_disabled_account_may_nothing_until_it_is_enabled_again(cast: Cast) -> None:
    disable_user(user=cast.clara, by=acting(cast.ada))
    assert not acting(cast.clara).is_signed_in
    enable_user(user=cast.clara, by=acting(cast.ada))
    assert acting(cast.clara).may(Capability.PATIENT_WRITE).allowed


def test_nobody_disables_their_own_account(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Nobody disables their own account"):
        disable_user(user=cast.ada, by=acting(cast.ada))


def test_a_person_changes_the_own_password_and_an_administrator_another_s(cast: Cast) -> None:
    set_password(user=cast.clara, password="violet-harbour-91-kite", by=acting(cast.clara))
    set_password(user=cast.theo, password="violet-harbour-92-kite", by=acting(cast.ada))
    with pytest.raises(NotAllowed):
        set_password(user=cast.theo, password="violet-harbour-93-kite", by=acting(cast.clara))
    cast.theo.refresh_from_db()
    assert cast.theo.check_password("violet-harbour-92-kite")


def test_a_coordinator_assigns_a_colleague_but_not_herself(cast: Cast) -> None:
    add_to_team(team=cast.thorax, user=cast.clara, by=acting(cast.cora))
    assert acting(cast.clara).team_ids == {cast.abdomen.id, cast.thorax.id}
    with pytest.raises(NotAllowed) as refused:
        add_to_team(team=cast.thorax, user=cast.cora, by=acting(cast.cora))
    assert refused.value.decision.sentence == "Nobody puts themselves into a care team. Ask a colleague who may."


def test_the_database_refuses_that_somebody_assigns_himself(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamMembership.objects.create(team=cast.thorax, user=cast.cora, added_by=cast.cora)


def test_a_team_takes_people_of_its_own_institution_only(cast: Cast) -> None:
    with pytest.raises(ChangeRefused) as refused:
        add_to_team(team=cast.thorax, user=cast.silas, by=acting(cast.cora))
    assert refused.value.sentence == "Only people of Northside Hospital can belong to the team Thorax."
    with pytest.raises(NotAllowed):
        add_to_team(team=cast.south_team, user=cast.silas, by=acting(cast.cora))


def test_an_ended_membership_is_gone_at_once_and_stays_in_the_history(cast: Cast) -> None:
    end_membership(team=cast.abdomen, user=cast.clara, by=acting(cast.cora))
    assert acting(cast.clara).team_ids == frozenset()
    assert TeamMembership.objects.get(team=cast.abdomen, user=cast.clara).ended_by == cast.cora


def test_a_team_s_name_is_taken_once_per_institution(cast: Cast) -> None:
    with pytest.raises(ChangeRefused, match="already has a team named 'thorax'"):
        create_team(institution=cast.northside, name="thorax", by=acting(cast.ada))
    assert create_team(institution=cast.southside, name="Thorax", by=SYSTEM).name == "Thorax"


def test_an_institution_is_made_from_the_command_line_only(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        create_institution(name="Mine", time_zone="UTC", by=acting(cast.ada))
    with pytest.raises(ChangeRefused, match="'Berlin' is not a time zone"):
        create_institution(name="Another", time_zone="Berlin", by=SYSTEM)


def test_the_token_is_given_once_and_only_its_digest_is_kept(cast: Cast) -> None:
    client, token = create_api_client(
        institution=cast.northside, name="Lab", purpose="assesses", scopes=[Capability.API_ASSESS], by=acting(cast.ada)
    )
    assert client.token_digest == token_digest(token)
    kept = [str(value) for row in ApiClient.objects.values_list() for value in row]
    audited = [str(value) for row in AuditEvent.objects.values_list() for value in row]
    assert not any(token in value for value in [*kept, *audited])
    revoke_api_client(client=client, by=acting(cast.ada))
    assert client.revoked_by == cast.ada


@pytest.mark.parametrize(
    ("scopes", "sentence"),
    [
        ([], "No scope is listed. Choose at least one."),
        (
            [Capability.PEOPLE_MANAGE],
            "An API client cannot have the scope 'people_manage'. Accepted are: patient_list, patient_read, "
            "patient_register, patient_write, assess, explain, pathway_read, api_assess.",
        ),
    ],
)
def test_an_api_client_gets_only_scopes_that_the_matrix_knows(
    cast: Cast, scopes: list[Capability], sentence: str
) -> None:
    with pytest.raises(ChangeRefused) as refused:
        create_api_client(institution=cast.northside, name="Lab", purpose="x", scopes=scopes, by=acting(cast.ada))
    assert refused.value.sentence == sentence


def test_the_first_administrator_comes_from_the_command_line(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETCARE_ADMINISTRATOR_PASSWORD", PASSWORD)
    said = StringIO()
    arguments = ["--institution", "Northside", "--time-zone", "Europe/Berlin", "--username", "root", "--name", "Ada"]
    call_command("create_administrator", *arguments, stdout=said)
    user = User.objects.get(username="root")
    assert acting(user).roles == {Role.ADMINISTRATOR}
    assert said.getvalue() == "Ada (root) is administrator of Northside.\n"
    assert Client().login(username="root", password=PASSWORD)
    with pytest.raises(CommandError, match="The user name 'root' is taken"):
        call_command("create_administrator", *arguments)
    assert Institution.objects.count() == 1
