"""Which function does which kind of job. Applications register theirs in `tasks.py`.

    @handler("refresh_statuses", title="Refresh the statuses in force", coalesce=True, daily={"all": True})
    def refresh(job: RunningJob) -> None: ...

A handler must be able to run again from the start or from `job.cursor`; what it writes together with
`job.progress(...)` in one transaction happens once, however often the job is delivered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from netcare.jobs.leases import RunningJob

Run = Callable[["RunningJob"], None]


@dataclass(frozen=True)
class Handler:
    """One kind of job. `coalesce`: a waiting job with the same payload stands for a new one. `daily`: the payload of a
    job that each institution gets once on each of its days, without anybody asking."""

    kind: str
    title: str
    run: Run
    coalesce: bool = False
    daily: Mapping[str, Any] | None = None


class UnknownKind(LookupError):
    """A job of a kind that no application of this release handles."""


_handlers: dict[str, Handler] = {}


def handler(
    kind: str, *, title: str = "", coalesce: bool = False, daily: Mapping[str, Any] | None = None
) -> Callable[[Run], Run]:
    """Register the decorated function for this kind. Two functions for one kind are a programming error."""

    def register(run: Run) -> Run:
        known = _handlers.get(kind)
        if known is not None and known.run.__qualname__ != run.__qualname__:
            raise ValueError(f"The job kind '{kind}' is handled by {known.run.__qualname__} already.")
        _handlers[kind] = Handler(kind, title or kind.replace("_", " ").capitalize(), run, coalesce, daily)
        return run

    return register


def find(kind: str) -> Handler:
    """The handler of a kind, or `UnknownKind` with the kinds there are."""
    if kind not in _handlers:
        autodiscover_modules("tasks")
    try:
        return _handlers[kind]
    except KeyError:
        known = ", ".join(sorted(_handlers)) or "none"
        raise UnknownKind(f"No application handles jobs of the kind '{kind}'. Known kinds: {known}.") from None


def daily_handlers() -> list[Handler]:
    """The kinds that run once a day for each institution."""
    autodiscover_modules("tasks")
    return [found for _, found in sorted(_handlers.items()) if found.daily is not None]
