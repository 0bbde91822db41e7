"""A reason for a change names the wording that it explains; reasons given so far name none and are confirmed anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0007_effects")]

    operations = [
        migrations.AddField(
            model_name="draftreason",
            name="wording",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
    ]
