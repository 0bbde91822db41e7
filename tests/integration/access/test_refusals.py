"""What a refusal looks like, that it is recorded, and that without a record nothing is shown or saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from netcare.access import Capability, NotAllowed, Role, RoleGrant, policy, policy_of, refuse
from netcare.access.actions import create_api_client
from netcare.access.refusals import UNAVAILABLE
from netcare.audit.models import AuditEvent
from tests.cast import PASSWORD, SYSTEM, Cast, acting, gather, signed_in


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("reached")


@policy(Capability.API_ASSESS)
def api(request: HttpRequest) -> HttpResponse:
    return HttpResponse("reached")


@policy(Capability.PATHWAY_READ)
def refused_inside(request: HttpRequest) -> HttpResponse:
    raise refuse("Not on a Sunday.")


urlpatterns = [
    path("undeclared/", undeclared),
    path("api/undeclared/", undeclared),
    path("api/try/", api),
    path("inside/", refused_inside),
    path("", include("netcare.urls")),
]
here = override_settings(ROOT_URLCONF=__name__)


@contextmanager
def audit_fails() -> Iterator[None]:
    """The database takes no audit row any more, as when its disk is full. Only where tests commit."""
    refuse_rows = {
        "sqlite": "CREATE TRIGGER audit_full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END",
        "postgresql": "ALTER TABLE audit_event ADD CONSTRAINT audit_full CHECK (false) NOT VALID",
    }
    take_again = {
        "sqlite": "DROP TRIGGER audit_full",
        "postgresql": "ALTER TABLE audit_event DROP CONSTRAINT audit_full",
    }
    with connection.cursor() as cursor:
        cursor.execute(refuse_rows[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(take_again[connection.vendor])


@here
@pytest.mark.parametrize("address", ["/undeclared/", "/api/undeclared/"])
def test_a_view_without_a_policy_is_refused_to_everybody(cast: Cast, address: str) -> None:
    for client in (Client(), *(signed_in(user) for user in cast.by_role().values())):
        answer = client.get(address)
        assert answer.status_code in (401, 403)
        assert b"reached" not in answer.content
    sentence = "No policy is declared for this address, so it is refused to everybody."
    assert AuditEvent.objects.newest_first()[0].detail == {"sentence": sentence}


def test_a_denial_is_a_sentence_on_the_page_and_a_row_in_the_record(cast: Cast) -> None:
    answer = signed_in(cast.clara).get("/people/")
    sentence = (
        "Your role (clinician) may not see people, roles, teams and API clients. This is for: auditor, administrator."
    )
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    row = AuditEvent.objects.newest_first()[0]
    assert (row.actor_name, row.action, row.outcome, row.subject) == (
        "Clara", "access.denied", "denied", "people_read",
    )  # fmt: skip
    assert row.detail == {"sentence": sentence}
    assert row.url_name == "access:people"
    assert row.request_id


def test_page_action_and_template_give_the_same_sentence(cast: Cast) -> None:
    from django.template import Context, Template

    clara = acting(cast.clara)
    sentence = clara.may(Capability.PEOPLE_MANAGE).sentence
    shown = Template("{% load access %}{{ actor|denial:'PEOPLE_MANAGE' }}").render(Context({"actor": clara}))
    assert shown == sentence
    with pytest.raises(NotAllowed) as refused:
        create_api_client(institution=cast.northside, name="x", purpose="x", scopes=[Capability.ASSESS], by=clara)
    assert refused.value.decision.sentence == clara.may(Capability.API_CLIENTS_MANAGE).sentence


def test_nobody_is_sent_to_the_sign_in_page(cast: Cast) -> None:
    assert Client().get("/people/")["Location"] == "/sign-in/?next=%2Fpeople%2F"
    assert Client().post("/people/new/")["Location"] == "/sign-in/"
    fragment = Client().get("/people/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (401, "/sign-in/")
    assert AuditEvent.objects.filter(action="access.denied", actor_kind="anonymous").count() == 3


@here
def test_the_api_answers_with_problems(cast: Cast) -> None:
    answer = Client().post("/api/try/", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "title": "Send the token of an API client that is in force: 'Authorization: Bearer <token>'.",
        "status": 401,
    }


@here
def test_a_wrong_token_does_not_fall_back_to_the_session(cast: Cast) -> None:
    client = signed_in(cast.clara)
    assert client.post("/api/try/").status_code == 200
    assert client.post("/api/try/", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.post("/api/try/", headers={"Authorization": "Basic Y2xhcmE6eA=="}).status_code == 401


@here
def test_a_session_needs_the_csrf_token_on_the_api_and_a_program_does_not(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.clara)
    assert browser.post("/api/try/").status_code == 403
    assert AuditEvent.objects.newest_first()[0].action == "access.denied"
    program = Client(enforce_csrf_checks=True)
    assert program.post("/api/try/", headers={"Authorization": f"Bearer {cast.token}"}).status_code == 200


@here
def test_a_program_may_only_what_its_scopes_name(cast: Cast) -> None:
    _, token = create_api_client(
        institution=cast.northside, name="Reader", purpose="x", scopes=[Capability.PATHWAY_READ], by=SYSTEM
    )
    answer = Client().post("/api/try/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
    assert answer.json()["title"] == (
        "The API client Reader may not assess features that are sent along, without a patient: "
        "'api_assess' is not among its scopes."
    )


def test_a_token_opens_no_page(cast: Cast) -> None:
    answer = Client().get("/account/", headers={"Authorization": f"Bearer {cast.token}"})
    assert answer["Location"].startswith("/sign-in/")


@here
def test_a_refusal_from_inside_a_view_is_answered_and_recorded_alike(cast: Cast) -> None:
    answer = signed_in(cast.clara).get("/inside/")
    assert answer.status_code == 403
    assert "Not on a Sunday." in answer.content.decode()
    assert AuditEvent.objects.newest_first()[0].detail == {"sentence": "Not on a Sunday."}


@pytest.mark.django_db(transaction=True)
def test_without_an_audit_row_nothing_is_saved() -> None:
    cast = gather()
    client = signed_in(cast.ada)
    with audit_fails():
        answer = client.post(f"/people/{cast.nora.id}/roles/", {"role": "viewer"})
    assert answer.status_code == 503
    assert UNAVAILABLE in answer.content.decode()
    assert not RoleGrant.objects.filter(user=cast.nora, role=Role.VIEWER).exists()


@pytest.mark.django_db(transaction=True)
def test_without_an_audit_row_nobody_is_signed_in_and_no_denial_is_answered() -> None:
    cast = gather()
    client = Client()
    with audit_fails():
        assert client.post("/sign-in/", {"username": "clara", "password": PASSWORD}).status_code == 503
        assert signed_in(cast.clara).get("/people/").status_code == 503
    assert client.get("/account/").status_code == 302


def test_pages_of_a_signed_in_person_are_kept_in_no_cache(cast: Cast) -> None:
    assert "no-store" in signed_in(cast.clara).get("/account/")["Cache-Control"]


def test_a_misspelt_capability_in_a_template_is_an_error_and_not_a_no(cast: Cast) -> None:
    from django.template import Context, Template

    from netcare.access.context import May, UnknownCapability

    context = Context({"actor": acting(cast.clara), "may": May(acting(cast.clara))})
    assert Template("{% if may.patient_write %}yes{% endif %}").render(context) == "yes"
    with pytest.raises(UnknownCapability, match="There is no capability 'patient_wirte'. Accepted are: patient_list"):
        Template("{% if may.patient_wirte %}yes{% endif %}").render(context)


def test_the_declared_policy_can_be_read_from_the_view() -> None:
    declared = policy_of(api)
    assert declared is not None
    assert declared.any_of == (Capability.API_ASSESS,)
    assert policy_of(undeclared) is None
