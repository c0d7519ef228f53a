-- A member value is a resource id; failing that, the externalId of exactly one user. member_id is null when it is neither.
CREATE OR REPLACE FUNCTION scim_resolve_members(p_directory_id text, p_values text[])
RETURNS TABLE (value text, member_id text, member_type text)
LANGUAGE sql STABLE
AS $$
SELECT v.value, coalesce(u.id, g.id, x.id), CASE WHEN u.id IS NULL AND g.id IS NOT NULL THEN 'Group' ELSE 'User' END
FROM unnest(p_values) AS v (value)
LEFT JOIN LATERAL (SELECT d.id FROM directory_users d WHERE d.directory_id = p_directory_id AND d.id = v.value LIMIT 1) u ON true
LEFT JOIN LATERAL (
  SELECT d.id FROM directory_groups d WHERE u.id IS NULL AND d.directory_id = p_directory_id AND d.id = v.value LIMIT 1) g ON true
LEFT JOIN LATERAL (
  SELECT min(e.id) AS id FROM directory_users e
  WHERE u.id IS NULL AND g.id IS NULL AND e.directory_id = p_directory_id AND e.external_id = v.value
  HAVING count(*) = 1
) x ON true
$$;
