"""Signing in and out, the pause after wrong passwords, sessions that end, and rights that end with the next request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from netcare.access import Role
from netcare.access.actions import disable_user, end_role, revoke_api_client, set_password
from netcare.access.forms import WRONG
from netcare.access.models import ApiClient, SignInAttempts
from netcare.audit.models import AuditEvent
from tests.cast import PASSWORD, SYSTEM, Cast, signed_in

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def try_to_sign_in(client: Client, username: str, password: str, **extra: str) -> str:
    """The page after the try, or "in" when it led to another one."""
    response = client.post("/sign-in/", {"username": username, "password": password}, **extra)  # type: ignore[arg-type]
    return "in" if response.status_code == 302 else response.content.decode()


def test_a_person_signs_in_in_any_case_of_the_user_name_and_gets_a_new_session_key(cast: Cast) -> None:
    client = Client()
    client.get("/sign-in/")
    client.session["before"] = True
    session = client.session
    session.save()
    key = session.session_key
    assert try_to_sign_in(client, "CLARA", PASSWORD) == "in"
    assert client.session.session_key != key
    row = AuditEvent.objects.newest_first()[0]
    assert (row.actor_name, row.action, row.outcome, row.url_name) == (
        "Clara", "session.sign_in", "allowed", "access:sign_in",
    )  # fmt: skip


def test_signing_in_leads_to_the_page_that_was_asked_for_on_this_host_only(cast: Cast) -> None:
    asked = Client().get("/people/?role=editor")
    assert asked.status_code == 302
    assert asked["Location"] == "/sign-in/?next=%2Fpeople%2F%3Frole%3Deditor"
    typed = {"username": "ada", "password": PASSWORD}
    assert Client().post("/sign-in/", typed | {"next": "/people/"})["Location"] == "/people/"
    assert Client().post("/sign-in/", typed | {"next": "https://elsewhere.example/"})["Location"] == "/"


def test_a_wrong_password_an_unknown_name_and_a_disabled_account_read_the_same(cast: Cast) -> None:
    disable_user(user=cast.theo, by=SYSTEM)
    for username, password in (("clara", "wrong"), ("nobody", PASSWORD), ("theo", PASSWORD)):
        assert WRONG in try_to_sign_in(Client(), username, password)
    rows = AuditEvent.objects.newest_first()[:3]
    assert [(row.outcome, row.subject) for row in rows] == [
        ("denied", "Theo"),
        ("denied", "unknown user name"),
        ("denied", "Clara"),
    ]


def test_what_was_typed_as_an_unknown_user_name_is_kept_nowhere(cast: Cast) -> None:
    try_to_sign_in(Client(), "my-secret-password-by-mistake", "clara")
    audited = [str(value) for row in AuditEvent.objects.values_list() for value in row]
    assert not any("my-secret-password" in value for value in audited)


def test_five_wrong_passwords_close_sign_in_for_fifteen_minutes(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            assert WRONG in try_to_sign_in(Client(), "clara", "wrong")
        closed = "Too many tries. Sign-in from here is closed for 15 more minutes."
        assert closed in try_to_sign_in(Client(), "clara", PASSWORD)
        assert closed in try_to_sign_in(Client(), " Clara ", PASSWORD)
        assert try_to_sign_in(Client(), "clara", PASSWORD, REMOTE_ADDR="10.0.0.9") == "in"
        assert try_to_sign_in(Client(), "theo", PASSWORD) == "in"
        clock.shift(timedelta(minutes=14, seconds=59))
        assert "closed for 1 more minute." in try_to_sign_in(Client(), "clara", PASSWORD)
        clock.shift(timedelta(seconds=2))
        assert try_to_sign_in(Client(), "clara", PASSWORD) == "in"


def test_a_right_password_starts_the_count_anew(cast: Cast) -> None:
    for password in ["wrong"] * 4 + [PASSWORD] + ["wrong"] * 4 + [PASSWORD]:
        answer = try_to_sign_in(Client(), "clara", password)
        assert (answer == "in") == (password == PASSWORD)


def test_old_failures_are_forgotten_after_the_window(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(4):
            try_to_sign_in(Client(), "clara", "wrong")
        clock.shift(timedelta(minutes=16))
        try_to_sign_in(Client(), "clara", "wrong")
        assert SignInAttempts.objects.get(username="clara").failures == 1


def test_guessing_one_password_for_many_names_closes_the_address(cast: Cast) -> None:
    for number in range(50):
        try_to_sign_in(Client(), f"name{number}", "wrong")
    assert "Too many tries." in try_to_sign_in(Client(), "clara", PASSWORD)


def test_signing_out_is_by_post_and_recorded(cast: Cast) -> None:
    client = signed_in(cast.clara)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert AuditEvent.objects.newest_first()[0].action == "session.sign_out"
    assert client.get("/account/").status_code == 302


def test_a_session_ends_after_the_idle_time_and_says_so(cast: Cast, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 15
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(cast.clara)
        assert client.get("/account/").status_code == 200
        for _ in range(3):
            clock.shift(timedelta(minutes=14))
            assert client.get("/account/").status_code == 200
        clock.shift(timedelta(minutes=15))
        response = client.get("/account/", follow=True)
    assert response.redirect_chain[-1][0] == "/sign-in/?next=%2Faccount%2F"
    assert "You were signed out after 15 minutes without activity." in response.content.decode()


def test_a_session_ends_after_twelve_hours_even_when_it_is_used(cast: Cast, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 60
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(cast.clara)
        answers = []
        for _ in range(25):
            answers.append(client.get("/account/").status_code)
            clock.shift(timedelta(minutes=30))
    assert answers == [200] * 24 + [302]


def test_a_role_taken_away_counts_with_the_next_request(cast: Cast) -> None:
    client = signed_in(cast.ada)
    assert client.get("/people/").status_code == 200
    second = signed_in(cast.nora)
    assert second.get("/account/").status_code == 403
    from netcare.access.actions import grant_role

    grant_role(user=cast.nora, role=Role.ADMINISTRATOR, by=SYSTEM)
    assert second.get("/people/").status_code == 200
    end_role(user=cast.ada, role=Role.ADMINISTRATOR, by=SYSTEM)
    assert client.get("/people/").status_code == 403


def test_a_disabled_account_is_out_with_the_next_request(cast: Cast) -> None:
    client = signed_in(cast.clara)
    assert client.get("/account/").status_code == 200
    disable_user(user=cast.clara, by=SYSTEM)
    assert client.get("/account/").status_code == 302


def test_a_new_password_ends_the_other_sessions_and_keeps_one_s_own(cast: Cast) -> None:
    here, elsewhere = signed_in(cast.clara), signed_in(cast.clara)
    typed = {"current": PASSWORD, "password": "violet-harbour-91-kite"}
    assert here.post("/account/", typed).status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    set_password(user=cast.clara, password="violet-harbour-92-kite", by=SYSTEM)
    assert here.get("/account/").status_code == 302


def test_the_own_password_is_changed_only_with_the_one_so_far(cast: Cast) -> None:
    page = signed_in(cast.clara).post("/account/", {"current": "wrong", "password": "violet-harbour-91-kite"})
    assert "This is not your password so far." in page.content.decode()
    cast.clara.refresh_from_db()
    assert cast.clara.check_password(PASSWORD)


@pytest.mark.parametrize("header", ["Bearer {token}", "bearer {token}"])
def test_a_token_opens_the_api_until_it_is_revoked(cast: Cast, header: str) -> None:
    sent = {"Authorization": header.format(token=cast.token)}
    ask = {"path": "/api/v1/assess/", "data": "{}", "content_type": "application/json", "headers": sent}
    assert Client().post(**ask).status_code not in (401, 403)
    revoke_api_client(client=ApiClient.objects.get(name="Records"), by=SYSTEM)
    assert Client().post(**ask).status_code == 401
