"""Institutions, care teams, people, their roles, and programs.

Refuses to decide anything: `roles.MATRIX` says who may do what, `actions` change these rows. Grants and memberships are
never deleted but ended, so that the record of who had which role when stays whole. The database holds on its own that
nobody grants to himself, that a role is held once, that a pair is complete, and (by trigger) that no excluded pair of
roles meets in one person. Called by `netcare.access` alone; others go through actors, actions and selectors.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from netcare.access.roles import HUMAN_ROLES, Capability

HUMAN_ROLE_CHOICES = [(role.value, role.title) for role in HUMAN_ROLES]


class Institution(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    time_zone = models.CharField(max_length=60, default="UTC")

    class Meta:
        db_table = "access_institution"
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="institution_has_name")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=200)

    class Meta:
        db_table = "access_team"
        constraints = [
            models.UniqueConstraint("institution", Lower("name"), name="team_name_once_per_institution"),
            models.CheckConstraint(condition=~Q(name=""), name="team_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Finds people by user name, whatever the case it is typed in. Accounts are made by `actions.create_user`."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.select_related("institution").get(username__iexact=username)


class User(AbstractBaseUser):
    """A person. There is no superuser flag: what a person may do comes from roles and from nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="users")
    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        db_table = "access_user"
        constraints = [
            models.UniqueConstraint(Lower("username"), name="username_once_whatever_the_case"),
            models.CheckConstraint(condition=~Q(username="") & ~Q(display_name=""), name="user_has_names"),
        ]

    def __str__(self) -> str:
        return self.display_name


class InForceQuerySet(models.QuerySet[Any]):
    def in_force(self) -> InForceQuerySet:
        return self.filter(ended_at__isnull=True)


def _ended_pair(prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(ended_at__isnull=False) | Q(ended_by__isnull=True), name=f"{prefix}_ended_by_with_ended_at"
    )


class RoleGrant(models.Model):
    """One role of one person, from `granted_at` until `ended_at`. `granted_by` is empty only for a command's grants."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=HUMAN_ROLE_CHOICES)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        db_table = "access_role_grant"
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], condition=Q(ended_at__isnull=True), name="role_held_once"),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")), name="nobody_grants_to_himself"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in HUMAN_ROLES]), name="role_is_one_for_people"
            ),
            _ended_pair("grant"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class TeamMembership(models.Model):
    """One person in one care team, from `added_at` until `ended_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        db_table = "access_team_membership"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"], condition=Q(ended_at__isnull=True), name="member_of_a_team_once"
            ),
            models.CheckConstraint(
                condition=Q(added_by__isnull=True) | ~Q(added_by=F("user")), name="nobody_assigns_himself"
            ),
            _ended_pair("membership"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class ApiClient(models.Model):
    """A program with a token: one institution, one purpose, listed scopes. The token itself is shown once, not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="api_clients")
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    scopes = models.JSONField(default=list)
    token_digest = models.CharField(max_length=64, unique=True)
    token_ends_in = models.CharField(max_length=4)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "access_api_client"
        constraints = [
            models.UniqueConstraint("institution", Lower("name"), name="api_client_name_once_per_institution"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(purpose=""), name="api_client_has_name_and_purpose"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=False) | Q(revoked_by__isnull=True),
                name="api_client_revoked_by_with_revoked_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def capabilities(self) -> frozenset[Capability]:
        """The scopes that still exist; a name that no capability has any more grants nothing."""
        known = {capability.value for capability in Capability}
        return frozenset(Capability(name) for name in self.scopes if name in known)


class SignInAttempts(models.Model):
    """Failed sign-ins of one user name from one address, to slow down guessing. Holds no password."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=45)
    failures = models.PositiveIntegerField(default=0)
    first_failed_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "access_sign_in_attempts"
        constraints = [models.UniqueConstraint(fields=["username", "address"], name="attempts_counted_once")]

    def __str__(self) -> str:
        return f"{self.username} from {self.address}: {self.failures}"
