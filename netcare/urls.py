"""Every URL of netcare, by package. A view without a policy is refused by the access middleware."""

from django.urls import include, path

urlpatterns = [
    path("", include("netcare.access.urls")),
    path("", include("netcare.audit.urls")),
    path("", include("netcare.jobs.urls")),
    path("", include("netcare.safety.urls")),
    path("", include("netcare.server.urls")),
    path("", include("patients.urls")),
    path("", include("pathways.urls")),
    path("", include("boards.urls")),
]
