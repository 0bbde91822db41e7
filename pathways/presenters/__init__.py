"""Presenters: what each page says, computed from the record and the assessment, one module per page.

They read and format; they never write, and never decide a status. Templates only loop over what stands here.
"""
