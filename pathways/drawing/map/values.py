"""What a map is made from: the gates of an option with words and truth already in them, and the five ends.

Called by the presenter, which makes these from an assessment, and by the graph and the layout.
"""

from dataclasses import dataclass

ENDS = ("not_indicated", "possible", "excluded", "conditional", "candidate")


@dataclass(frozen=True, slots=True)
class GateRow:
    """One line inside a gate: what is asked, and this patient's value. `truth` is true, false, unknown, or nothing."""

    text: str
    value: str = ""
    truth: str = ""
    depth: int = 0
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason, or one thing that rules out. `joined` says how its parts belong together: all, any, or nothing.

    `decides` says which values would make it hold where it is unknown ('if below 30'), the longest saying first; `value`
    says this patient's in short.
    """

    code: str
    title: str
    truth: str
    joined: str
    rows: tuple[GateRow, ...]
    url: str = ""
    decides: tuple[str, ...] = ()
    value: str = ""

    @property
    def whole(self) -> str:
        """Everything in one line, for the title of the box."""
        word = {"true": "holds", "false": "does not hold", "unknown": "cannot be told"}.get(self.truth, "")
        rows = "; ".join(row.text + (f": {row.value}" if row.value else "") for row in self.rows)
        return ". ".join(part for part in (f"{self.title} ({self.code})" + (f": {word}" if word else ""), rows) if part)


@dataclass(frozen=True, slots=True)
class EndBox:
    """One of the five ends: its word, and when it is reached."""

    status: str
    word: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weigh:
    """A caution beside the way: it never removes the option."""

    code: str
    title: str
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class OptionMap:
    """Everything that is drawn of one option. Without a patient no gate has a truth and there is no status."""

    title: str
    reasons: tuple[Gate, ...]
    exclusions: tuple[Gate, ...]
    ends: tuple[EndBox, ...]
    status: str = ""
    cautions: tuple[Weigh, ...] = ()
    cautions_in_all: int = 0
    # Whose status it is: of this patient today, or as the page was asked for.
    here: str = "this patient, today"

    @property
    def has_patient(self) -> bool:
        return bool(self.status)
