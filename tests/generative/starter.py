"""The starter pathway, built once per process for the generative tests and those of the knowledge base.

Nothing is computed here: the data, the engine's ruleset, the oracle's book and the maker of records.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from pathways import knowledge
from pathways.engine import Ruleset
from tests.generative.oracle import Book
from tests.generative.patients import PatientMaker

# `make test-long` runs the whole of each large sample; every commit runs a part of it, chosen by the seed.
LONG = os.environ.get("NETCARE_TEST_LONG", "") == "1"


@cache
def data() -> dict[str, Any]:
    return knowledge.starter()


@cache
def ruleset() -> Ruleset:
    return Ruleset.from_data(data())


@cache
def book() -> Book:
    return Book(data())


@cache
def maker() -> PatientMaker:
    return PatientMaker(book())
