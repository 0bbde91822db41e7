"""Journeys through the real pages in a real Chromium, against the real server process with the demo loaded."""
