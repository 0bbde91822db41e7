"""What if: a record with some values changed, assessed and shown, and never kept.

What it is: the entries of a what-if read over what the rules read of the record, and the encrypted link that carries them.
What it refuses to do: write anything, or put a value into an address in the clear. Who calls it: the what-if view.
"""

from pathways.what_if.entries import Hypothesis, hypothesis, recorded_entries, typed_entries
from pathways.what_if.links import LIFETIME, Linked, LinkRefused, make_link, read_link

__all__ = [
    "LIFETIME",
    "Hypothesis",
    "LinkRefused",
    "Linked",
    "hypothesis",
    "make_link",
    "read_link",
    "recorded_entries",
    "typed_entries",
]
