"""Feedback: what reviewers called not suitable and why, counted by rule and version, and what came of it."""
