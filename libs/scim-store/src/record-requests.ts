import type { Pool } from 'pg';
import type { RequestOutcome } from '@rollcall/contract';
import { callFunction } from '@rollcall/database';

/** A SCIM request as the request log stores it; ids are bare, bodies are redacted JSON texts. */
export interface RecordedRequest {
  directory_id: string;
  id: string;
  method: string;
  path: string;
  status: number;
  outcome: RequestOutcome;
  scim_type: string | null;
  detail: string | null;
  duration_ms: number;
  secret_id: string;
  user_agent: string | null;
  correlation_id: string | null;
  ip_address: string;
  resource_id: string | null;
  /** The folded userName that it is about. */
  user_name_key: string | null;
  request_body: string | null;
  response_body: string | null;
  /** Whether the bodies are whole, which is stored only for an environment that wants it. */
  whole: boolean;
  /** Requests of the directory before this one that found no room in the log, or were over its limit one after the other. */
  not_recorded: number;
}

/** Writes requests of several directories in one statement. Returns of each directory that there is whether it keeps bodies whole. */
export async function recordRequests(
  pool: Pool,
  requests: readonly RecordedRequest[],
): Promise<{ directoryId: string; keepsBodies: boolean }[]> {
  const rows = await callFunction<{ directory_id: string; keeps_bodies: boolean }>(pool, 'record_scim_requests', [
    JSON.stringify(requests),
  ]);
  return rows.map(({ directory_id: directoryId, keeps_bodies: keepsBodies }) => ({ directoryId, keepsBodies }));
}
