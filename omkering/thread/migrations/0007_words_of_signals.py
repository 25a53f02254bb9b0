import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('thread', '0006_hanging'),
        ('who', '0004_organisations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='item',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('kind', 'signal')), fields=['search'], name='thread_item_signals'),
        ),
    ]
