"""Try a condition: build one, read its sentence, and see for whom it would be true, false or unknown. Nothing is kept.

Patients are those of the demo whom the reader may see; whoever may see none sees test patients of rules. What is sent goes
by POST, and every answer with patients in it leaves an audit row.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from netcare import audit
from netcare.access import Capability, actor_of, policy, today_for
from pathways.assessing import fresh_features
from pathways.drafting.conditions import ConditionForm, ConditionRefused
from pathways.engine import Condition, Ruleset, condition_data, did_you_mean
from pathways.presenters.condition_trial import Trial, TriedRecord, case_records, trial
from pathways.presenters.library import data_of
from pathways.presenters.rule_words import in_words
from pathways.selectors import NoRulesetInForce, ruleset_in_force
from pathways.views.browse import pathway_page
from patients.facts import facts_of_many
from patients.models import Tumor
from patients.selectors import visible_patients

MOST_PATIENTS = 60


@dataclass(frozen=True)
class _Started:
    """The rule that the condition was begun from, if any."""

    code: str = ""
    data: object = None
    sentence: str = ""
    refused: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.PATHWAY_READ)
def conditions(request: HttpRequest) -> HttpResponse:
    """The builder and the answers; for htmx the builder, with the answers out of band."""
    ruleset = _ruleset()
    started = _started(ruleset, (request.POST if request.method == "POST" else request.GET).get("rule", ""))
    try:
        form = _form(request, ruleset, started)
    except ConditionRefused as refused:
        form, started = ConditionForm.from_data(None, ruleset=ruleset, url=request.path), _Started(refused=str(refused))
    condition = form.condition()
    context = {
        "builder": form.view,
        "trial": _trial(request, condition, ruleset, started.code) if condition else None,
        "started": started,
    }
    if request.headers.get("HX-Request"):
        return render(request, "pathways/drafts/condition/_try_answer.html", context)
    page = pathway_page(request, "drafts/condition/try", "dictionary", **context)
    page.status_code = 400 if started.refused and request.method == "POST" else 200
    return page


def _ruleset() -> Ruleset:
    try:
        return ruleset_in_force().ruleset
    except NoRulesetInForce as missing:
        raise Http404(str(missing)) from missing


def _started(ruleset: Ruleset, code: str) -> _Started:
    code = code.strip().upper()[:40]
    if not code:
        return _Started()
    try:
        rule = ruleset.rule(code)
    except KeyError:
        hint = did_you_mean(code, [rule.code for rule in ruleset.rules])
        return _Started(refused=f"The version in force has no rule “{code}”.{hint}")
    return _Started(code, condition_data(rule.when), in_words(rule.when, ruleset))


def _form(request: HttpRequest, ruleset: Ruleset, started: _Started) -> ConditionForm:
    url, label = reverse("pathways:conditions"), f"{started.code} in force"
    if request.method != "POST":
        return ConditionForm.from_data(
            started.data, ruleset=ruleset, url=url, before=started.sentence, before_label=label
        )
    form = ConditionForm.from_post(request.POST, ruleset=ruleset, url=url, before=started.sentence, before_label=label)
    form.apply_verb()
    return form


def _trial(request: HttpRequest, condition: Condition, ruleset: Ruleset, rule: str) -> Trial:
    tumors = _tumors(request)
    if not tumors:
        return trial(condition, ruleset, case_records(condition, ruleset, data_of(ruleset).get("cases") or {}, rule))
    audit.record(
        actor=actor_of(request),
        action="patient.assess",
        patient_ids=list(dict.fromkeys(tumor.patient_id for tumor in tumors)),
        detail={"page": "try a condition"},
        request=request,
    )
    return trial(condition, ruleset, _records(tumors, ruleset))


def _tumors(request: HttpRequest) -> list[Tumor]:
    visible = visible_patients(actor_of(request), Capability.ASSESS).filter(fictional=True, invented=False)
    tumors = Tumor.objects.filter(patient__in=visible).select_related("patient__institution")
    return list(tumors.order_by("patient__mrn", "number")[:MOST_PATIENTS])


def _records(tumors: list[Tumor], ruleset: Ruleset) -> list[TriedRecord]:
    today = today_for(tumors[0].patient.institution, at=timezone.now())
    facts = facts_of_many(tumors, as_of=today)
    return [
        TriedRecord(
            name=str(tumor.patient),
            url=reverse("pathways:tumor", args=[tumor.patient_id, tumor.number]),
            note=tumor.patient.mrn if tumor.number == 1 else f"{tumor.patient.mrn}, tumor {tumor.number}",
            features=fresh_features(ruleset, facts[tumor.id])[0],
        )
        for tumor in tumors
    ]
