"""Drafting: what people use to change the pathway.

`conditions` is the condition builder, `sentence_diff` says what of a sentence is new. Both are pure: no models, no
database, no clock. Called by the pages that edit rules and by “Try a condition”.
"""
