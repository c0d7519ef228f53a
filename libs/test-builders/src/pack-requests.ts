import { OpenPack } from '@rollcall/directory';
import type { RecordedRequest, RequestPack } from '@rollcall/directory';
import { newId } from '@rollcall/platform';

/** Requests of one or several directories in as few packs as hold them, those of a directory in this order. */
export function packRequests(requests: readonly RecordedRequest[]): RequestPack[] {
  const packs = new Map<string, OpenPack[]>();
  for (const request of requests) {
    const own = packs.get(request.directory_id) ?? [];
    packs.set(request.directory_id, own);
    let last = own.at(-1);
    if (!last?.takes(request)) own.push((last = new OpenPack(request)));
    last.add(request);
  }
  return [...packs.values()].flat().map((pack) => pack.close());
}

/** A request as the log keeps it: a list that was read, unless told otherwise. */
export function buildRequest(directoryId: string, values: Partial<RecordedRequest> = {}): RecordedRequest {
  return {
    directory_id: directoryId,
    id: newId(),
    method: 'GET',
    path: '/Users',
    status: 200,
    outcome: 'read',
    scim_type: null,
    detail: null,
    duration_ms: 1,
    secret_id: null,
    user_agent: null,
    correlation_id: null,
    ip_address: null,
    resource_id: null,
    user_name_key: null,
    not_recorded: 0,
    request_body: null,
    response_body: null,
    whole: false,
    ...values,
  };
}
