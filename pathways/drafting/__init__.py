"""Editing the content of a ruleset, without a database: entries and their checks, the condition builder, what a change
is in sentences, bringing a draft up to date.

Pure: plain ruleset data in, plain ruleset data out. What it refuses to do: know who edits, or publish; that is
`pathways.drafts`.
"""
