from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='pausemove',
            name='until_stands_on',
            field=models.DateField(blank=True, null=True, verbose_name='new last day of a repeating step'),
        ),
    ]
