"""When an account was closed, and when what was kept of its owner was erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("who", "0002_boundary")]
    operations = [
        migrations.AddField("person", "closed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("person", "erased_at", models.DateTimeField(blank=True, null=True)),
        # Of accounts closed before, the day is not known: their term begins now.
        migrations.RunSQL(
            "UPDATE who_person SET closed_at = now() WHERE NOT is_active", migrations.RunSQL.noop
        ),
    ]
