"""The start page: each role is led to where its work is. It shows nothing of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from netcare.access import Capability, Role, actor_of, policy

# The first role that a person holds decides.
STARTS = (
    ({Role.CLINICIAN, Role.VIEWER}, "pathways:patients"),
    ({Role.COORDINATOR}, "boards:boards"),
    ({Role.EDITOR, Role.APPROVER}, "pathways:drafts"),
    ({Role.AUDITOR}, "audit:list"),
    ({Role.ADMINISTRATOR}, "access:people"),
)


@require_safe
@policy(Capability.ACCOUNT)
def home(request: HttpRequest) -> HttpResponse:
    """Leads on by role."""
    roles = actor_of(request).roles
    return redirect(next((name for wanted, name in STARTS if roles & wanted), "access:account"))
