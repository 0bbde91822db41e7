"""Drawings as plain values: the layout of the timeline and of the pathway map, turned into SVG by templates.

Pure: no Django, no database, no clock. What is drawn is decided by the presenters that call it; where it stands is decided
here, so that tests can hold that nothing overlaps and nothing is left out.
"""
