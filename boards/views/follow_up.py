"""Follow-up: every open item over all meetings, and what became of earlier decisions, looked at in one meeting."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from boards.forms.cases import OutcomeForm
from boards.policies import meeting_or_404
from boards.presenters.decided import item_line
from boards.presenters.follow_up import follow_up_page
from boards.selectors import items_before
from boards.states import ATTENDED_IN
from boards.views.common import meeting_context, record_read
from netcare import audit
from netcare.access import Capability, actor_of, policy, today_for
from patients.selectors import visible_patients


@require_safe
@policy(Capability.BOARD_READ)
def follow_ups(request: HttpRequest) -> HttpResponse:
    """What is still to be done on whatever a board decided; `?show=` and `?q=` narrow it."""
    actor = actor_of(request)
    page = follow_up_page(actor, request.GET, today_for(actor.home))
    audit.record(
        actor=actor,
        action="board.follow_up",
        patient_ids=page.patients,
        detail={"show": page.show},
        request=request,
    )
    return render(request, "boards/follow_ups.html", {"page": page})


@require_safe
@policy(Capability.BOARD_READ)
def earlier(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """What became of earlier decisions; what is said here is kept as said in this meeting."""
    actor = actor_of(request)
    found = meeting_or_404(actor, meeting_id)
    items, today = items_before(actor, found), today_for(found.institution)
    record_read(request, "board.earlier", [item.decision.case for item in items], meeting=str(found.pk))
    looks = found.state in ATTENDED_IN
    mine = set(visible_patients(actor, Capability.BOARD_FOLLOW).values_list("pk", flat=True)) if looks else set()
    rows = [
        (
            item_line(item, item.decision, today),
            OutcomeForm(meetings=[found], seen=item.seen or 0, auto_id=f"id_{item.pk}_%s", at=found),
            item.decision.case.tumor.patient_id in mine,
        )
        for item in items
    ]
    context = meeting_context(request, found, "earlier") | {"rows": rows, "open": [one for one, *_ in rows if one.open]}
    return render(request, "boards/earlier.html", context)
