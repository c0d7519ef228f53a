import type { ServerResponse } from 'node:http';
import { CLIENT_ID, CLIENT_SECRET, sendJson, startApiServer } from '../client/api-server.test-support';
import type { SeenRequest } from '../client/api-server.test-support';
import { createRollcallClient } from '../client/create-rollcall-client';
import type { DirectoryStreamEvent } from '../events/rollcall-event';
import type { EventLog } from './event-log.test-support';

/** Faults that the server shows until they are switched off. */
export interface Faults {
  /** The next snapshots break off: without their end, or with the connection. */
  cutSnapshots: ('end' | 'connection')[];
  /** This event is left out of every page. */
  hiddenSequence: number | undefined;
  /** It is of before there were epochs: it tells none, and refuses the field that names one. */
  knowsNoEpochs: boolean;
}

/**
 * A server with one directory, as the management API documents it: `/events?directory_id&after_sequence&epoch&page_size` and
 * `/snapshot`, both from one log of events, of which retention may have dropped the oldest.
 */
export async function startDirectoryServer(source: Pick<EventLog, 'events' | 'epoch'>) {
  const log = source.events;
  const faults: Faults = { cutSnapshots: [], hiddenSequence: undefined, knowsNoEpochs: false };
  const isDeleted = () => log.at(-1)?.type === 'organization.directory_deleted';
  const state = { oldest: 1, faults, snapshots: 0, eventPages: 0, afterSnapshot: () => undefined as void };
  const api = await startApiServer((request, response) => {
    if (request.authorization !== 'Bearer token-1') return sendError(response, 401, 'token_invalid');
    if (request.url === '/api/v1/organizations/org_1/directories/dir_1/snapshot') return sendSnapshot(response);
    if (request.url.startsWith('/api/v1/events?')) return sendEvents(request, response);
    if (request.url.startsWith('/api/v1/organizations?')) return sendList(response, 'organizations', 'org_1');
    if (request.url.startsWith('/api/v1/organizations/org_1/directories?')) {
      return sendList(response, 'directories', isDeleted() ? undefined : 'dir_1');
    }
    sendError(response, 404, 'not_found');
  });

  function sendEvents(request: SeenRequest, response: ServerResponse): void {
    state.eventPages += 1;
    const query = new URL(request.url, api.baseUrl).searchParams;
    if (query.get('directory_id') !== 'dir_1') return sendError(response, 404, 'directory_not_found');
    if (faults.knowsNoEpochs && query.has('epoch')) return sendError(response, 400, 'invalid_request');
    // Without a position, from the oldest that is kept.
    const after = query.has('after_sequence') ? Number(query.get('after_sequence')) : state.oldest - 1;
    const hasOtherEpoch = query.has('epoch') && Number(query.get('epoch')) !== source.epoch;
    if (hasOtherEpoch || after > log.length) {
      return sendError(response, 410, 'events_ahead', { last_sequence: log.length, epoch: source.epoch });
    }
    if (after + 1 < state.oldest) {
      return sendError(response, 410, 'events_expired', { oldest_sequence: state.oldest });
    }
    const types = query.get('types')?.split(',');
    const rest = log.filter(({ sequence, type }) => {
      return sequence > after && sequence !== faults.hiddenSequence && (!types || types.includes(type));
    });
    const events = rest.slice(0, Number(query.get('page_size') ?? 100));
    sendJson(response, 200, { events, next_after: `p${after}`, has_more: rest.length > events.length });
  }

  function sendSnapshot(response: ServerResponse): void {
    state.snapshots += 1;
    if (isDeleted()) return sendError(response, 404, 'directory_not_found');
    const records = snapshotOf(source, faults.knowsNoEpochs ? {} : { epoch: source.epoch });
    const lines = records.map((record) => `${JSON.stringify(record)}\n`);
    state.afterSnapshot();
    const cut = faults.cutSnapshots.shift();
    if (cut === undefined) return void response.end(lines.join(''));
    response.write(lines.slice(0, -1).join(''), () => (cut === 'end' ? response.end() : response.destroy()));
  }

  const client = createRollcallClient({ baseUrl: api.baseUrl, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });
  return { client, state, faults, stop: api.stop };
}

function sendList(response: ServerResponse, key: string, id: string | undefined): void {
  const items = id === undefined ? [] : [{ id }];
  sendJson(response, 200, { [key]: items, total_size: items.length, next_page_token: '', prev_page_token: '' });
}

function sendError(response: ServerResponse, status: number, code: string, details?: object): void {
  sendJson(response, status, { error: { code, message: code, details } });
}

/** What the log has published, its events taken one by one in order. */
export function publishedBy(log: readonly DirectoryStreamEvent[]) {
  const users = new Map<string, unknown>();
  const groups = new Map<string, unknown>();
  const memberships = new Map<string, { group_id: string; user_id: string }>();
  for (const event of log) {
    switch (event.type) {
      case 'organization.directory.user_created':
      case 'organization.directory.user_updated':
        users.set(event.data.id, event.data);
        break;
      case 'organization.directory.user_deleted':
        users.delete(event.data.id);
        break;
      case 'organization.directory.group_created':
      case 'organization.directory.group_updated':
        groups.set(event.data.id, event.data);
        break;
      case 'organization.directory.group_members_changed': {
        const { group, added, removed } = event.data;
        groups.set(group.id, group);
        for (const { id } of added) memberships.set(`${group.id} ${id}`, { group_id: group.id, user_id: id });
        for (const { id } of removed) memberships.delete(`${group.id} ${id}`);
        break;
      }
      case 'organization.directory.group_deleted':
        groups.delete(event.data.id);
        for (const [key, { group_id }] of memberships) if (group_id === event.data.id) memberships.delete(key);
        break;
      case 'organization.directory_deleted':
        users.clear();
        groups.clear();
        memberships.clear();
        break;
      default:
    }
  }
  return { users: [...users.values()], groups: [...groups.values()], memberships: [...memberships.values()] };
}

function snapshotOf({ events: log }: Pick<EventLog, 'events'>, epoch: { epoch?: number }): object[] {
  const { users, groups, memberships } = publishedBy(log);
  return [
    { kind: 'header', directory_id: 'dir_1', sequence: log.length, ...epoch, time: '2026-11-21T10:20:17.072Z' },
    ...users.map((data) => ({ kind: 'user', data })),
    ...groups.map((data) => ({ kind: 'group', data })),
    ...memberships.map((membership) => ({ kind: 'membership', ...membership })),
    { kind: 'end', users: users.length, groups: groups.length, memberships: memberships.length },
  ];
}
