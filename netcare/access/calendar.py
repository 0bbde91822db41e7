"""What day it is at an institution. The one place of the application that turns an instant into its local date."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from netcare.access.models import Institution


def today_for(institution: Institution, *, at: datetime | None = None) -> date:
    """The date at the institution at that instant (now by default): ages and the age of findings count from it."""
    return (at or datetime.now(UTC)).astimezone(ZoneInfo(institution.time_zone)).date()
