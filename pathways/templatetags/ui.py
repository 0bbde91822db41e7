"""Small pieces of markup that every template shares: icons, the sign of a status, form controls, links that keep a filter.

They build display only; what is shown is decided in presenters. Status is always sign and word together, never colour alone.
"""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, CheckboxInput
from django.forms.widgets import CheckboxSelectMultiple, MultiWidget, RadioSelect, Select, SelectMultiple
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from pathways.presenters.words import STATUS_WORDS, show_date, show_instant

register = template.Library()

_TRUTH = {"true": ("met", "met"), "false": ("not-met", "not met"), "unknown": ("unknown", "unknown")}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon of the sprite; the word beside it carries the meaning."""
    return format_html('<svg class="icon i-{0}" aria-hidden="true"><use href="#i-{0}"></use></svg>', name)


@register.simple_tag
def sign(code: str) -> SafeString:
    """The sign of a status without its word, for places where the word stands beside it."""
    return format_html('<svg class="icon sign" aria-hidden="true"><use href="#s-{}"></use></svg>', code)


@register.simple_tag
def status(code: str) -> SafeString:
    """Sign and word of a status: full circle candidate, half conditional, dashed ? possible, struck excluded, dash else."""
    return format_html(
        '<span class="status status-{0}"><svg class="icon sign" aria-hidden="true"><use href="#s-{0}"></use></svg>'
        '<span class="status-word">{1}</span></span>',
        code,
        STATUS_WORDS[code],
    )


@register.simple_tag
def truth(value: str) -> SafeString:
    """✓ met, ✗ not met, ? unknown; the word is there for those who do not see the sign."""
    name, word = _TRUTH[value]
    return format_html(
        '<span class="truth truth-{0}"><svg class="icon" aria-hidden="true"><use href="#i-{0}"></use></svg>'
        '<span class="visually-hidden">{1}: </span></span>',
        name,
        word,
    )


@register.simple_tag
def bar(share: float, label: str = "") -> SafeString:
    """A horizontal bar filled to `share` (0 to 1). Drawn as SVG, since a strict policy forbids style attributes."""
    width = round(max(0.0, min(1.0, share)) * 100, 1)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-rest" width="100" height="4"></rect><rect class="bar-fill" width="{}" height="4"></rect></svg>',
        width,
    )


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The address of this page with some query parameters replaced, the others kept; an empty value removes one."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return "?" + urlencode([(name, value) for name, values in parameters.lists() for value in values])


@register.filter
def status_word(code: str) -> str:
    """The word of a status alone, for running text."""
    return STATUS_WORDS[code]


@register.filter
def day(value: date | None) -> str:
    """A date as the pages write it: 12 Nov 2026."""
    return show_date(value) if value else ""


@register.filter
def instant(value: datetime | None) -> str:
    """An instant as the pages write it, in the time zone in force: 12 Nov 2026, 14:05."""
    return show_instant(value) if value else ""


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether the field is several controls under one legend (radio buttons, check boxes, value with unit)."""
    widget = field.field.widget
    return isinstance(widget, (RadioSelect, CheckboxSelectMultiple, MultiWidget)) and not isinstance(
        widget, SelectMultiple
    )


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of the help text and of the errors that belong to a field."""
    parts = [f"{field.auto_id}_help"] if field.help_text else []
    if field.errors:
        parts.append(f"{field.auto_id}_error")
    return " ".join(parts)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's own control with Bootstrap's classes and its description tied to it."""
    widget = field.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return field.as_widget()
    classes = "form-select" if isinstance(widget, Select) else "form-control"
    if isinstance(widget, CheckboxInput):
        classes = "form-check-input"
    attributes: dict[str, Any] = {"class": f"{widget.attrs.get('class', '')} {classes}".strip()}
    if field.errors:
        attributes["class"] += " is-invalid"
        attributes["aria-invalid"] = "true"
    if not is_group(field) and (described := described_by(field)):
        attributes["aria-describedby"] = described
    return mark_safe(field.as_widget(attrs=attributes))  # noqa: S308 - a widget escapes its own values
