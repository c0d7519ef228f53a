import type { GroupMembersChangedData, MemberReference, RollcallEvent } from '@rollcall/sdk';

const SHOWN_CHANGES = 3;
const SHOWN_VALUE = 40;

/** @returns one line for people: whom the event is about and what changed, old value first */
export function describeEvent(event: RollcallEvent): string {
  if (event.type === 'organization.directory.group_members_changed') return describeMembers(event.data);
  const data: Record<string, unknown> = { ...event.data };
  const previous = 'previous_attributes' in event ? event.previous_attributes : {};
  const changes = Object.entries(previous).map(([key, before]) => `${key} ${show(before)} → ${show(data[key])}`);
  const hidden = changes.length - SHOWN_CHANGES;
  const shown = [...changes.slice(0, SHOWN_CHANGES), ...(hidden > 0 ? [`and ${hidden} more`] : [])];
  const name = show(data.name ?? data.display_name ?? data.preferred_username ?? data.id);
  return shown.length > 0 ? `${name}: ${shown.join(', ')}` : name;
}

function describeMembers({ group, added, removed }: GroupMembersChangedData): string {
  return `${group.display_name}: ${[...listMembers('+', added), ...listMembers('−', removed)].join(', ')}`;
}

function listMembers(sign: string, members: readonly MemberReference[]): string[] {
  if (members.length > SHOWN_CHANGES) return [`${sign}${members.length} members`];
  return members.map(({ email, id }) => `${sign}${email ?? id}`);
}

function show(value: unknown): string {
  const text = Array.isArray(value) ? `[${value.map((item) => nameOf(item)).join(', ')}]` : nameOf(value);
  return text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE - 1)}…` : text;
}

/** The part of a value that names it: a group's or a role's name, an e-mail's value, or the value itself. */
function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  const named = Object.entries(value).find(
    ([key, part]) => ['name', 'role_name', 'value'].includes(key) && typeof part === 'string',
  );
  return named ? String(named[1]) : JSON.stringify(value);
}
