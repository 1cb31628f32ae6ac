"""Bring repeating steps within what later migrations demand: a file once brought in rules that no code knows, and a pause
moved due dates past the day until which a step repeats.
"""

from django.db import migrations

from careerplan.core.readonly import allow_closed_changes

WITHIN_LIMITS = """
UPDATE goals_actionstep SET repeats = CASE split_part(repeats, ':', 1)
    WHEN 'weekly' THEN 'weekly:52:' || split_part(repeats, ':', 3)
    WHEN 'monthly' THEN 'monthly:24:' || split_part(repeats, ':', 3)
    ELSE 'after:366' END
WHERE repeats ~ '^(weekly:(5[3-9]|[6-9][0-9]):|monthly:(2[5-9]|[3-9][0-9]):|after:(36[7-9]|3[7-9][0-9]|[4-9][0-9]{2})$)'
"""
UNTIL_DUE = "UPDATE goals_actionstep SET repeats_until = due_on WHERE repeats_until < due_on"


def bring_within_limits(apps, schema_editor):
    """Also of closed goals and archived plans: the constraint holds for all rows."""
    with allow_closed_changes(), schema_editor.connection.cursor() as cursor:
        cursor.execute(WITHIN_LIMITS)
        cursor.execute(UNTIL_DUE)


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0002_steps_of_each_day'),
    ]

    operations = [migrations.RunPython(bring_within_limits, migrations.RunPython.noop)]
