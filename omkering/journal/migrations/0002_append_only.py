"""Refuse every change of events, leaves and seals, and queue each new event for sealing."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_event
  FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER leaf_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_seal
  FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

CREATE FUNCTION journal_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO journal_pending (event_id) SELECT id FROM fresh;
  RETURN NULL;
END $$;
CREATE TRIGGER event_queue AFTER INSERT ON journal_event
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION journal_queue();
"""
BACKWARD = """
DROP TRIGGER event_queue ON journal_event;
DROP TRIGGER event_append_only ON journal_event;
DROP TRIGGER leaf_append_only ON journal_leaf;
DROP TRIGGER seal_append_only ON journal_seal;
DROP FUNCTION journal_queue;
DROP FUNCTION journal_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
