"""The committed reference is what the tables say."""

from tests.spec.document import DOCUMENT, document


def test_the_committed_semantics_are_printed_from_the_tested_tables() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "Print it anew: python -m tests.spec.document"
