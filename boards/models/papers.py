"""Papers: what left the board as a packet, a case sheet or minutes, with its check code, and for whom it was made.

What it refuses to do: hold patient data. A packet's file lies in `boards.files` for a while and is named here; the row stays
for ever, so that a code typed in from paper is answered years later. The actions and the packet's job are the only writers.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import AppendOnly


class PaperKind(models.TextChoices):
    """`packet`: of a whole meeting; `sheet`: of one case; `text`: one case as text to paste; `minutes`: of a meeting."""

    PACKET = "packet", "packet"
    SHEET = "sheet", "case sheet"
    TEXT = "text", "text of a case"
    MINUTES = "minutes", "minutes"


class PaperForm(models.TextChoices):
    PDF = "pdf", "PDF"
    HTML = "html", "offline folder (ZIP)"
    TEXT = "text", "text"


class Paper(AppendOnly):
    """One making of one paper. `key`, `content_type`, `size` and `digest` name a file that was kept; others were streamed.

    `left_out`: how many cases of the meeting were beyond the reach of whoever made it. `order_version` and `begins_at`: the
    agenda and the hour that it shows. `signed`: of minutes, whether the chair had signed. `made_by` is empty where the
    command line made it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("access.Institution", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PaperKind.choices)
    form = models.CharField(max_length=4, choices=PaperForm.choices)
    code = models.CharField(max_length=14)
    meeting = models.ForeignKey("boards.Meeting", on_delete=models.PROTECT, related_name="papers", null=True)
    order_version = models.PositiveIntegerField(default=0)
    begins_at = models.DateTimeField(null=True)
    deidentified = models.BooleanField(default=False)
    signed = models.BooleanField(default=False)
    left_out = models.PositiveSmallIntegerField(default=0)
    key = models.UUIDField(null=True)
    content_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="paper_known_kind"),
            models.CheckConstraint(condition=Q(form__in=PaperForm.values), name="paper_known_form"),
            models.CheckConstraint(condition=~Q(code=""), name="paper_has_code"),
            models.CheckConstraint(
                condition=Q(kind__in=["sheet", "text"]) | Q(meeting__isnull=False), name="paper_names_meeting"
            ),
            models.CheckConstraint(
                condition=Q(key__isnull=True, digest="") | (Q(key__isnull=False) & ~Q(digest="")),
                name="paper_file_has_digest",
            ),
            models.UniqueConstraint(fields=["key"], name="paper_file_once"),
        ]
        indexes = [models.Index(fields=["institution", "code"], name="paper_by_code")]


class PaperCase(AppendOnly):
    """One tumor on a paper: its own check code, and what its list rests on. `snapshot`: the assessment that was kept.

    `case` is empty for a sheet made outside the board. `out_of_date_on`: the day on which time alone makes it another list.
    """

    id = models.BigAutoField(primary_key=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="cases")
    tumor = models.ForeignKey("patients.Tumor", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("boards.Case", on_delete=models.PROTECT, related_name="papers", null=True)
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=14, blank=True)
    ruleset = models.CharField(max_length=200, blank=True)
    ruleset_digest = models.CharField(max_length=80, blank=True)
    overlay = models.CharField(max_length=200, blank=True)
    facts = models.CharField(max_length=80, blank=True)
    facts_of = models.CharField(max_length=40, blank=True)
    out_of_date_on = models.DateField(null=True)
    snapshot = models.ForeignKey("pathways.Snapshot", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="paper_case_number_once")]
        indexes = [models.Index(fields=["code"], name="paper_case_by_code")]
