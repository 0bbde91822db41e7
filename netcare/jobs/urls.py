"""Addresses of background jobs: the list, and one job's progress."""

from typing import Any

app_name = "jobs"
urlpatterns: list[Any] = []
