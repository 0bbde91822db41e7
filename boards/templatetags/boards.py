"""Pieces of the meeting screen's markup that templates cannot loop over otherwise."""

from django import template

from boards.presenters.screen import ItemRow

register = template.Library()

_TASK = (("what", "what is to be done"), ("owner", "who"), ("due", "by when"))
_CONDITION = (("what", "if …"), ("then", "then …"), ("otherwise", "else …"), ("owner", "who"), ("due", "by when"))


@register.filter
def parts(row: ItemRow) -> list[tuple[str, str, str]]:
    """The inputs of a row: name, label, value."""
    return [(name, label, getattr(row, name)) for name, label in (_TASK if row.kind == "task" else _CONDITION)]
