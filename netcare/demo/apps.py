"""The Django application that holds the commands `load_demo` and `invent_patients`."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "netcare.demo"
    label = "demo"
    verbose_name = "Demo"

    def ready(self) -> None:
        from netcare.demo import checks  # noqa: F401  (registers the check)
