"""Check codes of other papers than signed reviews: packages that hand out paper register here how a code is looked up.

`pathways` knows nothing of meetings; the board answers for packets, case sheets and minutes. What is not the actor's to see
answers like a code that there is not. Who calls it: the page that checks a code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from netcare.access import Actor


@dataclass(frozen=True, slots=True)
class FoundPaper:
    """What a code on paper belongs to. `changed`: sentences on what is otherwise now; none: what it shows still holds.

    `holds` names the cases on it; `patient_ids` are those whose data the answer shows, for the audit row.
    """

    title: str
    url: str
    made: str
    rests_on: str
    holds: tuple[str, ...]
    superseded: str
    changed: tuple[str, ...]
    subject: str
    patient_ids: tuple[UUID, ...]


Look = Callable[[Actor, str], FoundPaper | None]

_ways: dict[str, Look] = {}


def register(name: str, look: Look) -> None:
    """Declare a way: from an actor and a code in its one form to the paper, or None."""
    _ways[name] = look


def paper_with_code(actor: Actor, code: str) -> FoundPaper | None:
    """The paper with this code that the actor may see, or None."""
    found = (look(actor, code) for look in _ways.values()) if code else ()
    return next((one for one in found if one is not None), None)
