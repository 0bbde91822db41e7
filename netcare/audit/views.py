"""The audit page: who did, read or was refused what. Reading the record is itself recorded."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from netcare.access import Capability, actor_of, policy
from netcare.audit import record
from netcare.audit.forms import AuditFilter
from netcare.audit.selectors import event_row, filtered, visible_events

PER_PAGE = 50


@require_safe
@policy(Capability.AUDIT_READ, Capability.AUDIT_OWN, Capability.AUDIT_PATHWAY)
def audit_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    zone = ZoneInfo(actor.home.time_zone)
    form = AuditFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    events = filtered(visible_events(actor), asked, zone) if form.is_valid() else visible_events(actor).none()
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    rows = [event_row(event, zone) for event in page]
    record(actor=actor, action="audit.read", request=request)
    reads_all = actor.may(Capability.AUDIT_READ).allowed
    return render(request, "audit/list.html", {"page": page, "rows": rows, "form": form, "reads_all": reads_all})
