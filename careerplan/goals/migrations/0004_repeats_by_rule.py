from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0003_rules_within_limits'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='actionstep',
            constraint=models.CheckConstraint(
                condition=Q(repeats='', repeats_from__isnull=True, repeats_until__isnull=True)
                | Q(
                    repeats__regex='^(daily:1|weekly:([1-9]|[1-4][0-9]|5[0-2]):[1-7]'
                    '|monthly:([1-9]|1[0-9]|2[0-4]):([1-9]|[12][0-9]|3[01])'
                    '|after:([1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6]))$',
                    repeats_from__isnull=False,
                    due_on__isnull=False,
                ),
                name='goals_actionstep_repeats_by_rule',
            ),
        ),
        migrations.RemoveConstraint(model_name='actionstep', name='goals_actionstep_repeats_complete'),
    ]
