"""The tumor board: meetings, cases, packets, minutes and attachments."""
