import { setImmediate as nextTurn } from 'node:timers/promises';
import { assertMemberCount, groupResourceType, isJsonObject, readMembers } from '@rollcall/scim';
import type { JsonObject, JsonValue } from '@rollcall/scim';
import { takeBody } from '../scim-call';
import type { ScimCall } from '../scim-call';

/** Members that are read at a time: some milliseconds. */
const AT_ONCE = 5_000;

/**
 * The body of a call about a group, a resource or a PATCH, which no longer has it. Of a long list of members the ids alone are left,
 * read a part at a time, with turns for others in between. Throws ScimError 400 for a member without id, 413 for too many.
 */
export async function takeGroupBody(call: ScimCall): Promise<unknown> {
  const body = takeBody(call);
  if (!isJsonObject(body)) return body;
  await shortenLists(body);
  const operations = Object.entries(body).find(([key]) => key.toLowerCase() === 'operations')?.[1];
  if (Array.isArray(operations)) {
    for (const operation of operations) if (isJsonObject(operation)) await shortenOperation(operation);
  }
  return body;
}

/** A list is the value of an operation on members, or stands in the value, with or without a path. */
async function shortenOperation(operation: JsonObject): Promise<void> {
  const entries = Object.entries(operation);
  const path = entries.find(([key]) => key.toLowerCase() === 'path')?.[1];
  for (const [key, value] of entries) {
    if (key.toLowerCase() !== 'value') continue;
    if (typeof path === 'string' && isMembers(path)) operation[key] = await shorten(value);
    const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (isJsonObject(only)) await shortenLists(only);
  }
}

async function shortenLists(object: JsonObject): Promise<void> {
  for (const [key, value] of Object.entries(object)) {
    if (isMembers(key)) object[key] = await shorten(value);
    else if (isJsonObject(value) && key.toLowerCase() === groupResourceType.core.id.toLowerCase()) {
      await shortenLists(value);
    }
  }
}

function isMembers(path: string): boolean {
  const known = groupResourceType.paths.get(path.trim().toLowerCase());
  return known?.definition?.name === groupResourceType.memberAttribute && known?.subAttribute === null;
}

async function shorten(members: JsonValue): Promise<JsonValue> {
  if (!Array.isArray(members) || members.length <= AT_ONCE) return members;
  assertMemberCount(members.length);
  const ids = new Set<string>();
  for (let start = 0; start < members.length; start += AT_ONCE) {
    for (const id of readMembers(members.slice(start, start + AT_ONCE), 'members')) ids.add(id);
    await nextTurn();
  }
  return [...ids];
}
