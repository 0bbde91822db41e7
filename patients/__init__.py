"""Patients, tumors, findings, treatments, markers: the record, its history, and data entry.

Nothing here assesses anything: ``patients.facts`` turns the record into facts, and ``pathways`` reads those. This
package imports ``pathways.engine``, ``pathways.knowledge`` and ``netcare.*``, never the rest of ``pathways``.
"""
