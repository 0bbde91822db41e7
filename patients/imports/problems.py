"""What the import says when it refuses: a sentence for the whole file, or for one cell of one row."""

from dataclasses import dataclass


class FileRefused(Exception):
    """The file cannot be read at all; nothing was staged. ``sentence`` says what is wrong and what is accepted."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in one row; ``column`` is empty where it is the row as a whole."""

    column: str
    sentence: str
