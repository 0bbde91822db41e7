"""Finds the signed-in person together with the institution, in one query.

Refuses groups and permissions of Django's own: roles are in `roles.MATRIX`. Named in AUTHENTICATION_BACKENDS.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from netcare.access.models import User


class AccountBackend(ModelBackend):
    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("institution").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Never: nothing in netcare asks Django's permissions, and nothing should get a yes from them."""
        del user_obj, perm, obj
        return False
