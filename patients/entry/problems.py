"""What data entry says when it refuses: one sentence that names the value and what is accepted."""


class EntryRefused(ValueError):
    """The text cannot be understood beyond doubt. ``part`` names the input beside which the sentence belongs."""

    def __init__(self, sentence: str, part: str = "text") -> None:
        self.sentence = sentence
        self.part = part
        super().__init__(sentence)


def quoted(text: str) -> str:
    """What was typed, shortened, in quotation marks."""
    return f"“{text}”" if len(text) <= 40 else f"“{text[:37]}…”"
