"""Gives every request an id and makes it known to `record`, so that each audit row says from where and by which page.

Refuses to write anything itself: reads are recorded by the views' policies, changes by the actions. It stands first in
MIDDLEWARE.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from netcare.audit.recording import current_request


class RequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.netcare_request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        token = current_request.set(request)
        try:
            return self.get_response(request)
        finally:
            current_request.reset(token)
