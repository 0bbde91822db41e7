"""Recall of signed reviews after a new version, and feedback that reaches the editors."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0004_emergency_stops"),
        ("patients", "0003_imported_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedbackThread",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("option", models.CharField(max_length=60)),
                ("rule", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(blank=True, max_length=30)),
                ("sentence", models.CharField(max_length=500)),
                ("opened_by_name", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="pathways.rulesetversion"
                    ),
                ),
            ],
            options={
                "verbose_name": "feedback thread",
            },
        ),
        migrations.CreateModel(
            name="FeedbackSeen",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seen", to="pathways.feedbackthread"
                    ),
                ),
            ],
            options={
                "verbose_name": "outcome that was seen",
            },
        ),
        migrations.CreateModel(
            name="FeedbackEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("taken_up", "taken up in a draft"), ("answered", "answered")], max_length=10
                    ),
                ),
                ("draft", models.CharField(blank=True, max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("changed", "changed"), ("not_changed", "not changed")], max_length=12
                    ),
                ),
                ("sentence", models.CharField(blank=True, max_length=500)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "changed_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.rulesetversion",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="pathways.feedbackthread"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a feedback thread",
            },
        ),
        migrations.CreateModel(
            name="RecallEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("found_at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall_entries",
                        to="pathways.review",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="pathways.snapshot"
                    ),
                ),
                (
                    "tumor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recall_entries", to="patients.tumor"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="pathways.rulesetversion"
                    ),
                ),
            ],
            options={
                "verbose_name": "recall entry",
            },
        ),
        migrations.CreateModel(
            name="RecallDifference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.PositiveSmallIntegerField()),
                ("option", models.CharField(max_length=60)),
                ("before", models.CharField(blank=True, max_length=20)),
                ("after", models.CharField(blank=True, max_length=20)),
                ("rules", models.JSONField(default=list)),
                ("verdict", models.CharField(blank=True, max_length=14)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to="pathways.recallentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "difference of a recall entry",
            },
        ),
        migrations.CreateModel(
            name="RecallEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("found", "found"),
                            ("assigned", "assigned"),
                            ("due_moved", "due date moved"),
                            ("closed", "closed"),
                            ("reopened", "reopened"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_open", models.BooleanField()),
                ("due_on", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("line", models.CharField(blank=True, max_length=300)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="pathways.recallentry"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a recall entry",
            },
        ),
        migrations.AddIndex(
            model_name="feedbackthread",
            index=models.Index(fields=["option", "rule"], name="feedback_thread_by_rule"),
        ),
        migrations.AddConstraint(
            model_name="feedbackthread",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("option", ""), _negated=True), models.Q(("sentence", ""), _negated=True)),
                name="feedback_thread_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackseen",
            constraint=models.UniqueConstraint(fields=("thread", "user"), name="feedback_seen_once"),
        ),
        migrations.AddConstraint(
            model_name="feedbackevent",
            constraint=models.UniqueConstraint(fields=("thread", "number"), name="feedback_step_number_once"),
        ),
        migrations.AddConstraint(
            model_name="feedbackevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "answered")), fields=("thread",), name="feedback_answered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("changed_in__isnull", True),
                        ("kind", "taken_up"),
                        ("outcome", ""),
                        models.Q(("draft", ""), _negated=True),
                    ),
                    models.Q(
                        ("draft", ""),
                        ("kind", "answered"),
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("sentence", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="feedback_step_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "changed"), _negated=True), ("changed_in__isnull", False), _connector="OR"
                ),
                name="feedback_change_names_its_version",
            ),
        ),
        migrations.AddIndex(
            model_name="recallentry",
            index=models.Index(fields=["tumor", "found_at"], name="recall_by_tumor"),
        ),
        migrations.AddConstraint(
            model_name="recallentry",
            constraint=models.UniqueConstraint(fields=("version", "tumor"), name="recall_once_per_version_and_tumor"),
        ),
        migrations.AddConstraint(
            model_name="recalldifference",
            constraint=models.UniqueConstraint(fields=("entry", "option"), name="recall_difference_once_per_option"),
        ),
        migrations.AddConstraint(
            model_name="recalldifference",
            constraint=models.CheckConstraint(
                condition=models.Q(("before", models.F("after")), _negated=True), name="recall_difference_differs"
            ),
        ),
        migrations.AddIndex(
            model_name="recallevent",
            index=models.Index(fields=["owner", "is_open"], name="recall_event_by_owner"),
        ),
        migrations.AddConstraint(
            model_name="recallevent",
            constraint=models.UniqueConstraint(fields=("entry", "number"), name="recall_event_number_once"),
        ),
        migrations.AddConstraint(
            model_name="recallevent",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="recall_event_from_one"),
        ),
        migrations.AddConstraint(
            model_name="recallevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["found", "assigned", "due_moved", "closed", "reopened"])),
                name="recall_event_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_open", False), ("kind", "closed"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("kind", "closed"), _negated=True), ("is_open", True), ("reason", "")),
                    _connector="OR",
                ),
                name="recall_event_closed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("by_name", ""), _negated=True), name="recall_event_names_who"
            ),
        ),
    ]
