import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Look-ups made before the tenant is known. They run with their owner's rights past row-level security, so each returns
 * ids, hashes and states only, never a resource.
 */
export class CreateLookupFunctions1790000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of Object.values(LOOKUP_FUNCTIONS)) await runner.query(statement);
    for (const signature of Object.keys(LOOKUP_FUNCTIONS)) {
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM public`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO rollcall_app`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(LOOKUP_FUNCTIONS).toReversed())
      await runner.query(`DROP FUNCTION ${signature}`);
  }
}

const DEFINER = `SECURITY DEFINER SET search_path = public, pg_temp`;

/** By signature. */
export const LOOKUP_FUNCTIONS: Record<string, string> = {
  // The stored hash of a directory's bearer token; no row for a foreign or unknown token. Needed on a token's first use only.
  'find_directory_secret(text, text)': `CREATE FUNCTION find_directory_secret(p_directory_id text, p_secret_id text)
    RETURNS TABLE (secret_hash text, secret_version integer)
    LANGUAGE sql STABLE ${DEFINER} AS $$
    SELECT s.secret_hash, s.secret_version FROM directory_secrets s
    WHERE s.directory_id = p_directory_id AND s.id = p_secret_id
  $$`,

  // Whether a token whose hash was verified may act now. state: ok | unknown | revoked | expired | disabled | feature_off.
  // touch: the secret's last_used_time is a minute old, or the directory has never been reached.
  'authorize_directory_secret(text, text, integer)': `CREATE FUNCTION authorize_directory_secret(
      p_directory_id text, p_secret_id text, p_secret_version integer,
      OUT state text, OUT touch boolean, OUT strict_mode boolean)
    LANGUAGE plpgsql STABLE ${DEFINER} AS $$
    DECLARE
      s directory_secrets;
      d directories;
      feature_enabled boolean;
    BEGIN
      state := 'unknown';
      touch := false;
      strict_mode := false;
      SELECT * INTO s FROM directory_secrets
        WHERE directory_id = p_directory_id AND id = p_secret_id AND secret_version = p_secret_version;
      IF NOT FOUND THEN RETURN; END IF;
      SELECT * INTO d FROM directories WHERE environment_id = s.environment_id AND id = p_directory_id AND deleted_time IS NULL;
      IF NOT FOUND THEN RETURN; END IF;
      SELECT o.dir_sync_enabled INTO feature_enabled FROM organizations o
        WHERE o.environment_id = d.environment_id AND o.id = d.organization_id AND o.deleted_time IS NULL;
      IF NOT FOUND THEN RETURN; END IF;
      strict_mode := d.strict_mode;
      state := CASE
        WHEN s.revoked_time <= now() THEN 'revoked'
        WHEN s.expire_time <= now() THEN 'expired'
        WHEN NOT feature_enabled THEN 'feature_off'
        WHEN NOT d.enabled THEN 'disabled'
        ELSE 'ok' END;
      touch := state = 'ok'
        AND (d.first_request_time IS NULL OR s.last_used_time IS NULL OR s.last_used_time < now() - interval '1 minute');
    END $$`,

  // Records that a token was used; writes nothing when that was recorded within the last minute.
  'touch_directory_secret(text, text)': `CREATE FUNCTION touch_directory_secret(p_directory_id text, p_secret_id text)
    RETURNS void LANGUAGE sql ${DEFINER} AS $$
    UPDATE directory_secrets SET last_used_time = now()
      WHERE directory_id = p_directory_id AND id = p_secret_id
        AND (last_used_time IS NULL OR last_used_time < now() - interval '1 minute');
    UPDATE directories SET first_request_time = now()
      WHERE id = p_directory_id AND first_request_time IS NULL
        AND environment_id = (SELECT c.environment_id FROM directory_counters c WHERE c.directory_id = p_directory_id);
  $$`,

  'find_api_client(text)': `CREATE FUNCTION find_api_client(p_client_id text)
    RETURNS TABLE (environment_id text, id text, secret_hash text, secret_version integer, revoked boolean)
    LANGUAGE sql STABLE ${DEFINER} AS $$
    SELECT c.environment_id, c.id, c.secret_hash, c.secret_version, c.revoked_time IS NOT NULL
    FROM api_clients c WHERE c.client_id = p_client_id
  $$`,

  'find_portal_link(text)': `CREATE FUNCTION find_portal_link(p_token_hash text)
    RETURNS TABLE (environment_id text, id text)
    LANGUAGE sql STABLE ${DEFINER} AS $$
    SELECT l.environment_id, l.id FROM portal_links l WHERE l.token_hash = p_token_hash
  $$`,

  'find_portal_session(text)': `CREATE FUNCTION find_portal_session(p_token_hash text)
    RETURNS TABLE (environment_id text, id text, organization_id text, features text[], expire_time timestamptz)
    LANGUAGE sql STABLE ${DEFINER} AS $$
    SELECT s.environment_id, s.id, s.organization_id, s.features, s.expire_time
    FROM portal_sessions s WHERE s.token_hash = p_token_hash
  $$`,

  // The tenant of a directory, for a worker that holds only its id.
  'find_directory_tenant(text)': `CREATE FUNCTION find_directory_tenant(p_directory_id text)
    RETURNS TABLE (environment_id text, organization_id text)
    LANGUAGE sql STABLE ${DEFINER} AS $$
    SELECT c.environment_id, c.organization_id FROM directory_counters c WHERE c.directory_id = p_directory_id
  $$`,

  // Directories with pending changes, found by skipping through the primary key (one probe per directory, however many changes).
  'find_directories_with_changes(text, integer)': `CREATE FUNCTION find_directories_with_changes(p_after text, p_limit integer)
    RETURNS TABLE (directory_id text)
    LANGUAGE sql STABLE ${DEFINER} AS $$
    WITH RECURSIVE pending AS (
      (SELECT c.directory_id FROM changes c WHERE c.directory_id > p_after AND (c.set_aside_time IS NULL OR c.set_aside_time < now() - interval '10 minutes')
        ORDER BY c.directory_id LIMIT 1)
      UNION ALL
      SELECT (SELECT c.directory_id FROM changes c WHERE c.directory_id > p.directory_id AND (c.set_aside_time IS NULL OR c.set_aside_time < now() - interval '10 minutes')
        ORDER BY c.directory_id LIMIT 1)
      FROM pending p WHERE p.directory_id IS NOT NULL
    )
    SELECT p.directory_id FROM pending p WHERE p.directory_id IS NOT NULL LIMIT p_limit
  $$`,

  // Deleted directories whose resources are still stored.
  'find_directories_to_purge(integer)': `CREATE FUNCTION find_directories_to_purge(p_limit integer)
    RETURNS TABLE (environment_id text, directory_id text)
    LANGUAGE sql STABLE ${DEFINER} AS $$
    SELECT d.environment_id, d.id FROM directories d WHERE d.deleted_time IS NOT NULL AND d.purged_time IS NULL LIMIT p_limit
  $$`,

  // Endpoints with a delivery that is due and not leased.
  'find_endpoints_with_due_deliveries(integer)': `CREATE FUNCTION find_endpoints_with_due_deliveries(p_limit integer)
    RETURNS TABLE (environment_id text, endpoint_id text)
    LANGUAGE sql STABLE ${DEFINER} AS $$
    SELECT e.environment_id, e.id FROM webhook_endpoints e
    JOIN webhook_endpoint_health h ON h.environment_id = e.environment_id AND h.endpoint_id = e.id
    WHERE e.enabled AND (h.cooling_until IS NULL OR h.cooling_until <= now())
      AND EXISTS (
        SELECT 1 FROM deliveries d
        WHERE d.environment_id = e.environment_id AND d.endpoint_id = e.id AND d.state = 'pending'
          AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now()))
    LIMIT p_limit
  $$`,
};
