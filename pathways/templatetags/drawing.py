"""Shapes of a drawing as SVG elements. Colour, stroke and font come from classes; text is escaped like everywhere."""

from typing import assert_never

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pathways.drawing.shapes import Circle, Line, Path, Rect, Shape, Sign, Text

register = template.Library()


def _n(value: float) -> str:
    """A place or length to a tenth of a unit."""
    return f"{round(value, 1):g}"


@register.simple_tag
def shape_svg(shape: Shape) -> SafeString:
    """One element. Text is hidden from those who hear the page where the mark around it says more."""
    match shape:
        case Text():
            return format_html(
                '<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>',
                _n(shape.x), _n(shape.y), shape.classes, shape.anchor, shape.text,
            )  # fmt: skip
        case Rect():
            return format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" class="{}"/>',
                _n(shape.x), _n(shape.y), _n(shape.width), _n(shape.height), _n(shape.radius), shape.css,
            )  # fmt: skip
        case Line():
            return format_html(
                '<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>',
                _n(shape.x1), _n(shape.y1), _n(shape.x2), _n(shape.y2), shape.css,
            )  # fmt: skip
        case Path():
            return format_html('<path d="{}" class="{}"/>', shape.d, shape.css)
        case Circle():
            return format_html(
                '<circle cx="{}" cy="{}" r="{}" class="{}"/>', _n(shape.x), _n(shape.y), _n(shape.r), shape.css
            )
        case Sign():
            return format_html(
                '<svg x="{0}" y="{1}" width="{2}" height="{2}" class="{3}" aria-hidden="true"><use href="#{4}"/></svg>',
                _n(shape.x), _n(shape.y), _n(shape.size), shape.css, shape.name,
            )  # fmt: skip
        case _:
            assert_never(shape)
