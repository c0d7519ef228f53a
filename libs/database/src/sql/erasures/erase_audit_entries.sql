-- Replaces names by ids and takes out values in up to p_limit audit entries of an organization that is being erased, those behind
-- p_after; otherwise changes nothing. The entries stay, with what was done, when and by which id; of those of its own
-- administrators the address goes too. last_id: where to go on; null when none was left.
CREATE OR REPLACE FUNCTION erase_audit_entries(
  p_environment_id text, p_organization_id text, p_after text, p_limit integer
)
RETURNS TABLE (last_id text, audit_entries bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  ids text[];
BEGIN
  IF NOT EXISTS (SELECT 1 FROM erasures x WHERE x.environment_id = p_environment_id AND x.organization_id = p_organization_id
      AND x.user_id = '' AND x.state <> 'finished') THEN
    RETURN;
  END IF;
  ids := ARRAY(SELECT a.id FROM audit_log a
    WHERE a.environment_id = p_environment_id AND a.organization_id = p_organization_id AND a.id > p_after
    ORDER BY a.id LIMIT p_limit);
  last_id := ids[cardinality(ids)];
  UPDATE audit_log a SET
    target_name = CASE WHEN a.target_name IS NOT NULL THEN a.target_id END,
    actor_name = CASE WHEN a.actor_type IN ('portal_session', 'anonymous') THEN a.actor_id ELSE a.actor_name END,
    ip_address = CASE WHEN a.actor_type IN ('portal_session', 'anonymous') THEN NULL ELSE a.ip_address END,
    changes = coalesce((SELECT jsonb_object_agg(k, '{"from": null, "to": null}'::jsonb) FROM jsonb_object_keys(a.changes) AS k), '{}')
  WHERE a.environment_id = p_environment_id AND a.id = ANY (ids);
  GET DIAGNOSTICS audit_entries = ROW_COUNT;
  RETURN NEXT;
END
$$;
