"""Addresses of the audit pages."""

from django.urls import path

from netcare.audit import views

app_name = "audit"
urlpatterns = [path("audit/", views.audit_list, name="list")]
