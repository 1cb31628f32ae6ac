"""Reminders of reviews."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0003_vanishing_does_not_count'),
        ('reminders', '0003_sending'),
        ('reviews', '0001_initial'),
        ('skills', '0002_limited_to'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminders_reminder_once',
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminders_reminder_subject',
        ),
        migrations.AddField(
            model_name='reminder',
            name='review',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='reviews.review'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('user', 'goal', 'step', 'assessment', 'review', 'kind', 'due_on', 'lead_days', 'channel'), name='reminders_reminder_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', True), ('goal__isnull', False), ('kind__in', ('goal_due', 'stop_rule', 'goal_without_step')), ('review__isnull', True), ('step__isnull', True)), models.Q(('assessment__isnull', True), ('goal__isnull', False), ('kind__in', ('step_due', 'step_unrated')), ('review__isnull', True), ('step__isnull', False)), models.Q(('assessment__isnull', True), ('goal__isnull', False), ('kind', 'overdue'), ('review__isnull', True)), models.Q(('assessment__isnull', False), ('goal__isnull', True), ('kind', 'assessment_left'), ('review__isnull', True), ('step__isnull', True)), models.Q(('assessment__isnull', True), ('goal__isnull', True), ('kind', 'review_due'), ('review__isnull', False), ('step__isnull', True)), _connector='OR'), name='reminders_reminder_subject'),
        ),
    ]
