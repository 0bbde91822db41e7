"""The pages on which people, roles, teams and programs are managed, clicked through as an administrator would."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from netcare.access import ApiClient, Capability, Role, RoleGrant, Team, User
from netcare.access.actors import token_digest
from tests.cast import PASSWORD, SYSTEM, Cast, acting, person, signed_in


@pytest.fixture
def ada(cast: Cast) -> Client:
    return signed_in(cast.ada)


def text_of(client: Client, address: str, data: dict[str, object] | None = None) -> str:
    """The page after the request and its redirects, tags left out and blanks joined."""
    answer = client.get(address) if data is None else client.post(address, data, follow=True)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_list_shows_the_institution_s_people_and_nobody_else(ada: Client) -> None:
    page = text_of(ada, "/people/")
    assert "Clara" in page
    assert "Silas" not in page


def test_people_are_found_by_name_role_and_state(ada: Client, cast: Cast) -> None:
    assert "2 people found" in text_of(ada, "/people/?role=clinician")
    assert "1 person found" in text_of(ada, "/people/?text=CLAR&role=clinician&state=active")
    assert "Nobody fits this search" in text_of(ada, "/people/?text=clara&state=disabled")


def test_a_nul_in_the_address_is_nothing(ada: Client) -> None:
    assert "1 person found" in text_of(ada, "/people/?text=cla%00ra&role=clinician")


def test_the_list_takes_as_many_queries_for_fifty_people_as_for_ten(ada: Client, cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ada.get("/people/")
        return len(captured)

    queries()
    few = queries()
    for number in range(35):
        person(cast.northside, f"Person{number}", Role.VIEWER, teams=(cast.thorax,))
    assert queries() == few


def test_a_new_person_gets_a_role_and_a_team(ada: Client, cast: Cast) -> None:
    typed = {"display_name": "Dr Mara Lind", "username": "mara", "password": PASSWORD}
    assert "Dr Mara Lind has an account. Give a role and a team now." in text_of(ada, "/people/new/", typed)
    mara = User.objects.get(username="mara")
    page = text_of(ada, f"/people/{mara.id}/roles/", {"role": "clinician"})
    assert "Dr Mara Lind is clinician from now on." in page
    assert "Dr Mara Lind is clinician, and nobody is clinician and auditor at once." in page
    page = text_of(ada, f"/people/teams/{cast.thorax.id}/", {"user": str(mara.id)})
    assert "Dr Mara Lind belongs to Thorax from now on." in page
    assert acting(mara).team_ids == {cast.thorax.id}


def test_what_was_typed_stays_when_a_new_person_is_refused(ada: Client) -> None:
    answer = ada.post("/people/new/", {"display_name": "Mara", "username": "clara", "password": PASSWORD})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The user name &#x27;clara&#x27; is taken. Choose another." in page
    assert 'value="Mara"' in page


def test_an_excluded_pair_posted_all_the_same_is_refused_with_the_sentence(ada: Client, cast: Cast) -> None:
    page = text_of(ada, f"/people/{cast.clara.id}/roles/", {"role": "auditor"})
    assert "Clara is clinician, and nobody is clinician and auditor at once. End the role clinician first." in page
    assert acting(cast.clara).roles == {Role.CLINICIAN}


@pytest.mark.parametrize("role", ["api_client", "owner", "", "Clinician"])
def test_a_role_that_no_person_can_hold_is_refused(ada: Client, cast: Cast, role: str) -> None:
    page = text_of(ada, f"/people/{cast.nora.id}/roles/", {"role": role})
    assert "is not a role that a person can hold." in page
    assert not RoleGrant.objects.filter(user=cast.nora).exists()


def test_an_ended_role_stands_under_earlier_roles(ada: Client, cast: Cast) -> None:
    page = text_of(ada, f"/people/{cast.vera.id}/roles/viewer/end/", {})
    assert "Vera is no longer viewer." in page
    assert "Earlier roles: viewer, from" in page


def test_the_last_auditor_stays_and_the_page_says_why(ada: Client, cast: Cast) -> None:
    page = text_of(ada, f"/people/{cast.audra.id}/roles/auditor/end/", {})
    assert "Audra is the last auditor of Northside Hospital." in page
    assert acting(cast.audra).roles == {Role.AUDITOR}


def test_an_account_is_disabled_and_enabled(ada: Client, cast: Cast) -> None:
    assert "account disabled" in text_of(ada, f"/people/{cast.clara.id}/disable/", {})
    assert "Clara may sign in again." in text_of(ada, f"/people/{cast.clara.id}/enable/", {})


def test_a_weak_new_password_is_refused_beside_the_field(ada: Client, cast: Cast) -> None:
    page = text_of(ada, f"/people/{cast.clara.id}/password/", {"password": "short"})
    assert "This password is too short." in page
    assert "every session of the account has ended" in text_of(
        ada, f"/people/{cast.clara.id}/password/", {"password": "violet-harbour-91-kite"}
    )


def test_a_foreign_person_team_or_program_answers_as_a_missing_one(ada: Client, cast: Cast) -> None:
    from netcare.access.actions import create_api_client

    foreign, _ = create_api_client(
        institution=cast.southside, name="Far", purpose="x", scopes=[Capability.ASSESS], by=SYSTEM
    )
    missing = uuid.uuid4()
    pairs = [
        ("get", "/people/{}/", cast.silas.id),
        ("get", "/people/teams/{}/", cast.south_team.id),
        ("post", "/people/{}/roles/", cast.silas.id),
        ("post", "/people/{}/disable/", cast.silas.id),
        ("post", "/people/{}/password/", cast.silas.id),
        ("post", "/people/api-clients/{}/revoke/", foreign.id),
    ]
    for method, address, identifier in pairs:
        there = getattr(ada, method)(address.format(identifier))
        nowhere = getattr(ada, method)(address.format(missing))
        assert (there.status_code, there.content) == (404, nowhere.content), address
        assert dict(there.items()) == dict(nowhere.items()), address
    assert ApiClient.objects.get(pk=foreign.pk).revoked_at is None


def test_a_foreign_person_cannot_be_chosen_for_a_team(ada: Client, cast: Cast) -> None:
    page = text_of(ada, f"/people/teams/{cast.thorax.id}/", {"user": str(cast.silas.id)})
    assert "Select a valid choice." in page
    assert "Silas" not in page


def test_a_team_is_made_and_left(ada: Client, cast: Cast) -> None:
    assert "Nobody belongs to this team yet" in text_of(ada, "/people/teams/new/", {"name": "Endocrine"})
    assert "already has a team named" in text_of(ada, "/people/teams/new/", {"name": "endocrine"})
    team = Team.objects.get(name="Endocrine")
    text_of(ada, f"/people/teams/{team.id}/", {"user": str(cast.clara.id)})
    page = text_of(ada, f"/people/teams/{team.id}/members/{cast.clara.id}/end/", {})
    assert "Clara no longer belongs to Endocrine." in page


def test_a_coordinator_manages_memberships_and_sees_no_accounts(cast: Cast) -> None:
    cora = signed_in(cast.cora)
    page = text_of(cora, f"/people/teams/{cast.thorax.id}/", {"user": str(cast.clara.id)})
    assert "Clara belongs to Thorax from now on." in page
    assert cora.get("/people/").status_code == 403
    assert str(cast.cora.id) not in cora.get(f"/people/teams/{cast.thorax.id}/").content.decode()
    assert "Select a valid choice." in text_of(cora, f"/people/teams/{cast.thorax.id}/", {"user": str(cast.cora.id)})
    assert acting(cast.cora).team_ids == frozenset()


def test_an_auditor_looks_and_changes_nothing(cast: Cast) -> None:
    audra = signed_in(cast.audra)
    page = text_of(audra, f"/people/{cast.clara.id}/")
    assert "Your role (auditor) may not manage people and their roles." in page
    assert audra.post(f"/people/{cast.clara.id}/roles/", {"role": "viewer"}).status_code == 403


def test_the_token_is_on_one_page_and_never_again(ada: Client, cast: Cast) -> None:
    typed = {"name": "Lab", "purpose": "assesses", "scopes": ["api_assess", "pathway_read"]}
    page = ada.post("/people/api-clients/new/", typed)
    token = re.search(r'value="(netcare_[^"]+)"', page.content.decode())
    assert token is not None
    assert "no-store" in page["Cache-Control"]
    client = ApiClient.objects.get(name="Lab")
    assert client.token_digest == token_digest(token[1])
    listed = ada.get("/people/api-clients/").content.decode()
    assert token[1] not in listed
    assert f"ends in {token[1][-4:]}" in listed
    assert "The token of Lab opens nothing any more." in text_of(ada, f"/people/api-clients/{client.id}/revoke/", {})


def test_an_api_client_needs_a_scope_that_the_form_offers(ada: Client) -> None:
    for scopes in ([], ["people_manage"]):
        page = text_of(ada, "/people/api-clients/new/", {"name": "Lab", "purpose": "x", "scopes": scopes})
        assert "Nothing was saved yet." in page
    assert not ApiClient.objects.filter(name="Lab").exists()


def test_fields_that_no_form_names_are_not_set(ada: Client, cast: Cast) -> None:
    extra = {"institution": str(cast.southside.id), "is_active": "", "roles": "administrator", "id": str(uuid.uuid4())}
    ada.post("/people/new/", {"display_name": "Mara", "username": "mara", "password": PASSWORD} | extra)
    mara = User.objects.get(username="mara")
    assert (mara.institution, mara.is_active) == (cast.northside, True)
    assert not RoleGrant.objects.filter(user=mara).exists()
