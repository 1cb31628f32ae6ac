"""Where a backup is, and until when the worker that checks it has it alone."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("operations", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            "backup",
            "folder",
            models.CharField(blank=True, db_default="", max_length=500, verbose_name="folder of the file"),
        ),
        migrations.AddField(
            "backup",
            "check_claimed_until",
            models.DateTimeField(blank=True, null=True, verbose_name="a worker checks it until"),
        ),
    ]
