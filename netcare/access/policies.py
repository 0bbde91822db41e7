"""The declared policy of a view: `@policy(Capability.X)`, or `@public` for the few that anybody may open.

A view without one is refused by `middleware.AccessMiddleware`. Refuses to know about patients: views bound to one use
`patients.policies.patient_policy`, which also sets `netcare_policy`. Called by every view module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from netcare.access.actors import NotAllowed, actor_of
from netcare.access.roles import Capability

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Policy:
    """What a view demands: `capability`, or one of `also`. None is a public view; `patient` one bound to a patient."""

    capability: Capability | None
    patient: bool = False
    also: tuple[Capability, ...] = ()

    @property
    def is_public(self) -> bool:
        return self.capability is None

    @property
    def any_of(self) -> tuple[Capability, ...]:
        return (self.capability, *self.also) if self.capability else ()


def policy(capability: Capability, *also: Capability) -> Callable[[View], View]:
    """The view is for actors with this capability (or one of `also`, where several lead to the same page).

    Others get the sentence that says why not, and leave an audit row.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if not any(actor.may(one).allowed for one in (capability, *also)):
                raise NotAllowed(actor.may(capability), capability)
            return view(request, *args, **kwargs)

        return mark(guarded, Policy(capability, also=also))

    return declare


def public(view: View) -> View:
    """Anybody may open the view, signed in or not: the sign-in page, the health check."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return mark(opened, Policy(None))


def mark(view: View, declared: Policy) -> View:
    """Attach the declaration that the middleware and the tests read. For `patient_policy` and the decorators here."""
    view.netcare_policy = declared  # type: ignore[attr-defined]
    return view


def policy_of(view: View) -> Policy | None:
    declared = getattr(view, "netcare_policy", None)
    return declared if isinstance(declared, Policy) else None
