"""What people type, understood exactly or refused with what is accepted. Pure: no Django, no clock, no database.

``numbers`` reads numbers and ranges, ``units`` converts, ``dates`` reads dates and partial dates, ``reading`` puts them
together for one feature. Called by the forms and, later, by imports.
"""

from patients.entry.dates import PartialDate, parse_day, parse_partial, show_day
from patients.entry.problems import EntryRefused
from patients.entry.reading import RawEntry, Understood, understand

__all__ = [
    "EntryRefused",
    "PartialDate",
    "RawEntry",
    "Understood",
    "parse_day",
    "parse_partial",
    "show_day",
    "understand",
]
