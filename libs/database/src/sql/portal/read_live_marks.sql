-- What changes with everything that the portal shows of an organization's directories, for a process that watches several tenants: one
-- row for each organization, whose directory_id is '', and one for each of its directories. A mark says only whether something changed.
-- Of several rows it has the sum: of transactions that end one after the other the last need not be the one that began last.
CREATE OR REPLACE FUNCTION read_live_marks(p_environment_ids text[], p_organization_ids text[])
RETURNS TABLE (organization_id text, directory_id text, mark text)
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
SELECT o.id, '', o.xmin::text
FROM unnest(p_environment_ids, p_organization_ids) AS w (environment_id, organization_id)
  JOIN organizations o ON o.environment_id = w.environment_id AND o.id = w.organization_id
UNION ALL
SELECT d.organization_id, d.id, concat_ws(' ', d.xmin, c.xmin, j.xmin, s.mark, r.mark, h.mark)
FROM unnest(p_environment_ids, p_organization_ids) AS w (environment_id, organization_id)
  JOIN directories d ON d.environment_id = w.environment_id AND d.organization_id = w.organization_id AND d.deleted_time IS NULL
  JOIN directory_counters c ON c.directory_id = d.id
  LEFT JOIN rules_jobs j ON j.directory_id = d.id,
  LATERAL (SELECT concat(count(*), '/', sum(x.xmin::text::bigint)) AS mark FROM directory_secrets x
    WHERE x.environment_id = d.environment_id AND x.directory_id = d.id) s,
  LATERAL (SELECT concat(count(*), '/', sum(x.xmin::text::bigint)) AS mark FROM directory_refusals x
    WHERE x.directory_id = d.id) r,
  LATERAL (SELECT max(x.id) AS mark FROM changes x WHERE x.directory_id = d.id) h
$$;
