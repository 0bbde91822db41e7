"""The choice between light, dark and automatic appearance: one POST that sets one cookie and goes back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from netcare.access import public
from pathways.context import THEME_COOKIE, THEMES

_ONE_YEAR = 365 * 24 * 60 * 60


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps the choice for a year; an unknown choice changes nothing."""
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(target if safe else "/")
    chosen = request.POST.get("theme", "")
    if chosen in dict(THEMES):
        response.set_cookie(THEME_COOKIE, chosen, max_age=_ONE_YEAR, samesite="Lax", secure=request.is_secure())
    return response
