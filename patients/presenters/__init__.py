"""Presenters: the record as pages show it. They read and format; they never write. Templates only loop over them."""
