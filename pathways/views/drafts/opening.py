"""What every page of a draft begins with: the draft or a 404, who asks, what the frame shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from netcare.access import Actor, actor_of
from pathways.drafts.selectors import draft_with
from pathways.models import Draft
from pathways.presenters.drafts import draft_frame
from pathways.views.browse import pathway_frame


@dataclass(frozen=True)
class OpenedDraft:
    """A draft that somebody has opened."""

    request: HttpRequest
    draft: Draft
    actor: Actor
    now: datetime

    def page(self, template: str, current: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page within the draft's frame; `current` is the tab."""
        frame = draft_frame(self.draft, self.actor, current)
        whole = {**pathway_frame(self.request, "drafts"), "draft": frame, **context}
        return render(self.request, f"pathways/drafts/{template}.html", whole, status=status)


def opened_draft(request: HttpRequest, draft_id: UUID) -> OpenedDraft:
    """The draft, for whoever may read drafts. Raises Http404."""
    draft = draft_with(draft_id)
    if draft is None:
        raise Http404("There is no such draft.")
    return OpenedDraft(request, draft, actor_of(request), timezone.now())
