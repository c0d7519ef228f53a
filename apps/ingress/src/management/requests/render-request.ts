import type { RequestEntry } from '@rollcall/directory';
import type { RequestTrace, TracedDelivery, TracedEvent } from '@rollcall/management';
import { publicId, timeOfId } from '@rollcall/platform';
import { toErrorBody } from '@rollcall/scim';
import type { ScimType } from '@rollcall/scim';
import type { RequestItem, RequestTraceItem } from './request.dto';

/** A request as the APIs list it. */
export function renderRequest(row: RequestEntry): Pick<RequestItem, keyof RequestItem> {
  const { id, secret_id, resource_id, path, ...facts } = row;
  return {
    id: publicId('req', id),
    occurred_at: timeOfId(id).toISOString(),
    method: facts.method,
    path,
    status: facts.status,
    scim_type: facts.scim_type,
    detail: facts.detail,
    duration_ms: facts.duration_ms,
    secret_id: secret_id === null ? null : publicId('sec', secret_id),
    user_agent: facts.user_agent,
    correlation_id: facts.correlation_id,
    ip_address: facts.ip_address,
    resource_id: resource_id === null ? null : publicId(isOfGroups(path) ? 'dirgroup' : 'diruser', resource_id),
    outcome: facts.outcome,
    not_recorded: facts.not_recorded,
  };
}

/** The same with its bodies and what came of it. */
export function renderTrace(trace: RequestTrace): RequestTraceItem {
  return {
    ...renderRequest(trace),
    request_body: trace.request_body,
    response_body: trace.status >= 400 ? refusalOf(trace) : trace.response_body,
    publication: trace.publication,
    events: trace.events.map(renderEvent),
    has_more_events: trace.hasMoreEvents,
  };
}

/** What a refused request was answered is what is stored of it, in the form of RFC 7644 §3.12. */
function refusalOf({ status, scim_type, detail }: RequestTrace): unknown {
  if (detail === null) return null;
  return toErrorBody({ status, scimType: (scim_type ?? undefined) as ScimType | undefined, detail });
}

function renderEvent({ id, type, sequence, resource_id, occurred_at, ...event }: TracedEvent) {
  return {
    id: publicId('evt', id),
    type,
    sequence: Number(sequence),
    occurred_at: occurred_at.toISOString(),
    resource_id: publicId(type.startsWith('organization.directory.group_') ? 'dirgroup' : 'diruser', resource_id),
    deliveries: event.deliveries.map(renderDelivery),
    has_more_deliveries: event.hasMoreDeliveries,
  };
}

function renderDelivery({ id, endpoint_id, state, attempt, next_attempt_time, attempts }: TracedDelivery) {
  return {
    id: publicId('dlv', id),
    webhook_endpoint_id: publicId('whe', endpoint_id),
    state,
    attempts: attempt,
    next_attempt_time: state === 'pending' ? next_attempt_time.toISOString() : null,
    attempt_log: attempts.map(({ attempt: number, start_time, status, error }) => ({
      attempt: number,
      start_time: start_time.toISOString(),
      status,
      error,
    })),
  };
}

function isOfGroups(path: string): boolean {
  return /^\/groups\b/i.test(path);
}
