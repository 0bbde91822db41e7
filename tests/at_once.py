"""Several people at the same moment: each act in a thread and a database connection of its own, all let go together."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from netcare.access import NotAllowed
from netcare.access.actions import ChangeRefused
from pathways.drafts.editing import EditConflict
from patients.actions import Refused

REFUSALS = (Refused, NotAllowed, EditConflict, ChangeRefused)


def all_at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act came to, in their order: a result, or the refusal."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=60)
            return act()
        except REFUSALS as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
