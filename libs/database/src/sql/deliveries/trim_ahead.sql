-- Those of deliveries that are leased together, in their order: as many as may begin at once, and as many more as their bodies leave room
-- for. p_rules: {slots, ahead_bytes}, see claim_deliveries. The size of a body is known without reading it.
CREATE OR REPLACE FUNCTION trim_ahead(p_directory_ids text[], p_ids text[], p_rules jsonb, p_latest text)
RETURNS TABLE (directory_id text, id text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT w.directory_id, w.id FROM (
    SELECT due.directory_id, due.id, due.place, sum(octet_length(coalesce(d.body, e.body))) OVER (ORDER BY due.place) AS bytes
    FROM unnest(p_directory_ids, p_ids) WITH ORDINALITY AS due (directory_id, id, place)
    JOIN deliveries d ON d.directory_id = due.directory_id AND d.id = due.id AND d.id < p_latest
    LEFT JOIN events e ON e.directory_id = d.directory_id AND e.id = d.event_id AND e.id < p_latest) w
    WHERE w.place <= (p_rules ->> 'slots')::integer OR w.bytes <= (p_rules ->> 'ahead_bytes')::bigint
    ORDER BY w.place;
END
$$;
