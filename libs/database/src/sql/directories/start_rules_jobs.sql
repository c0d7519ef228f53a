-- Starts the job of one directory, or of every directory of the environment (p_directory_id null), in place of one that runs.
-- A slice under way then belongs to the earlier change and moves the new job nowhere; its users are passed again.
CREATE OR REPLACE FUNCTION start_rules_jobs(p_environment_id text, p_directory_id text)
RETURNS TABLE (directory_id text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  d record;
  new_change_id bigint;
BEGIN
  FOR d IN
    SELECT x.id, c.total_users FROM directories x JOIN directory_counters c ON c.directory_id = x.id
    WHERE x.environment_id = p_environment_id AND x.deleted_time IS NULL AND (p_directory_id IS NULL OR x.id = p_directory_id)
    ORDER BY x.id
  LOOP
    INSERT INTO changes (directory_id, kind, resource_id, occurred_at)
      VALUES (d.id, 'rules_changed', d.id, date_trunc('milliseconds', clock_timestamp()))
      RETURNING id INTO new_change_id;
    INSERT INTO rules_jobs (directory_id, environment_id, change_id, total)
      VALUES (d.id, p_environment_id, new_change_id, greatest(d.total_users, 0))
      ON CONFLICT (directory_id) DO UPDATE SET change_id = excluded.change_id, state = 'pending', total = excluded.total,
        done = 0, last_user_id = '', create_time = now(), finish_time = NULL;
    directory_id := d.id;
    RETURN NEXT;
  END LOOP;
END
$$;
