from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0004_repeats_by_rule'),
    ]

    operations = [ValidateConstraint(model_name='actionstep', name='goals_actionstep_repeats_by_rule')]
