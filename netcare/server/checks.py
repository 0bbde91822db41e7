"""What a configuration must fulfil beyond Django's own checks, as Django system checks with remedies.

`manage.py serve` runs them, those of the database included; `manage.py check --deploy --database default` shows them.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from netcare.assets import PACKAGED


@register(Tags.staticfiles)
def packaged_assets_are_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every third-party asset is where its package should have put it."""
    return [
        Error(f"The static file {name} is missing.", hint="Run `make setup`.", id="netcare.E001")
        for name in PACKAGED
        if not find(name)
    ]


@register(Tags.compatibility)
def tasks_end_before_they_are_delivered_again(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Redis hands a task out again after the visibility timeout; a task still running then would run twice."""
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout")
    if timeout is None or timeout / 4 >= settings.CELERY_TASK_TIME_LIMIT:
        return []
    return [
        Error(
            f"A task may run {settings.CELERY_TASK_TIME_LIMIT} s, more than a quarter of the broker's visibility "
            f"timeout of {timeout} s.",
            hint="Lower CELERY_TASK_TIME_LIMIT in netcare/settings.py, or raise the visibility timeout.",
            id="netcare.E002",
        )
    ]


@register(Tags.database)
def application_role_owns_no_table(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """On PostgreSQL beyond this machine, the role that serves must not be able to alter the audit record."""
    if "default" not in (databases or []) or settings.EMBEDDED or not settings.BEYOND_LOOPBACK:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, EXISTS (SELECT 1 FROM pg_tables WHERE tableowner = current_user "
            "AND schemaname = current_schema()) FROM pg_roles WHERE rolname = current_user"
        )
        role, is_superuser, owns_tables = cursor.fetchone()
    if not is_superuser and not owns_tables:
        return []
    reason = "is a superuser" if is_superuser else "owns the tables"
    return [
        Error(
            f"The role '{role}' of DATABASE_URL {reason}, and so could alter the audit record.",
            hint="Let DATABASE_OWNER_URL name the owner and DATABASE_URL a role without rights of its own: "
            "see docs/production.md.",
            id="netcare.E003",
        )
    ]
