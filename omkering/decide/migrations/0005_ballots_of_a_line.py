"""A ballot belongs to a line of the roll, which names its voter; until now both named the member by themselves."""

import django.db.models.deletion
import pgtrigger.migrations
from django.db import migrations, models

FILL = """
ALTER TABLE decide_rollentry DISABLE TRIGGER USER;
UPDATE decide_rollentry e SET voter = m.code FROM who_member m WHERE m.id = e.member_id;
ALTER TABLE decide_rollentry ENABLE TRIGGER USER;
UPDATE decide_ballot b SET entry_id = e.id
FROM decide_rollentry e WHERE e.vote_id = b.vote_id AND e.member_id = b.member_id;
UPDATE decide_ballotevent b SET entry_id = e.id
FROM decide_rollentry e WHERE e.vote_id = b.vote_id AND e.member_id = b.member_id;
"""
# As rows of before hold it, so that a count under this rule stays what it was.
SETTLE = "SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):

    dependencies = [("decide", "0004_protected_votes")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="ballot", name="insert_insert"),
        pgtrigger.migrations.RemoveTrigger(model_name="ballot", name="update_update"),
        migrations.RemoveConstraint(model_name="ballot", name="decide_ballot_once"),
        migrations.RemoveConstraint(model_name="rollentry", name="decide_roll_once"),
        migrations.AddField("rollentry", "voter", models.CharField(default="", max_length=20)),
        migrations.AddField(
            "ballot", "entry",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="decide.rollentry"
            ),
        ),
        migrations.AddField(
            "ballotevent", "entry",
            models.ForeignKey(
                null=True, db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+",
                related_query_name="+", to="decide.rollentry",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
        migrations.AlterField("rollentry", "voter", models.CharField(max_length=20)),
        migrations.AlterField(
            "ballot", "entry",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="decide.rollentry"
            ),
        ),
        migrations.AlterField(
            "ballotevent", "entry",
            models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+",
                related_query_name="+", to="decide.rollentry",
            ),
        ),
        migrations.RemoveField("ballot", "member"),
        migrations.RemoveField("ballotevent", "member"),
    ]  # fmt: skip
