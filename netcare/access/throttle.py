"""Slows down guessing of passwords: counted per user name and address, and per address over all names.

Every try is counted before the password is looked at, so that parallel tries cannot slip under the limit; a success
clears the count. Refuses to tell whether a user name exists. Called by the sign-in form.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from netcare.access.models import SignInAttempts

WINDOW = timedelta(minutes=15)
LOCK = timedelta(minutes=15)
TRIES_PER_NAME = 5
TRIES_PER_ADDRESS = 50
ANY_NAME = ""


def seconds_locked(*, username: str, address: str, at: datetime) -> int:
    """How long sign-in from here stays refused; 0 if it is open."""
    locks = SignInAttempts.objects.filter(
        username__in=[_key(username), ANY_NAME], address=address, locked_until__gt=at
    ).values_list("locked_until", flat=True)
    return max((math.ceil((until - at).total_seconds()) for until in locks if until), default=0)


def count_try(*, username: str, address: str, at: datetime) -> None:
    """Count one try before its password is checked, and lock when it is the last one allowed."""
    _count(_key(username), address, TRIES_PER_NAME, at)
    _count(ANY_NAME, address, TRIES_PER_ADDRESS, at)


def clear(*, username: str, address: str) -> None:
    """A password was right: the count for this name starts anew, and this try does not count for the address."""
    SignInAttempts.objects.filter(username=_key(username), address=address).delete()
    SignInAttempts.objects.filter(username=ANY_NAME, address=address, failures__gt=0).update(failures=F("failures") - 1)


def _key(username: str) -> str:
    return username.strip().lower()[:150]


def _count(username: str, address: str, limit: int, at: datetime) -> None:
    with transaction.atomic():
        row, _ = SignInAttempts.objects.select_for_update().get_or_create(
            username=username, address=address, defaults={"first_failed_at": at}
        )
        if at - row.first_failed_at > WINDOW and not (row.locked_until and row.locked_until > at):
            row.failures, row.first_failed_at, row.locked_until = 0, at, None
        row.failures += 1
        if row.failures >= limit and row.locked_until is None:
            row.locked_until = at + LOCK
        row.save()
