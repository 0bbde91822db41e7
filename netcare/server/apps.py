"""The Django application that holds the command `serve` and the checks of a configuration that is to be served."""

from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "netcare.server"
    label = "server"
    verbose_name = "Server"

    def ready(self) -> None:
        from netcare.server import checks  # noqa: F401  (registers the checks)
