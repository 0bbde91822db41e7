"""`manage.py create_administrator`: the first person of an institution, who then appoints the others in the browser.

Makes the institution if there is none of that name. Refuses to be a way round the rules: it makes a new account each
time, and every act is in the audit record under the command's name.
"""

from __future__ import annotations

import os
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from netcare.access.actions import ChangeRefused, create_institution, create_user, grant_role
from netcare.access.actors import system_actor
from netcare.access.models import Institution
from netcare.access.roles import Capability, Role

FROM_ENVIRONMENT = "NETCARE_ADMINISTRATOR_PASSWORD"


class Command(BaseCommand):
    help = "Create an institution (if it is new) and an administrator for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--institution", required=True, help='its name, such as "Northside Hospital"')
        parser.add_argument("--time-zone", default="UTC", help="IANA name, such as Europe/Berlin (default: UTC)")
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", required=True, help="the person's name as others read it")

    def handle(self, *args: Any, institution: str, time_zone: str, username: str, name: str, **options: Any) -> None:
        password = os.environ.get(FROM_ENVIRONMENT) or getpass("Password: ")
        by = system_actor("command create_administrator", capabilities=frozenset({Capability.PEOPLE_MANAGE}))
        try:
            with transaction.atomic():
                place = Institution.objects.filter(name=institution).first() or create_institution(
                    name=institution, time_zone=time_zone, by=by
                )
                user = create_user(institution=place, username=username, display_name=name, password=password, by=by)
                grant_role(user=user, role=Role.ADMINISTRATOR, by=by)
        except ChangeRefused as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"{user.display_name} ({user.username}) is administrator of {place}.")
