import { ALONG_INDEXES } from './along-indexes';

const DEFINER = `SECURITY DEFINER SET search_path = public, pg_temp`;

/** The delivery of an endpoint that is due and not leased for the longest time; a scalar, so that it is looked up per endpoint. */
const isDue = (condition: string) => `(SELECT true FROM deliveries d
  WHERE d.environment_id = e.environment_id AND d.endpoint_id = e.id AND d.state = 'pending' AND ${condition}
    AND d.next_attempt_time <= now() AND (d.claimed_until IS NULL OR d.claimed_until <= now())
  ORDER BY d.next_attempt_time LIMIT 1)`;

/** Endpoints with a delivery that is due and not leased, at one look per endpoint, however long the backlogs are. */
export const DUE_FUNCTIONS: Record<string, string> = {
  // After the given one in order of (environment, endpoint), so that a caller that goes on where it stopped reaches each of them
  // however many there are. A cooling endpoint is named for a test only.
  'find_endpoints_with_due_deliveries(text, text, integer)': `CREATE FUNCTION find_endpoints_with_due_deliveries(
      p_after_environment_id text, p_after_endpoint_id text, p_limit integer)
    RETURNS TABLE (environment_id text, endpoint_id text)
    LANGUAGE sql STABLE ${DEFINER} ${ALONG_INDEXES} AS $$
    SELECT e.environment_id, e.id FROM webhook_endpoints e
    JOIN webhook_endpoint_health h ON h.environment_id = e.environment_id AND h.endpoint_id = e.id
    WHERE e.enabled AND (e.environment_id, e.id) > (p_after_environment_id, p_after_endpoint_id)
      AND CASE WHEN h.cooling_until IS NULL OR h.cooling_until <= now() THEN ${isDue('true')} ELSE ${isDue('d.test')} END
    ORDER BY e.environment_id, e.id LIMIT p_limit
  $$`,
};
