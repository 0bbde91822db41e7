"""Every change of the board's rows, each a named action: keyword-only, atomic, policy checked, recorded in the audit.

`NotAllowed` says that the actor may not, `Refused` that the change cannot stand, with the field each sentence belongs to.
"""
