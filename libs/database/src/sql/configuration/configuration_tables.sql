-- The tables of the control cell of which every other cell has a copy, in the order of their foreign keys: the columns by which a row is
-- known, and which rows are copied. What is limited to one organization is in that organization's cell alone.
CREATE OR REPLACE FUNCTION configuration_tables()
RETURNS TABLE (ordinal integer, table_name text, key_columns text[], copied text)
LANGUAGE sql IMMUTABLE
AS $$
VALUES
  (1, 'environments', ARRAY['id'], 'true'),
  (2, 'roles', ARRAY['environment_id', 'role_name'], 'true'),
  (3, 'api_clients', ARRAY['environment_id', 'id'], 't.organization_id IS NULL'),
  (4, 'api_client_secrets', ARRAY['environment_id', 'id'], 'EXISTS (SELECT 1 FROM api_clients c
    WHERE c.environment_id = t.environment_id AND c.id = t.api_client_id AND c.organization_id IS NULL)'),
  (5, 'webhook_endpoints', ARRAY['environment_id', 'id'], 'true'),
  (6, 'webhook_secrets', ARRAY['environment_id', 'endpoint_id', 'id'], 'true'),
  (7, 'portal_settings', ARRAY['environment_id'], 'true'),
  (8, 'portal_logos', ARRAY['environment_id'], 'true'),
  (9, 'single_sign_on', ARRAY['environment_id'], 'true'),
  (10, 'members', ARRAY['id'], 'true'),
  (11, 'member_roles', ARRAY['environment_id', 'member_id'], 'true'),
  (12, 'member_sessions', ARRAY['member_id', 'id'], 't.end_time IS NULL')
$$;
