"""Addresses of the machine door over HTTP."""

from django.urls import path

from pathways.api.views import assess

urlpatterns = [path("api/v1/assess/", assess, name="api_assess")]
