import { type DirectoryUser, type Event, WorkOS } from '@workos-inc/node';
import type { WebhookRequest } from './scalekit-consumer';

/** What a consumer keeps of one directory. */
export interface WorkosState {
  readonly users: Map<string, Pick<DirectoryUser, 'id' | 'idpId' | 'email' | 'firstName' | 'state'>>;
  /** Names by id. */
  readonly groups: Map<string, string>;
  /** Ids of users by the group's. */
  readonly members: Map<string, Set<string>>;
  /** Ids of the events that came. */
  readonly seen: Set<string>;
}

/** An app's webhook handler as WorkOS' documentation teaches it: its SDK verifies and reads. It knows nothing of Rollcall. */
export function createWorkosConsumer(
  secret: string,
): WorkosState & { receive(request: WebhookRequest): Promise<void> } {
  const workos = new WorkOS('sk_test_1');
  const state: WorkosState = { users: new Map(), groups: new Map(), members: new Map(), seen: new Set() };
  return {
    ...state,
    receive: async ({ headers, body }) => {
      const sigHeader = String(headers['workos-signature']);
      const event = await workos.webhooks.constructEvent({ payload: body, sigHeader, secret });
      if (state.seen.has(event.id)) return;
      state.seen.add(event.id);
      apply(state, event);
    },
  };
}

function apply({ users, groups, members }: WorkosState, { event, data }: Event): void {
  switch (event) {
    case 'dsync.user.created':
    case 'dsync.user.updated':
      users.set(data.id, data);
      break;
    case 'dsync.user.deleted':
      users.delete(data.id);
      for (const ids of members.values()) ids.delete(data.id);
      break;
    case 'dsync.group.created':
    case 'dsync.group.updated':
      groups.set(data.id, data.name);
      break;
    case 'dsync.group.deleted':
      groups.delete(data.id);
      members.delete(data.id);
      break;
    case 'dsync.group.user_added':
      members.set(data.group.id, (members.get(data.group.id) ?? new Set()).add(data.user.id));
      break;
    case 'dsync.group.user_removed':
      members.get(data.group.id)?.delete(data.user.id);
      break;
    default:
    // Events of other products.
  }
}
