"""Drafts of a next version: who may do what to them, in which state, and every action that changes one.

What it refuses to do: publish what a second person has not approved, or lose an edit.
"""
