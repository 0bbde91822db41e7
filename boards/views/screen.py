"""The meeting screen: a case per view, the draft kept while it is typed, and the decision recorded."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from boards.actions.decisions import DraftElsewhere, Sending, keep_draft, record_decision, take_draft
from boards.attaching import attachment_lines
from boards.forms.cases import AddendumForm, PostponeForm
from boards.forms.decision import draft_content, said_from, typed_words
from boards.forms.joining import joined
from boards.models import Case, CaseState, DecisionDraft, Meeting
from boards.policies import case_or_404
from boards.presenters.agenda import attendance_said
from boards.presenters.around import around
from boards.presenters.drafts import differs_said, draft_lines, mark, taken_over
from boards.presenters.screen import screen as screen_of
from boards.selectors import agenda_of, drafts_of_others, live_members, planned_meetings
from boards.states import DECIDED_IN
from boards.views.decided import decision_page
from netcare.access import Actor, Capability, actor_of, today_for
from pathways.assessing import assess_tumor
from pathways.presenters.words import show_instant
from pathways.reviews.snapshots import NotReplayable, replay
from patients.actions.shared import Fault, Refused
from patients.models import Patient
from patients.policies import patient_policy


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.BOARD_DRAFT)
def screen(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """One case before the board; posting records the decision."""
    found = case_or_404(patient, case_id)
    if (instead := _instead(request, patient, found)) is not None:
        return instead
    if request.method != "POST":
        return _screen(request, found, _mine(request, found))
    actor, content = actor_of(request), draft_content(request.POST)
    taken = taken_over(content, drafts_of_others(actor, found))
    try:
        record_decision(actor=actor, case=found, said=said_from(content), now=timezone.now(), taken=taken)
    except Refused as refused:
        return _screen(request, found, content, refused)
    messages.success(request, f"The decision on {patient} is recorded.")
    return redirect("boards:decision", patient_id=patient.pk, case_id=found.pk)


@require_POST
@patient_policy(Capability.BOARD_DRAFT)
def take_over(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """Bring somebody else's draft into one's own, with what is typed in the window; theirs stays as it is."""
    actor, found = actor_of(request), case_or_404(patient, case_id)
    if (instead := _instead(request, patient, found)) is not None:
        return instead
    mine, wanted = draft_content(request.POST), _number(request, "take")
    theirs = next((one for one in drafts_of_others(actor, found) if one.pk == wanted), None)
    if theirs is None:
        gone = Refused([Fault("", "This draft is not there any more. What you typed is still here.")])
        return _screen(request, found, mine, gone)
    return _take(request, found, mine, theirs)


def _take(request: HttpRequest, found: Case, mine: dict[str, list[str]], theirs: DecisionDraft) -> HttpResponse:
    both = joined(mine, theirs.content)
    content = both.content if both.differs else both.content | {"taken": [*mine.get("taken", []), mark(theirs)]}
    said = {"content": content, "sending": Sending(_number(request, "seen")), "now": timezone.now()}
    try:
        take_draft(actor=actor_of(request), case=found, theirs=theirs, **said)
    except DraftElsewhere as elsewhere:
        return _screen(request, found, mine, Refused([Fault("", str(elsewhere))]))
    except Refused as refused:
        return _screen(request, found, mine, refused)
    messages.success(request, f"The draft of {theirs.by.display_name} stands in yours now.")
    if differs := differs_said(found, both.differs):
        messages.warning(request, differs)
    return redirect("boards:screen", patient_id=found.tumor.patient_id, case_id=found.pk)


def _instead(request: HttpRequest, patient: Patient, found: Case) -> HttpResponse | None:
    """Where the case is not before the board, what is shown in place of the screen."""
    if found.state == CaseState.DECIDED:
        return _decided_meanwhile(request, patient, found)
    if found.meeting is None or found.meeting.state not in DECIDED_IN or found.snapshot is None:
        messages.error(request, "The meeting screen opens when the agenda is locked.")
        return redirect("boards:case", patient_id=patient.pk, case_id=found.pk)
    return None


def _decided_meanwhile(request: HttpRequest, patient: Patient, found: Case) -> HttpResponse:
    """The decision that stands; what was typed here is put before its writer as an addendum, so that it is not lost."""
    if request.method != "POST":
        return redirect("boards:decision", patient_id=patient.pk, case_id=found.pk)
    messages.error(request, "Somebody else recorded the decision meanwhile. What you typed was not recorded; it stands "
                   "under Addenda, to be added if it is still needed.")  # fmt: skip
    form = AddendumForm(initial={"text": typed_words(draft_content(request.POST))})
    return decision_page(request, patient, found, form)


@require_POST
@patient_policy(Capability.BOARD_DRAFT)
def draft(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """Keep what is typed; answers the revision and the time, or a sentence, and whether the case is decided meanwhile."""
    found = case_or_404(patient, case_id)
    sending = Sending(
        _number(request, "seen"), request.POST.get("window", "")[:40].replace("\x00", ""), _number(request, "number")
    )
    content, now = draft_content(request.POST), timezone.now()
    try:
        kept = keep_draft(actor=actor_of(request), case=found, content=content, sending=sending, now=now)
    except DraftElsewhere as elsewhere:
        return JsonResponse({"sentence": str(elsewhere)}, status=409)
    except Refused as refused:
        decided = found.state == CaseState.DECIDED
        return JsonResponse({"sentence": str(refused), "decided": decided}, status=409 if decided else 400)
    return JsonResponse({"seen": kept.revision, "kept": f"{timezone.localtime(kept.kept_at):%H:%M:%S}"})


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _mine(request: HttpRequest, found: Case) -> dict[str, list[str]]:
    kept = DecisionDraft.objects.filter(case=found, by=actor_of(request).user).first()
    return dict(kept.content) if kept else {}


def _screen(
    request: HttpRequest, found: Case, content: dict[str, list[str]], refused: Refused | None = None
) -> HttpResponse:
    actor, meeting = actor_of(request), found.meeting
    assert meeting is not None
    assert found.snapshot is not None
    errors = {fault.field: fault.sentence for fault in refused.faults if fault.field} if refused else {}
    agenda, today = agenda_of(actor, meeting), today_for(found.institution)
    try:
        shown = screen_of(found, replay(found.snapshot), agenda, content, errors)
        beside = around(found, assess_tumor(found.tumor, as_of=today), meeting, agenda)
    except NotReplayable as fault:
        messages.error(request, f"The assessment kept for this meeting cannot be given again: {fault}")
        return redirect("boards:case", patient_id=found.tumor.patient_id, case_id=found.pk)
    context = {"case": found, "meeting": meeting, "patient": found.tumor.patient, "errors": errors, "s": shown}
    context |= {"around": beside, "sentences": [fault.sentence for fault in refused.faults] if refused else []}
    context |= _controls(actor, found, meeting) | {"others": draft_lines(content, drafts_of_others(actor, found))}
    context["taken"] = content.get("taken", [])
    return render(request, "boards/screen.html", context, status=400 if refused else 200)


def _controls(actor: Actor, found: Case, meeting: Meeting) -> dict[str, Any]:
    """What stands under the case: the draft as kept, who may record, where a postponed case can go, who came."""
    kept = DecisionDraft.objects.filter(case=found, by=actor.user).first()
    others = [one for one in planned_meetings(actor, timezone.now()) if one.pk != meeting.pk]
    return {
        "seen": kept.revision if kept else 0,
        "kept": f"draft kept {show_instant(kept.kept_at)}" if kept else "",
        "may_record": actor.may(Capability.BOARD_DECIDE).allowed,
        "postpone": PostponeForm(meetings=others, seen=found.version),
        "present": attendance_said(list(live_members(meeting))),
        "attached": attachment_lines(found),
    }
