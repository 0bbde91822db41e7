"""Published versions of rulesets: immutable from birth, on both databases, by triggers.

What it refuses to do: hold rules as rows or code; a version keeps its canonical text, and its digest proves it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class RulesetVersion(models.Model):
    """One published version of a pathway: number, content, digest, who published it and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=80)
    content = models.TextField()
    note = models.TextField(blank=True)
    # What checks and proofs said of it, and who let it pass, when it was published; "" for one loaded from files.
    gates = models.TextField(blank=True, default="")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    published_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="ruleset_version_number_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="ruleset_version_from_one"),
            models.CheckConstraint(condition=Q(digest__startswith="sha256:"), name="ruleset_version_digest_sha256"),
            models.CheckConstraint(condition=~Q(published_by_name=""), name="ruleset_version_named_publisher"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"
