from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0002_own_practice'),
        ('policies', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='version',
            index=models.Index(fields=['practice', '-changed_at', '-id'], name='policies_by_change'),
        ),
    ]
