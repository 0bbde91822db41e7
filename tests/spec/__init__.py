"""The meaning of the logic, as tables and stories that a clinician can check by eye."""
