-- Called before endpoints of the control cell are written into this one: locks their health first, as the worker does, and answers which
-- were disabled here and will be enabled; of these failures are forgotten.
CREATE OR REPLACE FUNCTION prepare_copied_endpoints(p_rows jsonb)
RETURNS TABLE (environment_id text, endpoint_id text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM 1 FROM webhook_endpoint_health h
    JOIN jsonb_populate_recordset(NULL::webhook_endpoints, p_rows) n ON n.environment_id = h.environment_id AND n.id = h.endpoint_id
    ORDER BY h.environment_id, h.endpoint_id FOR UPDATE OF h;
  RETURN QUERY UPDATE webhook_endpoint_health h SET health = '{}', cooling_until = NULL
    FROM webhook_endpoints e, jsonb_populate_recordset(NULL::webhook_endpoints, p_rows) n
    WHERE e.environment_id = h.environment_id AND e.id = h.endpoint_id AND NOT e.enabled
      AND n.environment_id = e.environment_id AND n.id = e.id AND n.enabled
    RETURNING h.environment_id, h.endpoint_id;
END
$$;
