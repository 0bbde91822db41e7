"""Proofs over every possible patient, with z3."""
