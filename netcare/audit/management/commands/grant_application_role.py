"""`manage.py grant_application_role netcare_app --database owner`: give the application's role its rights, no more.

Migrating as the owner does the same by itself; this is for a role made afterwards. Refuses SQLite, which has no roles.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from netcare.audit.application_role import RoleRefused, grant


class Command(BaseCommand):
    help = "Give the application's PostgreSQL role the rights it needs; on the audit record insert and read only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role of DATABASE_URL, such as netcare_app")
        parser.add_argument("--database", default="owner", help="alias of the owner's connection (default: owner)")

    def handle(self, *args: Any, role: str, database: str, **options: Any) -> None:
        if database not in connections:
            raise CommandError(
                f"There is no database '{database}'. Set DATABASE_OWNER_URL, or name --database default."
            )
        connection = connections[database]
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles; its triggers alone guard the audit record.")
        try:
            grant(connection, role)
        except RoleRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{role} may insert and read the audit record, and has its rights elsewhere.")
