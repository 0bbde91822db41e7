"""The timeline page: from the rows of the record to a drawing and to a table that says the same."""
