"""Forms of signing in, people, teams and API clients.

Refuses to decide: a form reads what was typed, `apply` runs one action with it and puts a refusal's sentence beside the
field it belongs to. Field lists are written out, so that no model field can be set by naming it in a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from netcare.access import throttle
from netcare.access.actions import ChangeRefused
from netcare.access.models import User
from netcare.access.roles import API_CLIENT_SCOPES, CAPABILITY_TEXTS, HUMAN_ROLES, Capability

WRONG = "The user name or the password is wrong. Capital letters matter in the password."
CHANGED_MEANWHILE = "Somebody changed the same thing a moment ago. Look at it again and repeat if it is still needed."
Result = TypeVar("Result")


def apply(form: forms.Form, action: Callable[[], Result]) -> Result | None:
    """Run the action; None when it was refused, with the sentence beside its field."""
    try:
        return action()
    except ChangeRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    except IntegrityError:
        form.add_error(None, CHANGED_MEANWHILE)
    return None


class SignInForm(AuthenticationForm):
    """User name and password, with a pause after several wrong ones."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username", "")
        address = str(self.request.META.get("REMOTE_ADDR", "")) if self.request else ""
        at = datetime.now(UTC)
        seconds = throttle.seconds_locked(username=username, address=address, at=at)
        if seconds:
            minutes = -(-seconds // 60)
            raise ValidationError(
                f"Too many tries. Sign-in from here is closed for {minutes} more minute{'s' if minutes > 1 else ''}.",
                code="locked",
            )
        throttle.count_try(username=username, address=address, at=at)
        cleaned = super().clean()
        throttle.clear(username=username, address=address)
        return cleaned


class NewPersonForm(forms.Form):
    display_name = forms.CharField(max_length=200, label="Name", help_text="As others read it, such as Dr Mara Lind.")
    username = forms.CharField(
        max_length=150,
        label="User name",
        help_text="For signing in: letters a–z, digits and . _ @ + -",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="First password",
        strip=False,
        help_text="At least 12 characters. The person can change it under Account.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )


class PasswordForm(forms.Form):
    """An administrator's new password for another person."""

    password = forms.CharField(
        label="New password",
        strip=False,
        help_text="At least 12 characters. It ends every session of this account.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class OwnPasswordForm(PasswordForm):
    """One's own new password, with the old one to show that it is really the person."""

    field_order = ("current", "password")
    current = forms.CharField(
        label="Password so far",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise ValidationError("This is not your password so far.")
        return current


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=[(role.value, role.title) for role in HUMAN_ROLES], label="Role")


class TeamForm(forms.Form):
    name = forms.CharField(max_length=200, label="Name of the team")


class MemberForm(forms.Form):
    """A person of the team's institution; the choice offers nobody else, and nobody who is in the team already."""

    user = forms.ChoiceField(label="Add a person")

    def __init__(self, people: Iterable[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [(str(one.id), one.display_name) for one in people]  # type: ignore[attr-defined]


class ApiClientForm(forms.Form):
    name = forms.CharField(max_length=200, label="Name", help_text="The program, such as Hospital information system.")
    purpose = forms.CharField(max_length=300, label="Purpose", help_text="What it does with what it gets.")
    scopes = forms.TypedMultipleChoiceField(
        label="Scopes",
        help_text="What the program may do, at this institution only.",
        coerce=Capability,
        choices=[(scope.value, CAPABILITY_TEXTS[scope]) for scope in API_CLIENT_SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
