"""What the frame around every page shows: who is signed in, what they may open, the ruleset in force, the theme.

A context processor (`frame` in every template). Everything is read only when a template asks for it, so that pages
which do not extend base.html cost nothing. It grants nothing: each link leads to a view with a policy of its own.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from netcare.access import Actor, Capability, actor_of
from pathways.presenters.stops import StopNotice, notices
from pathways.presenters.words import capital, short_digest, show_date
from pathways.recall.selectors import how_many_mine
from pathways.selectors import NoRulesetInForce, version_in_force
from pathways.stops import asks_waiting

THEME_COOKIE = "netcare_theme"
THEMES = (("auto", "Auto"), ("light", "Light"), ("dark", "Dark"))

# The main links: title, url name, the rights of which one opens it, the beginning of the addresses it stands for.
MAIN_LINKS = (
    ("Patients", "pathways:patients", (Capability.PATIENT_LIST,), "/patients/"),
    ("Boards", "boards:boards", (Capability.BOARD_READ,), "/boards/"),
    ("Recall", "pathways:recall", (Capability.RECALL_READ,), "/recall/"),
    ("Pathway", "pathways:options", (Capability.PATHWAY_READ,), "/pathway/"),
    ("Jobs", "jobs:jobs", (Capability.JOBS_READ,), "/jobs/"),
    ("Audit", "audit:list", (Capability.AUDIT_OWN, Capability.AUDIT_READ, Capability.AUDIT_PATHWAY), "/audit/"),
    ("People", "access:people", (Capability.PEOPLE_READ, Capability.PEOPLE_MANAGE), "/people/"),
)


@dataclass(frozen=True)
class Link:
    """One entry of the main navigation."""

    title: str
    url: str
    current: bool
    count: int = 0
    counted: str = ""


@dataclass(frozen=True)
class RulesetLine:
    """The ruleset in force as the top bar and the footer name it."""

    name: str
    published: str
    digest: str
    short_digest: str


class Frame:
    """The frame of one request; each property is computed once, on first use."""

    theme_choices = THEMES

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get(THEME_COOKIE, "auto")
        return chosen if chosen in dict(THEMES) else "auto"

    @cached_property
    def _actor(self) -> Actor:
        return actor_of(self._request)

    @property
    def signed_in(self) -> bool:
        return self._actor.kind == "user"

    def _may(self, capability: Capability) -> bool:
        return self.signed_in and self._actor.may(capability).allowed

    @cached_property
    def links(self) -> list[Link]:
        path = self._request.path
        return [
            self._counted(Link(title=title, url=reverse(name), current=path.startswith(prefix)), name)
            for title, name, capabilities, prefix in MAIN_LINKS
            if any(self._may(capability) for capability in capabilities)
        ]

    def _counted(self, link: Link, name: str) -> Link:
        """The link with how many things wait behind it for this person."""
        if name != "pathways:recall":
            return link
        return replace(link, count=how_many_mine(self._actor), counted="open and yours")

    @cached_property
    def may_list_patients(self) -> bool:
        return self._may(Capability.PATIENT_LIST)

    @property
    def person(self) -> str:
        return self._actor.name

    @cached_property
    def initials(self) -> str:
        words = [word for word in self.person.replace(".", " ").split() if word[0].isalpha() and word != "Dr"]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"

    @property
    def roles(self) -> str:
        return capital(self._actor.role_titles)

    @property
    def institution(self) -> str:
        return str(self._actor.institution.name) if self._actor.institution else ""

    @cached_property
    def stops(self) -> tuple[StopNotice, ...]:
        """The emergency stops in force, for everybody who is signed in."""
        return notices() if self.signed_in else ()

    @cached_property
    def stop_asks(self) -> int:
        """Requests for a stop that wait, for those who answer them."""
        return asks_waiting() if self._may(Capability.STOP_PLACE) else 0

    @property
    def stops_overdue(self) -> bool:
        return any(stop.overdue for stop in self.stops)

    @cached_property
    def ruleset(self) -> RulesetLine | None:
        """None while nothing is published: the pages say so where it matters."""
        try:
            version = version_in_force()
        except NoRulesetInForce:
            return None
        return RulesetLine(
            name=f"{version.title} v{version.version}",
            published=show_date(version.published_at.date()),
            digest=version.digest,
            short_digest=short_digest(version.digest),
        )


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The context processor."""
    return {"frame": Frame(request)}
