import { OpenPack } from '@rollcall/directory';
import type { RecordedRequest, RequestPack } from '@rollcall/directory';

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
