"""Addresses of signing in and out, the account, people, teams and API clients."""

from django.urls import URLPattern

app_name = "access"
urlpatterns: list[URLPattern] = []
