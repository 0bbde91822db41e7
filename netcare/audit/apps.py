"""Start-up of the audit record: which table is append-only, and that its guards are put back after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from netcare.audit import append_only


class AuditConfig(AppConfig):
    name = "netcare.audit"
    label = "audit"
    verbose_name = "Audit record"

    def ready(self) -> None:
        append_only.register("audit_event")
        from netcare.audit import application_role

        post_migrate.connect(append_only.install_after_migrate, sender=self, dispatch_uid="netcare.audit.append_only")
        post_migrate.connect(application_role.grant_after_migrate, sender=self, dispatch_uid="netcare.audit.rights")
