"""The address of the health check."""

from django.urls import path

from netcare.server import views

app_name = "server"
urlpatterns = [path("health/", views.health, name="health")]
