/** The envelope of an event, as far as the sample app reads it. */
export interface DemoEvent {
  id: string;
  type: string;
  directory_id: string;
  sequence: number;
  data: Record<string, unknown>;
  previous_attributes?: Record<string, unknown>;
}

/** What the sample app knows after the events it has seen: its own copy of the directory. */
export interface AppState {
  users: Map<string, Record<string, unknown>>;
  groups: Map<string, { data: Record<string, unknown>; members: Set<string> }>;
  /** Object id -> the last sequence applied to it. */
  applied: Map<string, number>;
}

export function createAppState(): AppState {
  return { users: new Map(), groups: new Map(), applied: new Map() };
}

/**
 * Applies an event to the app's copy, unless a later one of the same object was applied before: delivery is at least once, and
 * only ordered within an object.
 */
export function applyEvent(state: AppState, event: DemoEvent): void {
  const subject = event.type.endsWith('.group_members_changed')
    ? (event.data.group as { id: string })
    : (event.data as { id: string });
  if ((state.applied.get(subject.id) ?? 0) >= event.sequence) return;
  state.applied.set(subject.id, event.sequence);
  switch (event.type.replace('organization.directory.', '')) {
    case 'user_created':
    case 'user_updated':
      state.users.set(subject.id, event.data);
      break;
    case 'user_deleted':
      state.users.delete(subject.id);
      break;
    case 'group_created':
      state.groups.set(subject.id, { data: event.data, members: new Set() });
      break;
    case 'group_updated':
      state.groups.set(subject.id, { data: event.data, members: state.groups.get(subject.id)?.members ?? new Set() });
      break;
    case 'group_deleted':
      state.groups.delete(subject.id);
      break;
    case 'group_members_changed':
      changeMembers(state, subject.id, event.data);
      break;
    default:
    // The directory's own lifecycle changes neither users nor groups.
  }
}

function changeMembers(state: AppState, groupId: string, data: Record<string, unknown>): void {
  const group = state.groups.get(groupId);
  if (!group) return;
  const { added, removed } = data as { added: { id: string }[]; removed: { id: string }[] };
  for (const { id } of removed) group.members.delete(id);
  for (const { id } of added) group.members.add(id);
}
