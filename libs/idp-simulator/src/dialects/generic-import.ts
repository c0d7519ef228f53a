import type { ImportResult, Send } from './dialect';
import type { Application } from './discover-application';
import { query } from './scim-calls';

type Resource = Record<string, unknown>;

/** Reads all users, then all groups without their members: by cursor (RFC 9865) where it is offered, otherwise by index. */
export async function importByCursorOrIndex(send: Send, application: Application): Promise<ImportResult> {
  const readAll = application.cursor ? readByCursor : readByIndex;
  const users = await readAll(send, `${application.users}?`, application.pageSize);
  const groups = await readAll(send, `${application.groups}?excludedAttributes=members&`, application.pageSize);
  const active = users.filter((user) => user.active !== false);
  return { scannedUsers: users.length, activeUsers: active.map((user) => String(user.id)), groups: groups.length };
}

/** The first page is asked for with an empty cursor; the last one names no next. */
async function readByCursor(send: Send, list: string, count: number): Promise<Resource[]> {
  const all: Resource[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const page = await query(send, `${list}cursor=${encodeURIComponent(cursor)}&count=${count}`);
    all.push(...page.resources);
    cursor = page.nextCursor;
  }
  return all;
}

/** A page may have fewer resources than were asked for (RFC 7644 section 3.4.2.4): the next begins after those it had. */
async function readByIndex(send: Send, list: string, count: number): Promise<Resource[]> {
  const all: Resource[] = [];
  for (;;) {
    const { total, resources } = await query(send, `${list}startIndex=${all.length + 1}&count=${count}`);
    all.push(...resources);
    if (all.length >= total || resources.length === 0) return all;
  }
}
