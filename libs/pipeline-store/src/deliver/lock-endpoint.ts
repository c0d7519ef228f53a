import type { EntityManager } from 'typeorm';
import type { Deactivation, Dialect, Ordering } from '@rollcall/contract';
import type { EndpointKey } from './endpoint-key';

/** An endpoint as an exchange finds it. */
export interface EndpointRow {
  url: string;
  enabled: boolean;
  ordering: Ordering;
  enabled_time: Date | null;
  rate_limit: number | null;
  dialect: Dialect | null;
  deactivation: Deactivation | null;
  next_send_time: Date | null;
  health: Record<string, unknown>;
  now: Date;
  in_flight: string;
  /** What is in the way: see the SQL function `endpoint_gates`. */
  gates: string[];
  sealed_secrets: string[] | null;
}

/** What is in the way of an endpoint's deliveries, and what an exchange makes of it: nothing goes out, or it is weighed. */
export const ENDPOINT_GATES = {
  disabled: 'closed',
  rate_limited: 'weighed',
  dialect: 'weighed',
  cooling: 'weighed',
  replaying: 'weighed',
  testing: 'weighed',
} as const satisfies Record<string, 'closed' | 'weighed'>;

export type EndpointGate = keyof typeof ENDPOINT_GATES;

/** Whether anything may go out at all. What nobody here knows how to weigh keeps the endpoint closed. */
export function isOpen({ gates }: Pick<EndpointRow, 'gates'>): boolean {
  return gates.every((gate) => gate in ENDPOINT_GATES && ENDPOINT_GATES[gate as EndpointGate] === 'weighed');
}

/** Takes the endpoint's lock, which one exchange holds at a time, and reads the endpoint; undefined when it is gone. */
export async function lockEndpoint(
  manager: EntityManager,
  { environmentId, endpointId }: EndpointKey,
): Promise<EndpointRow | undefined> {
  const locked = await manager.query<unknown[]>(
    'SELECT 1 FROM webhook_endpoint_health WHERE environment_id = $1 AND endpoint_id = $2 FOR UPDATE',
    [environmentId, endpointId],
  );
  if (locked.length === 0) return undefined;
  const [row] = await manager.query<EndpointRow[]>(
    `SELECT e.url, e.enabled, e.ordering, e.enabled_time, e.rate_limit, e.dialect, e.deactivation, h.next_send_time, h.health,
       clock_timestamp() AS now,
       (SELECT count(*) FROM deliveries d WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending'
         AND d.claimed_until IS NOT NULL AND d.claimed_until > now()) AS in_flight,
       endpoint_gates($1, $2, ulid_floor(now() + interval '1 day')) AS gates,
       (SELECT array_agg(s.sealed_secret ORDER BY s.create_time DESC, s.id DESC) FROM webhook_secrets s
         WHERE s.environment_id = $1 AND s.endpoint_id = $2 AND (s.expire_time IS NULL OR s.expire_time > now())) AS sealed_secrets
     FROM webhook_endpoints e
     JOIN webhook_endpoint_health h ON h.environment_id = e.environment_id AND h.endpoint_id = e.id
     WHERE e.environment_id = $1 AND e.id = $2`,
    [environmentId, endpointId],
  );
  return row;
}
