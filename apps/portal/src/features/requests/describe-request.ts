import type { ScimRequest, ScimRequestTrace } from '@rollcall/sdk';
import type { StatusDescription } from '../../shared/format/directory-status';
import { lookUp } from '../../shared/format/look-up';

type DeliveryState = ScimRequestTrace['events'][number]['deliveries'][number]['state'];
type Asked = Pick<ScimRequest, 'method' | 'path'>;

const VERBS: Record<string, string> = {
  POST: 'Create',
  PUT: 'Replace',
  PATCH: 'Change',
  DELETE: 'Delete',
  GET: 'Read',
};

const DOCUMENTS: Record<string, string> = {
  serviceproviderconfig: 'Read what the server can do',
  resourcetypes: 'Read the kinds of resources',
  schemas: 'Read the schemas',
  bulk: 'Many changes at once',
  me: 'Ask for the own account',
};

/** What a request wanted, in a few words: `Create a user`. */
export function describeAsked({ method, path }: Asked): string {
  const [address = '', query = ''] = path.split('?', 2);
  const [collection = '', id] = address.split('/').filter(Boolean);
  const name = collection.toLowerCase();
  if (name === 'users' || name === 'groups') {
    const one = name === 'users' ? 'user' : 'group';
    if (id === '.search' || (method === 'GET' && query.includes('filter='))) return `Search ${one}s`;
    if (method === 'GET' && id === undefined) return `List ${one}s`;
    return `${lookUp(VERBS, method) ?? method} a ${one}`;
  }
  return lookUp(DOCUMENTS, name) ?? (name === '.search' ? 'Search users and groups' : `${method} ${path}`);
}

const OUTCOMES: Record<ScimRequest['outcome'], StatusDescription> = {
  changed: { tone: 'good', label: 'Changed' },
  unchanged: { tone: 'neutral', label: 'Nothing changed' },
  read: { tone: 'neutral', label: 'Read' },
  refused: { tone: 'bad', label: 'Refused' },
  failed: { tone: 'bad', label: 'Failed' },
};

/** What came of a request. */
export function describeOutcome(outcome: ScimRequest['outcome']): StatusDescription {
  return OUTCOMES[outcome];
}

/** What follows from a change, in a sentence. */
export function describePublication({ publication, outcome }: ScimRequestTrace): string {
  switch (publication) {
    case 'published':
      return 'The app is told of it by the events below.';
    case 'pending':
      return 'The app is being told of it. This page follows.';
    case 'set_aside':
      return 'No event could be made of it. It is tried again every ten minutes; later changes of the same user or group wait for it.';
    case 'held':
      return 'The guard against mass removal holds it back. The app hears of it when the hold is released.';
    case 'no_event':
      return 'It changed nothing that the app is told of.';
    case 'nothing':
      if (outcome === 'read') return 'It only asked for something.';
      return outcome === 'unchanged'
        ? 'Everything it sent was so already: nothing was changed, and the app hears nothing.'
        : 'Nothing was changed, and the app hears nothing.';
    default:
      return publication satisfies never;
  }
}

const DELIVERIES: Record<DeliveryState, StatusDescription> = {
  pending: { tone: 'waiting', label: 'On its way' },
  succeeded: { tone: 'good', label: 'Delivered' },
  failed: { tone: 'bad', label: 'Given up' },
  canceled: { tone: 'neutral', label: 'Canceled' },
};

/** How a delivery stands. */
export function describeDelivery(state: DeliveryState): StatusDescription {
  return DELIVERIES[state];
}

/** An event in words: `User created`. */
export function describeEvent(type: string): string {
  const words = (type.split('.').at(-1) ?? type).replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
