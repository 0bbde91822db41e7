"""The patient list: search by name or MRN, filter by primary site and by the status of an option, sorted, paged.

Each page that is shown leaves one audit row with every patient on it; the search text itself is not recorded.
"""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from netcare import audit
from netcare.access import Capability, actor_of, policy, today_for
from pathways.knowledge import dictionary
from pathways.presenters.for_you import for_you
from pathways.presenters.patient_list import COUNTED, option_choices, patient_rows, site_choices, status_choices
from pathways.presenters.words import STATUS_WORDS
from pathways.searching import PatientFilter, found_patients, refresh_running, tumors_for_list
from pathways.selectors import NoRulesetInForce, ruleset_in_force
from patients.models import Patient

PER_PAGE = 25
SUSPENDED = [("suspended", STATUS_WORDS["suspended"])]


@require_safe
@policy(Capability.PATIENT_LIST)
def patients(request: HttpRequest) -> HttpResponse:
    """One page of the list."""
    actor = actor_of(request)
    wanted = PatientFilter.from_query(request.GET)
    page = Paginator(found_patients(actor, wanted), PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    audit.record(
        actor=actor,
        action="patient.list",
        patient_ids=[patient.id for patient in shown],
        detail={"found": page.paginator.count, "page": page.number, "filtered": wanted.is_narrowed},
        request=request,
    )
    return render(request, "pathways/patients.html", _context(request, wanted, page, shown))


def _context(
    request: HttpRequest, wanted: PatientFilter, page: Page[Patient], shown: list[Patient]
) -> dict[str, object]:
    actor = actor_of(request)
    words = dictionary()
    try:
        in_force = ruleset_in_force()
    except NoRulesetInForce:
        in_force = None
    today = today_for(actor.institution, at=timezone.now()) if actor.institution else timezone.now().date()
    version_id = in_force.version.id if in_force else None
    overlay = in_force.overlay.number if in_force and in_force.overlay else None
    tumors = tumors_for_list(shown)
    return {
        "page": page,
        "rows": patient_rows(shown, tumors, dictionary=words, version_id=version_id, today=today, overlay=overlay),
        "wanted": wanted,
        "sites": site_choices(words, wanted.site),
        "options": option_choices(in_force.ruleset, wanted.option) if in_force else (),
        "statuses": status_choices(wanted.status),
        "refreshing": refresh_running(actor),
        "legend": [(code, STATUS_WORDS[code]) for code, _ in COUNTED] + SUSPENDED * bool(overlay),
        "nothing_published": in_force is None,
        "may_register": actor.may(Capability.PATIENT_REGISTER).allowed,
        "for_you": for_you(actor, today, in_force.ruleset if in_force else None),
    }
