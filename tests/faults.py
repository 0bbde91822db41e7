"""Faults that tests seed into the program, to see that they are noticed and said."""

from typing import Any

import pytest

from pathways import selectors
from pathways.engine.network import Network


def break_comparisons(monkeypatch: pytest.MonkeyPatch, feature: str) -> None:
    """Every comparison with one feature raises an error when it is evaluated, for as long as the test runs."""

    def fails(value: object) -> None:
        raise ZeroDivisionError("seeded")

    made = Network.__init__

    def with_fault(self: Network, *arguments: Any) -> None:
        made(self, *arguments)
        for number, comparison in enumerate(self.comparisons):
            if comparison and comparison.feature.name == feature:
                self.tests[number] = fails  # type: ignore[call-overload]

    monkeypatch.setattr(Network, "__init__", with_fault)
    monkeypatch.setattr(selectors, "_parsed", {})
