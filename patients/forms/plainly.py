"""What a form says of an answer that it cannot take, in our sentences: which field, what is accepted.

What it is: the messages that Django gives a field by itself, replaced; what a form says in its own words stays.
What it refuses to do: check anything. Who calls it: `PlainForm`.
"""

from copy import copy
from typing import Any

from django import forms
from django.core import validators


def say_plainly(field: forms.Field) -> None:
    """Give a field sentences in place of Django's own."""
    name, defaults = str(field.label or "This"), _defaults(field)
    for key, sentence in _sentences(field, name).items():
        if key in field.error_messages and field.error_messages[key] == defaults.get(key):
            field.error_messages[key] = sentence
    field.validators = [_plain(one, field, name) for one in field.validators]


def _defaults(field: forms.Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in reversed(type(field).__mro__):
        found.update(getattr(base, "default_error_messages", {}))
    return found


def _sentences(field: forms.Field, name: str) -> dict[str, str]:
    said = {
        "required": f"{name} is missing.",
        "invalid_choice": f"“%(value)s” is not among the choices of {name}. Choose one that is listed.",
        "invalid_list": f"{name}: choose from what is listed.",
        "empty": "The file is empty.",
    }
    if isinstance(field, forms.IntegerField):
        said["invalid"] = f"{name} is {_accepted(field)}."
    elif isinstance(field, forms.DateField):
        said["invalid"] = f"{name} is no day. Accepted is year-month-day, such as 2026-11-26."
    return said


def _accepted(field: forms.IntegerField) -> str:
    low, high = field.min_value, field.max_value
    what = "a number" if isinstance(field, forms.FloatField | forms.DecimalField) else "a whole number"
    if low is not None and high is not None:
        return f"{what} from {low} to {high}"
    return what + (f" of {low} or more" if low is not None else f" of {high} or less" if high is not None else "")


def _plain(validator: Any, field: forms.Field, name: str) -> Any:
    """A copy of the validator with a sentence of ours; one that is none of Django's stays."""
    sentence = ""
    if isinstance(validator, validators.MinValueValidator | validators.MaxValueValidator):
        accepted = _accepted(field) if isinstance(field, forms.IntegerField) else f"up to {validator.limit_value}"
        sentence = f"{name} is {accepted}; %(show_value)s is not."
    elif isinstance(validator, validators.MaxLengthValidator):
        sentence = f"{name} has %(show_value)d characters; %(limit_value)d are kept."
    elif isinstance(validator, validators.ProhibitNullCharactersValidator):
        sentence = f"{name} contains signs that cannot be shown. Type it again."
    if not sentence:
        return validator
    plain = copy(validator)
    plain.message = sentence
    return plain
