-- The role under which web and worker run: it reads and writes what the product needs, owns nothing, and can add to the
-- log but never change it. Run it as the owner of the database after each `omkering manage migrate`:
--   psql "$OWNER_URL" -v ON_ERROR_STOP=1 -f docs/role.sql
-- Migrations, restores and this file run as the owner; DATABASE_URL of web and worker names omkering_app.

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'omkering_app') THEN
    CREATE ROLE omkering_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
  END IF;
END $$;

GRANT USAGE ON SCHEMA public TO omkering_app;
REVOKE CREATE ON SCHEMA public FROM omkering_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO omkering_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO omkering_app;

-- The log, and the history of rows: added to, never changed. The hashes of an unfinished tile do grow.
DO $$ DECLARE kept text; BEGIN
  FOR kept IN
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname = 'public' AND (
      tablename IN ('journal_event', 'journal_leaf', 'journal_seal')
      OR tablename IN (
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'pgh_obj_id'
      )
    )
  LOOP
    EXECUTE 'REVOKE UPDATE, DELETE, TRUNCATE ON ' || kept || ' FROM omkering_app';
  END LOOP;
END $$;
REVOKE DELETE, TRUNCATE ON journal_tile FROM omkering_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM omkering_app;
