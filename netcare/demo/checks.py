"""The demo's people have passwords that everybody can read: they must not be able to sign in from other machines."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.database)
def no_known_passwords_beyond_this_machine(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Where the pages can be reached from other machines, no account of the demo has its printed password."""
    if "default" not in (databases or []) or not settings.BEYOND_LOOPBACK:
        return []
    from netcare.demo import sign_ins

    known = ", ".join(entry.username for entry in sign_ins() if entry.is_a_person)
    if not known:
        return []
    return [
        Error(
            f"Accounts of the demo, with passwords that everybody knows, can sign in from other machines: {known}.",
            hint="Serve patients from a database into which the demo was never loaded, or disable these accounts.",
            id="netcare.E010",
        )
    ]
