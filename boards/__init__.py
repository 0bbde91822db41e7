"""The tumor board: meetings, cases, readiness, agenda, decisions and what became of them. Nobody imports it."""
