"""Invented patients by a seed: plausible records with gaps, in any number.

`invent(seed=1, number=7)` is the same person on every machine, and does not depend on how many others are made; only
days are relative to the day of loading. The mix is varied on purpose and is no epidemiology. Pure: no database, no
clock. Called by `netcare.demo.inventing`.
"""

from netcare.demo.invention.people import invent
from netcare.demo.invention.shapes import InventedMarker, InventedPatient, InventedReading, InventedTreatment

__all__ = ["InventedMarker", "InventedPatient", "InventedReading", "InventedTreatment", "invent"]
