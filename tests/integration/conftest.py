"""What integration tests share: the published starter pathway."""

from datetime import UTC, datetime

import pytest

from netcare.access import system_actor
from pathways.actions.publishing import load_starter
from pathways.knowledge import starter
from pathways.models import RulesetVersion

PUBLISHED_AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def published(db: None) -> RulesetVersion:
    """The starter pathway, published as version 1."""
    loaded = load_starter(data=starter(), actor=system_actor("test", capabilities=frozenset()), at=PUBLISHED_AT)
    assert loaded.version is not None
    return loaded.version
