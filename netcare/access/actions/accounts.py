"""Accounts of people: creating, disabling, enabling, passwords.

Refuses to delete anybody: what a person did stays signed with a name. A disabled account is signed out with its next
request. Called by the people pages and by commands.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction

from netcare.access.actions.common import ChangeRefused, keep_the_last, lock, needed, require_at
from netcare.access.actors import Actor, refuse, require
from netcare.access.models import Institution, RoleGrant, User
from netcare.access.roles import Capability, Role
from netcare.audit import record

_USERNAME = RegexValidator(r"\A[a-z0-9][a-z0-9._@+-]{1,149}\Z")


@transaction.atomic
def create_user(
    *, institution: Institution, username: str, display_name: str, password: str, by: Actor, at: datetime | None = None
) -> User:
    """A person without any role yet. The user name is kept in lower case and is unique over all institutions."""
    require_at(by, Capability.PEOPLE_MANAGE, institution.id)
    user = User(
        institution=institution,
        username=_checked_username(username),
        display_name=needed("display_name", display_name, "The name"),
        created_at=at or datetime.now(UTC),
    )
    _check_password(password, user)
    user.set_password(password)
    user.save(force_insert=True)
    _record(by, "user.create", user, at)
    return user


@transaction.atomic
def disable_user(*, user: User, by: Actor, at: datetime | None = None) -> None:
    """The account opens no page from the next request on. Refused for oneself and for the last holder of some roles."""
    require_at(by, Capability.PEOPLE_MANAGE, user.institution_id)
    if by.id == user.id:
        raise refuse("Nobody disables their own account. Ask another administrator.", Capability.PEOPLE_MANAGE)
    lock(user.institution_id)
    roles = RoleGrant.objects.in_force().filter(user=user).values_list("role", flat=True)
    keep_the_last(user, {Role(role) for role in roles})
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        _record(by, "user.disable", user, at)
    user.is_active = False


@transaction.atomic
def enable_user(*, user: User, by: Actor, at: datetime | None = None) -> None:
    """The account may sign in again, with the roles and teams it had."""
    require_at(by, Capability.PEOPLE_MANAGE, user.institution_id)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        _record(by, "user.enable", user, at)
    user.is_active = True


@transaction.atomic
def set_password(*, user: User, password: str, by: Actor, at: datetime | None = None) -> None:
    """A new password, one's own or as administrator another's; every session of the account ends."""
    if by.id == user.id:
        require(by, Capability.ACCOUNT)
    else:
        require_at(by, Capability.PEOPLE_MANAGE, user.institution_id)
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    _record(by, "user.password", user, at)


def _checked_username(username: str) -> str:
    name = username.strip().lower()
    try:
        _USERNAME(name)
    except ValidationError:
        raise ChangeRefused(
            "username",
            f"'{name}' cannot be a user name. Accepted are 2 to 150 letters a–z, digits and . _ @ + -, "
            "beginning with a letter or digit.",
        ) from None
    if User.objects.filter(username__iexact=name).exists():
        raise ChangeRefused("username", f"The user name '{name}' is taken. Choose another.")
    return name


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ChangeRefused("password", " ".join(error.messages)) from None


def _record(by: Actor, action: str, user: User, at: datetime | None) -> None:
    record(
        actor=by,
        action=action,
        institution_id=user.institution_id,
        subject=user.display_name,
        detail={"user": str(user.id), "username": user.username},
        at=at,
    )
