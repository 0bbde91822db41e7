"""What integration tests share: the published starter pathway."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pathways.drafts import reports
from pathways.engine import Ruleset
from pathways.models import RulesetVersion
from tests.starting import publish_starter

PUBLISHED_AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def published(db: None) -> RulesetVersion:
    """The starter pathway, published as version 1."""
    return publish_starter(PUBLISHED_AT)


@pytest.fixture(scope="session", autouse=True)
def proved_once() -> Iterator[None]:
    """A content is proved once per process: equal rules give an equal report, and many tests submit the same edit."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_report", "_change"):
            patch.setattr(reports, name, _remembered(getattr(reports, name)))
        yield


def _remembered(made: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[tuple[str, ...], Any] = {}

    def remembered(*rulesets: Ruleset) -> Any:
        key = tuple(ruleset.digest for ruleset in rulesets)
        if key not in known:
            known[key] = made(*rulesets)
        return known[key]

    return remembered
