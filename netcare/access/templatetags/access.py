"""`{% load access %}`: `actor|may:"PATIENT_WRITE"` answers, `actor|denial:"PATIENT_WRITE"` is the sentence if not.

Refuses unknown capability names with an error. Called by templates of every package.
"""

from django import template

from netcare.access.actors import Actor
from netcare.access.context import capability_named

register = template.Library()


@register.filter
def may(actor: Actor, name: str) -> bool:
    return actor.may(capability_named(name)).allowed


@register.filter
def denial(actor: Actor, name: str) -> str:
    """Empty when the actor may; else the sentence that the page's 403 would show, for the disabled button's title."""
    return actor.may(capability_named(name)).sentence
