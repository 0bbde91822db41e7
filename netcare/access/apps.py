"""Start-up of access: the triggers that keep excluded roles apart come back after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "netcare.access"
    label = "access"
    verbose_name = "Access"

    def ready(self) -> None:
        from netcare.access import excluded_pairs

        post_migrate.connect(
            excluded_pairs.install_after_migrate, sender=self, dispatch_uid="netcare.access.excluded_pairs"
        )
