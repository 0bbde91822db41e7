"""The starter pathway as tests publish it: built once per process, since building it takes longer than most tests."""

from datetime import datetime
from functools import cache

from pathways.actions.publishing import publish
from pathways.engine import Ruleset
from pathways.knowledge import starter
from pathways.models import RulesetVersion
from tests.cast import SYSTEM


@cache
def starter_ruleset() -> Ruleset:
    return Ruleset.from_data(starter())


def publish_starter(at: datetime) -> RulesetVersion:
    """The starter pathway as the next version, through the real action."""
    return publish(ruleset=starter_ruleset(), note="The starter pathway.", actor=SYSTEM, by=None, at=at)
