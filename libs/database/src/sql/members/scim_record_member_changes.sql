-- Membership deltas as change rows of at most 500 members each.
CREATE OR REPLACE FUNCTION scim_record_member_changes(
  p_directory_id text, p_group_id text, p_added text[], p_removed text[], p_occurred_at timestamptz
)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  IF cardinality(p_added) + cardinality(p_removed) = 1 THEN
    INSERT INTO changes (directory_id, kind, resource_id, added, removed, occurred_at)
      VALUES (p_directory_id, 'members_changed', p_group_id, p_added, p_removed, p_occurred_at);
    RETURN;
  END IF;
  INSERT INTO changes (directory_id, kind, resource_id, added, removed, occurred_at)
  SELECT p_directory_id, 'members_changed', p_group_id,
    coalesce(array_agg(s.member_id) FILTER (WHERE s.arrived), '{}'),
    coalesce(array_agg(s.member_id) FILTER (WHERE NOT s.arrived), '{}'), p_occurred_at
  FROM (
    SELECT d.member_id, d.arrived, (row_number() OVER (ORDER BY d.arrived, d.member_id) - 1) / 500 AS slice
    FROM (SELECT unnest(p_removed) AS member_id, false AS arrived UNION ALL SELECT unnest(p_added), true) d
  ) s
  GROUP BY s.slice ORDER BY s.slice;
END
$$;
