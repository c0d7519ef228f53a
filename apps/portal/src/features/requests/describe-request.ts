import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import { DELIVERY_DEADLINE_MS, type DeliveryError, type EventType } from '@rollcall/contract';
import type { ScimRequest, ScimRequestTrace } from '@rollcall/sdk';
import type { StatusDescription } from '../../shared/format/directory-status';
import { formatDateTime } from '../../shared/format/format-time';
import { lookUp } from '../../shared/format/look-up';

type Delivery = ScimRequestTrace['events'][number]['deliveries'][number];
type Asked = Pick<ScimRequest, 'method' | 'path'>;
type LabelledStatus = Pick<StatusDescription, 'tone'> & { label: MessageDescriptor };

const OF_USERS: Record<string, MessageDescriptor> = {
  POST: msg`Create a user`,
  PUT: msg`Replace a user`,
  PATCH: msg`Change a user`,
  DELETE: msg`Delete a user`,
  GET: msg`Read a user`,
  list: msg`List users`,
  search: msg`Search users`,
};

const OF_GROUPS: Record<string, MessageDescriptor> = {
  POST: msg`Create a group`,
  PUT: msg`Replace a group`,
  PATCH: msg`Change a group`,
  DELETE: msg`Delete a group`,
  GET: msg`Read a group`,
  list: msg`List groups`,
  search: msg`Search groups`,
};

const DOCUMENTS: Record<string, MessageDescriptor> = {
  serviceproviderconfig: msg`Read what the server can do`,
  resourcetypes: msg`Read the kinds of resources`,
  schemas: msg`Read the schemas`,
  bulk: msg`Many changes at once`,
  me: msg`Ask for the own account`,
  '.search': msg`Search users and groups`,
};

/** What a request wanted, in a few words: `Create a user`. */
export function describeAsked({ method, path }: Asked): string {
  const [address = '', query = ''] = path.split('?', 2);
  const [collection = '', id] = address.split('/').filter(Boolean);
  const known = findWords(collection.toLowerCase(), id, method, query);
  return known === undefined ? `${method} ${path}` : i18n._(known);
}

function findWords(collection: string, id: string | undefined, method: string, query: string) {
  if (collection !== 'users' && collection !== 'groups') return lookUp(DOCUMENTS, collection);
  const words = collection === 'users' ? OF_USERS : OF_GROUPS;
  if (id === '.search' || (method === 'GET' && query.includes('filter='))) return words.search;
  return method === 'GET' && id === undefined ? words.list : lookUp(words, method);
}

const OUTCOMES: Record<ScimRequest['outcome'], LabelledStatus> = {
  changed: { tone: 'good', label: msg({ message: 'Changed', context: 'request' }) },
  unchanged: { tone: 'neutral', label: msg({ message: 'Nothing changed', context: 'request' }) },
  read: { tone: 'neutral', label: msg({ message: 'Read', context: 'request' }) },
  refused: { tone: 'bad', label: msg({ message: 'Refused', context: 'request' }) },
  failed: { tone: 'bad', label: msg({ message: 'Failed', context: 'request' }) },
};

/** What came of a request. */
export function describeOutcome(outcome: ScimRequest['outcome']): StatusDescription {
  return inWords(OUTCOMES[outcome]);
}

/** What follows from a change, in a sentence. */
export function describePublication({ publication, outcome }: ScimRequestTrace): string {
  switch (publication) {
    case 'published':
      return t`The app is told of it by the events below.`;
    case 'pending':
      return t`The app is being told of it. This page follows.`;
    case 'set_aside':
      return t`No event could be made of it. It is tried again every ten minutes; later changes of the same user or group wait for it.`;
    case 'held':
      return t`The guard against mass removal holds it back. The app hears of it when the hold is released.`;
    case 'no_event':
      return t`It changed nothing that the app is told of.`;
    case 'nothing':
      if (outcome === 'read') return t`It only asked for something.`;
      return outcome === 'unchanged'
        ? t`Everything it sent was so already: nothing was changed, and the app hears nothing.`
        : t`Nothing was changed, and the app hears nothing.`;
    default:
      return publication satisfies never;
  }
}

const DELIVERIES: Record<Delivery['state'], LabelledStatus> = {
  pending: { tone: 'waiting', label: msg({ message: 'On its way', context: 'delivery' }) },
  succeeded: { tone: 'good', label: msg({ message: 'Delivered', context: 'delivery' }) },
  failed: { tone: 'bad', label: msg({ message: 'Given up', context: 'delivery' }) },
  canceled: { tone: 'neutral', label: msg({ message: 'Canceled', context: 'delivery' }) },
};

/** How a delivery stands. */
export function describeDelivery(state: Delivery['state']): StatusDescription {
  return inWords(DELIVERIES[state]);
}

/** What exactly is wrong with it is for the owner of the app. */
const notAllowed = () => t`the app’s address is not one that may be called`;

const FAILURES: Record<DeliveryError, () => string> = {
  invalid_url: notAllowed,
  blanks_in_url: notAllowed,
  host_missing: notAllowed,
  invalid_host: notAllowed,
  fragment_in_url: notAllowed,
  scheme_not_allowed: notAllowed,
  port_not_allowed: notAllowed,
  credentials_in_url: notAllowed,
  address_not_public: notAllowed,
  own_address: notAllowed,
  own_hostname: notAllowed,
  dns: () => t`the host name was not found`,
  connect_timeout: () => t`the host did not accept the connection in time`,
  refused: () => t`the connection was refused`,
  unreachable: () => t`the host could not be reached`,
  tls: () => t`the certificate was not accepted`,
  reset: () => t`the connection was cut off`,
  invalid_response: () => t`what came was not valid HTTP`,
  timeout: () =>
    plural({ count: DELIVERY_DEADLINE_MS / 1_000 }, { one: 'not within # second', other: 'not within # seconds' }),
  aborted: () => t`it was stopped on the way, and is sent again`,
  redirect: () => t`a redirect, which is not followed`,
  internal: () => t`the event could not be sent`,
};

/** When an attempt to deliver was made and how it ended; a failure that this page does not know by its code. */
export function describeAttempt({ attempt, start_time, status, error }: Delivery['attempt_log'][number]): string {
  const time = formatDateTime(start_time);
  const reason = error === null ? null : (lookUp(FAILURES, error)?.() ?? error);
  if (status !== null) {
    return reason === null
      ? t`Attempt ${attempt}, ${time}: answered ${status}`
      : t`Attempt ${attempt}, ${time}: answered ${status} (${reason})`;
  }
  return reason === null
    ? t`Attempt ${attempt}, ${time}: no answer`
    : t`Attempt ${attempt}, ${time}: no answer (${reason})`;
}

function inWords({ tone, label }: LabelledStatus): StatusDescription {
  return { tone, label: i18n._(label) };
}

/** What requests lead to. */
type Caused = Extract<EventType, `organization.directory.${string}`>;

const EVENTS: Record<Caused, MessageDescriptor> = {
  'organization.directory.user_created': msg`User created`,
  'organization.directory.user_updated': msg`User updated`,
  'organization.directory.user_deleted': msg`User deleted`,
  'organization.directory.group_created': msg`Group created`,
  'organization.directory.group_updated': msg`Group updated`,
  'organization.directory.group_deleted': msg`Group deleted`,
  'organization.directory.group_members_changed': msg`Group members changed`,
};

/** An event in words: `User created`; one that this page does not know by its type. */
export function describeEvent(type: string): string {
  const words = lookUp(EVENTS, type);
  return words === undefined ? type : i18n._(words);
}
