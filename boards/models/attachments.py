"""What is attached to a case: a report or an image as a file, and its withdrawal with a reason.

What it refuses to do: change or lose a row. A withdrawn attachment stays named, and its file is no longer handed out. The
actions are the only writers.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import AppendOnly


class AttachmentKind(models.TextChoices):
    PATHOLOGY = "pathology", "pathology report"
    IMAGING = "imaging", "imaging report"
    LETTER = "letter", "letter"
    IMAGE = "image", "image"
    OTHER = "other", "other"


class Attachment(AppendOnly):
    """One file of a case, checked before it was kept. `document_on`: the date on the document; `pages`: 0 for an image."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("boards.Case", on_delete=models.PROTECT, related_name="attachments")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=AttachmentKind.choices)
    document_on = models.DateField()
    file_name = models.CharField(max_length=140)
    content_type = models.CharField(max_length=40)
    pages = models.PositiveSmallIntegerField(default=0)
    key = models.UUIDField(unique=True)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AttachmentKind.values), name="attachment_known_kind"),
            models.CheckConstraint(condition=~Q(title=""), name="attachment_has_title"),
        ]


class AttachmentWithdrawal(AppendOnly):
    """Why an attachment is not handed out any more; once, and for ever."""

    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="attachment_withdrawal_says_why")]
