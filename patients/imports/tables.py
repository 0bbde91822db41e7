"""What the readers make of a file: rows of text with their place, and what was wrong with single cells or rows."""

from dataclasses import dataclass, field

from patients.imports.columns import header_fault, kind_of, normalized
from patients.imports.limits import LONGEST_CELL, MOST_ROWS
from patients.imports.problems import CellFault, FileRefused


@dataclass(slots=True)
class RawRow:
    """One row as it stands in the file. ``number`` is the one that a spreadsheet shows beside it."""

    sheet: str
    number: int
    kind: str
    cells: dict[str, str]
    faults: list[CellFault] = field(default_factory=list)


@dataclass(slots=True)
class ReadFile:
    """A file that could be read. ``not_read`` says, in sentences, what in it is no data."""

    format: str
    rows: list[RawRow]
    not_read: list[str]


@dataclass(slots=True)
class Cells:
    """One line of a table before its header is applied: texts, and the faults of single cells by position."""

    number: int
    texts: list[str]
    faults: dict[int, str] = field(default_factory=dict)
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.fault and not self.faults and not any(text.strip() for text in self.texts)

    @property
    def is_comment(self) -> bool:
        return not self.fault and bool(self.texts) and self.texts[0].lstrip().startswith("#")


@dataclass(slots=True)
class Header:
    """The header of a table: which kind of rows follows, and what each position is called."""

    kind: str
    names: list[str]

    @classmethod
    def of(cls, texts: list[str]) -> "Header | None":
        """The header that these cells are, None where they are none. Raises FileRefused for a faulty one."""
        names = normalized(texts)
        while names and not names[-1]:
            names.pop()
        kind = kind_of(names)
        if kind is None:
            return None
        if fault := header_fault(kind, names):
            raise FileRefused(fault)
        return cls(kind, names)

    def row(self, sheet: str, line: Cells) -> RawRow:
        """The line as a row of this table, with everything that is wrong with its cells."""
        row = RawRow(sheet, line.number, self.kind, {})
        if line.fault:
            row.faults.append(CellFault("", line.fault))
        for position, text in enumerate(line.texts):
            name = self.names[position] if position < len(self.names) else ""
            if position in line.faults:
                row.faults.append(CellFault(name, line.faults[position]))
            elif text.strip() and not name:
                row.faults.append(CellFault("", _beyond(position, len(self.names))))
            elif fault := cell_fault(text):
                row.faults.append(CellFault(name, fault))
            if name and not name.startswith("netcare_"):
                row.cells[name] = text.strip()[:LONGEST_CELL]
        return row


def cell_fault(text: str) -> str:
    if len(text) > LONGEST_CELL:
        return f"The cell has {len(text)} characters. Accepted are up to {LONGEST_CELL}."
    if not text.isprintable() and not " ".join(text.split()).isprintable():
        return "The cell contains signs that cannot be shown. Type it again."
    return ""


def _beyond(position: int, columns: int) -> str:
    return (
        f"Cell {position + 1} stands beyond the {columns} columns of the header. "
        "A separator inside a value needs quotation marks around the value."
    )


def refuse_too_many(rows: int) -> None:
    if rows > MOST_ROWS:
        raise FileRefused(f"The file has more than {MOST_ROWS:,} rows. Divide it, and import one part after the other.")
