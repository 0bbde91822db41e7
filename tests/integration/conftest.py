"""What integration tests share: the published starter pathway."""

from datetime import UTC, datetime

import pytest

from pathways.models import RulesetVersion
from tests.starting import publish_starter

PUBLISHED_AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def published(db: None) -> RulesetVersion:
    """The starter pathway, published as version 1."""
    return publish_starter(PUBLISHED_AT)
