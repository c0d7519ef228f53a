import type { DemoEvent } from './apply-event';

const SHOWN_CHANGES = 3;
const SHOWN_VALUE = 40;

/** @returns one line for people: whom the event is about and what changed, old value first */
export function describeEvent({ type, data, previous_attributes: previous = {} }: DemoEvent): string {
  const kind = type.replace('organization.directory.', '');
  if (kind === 'group_members_changed') return describeMembers(data);
  const name = String(data.name ?? data.display_name ?? data.preferred_username ?? data.id);
  const changes = Object.entries(previous).map(([key, before]) => `${key} ${show(before)} → ${show(data[key])}`);
  const hidden = changes.length - SHOWN_CHANGES;
  const shown = [...changes.slice(0, SHOWN_CHANGES), ...(hidden > 0 ? [`and ${hidden} more`] : [])];
  return shown.length > 0 ? `${name}: ${shown.join(', ')}` : name;
}

function describeMembers(data: Record<string, unknown>): string {
  const { group, added, removed } = data as {
    group: { display_name?: string; name?: string; id: string };
    added: { email: string | null }[];
    removed: { email: string | null }[];
  };
  const list = (sign: string, members: { email: string | null }[]): string[] =>
    members.length > SHOWN_CHANGES
      ? [`${sign}${members.length} members`]
      : members.map(({ email }) => `${sign}${email ?? '?'}`);
  return `${group.display_name ?? group.name ?? group.id}: ${[...list('+', added), ...list('−', removed)].join(', ')}`;
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
