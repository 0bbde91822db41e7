"""`POST /api/v1/assess/`: the machine door over HTTP, for API clients and signed-in sessions.

What it refuses to do: touch the record; features come with the request and nothing of it is kept but the audit row.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.decorators import api_view, authentication_classes, parser_classes, permission_classes
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from netcare.access import Capability, actor_of, policy
from netcare.audit import record
from pathways.doors import MOST_BYTES, Answer, NotReadable, Refusal, decoded, handle, read
from pathways.engine import canonical_json
from pathways.selectors import NoRulesetInForce, ruleset_in_force

JSON, PROBLEM = "application/json", "application/problem+json"
MOST_OBJECTS = 1000


class ExactJsonParser(BaseParser):
    """JSON whose numbers stay decimals and whose duplicate keys are noticed."""

    media_type = JSON

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return read(decoded(stream.read(MOST_BYTES + 1), most=MOST_BYTES))


@policy(Capability.API_ASSESS)
@api_view(["POST"])
@authentication_classes([])  # who acts is decided by netcare.access, for pages and programs alike
@permission_classes([])
@parser_classes([ExactJsonParser])
def assess(request: Request) -> HttpResponse:
    """One object or a list of them; a list is answered with a list, each element an assessment or a problem."""
    try:
        found = request.data
        in_force = ruleset_in_force()
    except NotReadable as error:
        return _problem(400, str(error))
    except NoRulesetInForce as error:
        return _problem(503, str(error))
    items = found if isinstance(found, list) else [found]
    if len(items) > MOST_OBJECTS:
        return _problem(400, f"The list has {len(items)} objects; accepted are at most {MOST_OBJECTS} in one request.")
    outcomes = [
        handle(item, in_force.ruleset, f"object {number}", in_force.overlay) for number, item in enumerate(items, 1)
    ]
    _leave_audit_row(request._request, outcomes, in_force.version.digest)
    return _answer_list(outcomes) if isinstance(found, list) else _answer_one(outcomes[0])


# A session is protected against forged requests like every page; with a token there is no session to misuse.
assess.csrf_exempt = False  # type: ignore[attr-defined]


def answer_exception(error: Exception, context: Any) -> HttpResponse | None:
    """What the framework itself refuses (method, content type), as an RFC 9457 problem."""
    if not isinstance(error, APIException):
        return None
    return _problem(error.status_code, str(error.detail))


def _answer_one(outcome: Answer | Refusal) -> HttpResponse:
    if isinstance(outcome, Refusal):
        return HttpResponse(canonical_json(outcome.problem()), status=400, content_type=PROBLEM)
    return HttpResponse(outcome.text(), status=200 if outcome.complete else 500, content_type=JSON)


def _answer_list(outcomes: list[Answer | Refusal]) -> HttpResponse:
    incomplete = any(isinstance(outcome, Answer) and not outcome.complete for outcome in outcomes)
    data = [outcome.data() if isinstance(outcome, Answer) else outcome.problem() for outcome in outcomes]
    return HttpResponse(canonical_json(data), status=500 if incomplete else 200, content_type=JSON)


def _problem(status: int, sentence: str) -> HttpResponse:
    data = {"title": sentence, "status": status, "errors": {}}
    return HttpResponse(canonical_json(data), status=status, content_type=PROBLEM)


def _leave_audit_row(request: HttpRequest, outcomes: list[Answer | Refusal], digest: str) -> None:
    refused = sum(isinstance(outcome, Refusal) for outcome in outcomes)
    record(
        actor=actor_of(request),
        action="api.assess",
        detail={"objects": len(outcomes), "refused": refused, "ruleset": digest},
        request=request,
    )
