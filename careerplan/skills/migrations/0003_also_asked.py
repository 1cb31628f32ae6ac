from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('skills', '0002_limited_to'),
    ]

    operations = [
        migrations.AddField(
            model_name='assessment',
            name='also_asked',
            field=ArrayField(base_field=models.BigIntegerField(), blank=True, help_text='Picked by the person, as from a resume; asked about whatever the mode.', null=True, size=None, verbose_name='also these skills (ids)'),
        ),
    ]
