"""The kinds, wishes and channels of what is owed."""

import careerplan.reminders.kinds
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('goals', '0003_vanishing_does_not_count'),
        ('reminders', '0001_initial'),
        ('skills', '0002_limited_to'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GoalReminders',
            fields=[
                ('goal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reminders', serialize=False, to='goals.goal')),
                ('leads', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), blank=True, null=True, size=None, verbose_name='days before')),
                ('is_muted', models.BooleanField(default=False, verbose_name='muted')),
            ],
            options={
                'verbose_name': 'reminders of a goal',
                'verbose_name_plural': 'reminders of goals',
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='presence', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('seen_at', models.DateTimeField(verbose_name='last seen')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='asked since')),
            ],
            options={
                'verbose_name': 'presence',
                'verbose_name_plural': 'presence',
            },
        ),
        migrations.CreateModel(
            name='SweepRecord',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('swept_at', models.DateTimeField(verbose_name='last sweep')),
                ('made', models.PositiveIntegerField(default=0, verbose_name='reminders it made')),
            ],
            options={
                'verbose_name': 'sweep',
                'verbose_name_plural': 'sweeps',
            },
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminders_reminder_once',
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminders_reminder_subject',
        ),
        migrations.AddField(
            model_name='preferences',
            name='goal_leads',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), default=careerplan.reminders.kinds.default_goal_leads, size=None, verbose_name='before a goal'),
        ),
        migrations.AddField(
            model_name='preferences',
            name='step_leads',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), default=careerplan.reminders.kinds.default_step_leads, size=None, verbose_name='before a step'),
        ),
        migrations.AddField(
            model_name='preferences',
            name='weekly_maximum',
            field=models.PositiveSmallIntegerField(default=7, verbose_name='e-mails in seven days, at most'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='assessment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='skills.assessment'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='channel',
            field=models.CharField(choices=[('mail', 'E-mail'), ('app', 'In the app')], default='mail', max_length=4, verbose_name='channel'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='local_date',
            field=models.DateField(null=True, verbose_name='day it came up'),
        ),
        migrations.RunSQL(
            "UPDATE reminders_reminder SET local_date = reminders_digest.local_date FROM reminders_digest"
            " WHERE reminders_digest.id = reminders_reminder.digest_id",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='reminder',
            name='local_date',
            field=models.DateField(verbose_name='day it came up'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='seen_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='seen at'),
        ),
        migrations.AlterField(
            model_name='preferences',
            name='muted_kinds',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('goal_due', 'Goals that are due'), ('step_due', 'Steps that are due'), ('overdue', 'What is overdue'), ('stop_rule', 'Days on which to stop or go on'), ('review_due', 'Reviews'), ('step_unrated', 'Finished steps to rate'), ('goal_without_step', 'Goals without an open step'), ('assessment_left', 'An assessment left half done')], max_length=20), blank=True, default=list, size=None),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='digest',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='reminders.digest'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='due_on',
            field=models.DateField(verbose_name='date it is about'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='goal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='goals.goal'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('goal_due', 'Goals that are due'), ('step_due', 'Steps that are due'), ('overdue', 'What is overdue'), ('stop_rule', 'Days on which to stop or go on'), ('review_due', 'Reviews'), ('step_unrated', 'Finished steps to rate'), ('goal_without_step', 'Goals without an open step'), ('assessment_left', 'An assessment left half done')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='lead_days',
            field=models.SmallIntegerField(verbose_name='days before'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('channel', 'app')), fields=['user', '-local_date', '-id'], name='reminders_notices'),
        ),
        migrations.AddConstraint(
            model_name='preferences',
            constraint=models.CheckConstraint(condition=models.Q(('weekly_maximum__gte', 1), ('weekly_maximum__lte', 7)), name='reminders_preferences_weekly_maximum'),
        ),
        migrations.AddConstraint(
            model_name='preferences',
            constraint=models.CheckConstraint(condition=models.Q(('goal_leads__contained_by', [30, 14, 7, 2, 1, 0]), ('step_leads__contained_by', [30, 14, 7, 2, 1, 0])), name='reminders_preferences_leads'),
        ),
        migrations.AddConstraint(
            model_name='preferences',
            constraint=models.CheckConstraint(condition=models.Q(('muted_kinds__contained_by', ['goal_due', 'step_due', 'overdue', 'stop_rule', 'review_due', 'step_unrated', 'goal_without_step', 'assessment_left'])), name='reminders_preferences_kinds_known'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('user', 'goal', 'step', 'assessment', 'kind', 'due_on', 'lead_days', 'channel'), name='reminders_reminder_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assessment__isnull', True), ('goal__isnull', False), ('kind__in', ('goal_due', 'stop_rule', 'goal_without_step')), ('step__isnull', True)), models.Q(('assessment__isnull', True), ('goal__isnull', False), ('kind__in', ('step_due', 'step_unrated')), ('step__isnull', False)), models.Q(('assessment__isnull', True), ('goal__isnull', False), ('kind', 'overdue')), models.Q(('assessment__isnull', False), ('goal__isnull', True), ('kind', 'assessment_left'), ('step__isnull', True)), _connector='OR'), name='reminders_reminder_subject'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('goal_due', 'step_due')), ('lead_days__gte', 0)), models.Q(('kind__in', ('stop_rule', 'goal_without_step', 'review_due')), ('lead_days__lte', 0)), models.Q(('kind__in', ('overdue', 'step_unrated', 'assessment_left')), ('lead_days__lt', 0)), _connector='OR'), name='reminders_reminder_lead_of_kind'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'mail'), ('digest__isnull', False), ('seen_at__isnull', True)), models.Q(('channel', 'app'), ('digest__isnull', True)), _connector='OR'), name='reminders_reminder_channel'),
        ),
        migrations.AddConstraint(
            model_name='goalreminders',
            constraint=models.CheckConstraint(condition=models.Q(('leads__isnull', True), ('leads__contained_by', [30, 14, 7, 2, 1, 0]), _connector='OR'), name='reminders_goalreminders_leads'),
        ),
        migrations.AddConstraint(
            model_name='sweeprecord',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='reminders_sweeprecord_one_row'),
        ),
        # For the sweep, which looks at all that is active or done: read from the index alone, the wide rows are not.
        migrations.RunSQL(
            "CREATE INDEX reminders_active_goals ON goals_goal (plan_id, id, created_at) WHERE state = 'active'",
            "DROP INDEX reminders_active_goals",
        ),
        migrations.RunSQL(
            "CREATE INDEX reminders_stop_rules ON goals_goal (stop_on, id)"
            " WHERE state = 'active' AND stop_on IS NOT NULL AND stop_answered_at IS NULL",
            "DROP INDEX reminders_stop_rules",
        ),
        migrations.RunSQL(
            "CREATE INDEX reminders_done_steps ON goals_actionstep (goal_id, id, done_at) WHERE state = 'done'",
            "DROP INDEX reminders_done_steps",
        ),
        migrations.RunSQL(
            "CREATE INDEX reminders_open_steps ON goals_actionstep (goal_id)"
            " WHERE state IN ('to_do', 'in_progress')",
            "DROP INDEX reminders_open_steps",
        ),
    ]
