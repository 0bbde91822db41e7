"""`POST /api/v1/assess/`: the same object as on the command line, for programs and for signed-in sessions."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from netcare.audit.models import AuditEvent
from tests.cast import Cast, gather, signed_in
from tests.faults import break_comparisons

pytestmark = pytest.mark.usefixtures("published")
URL = "/api/v1/assess/"
NO_SUCH_FEATURE = (
    "x: there is no such feature, so 1 is not read; accepted are the 52 features of the data dictionary, "
    "from age_years to planned_procedure."
)


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


def post(client: Client, body: str | bytes, **headers: str) -> Any:
    return client.post(URL, body, content_type="application/json", headers=headers)


def ask(cast: Cast, body: str | bytes) -> Any:
    """Ask as the institution's API client."""
    return post(Client(enforce_csrf_checks=True), body, Authorization=f"Bearer {cast.token}")


def test_the_answer_has_the_bytes_of_the_command_line(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = '{"id": "p", "features": {"primary_site": "small_bowel", "ki67_percent": 2.50}}'
    (tmp_path / "in.json").write_text(body)
    with pytest.raises(SystemExit):
        call_command("assess", str(tmp_path / "in.json"))
    answer = ask(cast, body)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.content.decode() + "\n" == capsys.readouterr().out


def test_bad_features_are_a_problem_with_the_sentences_per_feature(cast: Cast) -> None:
    answer = ask(cast, '{"id": "p", "features": {"krenning_score": 7, "grade": "G4", "ecog": 1}}')
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json() == {
        "title": "The features are not accepted.",
        "status": 400,
        "id": "p",
        "errors": {
            "krenning_score": ["krenning_score: 7 is outside the range; accepted is a whole number from 0 to 4."],
            "grade": ['grade: "G4" is not accepted; accepted is one of G1, G2 or G3.'],
        },
    }


def test_a_list_is_answered_with_a_list_of_assessments_and_problems(cast: Cast) -> None:
    answer = ask(cast, '[{"id": "a", "features": {}}, {"id": "b", "features": {"x": 1}}]')
    first, second = answer.json()
    assert answer.status_code == 200
    assert (first["id"], first["complete"]) == ("a", True)
    assert (second["status"], second["errors"]) == (400, {"x": [NO_SUCH_FEATURE]})


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("{", "The text is not JSON: Expecting property name enclosed in double quotes at line 1, column 2."),
        (b"\xff", "The text is not UTF-8: byte 1 cannot be read."),
        (b" " * 8_000_001, "The text is longer than 8 MB; send it in parts."),
        ('{"id": "\\ud800", "features": {}}', "The features are not accepted."),
        ('{"id": "x", "features": {"egfr_ml_min": 1e9999999999999999999999}}', "The features are not accepted."),
        ("[" + "{}," * 1000 + "{}]", "The list has 1001 objects; accepted are at most 1000 in one request."),
    ],
    ids=["half an object", "not UTF-8", "too long", "half a character", "no machine's number", "too many"],
)
def test_what_cannot_be_read_is_a_problem_that_says_why(cast: Cast, body: str | bytes, title: str) -> None:
    answer = ask(cast, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["title"] == title


def test_an_incomplete_assessment_is_http_500_with_the_same_body(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    break_comparisons(monkeypatch, "main_duct_distance_mm")
    answer = ask(cast, '{"id": "p", "features": {"main_duct_distance_mm": 2}}')
    assert (answer.status_code, answer.json()["complete"]) == (500, False)


def test_another_method_or_content_type_is_a_problem(cast: Cast) -> None:
    client = Client(headers={"Authorization": f"Bearer {cast.token}"})
    got = client.get(URL)
    assert (got.status_code, got["Content-Type"]) == (405, "application/problem+json")
    assert set(got["Allow"].split(", ")) == {"OPTIONS", "POST"}
    typed = client.post(URL, {"a": "b"})
    assert (typed.status_code, typed["Content-Type"]) == (415, "application/problem+json")


def test_without_token_and_session_it_is_401_as_a_problem(cast: Cast) -> None:
    answer = post(Client(enforce_csrf_checks=True), '{"id": "p", "features": {}}')
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_wrong_token_is_401_even_with_a_good_session(cast: Cast) -> None:
    answer = post(signed_in(cast.clara), '{"id": "p", "features": {}}', Authorization="Bearer wrong")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_session_needs_the_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.clara)
    body = '{"id": "p", "features": {}}'
    refused = post(client, body)
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    client.cookies["csrftoken"] = "a" * 32
    assert post(client, body, **{"X-CSRFToken": "a" * 32}).status_code == 200


def test_a_role_without_the_right_is_403_with_the_sentence(cast: Cast) -> None:
    answer = post(signed_in(cast.audra), '{"id": "p", "features": {}}')
    assert answer.status_code == 403
    assert "may not assess features that are sent along" in answer.json()["title"]


def test_each_request_leaves_an_audit_row_without_features(cast: Cast) -> None:
    ask(cast, '[{"id": "secret-name", "features": {"ecog": 3}}, {"id": "b", "features": {"x": 1}}]')
    event = AuditEvent.objects.get(action="api.assess")
    assert (event.detail["objects"], event.detail["refused"]) == (2, 1)
    assert "secret-name" not in json.dumps(event.detail)
