"""The pages of background jobs: the list, one job's progress, and asking again for one that was set aside.

Progress is read from the row, so it survives leaving the page; with JavaScript the part that changes is fetched every
two seconds, without it a link looks again.
"""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from netcare.access.actors import actor_of
from netcare.access.policies import policy
from netcare.access.roles import Capability
from netcare.jobs.actions import try_again
from netcare.jobs.models import Job
from netcare.jobs.selectors import shown, visible_job, visible_jobs


@require_safe
@policy(Capability.JOBS_READ)
def job_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(visible_jobs(actor_of(request)), 50).get_page(request.GET.get("page"))
    return render(request, "jobs/list.html", {"page": page, "jobs": [shown(job) for job in page]})


@require_safe
@policy(Capability.JOBS_READ)
def job_detail(request: HttpRequest, job_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    template = "jobs/_progress.html" if request.headers.get("HX-Target") == "job-progress" else "jobs/detail.html"
    may_repeat = actor.may(Capability.COHORT_REFRESH).allowed
    return render(request, template, {"job": shown(_job_or_404(request, job_id)), "may_repeat": may_repeat})


@require_POST
@policy(Capability.COHORT_REFRESH)
def job_again(request: HttpRequest, job_id: UUID) -> HttpResponse:
    if not try_again(job=_job_or_404(request, job_id)):
        messages.info(request, "This job is not set aside; there is nothing to repeat.")
    return redirect("jobs:job", job_id=job_id)


def _job_or_404(request: HttpRequest, job_id: UUID) -> Job:
    job = visible_job(actor_of(request), job_id)
    if job is None:
        raise Http404
    return job
