"""What the tests of the board share: the published pathway, the cast, and a clinician who chairs."""

import pytest

from netcare.access import User
from pathways.models import RulesetVersion
from tests.cast import Cast, gather
from tests.integration.boards.clinic import chair_of


@pytest.fixture
def cast(published: RulesetVersion) -> Cast:
    assert published.version == 1
    return gather()


@pytest.fixture
def chair(cast: Cast) -> User:
    return chair_of(cast)
