"""Drawings and signs as SVG files of their own, black on white: what the screen draws, with strokes told by shape and dash.

The shapes are those of `pathways.drawing`, the signs those of `components/icons.svg`; only their colours are paper's. Pure
but for reading that one file. Called by `making`, and by the forms of a packet for the signs.
"""

import re
from functools import lru_cache
from html import escape
from pathlib import Path as FilePath
from typing import assert_never

from boards.packet.contents import Drawing, LegendSign, Picture
from pathways.drawing.shapes import Circle, Line, Mark, Panel, Path, Rect, Shape, Sign, Text
from pathways.drawing.timeline import Timeline

SPRITE = FilePath(__file__).resolve().parents[2] / "templates" / "components" / "icons.svg"
STATUS_SIGNS = ("candidate", "conditional", "possible", "excluded", "not_indicated", "not_assessed", "suspended")
OTHER_SIGNS = ("caution", "met", "not-met", "unknown", "fork", "clock", "info", "mark")
# The classes of static/drawings.css on paper. A class that is not here is drawn as its shape alone.
CSS = """
text{font-family:Inter,sans-serif;font-size:11px;fill:#000;paint-order:stroke;stroke:#fff;stroke-width:2.5px}
.t10{font-size:10px}.t10-5{font-size:10.5px}.t11{font-size:11px}.t11-5{font-size:11.5px}.t12{font-size:12px}
.t13{font-size:13px}.t14{font-size:14px}.t-bold{font-weight:600}.t-quiet{fill:#333}
.tl-shade{fill:none}.tl-grid{stroke:#bbb}.tl-grid-fine{stroke:#bbb;stroke-dasharray:1 3}.tl-divide{stroke:#999}
.tl-lane{stroke:#999}.tl-leader{stroke:#999}.tl-growth{stroke:#000;stroke-width:1.3;stroke-dasharray:4 3}
.tl-flag{fill:#fff;stroke:#000}.tl-today{stroke:#000;stroke-width:1.3}
.bar-certain{fill:#fff;stroke:#000;stroke-width:1.2}.bar-point{fill:#000;stroke:#000}
.bar-doubt{fill:#fff;stroke:#000;stroke-width:1.1;stroke-dasharray:3 2.5}
.bar-arrow{fill:none;stroke:#000;stroke-width:1.6;stroke-linejoin:round}.bar-goes-on{fill:none;stroke:#000;stroke-width:1.6}
.bar-stopped{stroke:#000;stroke-width:3}.bar-stopped_because{stroke:#000;stroke-width:3}
.bar-cross{stroke:#000;stroke-width:1.7;fill:none;stroke-linecap:round}
.g-full{fill:#000}.g-line{fill:#fff;stroke:#000;stroke-width:1.4}
.g-stroke{fill:none;stroke:#333;stroke-width:1.6;stroke-linecap:round}
.g-growth{fill:#000}.g-growth-line{fill:#fff;stroke:#000;stroke-width:1.4}
.g-accent-line{fill:#fff;stroke:#000;stroke-width:1.5}.g-accent-stroke{fill:none;stroke:#000;stroke-width:1.5}
.g-check{fill:none;stroke:#000;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}.g-more{fill:#000}
.is-planned{stroke-dasharray:2.2 2}
.tl-series{fill:none;stroke:#000;stroke-width:1.7;stroke-linejoin:round}.tl-dot{fill:#fff;stroke:#000;stroke-width:1.5}
.tl-dot-other{stroke-dasharray:1.8 1.4}.tl-same-day{stroke:#000;stroke-dasharray:1 2}.tl-range{stroke:#000;stroke-width:1.2}
.tl-axis{stroke:#999}.tl-band{fill:#e8e8e8}
""".replace("\n", "")


def drawing_of(timeline: Timeline, said: str) -> Drawing:
    """A timeline for paper; `said` is what found no room."""
    panels = tuple(
        Picture(
            panel_svg(panel),
            f"{panel.title}. {panel.said}",
            tuple(text.text for text in panel.texts),
            round(panel.width),
            round(panel.height),
        )
        for panel in timeline.panels
    )
    legend = tuple(LegendSign(panel_svg(entry.sign), entry.words) for entry in timeline.legend)
    return Drawing(panels, legend, said)


def panel_svg(panel: Panel) -> str:
    """One panel as a whole SVG file with its style inside; nothing in it is fetched."""
    shapes = "".join(
        "".join(_svg(shape) for shape in item.shapes) if isinstance(item, Mark) else _svg(item) for item in panel.items
    )
    size = f'viewBox="0 0 {panel.width:g} {panel.height:g}" width="{panel.width:g}" height="{panel.height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{CSS}</style>{shapes}</svg>'


def _n(value: float) -> str:
    return f"{round(value, 1):g}"


def _svg(shape: Shape) -> str:
    match shape:
        case Text():
            place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" class="{escape(shape.classes)}" text-anchor="{shape.anchor}"'
            return f"<text {place}>{escape(shape.text)}</text>"
        case Rect():
            size = f'width="{_n(shape.width)}" height="{_n(shape.height)}" rx="{_n(shape.radius)}"'
            return f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" {size} class="{escape(shape.css)}"/>'
        case Line():
            ends = f'x1="{_n(shape.x1)}" y1="{_n(shape.y1)}" x2="{_n(shape.x2)}" y2="{_n(shape.y2)}"'
            return f'<line {ends} class="{escape(shape.css)}"/>'
        case Path():
            return f'<path d="{escape(shape.d)}" class="{escape(shape.css)}"/>'
        case Circle():
            return f'<circle cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.r)}" class="{escape(shape.css)}"/>'
        case Sign():
            place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.size)}" height="{_n(shape.size)}"'
            box, inner = _symbols()[shape.name]
            return f'<svg {place} viewBox="{box}">{inner}</svg>'
        case _:
            assert_never(shape)


@lru_cache(maxsize=1)
def _symbols() -> dict[str, tuple[str, str]]:
    """Each sign of the pages by its id: its view box and its outline, in black."""
    found = re.findall(r'<symbol id="([\w-]+)" viewBox="([\d ]+)">(.*?)</symbol>', SPRITE.read_text(encoding="utf-8"))
    return {name: (box, inner.replace("currentColor", "#000")) for name, box, inner in found}


@lru_cache(maxsize=1)
def signs() -> dict[str, str]:
    """Every sign that a packet uses, by the name of its status or meaning, as an SVG file of its own."""
    ids = {name: f"s-{name}" for name in STATUS_SIGNS} | {name: f"i-{name}" for name in OTHER_SIGNS}
    symbols = _symbols()
    return {
        name: f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{symbols[id_][0]}">{symbols[id_][1]}</svg>'
        for name, id_ in ids.items()
    }
