import type { ImportResult, Send } from './dialect';
import { query } from './scim-calls';

const PAGE = 100;

/** Reads all users, then all groups, a hundred at a time. Okta takes over the active users only. */
export async function importPages(send: Send): Promise<ImportResult> {
  const users = await readAll(send, '/Users');
  const groups = await readAll(send, '/Groups');
  const active = users.filter((user) => user.active !== false);
  return { scannedUsers: users.length, activeUsers: active.map((user) => String(user.id)), groups: groups.length };
}

async function readAll(send: Send, endpoint: string): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  for (let startIndex = 1; ; startIndex += PAGE) {
    const { total, resources } = await query(send, `${endpoint}?startIndex=${startIndex}&count=${PAGE}`);
    all.push(...resources);
    if (startIndex + PAGE > total) return all;
  }
}
