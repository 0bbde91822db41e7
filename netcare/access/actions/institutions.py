"""Creating an institution. Refused to people: it is done once, from the command line of the machine."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from netcare.access.actions.common import ChangeRefused, needed
from netcare.access.actors import Actor, refuse
from netcare.access.models import Institution
from netcare.audit import record


@transaction.atomic
def create_institution(*, name: str, time_zone: str, by: Actor, at: datetime | None = None) -> Institution:
    """`time_zone` is an IANA name such as Europe/Berlin; ages and the age of findings count in its days."""
    if by.kind != "system":
        raise refuse("An institution is created from the command line only.")
    if time_zone not in available_timezones():
        raise ChangeRefused("time_zone", f"'{time_zone}' is not a time zone. Write one such as Europe/Berlin.")
    name = needed("name", name, "The institution's name")
    if Institution.objects.filter(name=name).exists():
        raise ChangeRefused("name", f"There is already an institution named '{name}'.")
    institution = Institution.objects.create(name=name, time_zone=time_zone)
    record(actor=by, action="institution.create", institution_id=institution.id, subject=name, at=at)
    return institution
