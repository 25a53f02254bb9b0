"""Keep `listen_boardrow` in line with the tables it is a copy of, whoever writes them.

The triggers run once a statement, so that writing many rows at once stays quick.
"""

from django.db import migrations

REFRESH = """
CREATE FUNCTION listen_board_refresh(signals bigint[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO listen_boardrow (
    signal_id, state, visibility, audience_id, theme_id, owner_member_id, author_id, created_at, due_at,
    answered_at, supporters, seen_by, recognised_by, bundled
  )
  SELECT item.id, item.state, item.visibility, item.audience_id, item.theme_id, item.owner_member_id,
    item.author_id, item.created_at, item.due_at, item.answered_at, signal.supporters,
    array_remove(ARRAY[item.owner_member_id] || coalesce(seen.members, '{}'), NULL),
    coalesce(seen.people, '{}'),
    EXISTS (
      SELECT FROM thread_link AS link JOIN thread_item AS bundle ON bundle.id = link.downstream_id
      WHERE link.upstream_id = item.id AND link.kind = 'bundled_in' AND link.ended_at IS NULL
        AND bundle.state IN ('in_review', 'taken_up', 'referred', 'declined')
    )
  FROM listen_signal AS signal
  JOIN thread_item AS item ON item.id = signal.item_ptr_id
  LEFT JOIN LATERAL (
    SELECT array_agg(member_id ORDER BY member_id) AS members, array_agg(person_id ORDER BY person_id) AS people
    FROM listen_recognition WHERE signal_id = item.id AND withdrawn_at IS NULL
  ) AS seen ON TRUE
  WHERE item.id = ANY(signals)
  ORDER BY item.id
  ON CONFLICT (signal_id) DO UPDATE SET
    state = excluded.state, visibility = excluded.visibility, audience_id = excluded.audience_id,
    theme_id = excluded.theme_id, owner_member_id = excluded.owner_member_id, author_id = excluded.author_id,
    created_at = excluded.created_at, due_at = excluded.due_at, answered_at = excluded.answered_at,
    supporters = excluded.supporters, seen_by = excluded.seen_by, recognised_by = excluded.recognised_by,
    bundled = excluded.bundled
$$;
"""

# For each table: which signals a statement touched.
TOUCHED = {
    "listen_signal": "SELECT array_agg(item_ptr_id) FROM {rows}",
    "listen_recognition": "SELECT array_agg(DISTINCT signal_id) FROM {rows}",
    "thread_link": "SELECT array_agg(DISTINCT upstream_id) FROM {rows} WHERE kind = 'bundled_in'",
    # A signal itself; and those in a bundle that merges or dissolves.
    "thread_item": """SELECT array_agg(id) FROM (
        SELECT id FROM {rows} WHERE kind = 'signal'
      UNION
        SELECT link.upstream_id FROM {rows} AS bundle JOIN thread_link AS link ON link.downstream_id = bundle.id
        WHERE bundle.kind = 'bundle' AND link.kind = 'bundled_in' AND link.ended_at IS NULL
      ) AS touched""",
}
EVENTS = {
    "listen_signal": ("insert", "update"),
    "listen_recognition": ("insert", "update", "delete"),
    "thread_link": ("insert", "update", "delete"),
    "thread_item": ("update",),
}


def forward() -> str:
    parts = [REFRESH]
    for table, events in EVENTS.items():
        touched = TOUCHED[table].format(rows="touched_rows")
        parts.append(f"""
CREATE FUNCTION {table}_to_board() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE signals bigint[];
BEGIN
  signals := ({touched});
  IF signals IS NOT NULL THEN PERFORM listen_board_refresh(signals); END IF;
  RETURN NULL;
END $$;
""")
        for event in events:
            rows = "OLD" if event == "delete" else "NEW"
            parts.append(
                f"CREATE TRIGGER {table}_to_board_{event} AFTER {event.upper()} ON {table} "
                f"REFERENCING {rows} TABLE AS touched_rows "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_to_board();"
            )
    parts.append("SELECT listen_board_refresh(array(SELECT item_ptr_id FROM listen_signal));")
    return "\n".join(parts)


def backward() -> str:
    dropped = [f"DROP FUNCTION {table}_to_board() CASCADE;" for table in EVENTS]
    return "\n".join([*dropped, "DROP FUNCTION listen_board_refresh(bigint[]);"])


class Migration(migrations.Migration):
    dependencies = [("listen", "0006_boardrow")]
    operations = [migrations.RunSQL(forward(), backward())]
